/* SPDX-License-Identifier: ISC */
/*
 * Certificates: read, look at, issue (RFC 5280 section 4).  Nothing here asks
 * whom to trust (crypto/trust.h); what is issued says what a spec says, and
 * serial numbers are text as the store writes them.
 */
#ifndef MC_CERT_H
#define MC_CERT_H

#include "crypto/digest.h"

/* DER, all of it. */
MC_NODISCARD bool
mc_cert_parse(const void *der, size_t len, X509 **out, struct mc_err *e);
MC_NODISCARD bool
mc_cert_encode(const X509 *cert, struct mc_buf *to, struct mc_err *e);

/* SHA-256 of the DER, hexadecimal. */
MC_NODISCARD bool mc_cert_sha256(
    const X509 *cert, char out[static MC_SHA256_HEX], struct mc_err *e);

/* The serial number as openssl prints it.  MC_MALFORMED past 20 octets. */
MC_NODISCARD bool mc_cert_serial(
    const X509 *cert, char out[static MC_SERIAL_TEXT], struct mc_err *e);

/* Any such number, and the way back: 1 to 20 octets, in either case. */
MC_NODISCARD bool mc_serial_encode(const ASN1_INTEGER *serial,
    char out[static MC_SERIAL_TEXT], struct mc_err *e);
MC_NODISCARD bool
mc_serial_parse(const char *text, ASN1_INTEGER **out, struct mc_err *e);

/* notBefore and notAfter in seconds since 1970. */
MC_NODISCARD bool mc_cert_validity(const X509 *cert, int64_t *not_before,
    int64_t *not_after, struct mc_err *e);

/* In date at this time.  MC_OUTOFDATE, with the time that is at fault. */
MC_NODISCARD bool
mc_cert_dates_check(const X509 *cert, int64_t now, struct mc_err *e);

/* A keyUsage value of KU_* bits; NULL when out of memory. */
ASN1_BIT_STRING *mc_key_usage_new(unsigned bits);

/*
 * authorityKeyIdentifier of what this certificate's key signs: its subject
 * key identifier, or what that would be.  NULL when out of memory.
 */
AUTHORITY_KEYID *mc_authority_id_new(X509 *issuer);

/*
 * What a new certificate says.  Everything is lent.  Where the subject is
 * empty, names are needed, and are critical (RFC 5280 section 4.2.1.6).
 */
struct mc_cert_spec {
	const X509_NAME *subject;
	EVP_PKEY *key;         /* the subject's public key */
	X509 *issuer;          /* NULL: self-signed */
	EVP_PKEY *issuer_key;  /* signs */
	const uint8_t *serial; /* 16 octets, top bit clear; NULL: random */
	int64_t not_before;
	int64_t not_after;      /* cut to the issuer's */
	bool ca;                /* basicConstraints CA, path length path_len */
	int path_len;           /* -1: none */
	unsigned key_usage;     /* KU_* bits of OpenSSL; critical; 0: absent */
	const char *const *eku; /* OIDs or short names, NULL-terminated */
	const GENERAL_NAMES *names; /* subjectAltName; NULL: none */
	const char *const
	    *crl_urls; /* cRLDistributionPoints, NULL-terminated */
	const char *const *ocsp_urls;   /* authorityInfoAccess, OCSP */
	const char *const *issuer_urls; /* authorityInfoAccess, caIssuers */
	bool ocsp_nocheck; /* of an OCSP responder: RFC 6960, 4.2.2.2.1 */
};

/* 16 random octets with the top bit clear and the next one set. */
MC_NODISCARD bool mc_cert_serial_new(uint8_t out[static 16], struct mc_err *e);

/*
 * Make and sign a certificate, X.509 v3 with subject and authority key
 * identifiers; times past 2049 as GeneralizedTime (RFC 5280 section 4.1.2.5).
 * Extensions are built here, never by OpenSSL's configuration language.
 */
MC_NODISCARD bool
mc_cert_issue(const struct mc_cert_spec *spec, X509 **out, struct mc_err *e);

#endif
