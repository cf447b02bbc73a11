/* SPDX-License-Identifier: ISC */
#include "crypto/pbe.h"

#include "crypto/weak.h"

CLEANUP(PBEPARAM, PBEPARAM_free);
CLEANUP(PBE2PARAM, PBE2PARAM_free);
CLEANUP(PBKDF2PARAM, PBKDF2PARAM_free);
CLEANUP(SCRYPT_PARAMS, SCRYPT_PARAMS_free);

struct kind {
	int nid;
	bool weak;
};

/* With a derivation of their own: PKCS #5 v1.5 and PKCS #12. */
static const struct kind schemes[] = {
	{ NID_pbe_WithSHA1And3_Key_TripleDES_CBC, false },
	{ NID_pbe_WithSHA1And2_Key_TripleDES_CBC, false },
	{ NID_pbe_WithSHA1And128BitRC2_CBC, true },
	{ NID_pbe_WithSHA1And40BitRC2_CBC, true },
	{ NID_pbe_WithSHA1And128BitRC4, true },
	{ NID_pbe_WithSHA1And40BitRC4, true },
	{ NID_pbeWithMD5AndDES_CBC, true },
	{ NID_pbeWithSHA1AndDES_CBC, true },
	{ NID_pbeWithMD5AndRC2_CBC, true },
	{ NID_pbeWithSHA1AndRC2_CBC, true },
	{ 0 },
};

/* Under PKCS #5 v2. */
static const struct kind ciphers[] = {
	{ NID_aes_128_cbc, false },
	{ NID_aes_192_cbc, false },
	{ NID_aes_256_cbc, false },
	{ NID_des_ede3_cbc, false },
	{ NID_des_cbc, true },
	{ NID_rc2_cbc, true },
	{ 0 },
};

static const struct kind *
find(const struct kind *table, int nid)
{
	for (; table->nid; table++)
		if (table->nid == nid)
			return table;
	return NULL;
}

static int
nid_of(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid = NULL;

	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	return oid ? OBJ_obj2nid(oid) : NID_undef;
}

static bool
fail_kind(const X509_ALGOR *alg, struct mc_err *e)
{
	const ASN1_OBJECT *oid = NULL;
	char name[80] = "";

	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	(void)OBJ_obj2txt(name, sizeof(name), oid, 0);
	ERR_clear_error();
	return mc_fail(e, MC_MALFORMED,
	    "encrypted in a way that is not known here (%s)",
	    name[0] ? name : "no OID");
}

static bool
fail_params(struct mc_err *e)
{
	ERR_clear_error();
	return mc_fail(e, MC_MALFORMED, "encrypted, with damaged parameters");
}

bool
mc_pbe_spend(int64_t n, unsigned *rounds, struct mc_err *e)
{
	if (n < 1)
		return fail_params(e);
	if (n > (int64_t)*rounds)
		return mc_fail(e, MC_MALFORMED,
		    "wants %lld rounds of hashing for its passphrase; %u are "
		    "left of those that one file gets",
		    (long long)n, *rounds);
	*rounds -= (unsigned)n;
	return true;
}

static bool
count_spend(const ASN1_INTEGER *n, unsigned *rounds, struct mc_err *e)
{
	int64_t count = 0;

	if (!n || ASN1_INTEGER_get_int64(&count, n) != 1)
		return fail_params(e);
	return mc_pbe_spend(count, rounds, e);
}

static bool
scrypt_spend(const X509_ALGOR *kdf, unsigned *rounds, struct mc_err *e)
{
	AUTO(SCRYPT_PARAMS) *p = ASN1_TYPE_unpack_sequence(
	    ASN1_ITEM_rptr(SCRYPT_PARAMS), kdf->parameter);
	uint64_t n = 0, r = 0, parallel = 0;

	if (!p || ASN1_INTEGER_get_uint64(&n, p->costParameter) != 1 ||
	    ASN1_INTEGER_get_uint64(&r, p->blockSize) != 1 ||
	    ASN1_INTEGER_get_uint64(&parallel, p->parallelizationParameter) !=
		1 ||
	    n >> 20 || r >> 20 || parallel >> 20)
		return fail_params(e);
	return mc_pbe_spend((int64_t)(n * r * parallel), rounds, e);
}

static bool
kdf_spend(const X509_ALGOR *kdf, unsigned *rounds, struct mc_err *e)
{
	AUTO(PBKDF2PARAM) *p = NULL;

	if (nid_of(kdf) == NID_id_scrypt)
		return scrypt_spend(kdf, rounds, e);
	if (nid_of(kdf) != NID_id_pbkdf2)
		return fail_kind(kdf, e);
	p = ASN1_TYPE_unpack_sequence(
	    ASN1_ITEM_rptr(PBKDF2PARAM), kdf->parameter);
	return p ? count_spend(p->iter, rounds, e) : fail_params(e);
}

static bool
pbes2_check(const X509_ALGOR *alg, unsigned *rounds, const struct kind **kind,
    struct mc_err *e)
{
	AUTO(PBE2PARAM) *p = ASN1_TYPE_unpack_sequence(
	    ASN1_ITEM_rptr(PBE2PARAM), alg->parameter);

	if (!p)
		return fail_params(e);
	*kind = find(ciphers, nid_of(p->encryption));
	return *kind ? kdf_spend(p->keyfunc, rounds, e)
		     : fail_kind(p->encryption, e);
}

static bool
pbes1_check(const X509_ALGOR *alg, unsigned *rounds, const struct kind **kind,
    struct mc_err *e)
{
	AUTO(PBEPARAM) *p = NULL;

	*kind = find(schemes, nid_of(alg));
	if (!*kind)
		return fail_kind(alg, e);
	p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), alg->parameter);
	return p ? count_spend(p->iter, rounds, e) : fail_params(e);
}

bool
mc_pbe_check(const X509_ALGOR *alg, unsigned *rounds, OSSL_LIB_CTX **ctx,
    struct mc_err *e)
{
	const struct kind *kind = NULL;

	if (nid_of(alg) == NID_pbes2 ? !pbes2_check(alg, rounds, &kind, e)
				     : !pbes1_check(alg, rounds, &kind, e))
		return false;
	*ctx = NULL;
	return !kind->weak || mc_weak_get(ctx, e);
}

bool
mc_pbe_fail(struct mc_err *e)
{
	unsigned long why = ERR_peek_error();

	if (ERR_GET_REASON(why) == ERR_R_UNSUPPORTED ||
	    ERR_GET_REASON(why) == ERR_R_MALLOC_FAILURE)
		return mc_fail_ossl(e, MC_INTERNAL, "decryption");
	ERR_clear_error();
	return mc_fail(e, MC_DENIED, "wrong passphrase");
}
