/* SPDX-License-Identifier: ISC */
#include "crypto/unwrap.h"

#include "crypto/digest.h"

/* 00 02, eight bytes of padding at least, 00 */
#define PKCS1_OVERHEAD 11
/* The largest RSA key that unwraps anything: 16384 bits. */
#define MODULUS_MAX 2048

/*
 * Masks of all ones for true, all zeros for false, without a branch.  The
 * volatile keeps the compiler from seeing that it is a truth value.
 */
static uint32_t
mask_zero(uint32_t x)
{
	volatile uint32_t top = (~x & (x - 1)) >> 31;

	return 0 - top;
}

static uint32_t
mask_equal(uint32_t a, uint32_t b)
{
	return mask_zero(a ^ b);
}

/* All ones where a >= b, for small numbers. */
static uint32_t
mask_least(uint32_t a, uint32_t b)
{
	volatile uint32_t top = (a - b) >> 31;

	return top - 1;
}

/* The same for every message to this key, and known to nobody without it. */
static bool
rejection_key(EVP_PKEY *key, const struct mc_buf *encrypted,
    uint8_t out[static MC_SHA256_LEN], struct mc_err *e)
{
	static const char label[] = "mcprofile: key of a rejected envelope";
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF secret = MC_BUF_INIT;
	uint8_t digest[MC_SHA256_LEN];
	unsigned char *p = NULL;
	int n = i2d_PrivateKey(key, &p);
	bool made;

	if (n <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "private key");
	made = mc_buf_add(&der, label, sizeof(label), e) &&
	    mc_buf_add(&der, p, (size_t)n, e) &&
	    mc_sha256(der.data, der.len, digest, e) &&
	    mc_buf_add(&secret, digest, sizeof(digest), e) &&
	    mc_hmac_sha256(&secret, encrypted->data, encrypted->len, out, e);
	OPENSSL_clear_free(p, (size_t)n);
	OPENSSL_cleanse(digest, sizeof(digest));
	return made;
}

/*
 * The private-key operation without a look at padding.  What is no number
 * below the modulus decrypts to zeros, and so to a rejected block.
 */
static bool
raw_decrypt(EVP_PKEY *key, const struct mc_buf *encrypted, uint8_t *block,
    size_t len, struct mc_err *e)
{
	AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new(key, NULL);
	size_t n = len;

	memset(block, 0, len);
	if (!ctx || EVP_PKEY_decrypt_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "raw RSA");
	if (EVP_PKEY_decrypt(ctx, block, &n, encrypted->data, encrypted->len) !=
		1 ||
	    n != len)
		memset(block, 0, len);
	ERR_clear_error();
	return true;
}

/*
 * The content key: what a well-formed block ends in, else the rejection key.
 * Its length is fixed by the cipher, so the separator's place is known.
 */
static void
select_key(const uint8_t *block, size_t len, const uint8_t *rejected,
    uint8_t *key, size_t key_len)
{
	size_t separator = len - key_len - 1;
	uint32_t good = mask_zero(block[0]) & mask_equal(block[1], 2) &
	    mask_zero(block[separator]);

	for (size_t i = 2; i < separator; i++)
		good &= ~mask_zero(block[i]);
	for (size_t i = 0; i < key_len; i++)
		key[i] = (uint8_t)((good & block[separator + 1 + i]) |
		    (~good & rejected[i]));
}

bool
mc_unwrap_key(EVP_PKEY *pkey, const struct mc_buf *encrypted, size_t len,
    uint8_t key[static MC_UNWRAP_KEY], struct mc_err *e)
{
	uint8_t block[MODULUS_MAX] = { 0 };
	uint8_t rejected[MC_SHA256_LEN] = { 0 };
	size_t size = (size_t)EVP_PKEY_get_size(pkey);
	bool made;

	if (size > sizeof(block) || size < len + PKCS1_OVERHEAD ||
	    len > MC_UNWRAP_KEY)
		return mc_fail(e, MC_USAGE, "RSA key of %zu bytes", size);
	made = rejection_key(pkey, encrypted, rejected, e) &&
	    raw_decrypt(pkey, encrypted, block, size, e);
	if (made)
		select_key(block, size, rejected, key, len);
	OPENSSL_cleanse(block, sizeof(block));
	OPENSSL_cleanse(rejected, sizeof(rejected));
	return made;
}

/* Decrypt in place; the padding stays on. */
static bool
decrypt(const struct mc_unwrap_cipher *c, struct mc_buf *text, struct mc_err *e)
{
	AUTO(EVP_CIPHER) *cipher = EVP_CIPHER_fetch(NULL, c->name, NULL);
	AUTO(EVP_CIPHER_CTX) *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	int last = 0;

	if (!cipher || !ctx || text->len > INT32_MAX ||
	    EVP_DecryptInit_ex2(ctx, cipher, c->key, c->iv, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1 ||
	    EVP_DecryptUpdate(
		ctx, text->data, &n, text->data, (int)text->len) != 1 ||
	    EVP_DecryptFinal_ex(ctx, text->data + n, &last) != 1 ||
	    (size_t)n + (size_t)last != text->len)
		return mc_fail_ossl(e, MC_INTERNAL, "CBC");
	return true;
}

/* The length of the padding; 0, which is no length, if it is not one. */
static size_t
pad_length(const struct mc_buf *plain, size_t block)
{
	const uint8_t *end = plain->data + plain->len;
	/* volatile: or gcc computes the loop's counter from the secret */
	volatile uint32_t n = end[-1];
	uint32_t good = mask_least((uint32_t)block, n);

	for (uint32_t i = 1; i <= block; i++)
		good &= mask_equal(*(end - i), n) | ~mask_least(n, i);
	return good & n;
}

bool
mc_unwrap_cbc(const struct mc_unwrap_cipher *c, const struct mc_buf *encrypted,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF plain = MC_BUF_INIT;
	size_t pad;

	if (encrypted->len == 0 || encrypted->len % c->block)
		return mc_fail(e, MC_MALFORMED, "not whole blocks");
	if (!mc_buf_add(&plain, encrypted->data, encrypted->len, e) ||
	    !decrypt(c, &plain, e))
		return false;
	pad = pad_length(&plain, c->block);
	if (pad == 0)
		return mc_fail(e, MC_DENIED, MC_ENVELOPE_UNREADABLE);
	return mc_buf_add(to, plain.data, plain.len - pad, e);
}
