/* SPDX-License-Identifier: ISC */
#include "crypto/digest.h"

#include <limits.h>

#include "base/hex.h"

/* libcrypto takes no NULL, not even for nothing. */
static const void *
some(const void *data)
{
	return data ? data : "";
}

bool
mc_sha256(const void *data, size_t len, uint8_t out[static MC_SHA256_LEN],
    struct mc_err *e)
{
	size_t n = 0;

	if (EVP_Q_digest(NULL, "SHA256", NULL, some(data), len, out, &n) != 1 ||
	    n != MC_SHA256_LEN)
		return mc_fail_ossl(e, MC_INTERNAL, "SHA-256");
	return true;
}

bool
mc_sha256_hex(const void *data, size_t len, char out[static MC_SHA256_HEX],
    struct mc_err *e)
{
	uint8_t raw[MC_SHA256_LEN];
	AUTO_BUF hex = MC_BUF_INIT;

	if (!mc_sha256(data, len, raw, e) ||
	    !mc_hex_encode(raw, sizeof(raw), &hex, e))
		return false;
	memcpy(out, hex.data, MC_SHA256_HEX - 1);
	out[MC_SHA256_HEX - 1] = '\0';
	return true;
}

bool
mc_hmac_sha256(const struct mc_buf *key, const void *data, size_t len,
    uint8_t out[static MC_SHA256_LEN], struct mc_err *e)
{
	size_t n = 0;

	if (!EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, some(key->data),
		key->len, some(data), len, out, MC_SHA256_LEN, &n) ||
	    n != MC_SHA256_LEN)
		return mc_fail_ossl(e, MC_INTERNAL, "HMAC-SHA-256");
	return true;
}

bool
mc_rand_bytes(void *out, size_t len, struct mc_err *e)
{
	if (len > INT_MAX || RAND_bytes(out, (int)len) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "random bytes");
	return true;
}

bool
mc_rand_hex(struct mc_buf *to, struct mc_err *e)
{
	uint8_t raw[(MC_RAND_HEX - 1) / 2];
	bool done = mc_rand_bytes(raw, sizeof(raw), e) &&
	    mc_hex_encode(raw, sizeof(raw), to, e);

	OPENSSL_cleanse(raw, sizeof(raw));
	return done;
}
