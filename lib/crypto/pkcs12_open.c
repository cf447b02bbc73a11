/* SPDX-License-Identifier: ISC */
#include "crypto/pkcs12.h"

#include <limits.h>

#include "crypto/pbe.h"
#include "crypto/pkcs8.h"

/* Certificates, or keys, of one file. */
#define ITEMS_MAX 64
/* Bags in bags; nobody makes them. */
#define DEPTH_MAX 4

typedef STACK_OF(PKCS7) safes;
typedef STACK_OF(PKCS12_SAFEBAG) bags;

static void
safes_free(safes *sk)
{
	sk_PKCS7_pop_free(sk, PKCS7_free);
}
CLEANUP(safes, safes_free);

static void
bags_free(bags *sk)
{
	sk_PKCS12_SAFEBAG_pop_free(sk, PKCS12_SAFEBAG_free);
}
CLEANUP(bags, bags_free);

/* What goes along from the file to its smallest bag. */
struct opening {
	struct mc_pass pass;
	unsigned *rounds;
	struct mc_pkcs12 *to;
};

void
mc_pkcs12_clear(struct mc_pkcs12 *p)
{
	EVP_PKEY_free(p->key);
	mc_certs_free(p->certs);
	*p = (struct mc_pkcs12){ 0 };
}

static bool
fail_damaged(struct mc_err *e)
{
	ERR_clear_error();
	return mc_fail(e, MC_MALFORMED, "is damaged PKCS #12");
}

/* --- which passphrase --- */

static bool
mac_try(PKCS12 *p12, struct mc_pass pass, struct opening *o, bool *fits,
    struct mc_err *e)
{
	const ASN1_INTEGER *count = NULL;
	int64_t n = 1;

	PKCS12_get0_mac(NULL, NULL, NULL, &count, p12);
	if (count && ASN1_INTEGER_get_int64(&n, count) != 1)
		return fail_damaged(e);
	if (!mc_pbe_spend(n, o->rounds, e))
		return false;
	*fits = PKCS12_verify_mac(p12, pass.text, pass.len) == 1;
	/* one that is only wrong queues nothing */
	if (!*fits && ERR_peek_error())
		return mc_fail_ossl(e, MC_MALFORMED, "MAC of PKCS #12");
	o->pass = pass;
	return true;
}

/* None is two things in PKCS #12: no octets, and the two that end a text. */
static bool
none_fits(PKCS12 *p12, struct opening *o, bool *fits, struct mc_err *e)
{
	return mac_try(p12, (struct mc_pass){ NULL, 0 }, o, fits, e) &&
	    (*fits || mac_try(p12, (struct mc_pass){ "", 0 }, o, fits, e));
}

static bool
mac_check(PKCS12 *p12, const struct mc_buf *passphrase, struct opening *o,
    struct mc_err *e)
{
	const bool given = passphrase && passphrase->len > 0;
	bool fits = false;

	if (!PKCS12_mac_present(p12))
		return mc_fail(e, MC_MALFORMED,
		    "is PKCS #12 without a MAC: nothing tells whether it is "
		    "whole");
	if (given) {
		struct mc_pass pass = { mc_buf_str(passphrase),
			(int)passphrase->len };

		if (!mac_try(p12, pass, o, &fits, e) || fits)
			return fits;
	}
	if (!none_fits(p12, o, &fits, e))
		return false;
	if (given)
		return mc_fail(e, MC_DENIED, "wrong passphrase%s",
		    fits ? ": the file has none, or an empty one" : "");
	return fits ||
	    (passphrase
		    ? mc_fail(e, MC_DENIED, "wrong passphrase: it is not empty")
		    : mc_fail(e, MC_MALFORMED,
			  "is encrypted, and no passphrase was given"));
}

/* --- bags --- */

/* Behind a MAC that fits, this is a file with two passphrases. */
static bool
note_other(struct mc_err *e)
{
	return e->code == MC_DENIED
	    ? mc_fail(e, MC_DENIED,
		  "wrong passphrase: that of the file, but not of what is "
		  "in it")
	    : false;
}

static bool
key_add(const PKCS12_SAFEBAG *bag, struct opening *o, struct mc_err *e)
{
	AUTO(EVP_PKEY) *key = NULL;

	if (++o->to->keys > ITEMS_MAX)
		return mc_fail(e, MC_MALFORMED, "more than %d keys", ITEMS_MAX);
	if (o->to->key)
		return true;
	if (PKCS12_SAFEBAG_get_nid(bag) == NID_keyBag
		? !mc_pkcs8_key_get(PKCS12_SAFEBAG_get0_p8inf(bag), &key, e)
		: !mc_pkcs8_open(PKCS12_SAFEBAG_get0_pkcs8(bag), &o->pass,
		      o->rounds, &key, e))
		return note_other(e);
	o->to->key = take(&key);
	return true;
}

static bool
cert_add(const PKCS12_SAFEBAG *bag, struct opening *o, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;

	if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
		return true;
	cert = PKCS12_SAFEBAG_get1_cert(bag);
	if (!cert)
		return fail_damaged(e);
	if (sk_X509_num(o->to->certs) >= ITEMS_MAX)
		return mc_fail(
		    e, MC_MALFORMED, "more than %d certificates", ITEMS_MAX);
	return mc_certs_add(o->to->certs, cert, e);
}

static bool
bags_read(const bags *sk, unsigned depth, struct opening *o, struct mc_err *e)
{
	if (depth > DEPTH_MAX)
		return fail_damaged(e);
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(sk); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(sk, i);
		int kind = PKCS12_SAFEBAG_get_nid(bag);
		bool done = true;

		if (kind == NID_keyBag || kind == NID_pkcs8ShroudedKeyBag)
			done = key_add(bag, o, e);
		else if (kind == NID_certBag)
			done = cert_add(bag, o, e);
		else if (kind == NID_safeContentsBag)
			done = bags_read(
			    PKCS12_SAFEBAG_get0_safes(bag), depth + 1, o, e);
		if (!done)
			return false;
	}
	return true;
}

static bool
encrypted_open(
    const PKCS7 *safe, const struct opening *o, bags **out, struct mc_err *e)
{
	const PKCS7_ENC_CONTENT *enc = safe->d.encrypted
	    ? safe->d.encrypted->enc_data
	    : NULL;
	OSSL_LIB_CTX *ctx = NULL;

	if (!enc || !enc->algorithm || !enc->enc_data)
		return fail_damaged(e);
	if (!mc_pbe_check(enc->algorithm, o->rounds, &ctx, e))
		return false;
	*out = PKCS12_item_decrypt_d2i_ex(enc->algorithm,
	    ASN1_ITEM_rptr(PKCS12_SAFEBAGS), o->pass.text, o->pass.len,
	    enc->enc_data, 1, ctx, NULL);
	return *out || mc_pbe_fail(e) || note_other(e);
}

static bool
safe_read(PKCS7 *safe, struct opening *o, struct mc_err *e)
{
	AUTO(bags) *sk = NULL;

	if (PKCS7_type_is_encrypted(safe)) {
		if (!encrypted_open(safe, o, &sk, e))
			return false;
	} else if (PKCS7_type_is_data(safe)) {
		sk = PKCS12_unpack_p7data(safe);
		if (!sk)
			return fail_damaged(e);
	} else
		return mc_fail(e, MC_MALFORMED,
		    "is PKCS #12 for the owner of a key, and not of a "
		    "passphrase");
	return bags_read(sk, 0, o, e);
}

static bool
safes_read(const PKCS12 *p12, struct opening *o, struct mc_err *e)
{
	AUTO(safes) *sk = PKCS12_unpack_authsafes(p12);

	if (!sk)
		return fail_damaged(e);
	for (int i = 0; i < sk_PKCS7_num(sk); i++)
		if (!safe_read(sk_PKCS7_value(sk, i), o, e))
			return false;
	return true;
}

static bool
opened(const struct mc_buf *der, const struct mc_buf *passphrase,
    struct opening *o, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(PKCS12) *p12 = NULL;

	if (der->len > LONG_MAX || (passphrase && passphrase->len > INT_MAX))
		return fail_damaged(e);
	p12 = d2i_PKCS12(NULL, &p, (long)der->len);
	if (!p12 || p != der->data + der->len)
		return fail_damaged(e);
	return mac_check(p12, passphrase, o, e) && safes_read(p12, o, e);
}

bool
mc_pkcs12_open(const struct mc_buf *der, const struct mc_buf *passphrase,
    unsigned *rounds, struct mc_pkcs12 *out, struct mc_err *e)
{
	AUTO_PKCS12 got = { .certs = sk_X509_new_null() };
	struct opening o = { .rounds = rounds, .to = &got };
	bool done;

	if (!got.certs)
		return mc_fail_memory(e);
	if (!mc_pkcs12_check(der, e))
		return false;
	done = opened(der, passphrase, &o, e);
	ERR_clear_error();
	if (!done)
		return false;
	*out = got;
	got = (struct mc_pkcs12){ 0 };
	return true;
}
