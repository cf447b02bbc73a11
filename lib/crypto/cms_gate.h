/* SPDX-License-Identifier: ISC */
/*
 * The structural gate: what a SignedData says, read by our own bounded reader
 * before libcrypto sees a byte of it.
 */
#ifndef MC_CMS_GATE_H
#define MC_CMS_GATE_H

#include "crypto/ber.h"
#include "crypto/cms.h"

/* Lent parts of the message. */
struct mc_signed_facts {
	struct mc_ber certs; /* body of the certificates field; may be empty */
	const char *digest;  /* "SHA256"; "MD5" only with MC_GATE_WEAK */
	bool attributes;     /* there are signedAttrs */
	bool content;        /* eContent is there, if only an empty one */
	bool pss;            /* signatureAlgorithm is RSASSA-PSS */
};

/* One signer; see mc_signed_parse() for the rules. */
MC_NODISCARD bool mc_gate_signed(const struct mc_buf *msg, enum mc_gate gate,
    struct mc_signed_facts *out, struct mc_err *e);

/*
 * Content, detached or not, is not the signedAttrs of another message: without
 * signedAttrs of its own it is what was signed, and so were those.
 */
MC_NODISCARD bool mc_gate_content(const struct mc_signed_facts *facts,
    const struct mc_buf *content, struct mc_err *e);

/*
 * The body of signedAttrs: each attribute once, contentType (id-data) and
 * messageDigest there and single-valued; where strict, all single-valued and
 * from the closed list.
 */
MC_NODISCARD bool
mc_gate_attrs(struct mc_ber *body, enum mc_gate gate, struct mc_err *e);

extern const struct mc_oid mc_oid_data;   /* id-data */
extern const struct mc_oid mc_oid_signed; /* id-signedData */

/* No signer: certs-only. */
MC_NODISCARD bool mc_gate_certs(
    const struct mc_buf *msg, struct mc_signed_facts *out, struct mc_err *e);

/*
 * Append the certificates of the bag, at most MC_BAG_MAX.  Where others, the
 * CertificateChoices that are not X.509 are passed over, else refused.
 */
MC_NODISCARD bool mc_gate_bag(const struct mc_signed_facts *facts, bool others,
    mc_certs *to, struct mc_err *e);

#endif
