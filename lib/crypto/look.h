/* SPDX-License-Identifier: ISC */
/*
 * What can be seen of a certificate, or of bytes that should be one, for those
 * who judge files and trust nobody.
 */
#ifndef MC_LOOK_H
#define MC_LOOK_H

#include "crypto/ossl.h"

struct mc_cert_look {
	int64_t not_before; /* seconds since 1970 */
	int64_t not_after;
	unsigned rsa_bits; /* 0: no RSA key */
	bool weak_digest;  /* signed with SHA-1, MD5 or less */
	char digest[16];   /* its name, "SHA1"; "" where not known */
	bool self_issued;  /* issuer and subject are one name */
	bool ca;           /* may issue: basicConstraints, or version 1 */
};

/* MC_MALFORMED where its dates cannot be read. */
MC_NODISCARD bool
mc_cert_look_init(struct mc_cert_look *out, const X509 *cert, struct mc_err *e);

/* What bytes are that were to be a certificate. */
enum mc_blob {
	MC_BLOB_UNKNOWN,
	MC_BLOB_EMPTY,
	MC_BLOB_CERT,
	MC_BLOB_PKCS7,  /* or CMS: a bundle, a signed message */
	MC_BLOB_PKCS12, /* with a private key */
	MC_BLOB_KEY,    /* a private key */
	MC_BLOB_PUBLIC_KEY,
	MC_BLOB_REQUEST,
	MC_BLOB_CRL,
};
/* "a private key", for messages. */
const char *mc_blob_name(enum mc_blob kind);

/* All that a file of one certificate could hold. */
struct mc_blob_look {
	enum mc_blob kind; /* the first thing in it */
	bool pem;
	size_t certs; /* in PEM there may be several */
	bool key;     /* a private key among them */
	X509 *cert;   /* the first certificate; NULL: none.  Owned */
};
void mc_blob_look_clear(struct mc_blob_look *b);
#define AUTO_BLOB_LOOK                                                         \
	__attribute__((cleanup(mc_blob_look_clear))) struct mc_blob_look

/* Hostile bytes are welcome.  Fails for want of memory only. */
MC_NODISCARD bool mc_blob_look_parse(
    const struct mc_buf *bytes, struct mc_blob_look *out, struct mc_err *e);

#endif
