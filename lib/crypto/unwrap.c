/* SPDX-License-Identifier: ISC */
#include "crypto/unwrap.h"

#include "crypto/digest.h"
#include "crypto/mask.h"

/* 00 02, eight bytes of padding at least, 00 */
#define PKCS1_OVERHEAD 11
/* The largest RSA key that unwraps anything: 16384 bits. */
#define MODULUS_MAX 2048

/*
 * Is it a number that the key has, below its modulus?  Both are public.  Where
 * the modulus cannot be read, the key itself has to say.
 */
static bool
in_range(const EVP_PKEY *key, const struct mc_buf *encrypted, size_t len)
{
	AUTO(BIGNUM) *n = NULL;
	AUTO(BIGNUM) *number = NULL;

	if (encrypted->len > len)
		return false;
	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1)
		number = BN_bin2bn(encrypted->data, (int)encrypted->len, NULL);
	ERR_clear_error();
	return !number || BN_cmp(number, n) < 0;
}

/*
 * The private-key operation without a look at padding.  What is no number
 * below the modulus decrypts to zeros, and so to a rejected block; *done says
 * so, for a number that has to be one.  A key that fails at any other number
 * (no memory, no randomness for the blinding, a token that is gone) has not
 * found anything out about the message: that is a failure, to be tried again.
 */
static bool
raw_decrypt(EVP_PKEY *key, const struct mc_buf *encrypted, uint8_t *block,
    size_t len, bool *done, struct mc_err *e)
{
	AUTO(EVP_PKEY_CTX) *ctx = NULL;
	size_t n = len;

	memset(block, 0, len);
	*done = in_range(key, encrypted, len);
	if (!*done)
		return true;
	ctx = EVP_PKEY_CTX_new(key, NULL);
	if (!ctx || EVP_PKEY_decrypt_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) != 1 ||
	    EVP_PKEY_decrypt(ctx, block, &n, encrypted->data, encrypted->len) !=
		1 ||
	    n != len) {
		memset(block, 0, len);
		return mc_fail_ossl(e, MC_INTERNAL, "raw RSA");
	}
	return true;
}

/* XOR the mask of MGF1 (RFC 8017 appendix B.2.1) onto data. */
static bool
mgf1(const char *md, const uint8_t *seed, size_t seed_len, uint8_t *data,
    size_t len, struct mc_err *e)
{
	uint8_t in[MODULUS_MAX + 4];
	uint8_t mask[EVP_MAX_MD_SIZE];
	size_t n = 0;
	bool done = true;

	memcpy(in, seed, seed_len);
	for (size_t at = 0, i = 0; done && at < len; at += n, i++) {
		/* no modulus has 256 masks in it */
		memcpy(in + seed_len, (uint8_t[4]){ 0, 0, 0, (uint8_t)i }, 4);
		done = EVP_Q_digest(
			   NULL, md, NULL, in, seed_len + 4, mask, &n) == 1 &&
		    n > 0;
		for (size_t j = 0; done && j < n && at + j < len; j++)
			data[at + j] ^= mask[j];
	}
	OPENSSL_cleanse(in, sizeof(in));
	OPENSSL_cleanse(mask, sizeof(mask));
	return done || mc_fail_ossl(e, MC_INTERNAL, md);
}

/*
 * What only the holder of the key can compute: its private exponent.  A token
 * does not tell that, so there it is what one number, which nobody chose,
 * decrypts to.
 */
static bool
key_secret(EVP_PKEY *key, size_t size, struct mc_buf *to, struct mc_err *e)
{
	static const char label[] = "mcprofile: key of a rejected envelope";
	AUTO(BIGNUM) *d = NULL;
	AUTO_BUF number = MC_BUF_INIT;
	uint8_t block[MODULUS_MAX] = { 0 };
	bool done = false;
	bool made;

	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &d) == 1 &&
	    BN_num_bits(d) > 1) {
		done = BN_bn2binpad(d, block, (int)size) == (int)size;
		made = true;
	} else {
		ERR_clear_error();
		/* the first byte stays zero: it is below the modulus */
		made = mgf1("SHA256", (const uint8_t *)label, sizeof(label),
			   block + 1, size - 1, e) &&
		    mc_buf_add(&number, block, size, e) &&
		    raw_decrypt(key, &number, block, size, &done, e);
	}
	/* without a secret what is rejected would be anybody's to compute */
	made = made &&
	    (done || mc_fail(e, MC_INTERNAL, "the RSA key does not decrypt")) &&
	    mc_buf_add(to, block, size, e);
	OPENSSL_cleanse(block, sizeof(block));
	return made;
}

/* The same for every message to this key, and known to nobody without it. */
static bool
rejection_key(EVP_PKEY *key, size_t size, const struct mc_buf *encrypted,
    uint8_t out[static MC_SHA256_LEN], struct mc_err *e)
{
	AUTO_BUF secret = MC_BUF_INIT;

	return key_secret(key, size, &secret, e) &&
	    mc_hmac_sha256(&secret, encrypted->data, encrypted->len, out, e);
}

/* An encoded message, decrypted, and what it may hold. */
struct encoded {
	const char *oaep; /* digest of RSAES-OAEP, or NULL ... */
	size_t digest;    /* ... and its bytes */
	uint8_t block[MODULUS_MAX];
	size_t len;
	size_t key_len;
};

/*
 * All ones where the block is well formed (RFC 8017 section 7.2.2) and ends in
 * a key of this length.  That is fixed by the cipher, so the separator's place
 * is known.
 */
static uint32_t
pkcs1_good(const struct encoded *m)
{
	const uint8_t *block = m->block;
	size_t separator = m->len - m->key_len - 1;
	uint32_t good = mc_mask_zero(block[0]) & mc_mask_equal(block[1], 2) &
	    mc_mask_zero(block[separator]);

	for (size_t i = 2; i < separator; i++)
		good &= ~mc_mask_zero(block[i]);
	return good;
}

/*
 * The same for RSAES-OAEP (section 7.1.2) with an empty label.  All that can
 * be wrong is looked at together: that the first byte was, alone, is Manger's
 * oracle.  False only for a failure that has nothing to do with the block.
 */
static bool
oaep_good(struct encoded *m, uint32_t *good, struct mc_err *e)
{
	const char *md = m->oaep;
	size_t n = m->digest;
	uint8_t *seed = m->block + 1;
	uint8_t *db = seed + n;
	size_t db_len = m->len - n - 1;
	size_t separator = db_len - m->key_len - 1;
	uint8_t label[EVP_MAX_MD_SIZE];
	size_t label_len = 0;

	if (EVP_Q_digest(NULL, md, NULL, "", 0, label, &label_len) != 1 ||
	    label_len != n)
		return mc_fail_ossl(e, MC_INTERNAL, md);
	if (!mgf1(md, db, db_len, seed, n, e) ||
	    !mgf1(md, seed, n, db, db_len, e))
		return false;
	*good = mc_mask_zero(m->block[0]) & mc_mask_equal(db[separator], 1);
	for (size_t i = 0; i < n; i++)
		*good &= mc_mask_equal(db[i], label[i]);
	for (size_t i = n; i < separator; i++)
		*good &= mc_mask_zero(db[i]);
	return true;
}

static bool
digest_size(const char *name, size_t *n, struct mc_err *e)
{
	AUTO(EVP_MD) *md = EVP_MD_fetch(NULL, name, NULL);

	if (!md)
		return mc_fail_ossl(e, MC_INTERNAL, name);
	*n = (size_t)EVP_MD_get_size(md);
	return true;
}

/* What a well-formed block ends in, else the rejection key. */
static bool
unwrap(EVP_PKEY *pkey, const struct mc_buf *encrypted, struct encoded *m,
    uint8_t *key, struct mc_err *e)
{
	uint8_t rejected[MC_SHA256_LEN] = { 0 };
	uint32_t good = 0;
	bool number;
	bool made;

	made = rejection_key(pkey, m->len, encrypted, rejected, e) &&
	    raw_decrypt(pkey, encrypted, m->block, m->len, &number, e);
	if (made && m->oaep)
		made = oaep_good(m, &good, e);
	else if (made)
		good = pkcs1_good(m);
	for (size_t i = 0; made && i < m->key_len; i++)
		key[i] = mc_mask_choose(
		    good, m->block[m->len - m->key_len + i], rejected[i]);
	OPENSSL_cleanse(rejected, sizeof(rejected));
	return made;
}

bool
mc_unwrap_key(EVP_PKEY *pkey, const char *oaep, const struct mc_buf *encrypted,
    size_t len, uint8_t key[static MC_UNWRAP_KEY], struct mc_err *e)
{
	struct encoded m = { .oaep = oaep,
		.len = (size_t)EVP_PKEY_get_size(pkey),
		.key_len = len };
	size_t overhead = PKCS1_OVERHEAD;
	bool made;

	if (oaep && !digest_size(oaep, &m.digest, e))
		return false;
	if (oaep)
		overhead = 2 * m.digest + 2;
	if (m.len > sizeof(m.block) || m.len < len + overhead ||
	    len > MC_UNWRAP_KEY)
		/* it was the message that chose a digest too long for the key
		 */
		return mc_fail(e, oaep ? MC_DENIED : MC_USAGE,
		    "RSA key of %zu bytes", m.len);
	made = unwrap(pkey, encrypted, &m, key, e);
	OPENSSL_cleanse(&m, sizeof(m));
	return made;
}

/* Decrypt in place; the padding stays on. */
static bool
decrypt(const struct mc_unwrap_cipher *c, struct mc_buf *text, struct mc_err *e)
{
	AUTO(EVP_CIPHER) *cipher = EVP_CIPHER_fetch(c->ctx, c->name, NULL);
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
	uint32_t good = mc_mask_least((uint32_t)block, n);

	for (uint32_t i = 1; i <= block; i++)
		good &= mc_mask_equal(*(end - i), n) | ~mc_mask_least(n, i);
	return good & n;
}

bool
mc_unwrap_cbc(const struct mc_unwrap_cipher *c, const struct mc_buf *encrypted,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF plain = { .limit = encrypted->len };
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
