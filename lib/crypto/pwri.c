/* SPDX-License-Identifier: ISC */
#include "crypto/pwri.h"

#include <limits.h>

#include "crypto/digest.h"
#include "crypto/envelope_gate.h"
#include "crypto/mask.h"

/* The count and three check bytes come before the key. */
#define HEAD 4

static bool
derive(const struct mc_pwri *p, const struct mc_buf *password,
    uint8_t kek[static MC_UNWRAP_KEY], struct mc_err *e)
{
	AUTO(EVP_MD) *md = EVP_MD_fetch(NULL, p->prf, NULL);

	if (!md || password->len > INT_MAX ||
	    PKCS5_PBKDF2_HMAC(mc_buf_str(password), (int)password->len, p->salt,
		(int)p->salt_len, (int)p->iterations, md,
		(int)mc_ciphers[p->kek].key, kek) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "PBKDF2");
	return true;
}

/* One direction of CBC without padding; in and out may be the same. */
static bool
cbc(EVP_CIPHER_CTX *ctx, const uint8_t *iv, const uint8_t *in, size_t len,
    uint8_t *out)
{
	int n = 0;

	return EVP_CipherInit_ex2(ctx, NULL, NULL, iv, -1, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	    EVP_CipherUpdate(ctx, out, &n, in, (int)len) == 1 && n == (int)len;
}

/* The outer layer's IV was the inner one's last block, wherever that begins. */
static bool
decrypt_twice(EVP_CIPHER_CTX *ctx, const struct mc_pwri *p, size_t block,
    const struct mc_buf *wrapped, uint8_t *out)
{
	size_t last = wrapped->len - block;
	const uint8_t *in = wrapped->data;
	uint8_t iv[MC_UNWRAP_BLOCK];
	bool done;

	done = cbc(ctx, in + last - block, in + last, block, out + last);
	memcpy(iv, out + last, block);
	done = done && cbc(ctx, iv, in, last, out) &&
	    cbc(ctx, p->iv, out, wrapped->len, out);
	OPENSSL_cleanse(iv, sizeof(iv));
	return done;
}

static bool
encrypt_twice(EVP_CIPHER_CTX *ctx, const struct mc_pwri *p, size_t block,
    uint8_t *text, size_t len)
{
	uint8_t iv[MC_UNWRAP_BLOCK];

	if (!cbc(ctx, p->iv, text, len, text))
		return false;
	memcpy(iv, text + len - block, block);
	return cbc(ctx, iv, text, len, text);
}

/* A context of the key-encryption key, which is derived first. */
static bool
start(const struct mc_pwri *p, const struct mc_buf *password, bool encrypt,
    EVP_CIPHER_CTX *ctx, struct mc_err *e)
{
	AUTO(EVP_CIPHER) *cipher = EVP_CIPHER_fetch(
	    NULL, mc_ciphers[p->kek].name, NULL);
	uint8_t kek[MC_UNWRAP_KEY] = { 0 };
	bool done;

	if (!cipher || !ctx)
		return mc_fail_ossl(e, MC_INTERNAL, "PWRI-KEK");
	if (!derive(p, password, kek, e))
		return false;
	done = EVP_CipherInit_ex2(ctx, cipher, kek, p->iv, encrypt, NULL) == 1;
	OPENSSL_cleanse(kek, sizeof(kek));
	return done || mc_fail_ossl(e, MC_INTERNAL, "PWRI-KEK");
}

static uint32_t
check_bytes(const uint8_t *text, size_t len)
{
	uint32_t good = mc_mask_equal(text[0], (uint32_t)len);

	for (size_t i = 1; i < HEAD; i++)
		good &= mc_mask_equal(
		    (uint32_t)(text[i] ^ text[HEAD - 1 + i]), 0xff);
	return good;
}

bool
mc_pwri_unwrap(const struct mc_pwri *p, const struct mc_buf *password,
    const struct mc_buf *wrapped, struct mc_pwri_key *key, struct mc_err *e)
{
	size_t block = mc_ciphers[p->kek].block;
	AUTO(EVP_CIPHER_CTX) *ctx = EVP_CIPHER_CTX_new();
	uint8_t text[MC_PWRI_WRAPPED];
	bool done;

	if (wrapped->len % block || wrapped->len < 2 * block ||
	    wrapped->len < HEAD + key->len || wrapped->len > sizeof(text) ||
	    key->len > sizeof(key->b))
		return mc_fail(e, MC_MALFORMED,
		    "encryptedKey: %zu bytes for a key of %zu", wrapped->len,
		    key->len);
	if (!start(p, password, false, ctx, e))
		return false;
	done = decrypt_twice(ctx, p, block, wrapped, text);
	if (done) {
		key->good = check_bytes(text, key->len);
		memcpy(key->b, text + HEAD, key->len);
	}
	OPENSSL_cleanse(text, sizeof(text));
	return done || mc_fail_ossl(e, MC_INTERNAL, "PWRI-KEK");
}

bool
mc_pwri_wrap(const struct mc_pwri *p, const struct mc_buf *password,
    const uint8_t *key, size_t len, struct mc_buf *wrapped, struct mc_err *e)
{
	size_t block = mc_ciphers[p->kek].block;
	size_t blocks = (HEAD + len + block - 1) / block;
	size_t n = block * (blocks < 2 ? 2 : blocks);
	AUTO(EVP_CIPHER_CTX) *ctx = EVP_CIPHER_CTX_new();
	uint8_t text[MC_PWRI_WRAPPED];
	bool done;

	if (n > sizeof(text))
		return mc_fail(e, MC_INTERNAL, "a key of %zu bytes", len);
	if (!mc_rand_bytes(text, n, e) || !start(p, password, true, ctx, e))
		return false;
	text[0] = (uint8_t)len;
	for (size_t i = 1; i < HEAD; i++)
		text[i] = (uint8_t)~key[i - 1];
	memcpy(text + HEAD, key, len);
	done = encrypt_twice(ctx, p, block, text, n)
	    ? mc_buf_add(wrapped, text, n, e)
	    : mc_fail_ossl(e, MC_INTERNAL, "PWRI-KEK");
	OPENSSL_cleanse(text, sizeof(text));
	return done;
}
