/* SPDX-License-Identifier: ISC */
/*
 * CMS SignedData (RFC 5652 section 5): make, take apart, check.
 *
 * Taking apart happens in three steps, in this order: mc_signed_parse() looks
 * at the structure and finds the one signer, mc_trust_check() chains that
 * certificate to an anchor, and mc_signed_content() checks the signature by
 * that very certificate and only then gives the content out.  A caller that
 * leaves out the middle one (SCEP's self-signed requesters) has an intact
 * message from nobody in particular.
 */
#ifndef MC_CMS_H
#define MC_CMS_H

#include "crypto/ossl.h"

#define MC_OID_SIGNING_TIME "1.2.840.113549.1.9.5"

/* One signed attribute to add: a single value of an ASN.1 string type. */
struct mc_cms_attr {
	const char *oid; /* NULL ends a list */
	int type;        /* V_ASN1_PRINTABLESTRING, V_ASN1_OCTET_STRING, ... */
	const void *data;
	size_t len;
};

struct mc_cms_sign_spec {
	X509 *cert;
	EVP_PKEY *key;
	mc_certs *chain; /* more for the bag; may be NULL */
	const char *md;  /* NULL: "SHA256", for a key on P-384 "SHA384" */
	const struct mc_cms_attr *attrs; /* may be NULL */
	bool no_content; /* eContent absent: SCEP's FAILURE and PENDING */
	bool detach; /* eContent absent, and the content signed all the same */
	int64_t at;  /* signingTime; 0: now */
};

/*
 * Append the DER of content signed: attached, binary, with contentType,
 * messageDigest and signingTime, signatureAlgorithm rsaEncryption for RSA,
 * RSASSA-PSS for RSA that is for PSS only, and ecdsa-with-SHA* for EC. MC_USAGE
 * where the key is not the certificate's. md may be "MD5", for what speaks
 * nothing else: see crypto/weak.h.
 */
MC_NODISCARD bool mc_cms_sign(const struct mc_cms_sign_spec *spec,
    const struct mc_buf *content, struct mc_buf *der, struct mc_err *e);

/*
 * A detached signature and its content make the attached message, the bytes
 * that mc_cms_sign() would have made of them (RFC 5652 section 5.2: eContent is
 * not part of what is signed).  signature is DER, BER, PEM or base64.
 * MC_ALTERED where the two do not fit, MC_MALFORMED where the signature has its
 * content already, or is one that DER cannot write: its attributes are signed
 * in another order.
 */
MC_NODISCARD bool mc_cms_attach(const struct mc_buf *signature,
    const struct mc_buf *content, struct mc_buf *der, struct mc_err *e);

/*
 * A degenerate certs-only message (RFC 5652 section 5.1): made, read.  The
 * certificates stay in their order, which DER would not leave to them.
 */
MC_NODISCARD bool mc_cms_certs_encode(
    const mc_certs *certs, struct mc_buf *der, struct mc_err *e);
MC_NODISCARD bool
mc_cms_certs_parse(const struct mc_buf *der, mc_certs *certs, struct mc_err *e);

/* How much a structure is allowed to say. */
enum mc_gate {
	/* from the network: no unsignedAttrs, signedAttrs from a closed list */
	MC_GATE_STRICT,
	/* a file signed by anybody's tool: unsignedAttrs and others pass */
	MC_GATE_FILE,
	/* the same, and MD5 passes: only where insecure, see crypto/weak.h */
	MC_GATE_WEAK,
};

typedef struct mc_signed mc_signed; /* for AUTO() only */
void mc_signed_free(struct mc_signed *s);
CLEANUP(mc_signed, mc_signed_free);

/*
 * Parse BER or DER: every byte used, exactly one SignerInfo, its certificate
 * in the bag or among extra (may be NULL), contentType and messageDigest once
 * and single-valued where there are signedAttrs, no signed attributes passed
 * off as content.  RSASSA-PSS is with the digest of the message, SHA-2, for
 * its mask too (RFC 4056).  MC_UNSIGNED where it is no SignedData at all (a
 * plist, say), MC_MALFORMED for the rest, MC_UNTRUSTED where no certificate
 * matches, and for a digest, a signature algorithm or a key that proves
 * nothing.
 */
MC_NODISCARD bool mc_signed_parse(const struct mc_buf *msg, enum mc_gate gate,
    const mc_certs *extra, struct mc_signed **out, struct mc_err *e);

/* Lent. */
X509 *mc_signed_signer(const struct mc_signed *s);
const mc_certs *mc_signed_bag(const struct mc_signed *s);
/* Short names, "SHA256": of the digest algorithm. */
const char *mc_signed_digest(const struct mc_signed *s);

/* eContent is there; a detached signature, or SCEP's FAILURE, has none. */
bool mc_signed_has_content(const struct mc_signed *s);

/*
 * A signed attribute's one value, of exactly this type, appended; *found
 * false if absent.  Twice or multi-valued is MC_MALFORMED.
 */
MC_NODISCARD bool mc_signed_attr(const struct mc_signed *s, const char *oid,
    int type, struct mc_buf *to, bool *found, struct mc_err *e);

/* signingTime in seconds since 1970; false if there is none. */
bool mc_signed_time(const struct mc_signed *s, int64_t *when);

/*
 * Check the signature by the signer and append the content; content may be
 * absent (empty).  MC_ALTERED, with nothing appended, if it does not hold.
 */
MC_NODISCARD bool mc_signed_content(
    struct mc_signed *s, struct mc_buf *content, struct mc_err *e);

/* The same for a detached signature, by which content is judged. */
MC_NODISCARD bool mc_signed_detached_check(
    struct mc_signed *s, const struct mc_buf *content, struct mc_err *e);

/* How it was signed: "RSA", "RSASSA-PSS", "ECDSA". */
const char *mc_signed_algorithm(const struct mc_signed *s);

#endif
