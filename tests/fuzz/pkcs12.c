/* SPDX-License-Identifier: ISC */
/*
 * PKCS #12 opened, as a file ("F" in front) and behind a MAC that is made for
 * it ("S": what the MAC covers): all of it or nothing, within the budget, and
 * nothing is left in OpenSSL's queue.
 */
#include "crypto/pkcs12.h"
#include "help.h"

#define ROUNDS 5000U
#define PASS "secret"

/* A header with a length of four octets, and what is below it. */
static void
wrap(const char *head, size_t n, struct mc_buf *b)
{
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e;
	const uint8_t len[] = { 0x84, (uint8_t)(b->len >> 24),
		(uint8_t)(b->len >> 16), (uint8_t)(b->len >> 8),
		(uint8_t)b->len };

	must(mc_buf_add(&out, head, n, &e) &&
	    mc_buf_add(&out, len, sizeof(len), &e) &&
	    mc_buf_add(&out, b->data, b->len, &e));
	mc_buf_swap(&out, b);
}

/* PFX { 3, { data, [0] { OCTET STRING } } }, and its MAC. */
static void
vouch(struct mc_buf *b)
{
	static const char data[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
				   "\x01\xa0";
	AUTO(PKCS12) *p12 = NULL;
	AUTO_BUF content = MC_BUF_INIT;
	const unsigned char *p;
	unsigned char *der = NULL;
	struct mc_err e;

	wrap("\x04", 1, b);
	wrap(data, sizeof(data) - 1, b);
	wrap("\x30", 1, b);
	must(mc_buf_add(&content, "\x02\x01\x03", 3, &e) &&
	    mc_buf_add(&content, b->data, b->len, &e));
	wrap("\x30", 1, &content);
	p = content.data;
	p12 = d2i_PKCS12(NULL, &p, (long)content.len);
	must(p12 && PKCS12_set_mac(p12, PASS, -1, NULL, 0, 1, NULL) == 1);
	mc_buf_clear(b);
	must(mc_der_take(&der, i2d_PKCS12(p12, &der), "p12", b, &e));
}

static void
open_with(const struct mc_buf *der, const char *text)
{
	AUTO_PKCS12 p = { 0 };
	AUTO_BUF pass = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	unsigned rounds = ROUNDS;
	bool done;

	must(mc_buf_puts(&pass, text ? text : "", &e));
	done = mc_pkcs12_open(der, text ? &pass : NULL, &rounds, &p, &e);
	must(done == (p.certs != NULL));
	must((p.keys > 0) == (p.key != NULL));
	must(done || (e.code != MC_OK && *e.text));
	must(rounds <= ROUNDS);
	must(ERR_peek_error() == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (size < 1 || size > 65536 ||
	    !mc_buf_add(&in, data + 1, size - 1, &e))
		return 0;
	if (data[0] == 'S')
		vouch(&in);
	open_with(&in, PASS);
	if (data[0] != 'S')
		open_with(&in, NULL);
	return 0;
}
