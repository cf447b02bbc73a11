/* SPDX-License-Identifier: ISC */
/*
 * A challenge with a MAC: what anybody sends, and what a holder of the secret
 * could write into one.
 */
#include <stdlib.h>

#include "ca/challenge.h"

#define CHECK(cond)                                                            \
	do                                                                     \
		if (!(cond))                                                   \
			abort();                                               \
	while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char secret_text[] = "0123456789abcdef";

/* Lines of anything, with our MAC. */
static bool
sign(const struct mc_buf *secret, const uint8_t *data, size_t size,
    struct mc_buf *out)
{
	struct mc_err e = MC_ERR_INIT;
	uint8_t mac[MC_SHA256_LEN];

	if (!mc_base64_encode(data, size, out, &e))
		return false;
	while (out->len > 0 && out->data[out->len - 1] == '=')
		out->len--;
	for (size_t i = 0; i < out->len; i++)
		if (out->data[i] == '+')
			out->data[i] = '-';
		else if (out->data[i] == '/')
			out->data[i] = '_';
	return mc_hmac_sha256(secret, out->data, out->len, mac, &e) &&
	    mc_buf_puts(out, ".", &e) &&
	    mc_hex_encode(mac, sizeof(mac), out, &e);
}

static void
check(const struct mc_buf *secret, const struct mc_buf *text, bool signed_)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_CHALLENGE c = { 0 };
	bool genuine = false;
	bool done = mc_challenge_hmac_parse(secret, text, &c, &genuine, &e);

	CHECK(done || (genuine && e.code == MC_MALFORMED && e.text[0]));
	CHECK(!genuine || (signed_ && text->len <= MC_CHALLENGE_MAX));
	CHECK((done && genuine) == (c.hash[0] != '\0'));
	if (!c.hash[0])
		return;
	CHECK(c.uses > 0 && c.expires > 0 && c.used == 0);
	CHECK(!c.user || !strpbrk(c.user, "\n\033"));
	CHECK(!c.owner || !strpbrk(c.owner, " \n\033"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF secret = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF made = MC_BUF_INIT;

	if (size > 1024 || !mc_buf_puts(&secret, secret_text, &e) ||
	    !mc_buf_add(&text, data, size, &e) ||
	    !sign(&secret, data, size, &made))
		return 0;
	check(&secret, &text, false);
	check(&secret, &made, true);
	CHECK(ERR_peek_error() == 0);
	return 0;
}
