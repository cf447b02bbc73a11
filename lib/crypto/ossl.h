/* SPDX-License-Identifier: ISC */
/*
 * The only header that includes OpenSSL's, and where its ownership rules are
 * written down once.  (engine.c sees one header more.)
 */
#ifndef MC_OSSL_H
#define MC_OSSL_H

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/buf.h"

/* A stack whose certificates belong to someone else (CMS_get0_signers). */
typedef STACK_OF(X509) mc_certs_lent;
/* A stack that owns its certificates (CMS_get1_certs). */
typedef STACK_OF(X509) mc_certs;

/* Extensions that are its own (X509_REQ_get_extensions). */
typedef STACK_OF(X509_EXTENSION) mc_extensions;

static inline void
mc_certs_lent_free(mc_certs_lent *sk)
{
	sk_X509_free(sk);
}

static inline void
mc_certs_free(mc_certs *sk)
{
	sk_X509_pop_free(sk, X509_free);
}

static inline void
mc_extensions_free(mc_extensions *sk)
{
	sk_X509_EXTENSION_pop_free(sk, X509_EXTENSION_free);
}

CLEANUP(BIO, BIO_free_all);
CLEANUP(CMS_ContentInfo, CMS_ContentInfo_free);
CLEANUP(EVP_PKEY, EVP_PKEY_free);
CLEANUP(EVP_PKEY_CTX, EVP_PKEY_CTX_free);
CLEANUP(EVP_MD, EVP_MD_free);
CLEANUP(EVP_MD_CTX, EVP_MD_CTX_free);
CLEANUP(EVP_CIPHER, EVP_CIPHER_free);
CLEANUP(EVP_CIPHER_CTX, EVP_CIPHER_CTX_free);
CLEANUP(BIGNUM, BN_clear_free);
CLEANUP(ASN1_BIT_STRING, ASN1_BIT_STRING_free);
CLEANUP(ASN1_INTEGER, ASN1_INTEGER_free);
CLEANUP(ASN1_OBJECT, ASN1_OBJECT_free);
CLEANUP(ASN1_OCTET_STRING, ASN1_OCTET_STRING_free);
CLEANUP(ASN1_TIME, ASN1_TIME_free);
CLEANUP(ASN1_TYPE, ASN1_TYPE_free);
CLEANUP(AUTHORITY_KEYID, AUTHORITY_KEYID_free);
CLEANUP(BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free);
CLEANUP(EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free);
CLEANUP(ASN1_ENUMERATED, ASN1_ENUMERATED_free);
CLEANUP(AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free);
CLEANUP(CRL_DIST_POINTS, CRL_DIST_POINTS_free);
CLEANUP(GENERAL_NAME, GENERAL_NAME_free);
CLEANUP(GENERAL_NAMES, GENERAL_NAMES_free);
CLEANUP(OCSP_BASICRESP, OCSP_BASICRESP_free);
CLEANUP(OCSP_CERTID, OCSP_CERTID_free);
CLEANUP(OCSP_REQUEST, OCSP_REQUEST_free);
CLEANUP(OCSP_RESPONSE, OCSP_RESPONSE_free);
CLEANUP(OSSL_STORE_CTX, OSSL_STORE_close);
CLEANUP(OSSL_STORE_INFO, OSSL_STORE_INFO_free);
CLEANUP(PKCS12, PKCS12_free);
CLEANUP(RSA_PSS_PARAMS, RSA_PSS_PARAMS_free);
CLEANUP(UI_METHOD, UI_destroy_method);
CLEANUP(X509, X509_free);
CLEANUP(X509_CRL, X509_CRL_free);
CLEANUP(X509_NAME, X509_NAME_free);
CLEANUP(X509_REQ, X509_REQ_free);
CLEANUP(X509_REVOKED, X509_REVOKED_free);
CLEANUP(X509_EXTENSION, X509_EXTENSION_free);
CLEANUP(X509_STORE_CTX, X509_STORE_CTX_free);
CLEANUP(X509_STORE, X509_STORE_free);
CLEANUP(mc_certs_lent, mc_certs_lent_free);
CLEANUP(mc_certs, mc_certs_free);
CLEANUP(mc_extensions, mc_extensions_free);

/*
 * Record a failure from OpenSSL's queue and empty it.  Copes with a failure
 * that queued nothing, which CMS_decrypt() for one can do.
 */
bool mc_fail_ossl(struct mc_err *e, enum mc_code code, const char *what);

/* Push cert, which both own then. */
MC_NODISCARD bool mc_certs_add(mc_certs *to, X509 *cert, struct mc_err *e);

/* A read-only view of b; b must outlive it. */
BIO *mc_bio_view(const struct mc_buf *b);

/* Append everything held by a memory BIO. */
MC_NODISCARD bool mc_bio_drain(BIO *mem, struct mc_buf *to, struct mc_err *e);

/*
 * Append the n octets that an i2d function has allocated at *der, and free
 * them: mc_der_take(&der, i2d_X509(cert, &der), "certificate", to, e), with
 * der NULL before.  An n that says failure is MC_INTERNAL about what.
 */
MC_NODISCARD bool mc_der_take(unsigned char **der, int n, const char *what,
    struct mc_buf *to, struct mc_err *e);

/* UTCTime or GeneralizedTime in seconds since 1970; false where it is none. */
MC_NODISCARD bool mc_asn1_time_get(const ASN1_TIME *t, int64_t *out);

#endif
