/* SPDX-License-Identifier: ISC */
/*
 * Is a certificate revoked, as far as the files at hand say: CRLs (RFC 5280
 * section 6.3) and OCSP responses (RFC 6960 section 3.2).  Nothing is fetched.
 *
 * Only complete CRLs that the issuer itself signs: delta CRLs, indirect ones,
 * and those for some reasons or for attribute certificates are refused.  What
 * is signed with less than SHA-256 says nothing.
 */
#ifndef MC_REVOCATION_H
#define MC_REVOCATION_H

#include "crypto/ossl.h"

typedef struct mc_revocation mc_revocation;

MC_NODISCARD bool
mc_revocation_new(struct mc_revocation **out, struct mc_err *e);
void mc_revocation_free(struct mc_revocation *r);
CLEANUP(mc_revocation, mc_revocation_free);

/*
 * Every CRL of a file, PEM or DER, or of the files of a folder (*.crl, *.pem,
 * *.der), where pipes and devices are passed over.  MC_MALFORMED for a file,
 * not in a folder, that holds none, and for one that is refused: what it
 * revokes must not be passed over.  RFC 5280 section 5.1.2.5 has every CRL say
 * until when it holds (nextUpdate); one that does not holds for this many days,
 * so that an old one is not good for ever.
 */
#define MC_REVOCATION_CRL_DAYS 7

MC_NODISCARD bool mc_revocation_crl_load(
    struct mc_revocation *r, const char *path, struct mc_err *e);

/*
 * An OCSP response, DER or base64 of it.  One that does not say until when it
 * holds (nextUpdate) holds for a day.
 */
MC_NODISCARD bool mc_revocation_ocsp_load(
    struct mc_revocation *r, const char *path, struct mc_err *e);

enum mc_revoked {
	MC_REVOKED_UNKNOWN, /* nothing at hand speaks of it */
	MC_REVOKED_NO,
	MC_REVOKED_YES,
	MC_REVOKED_STALE, /* what speaks of it is out of date at that time */
};

struct mc_revoked_facts {
	enum mc_revoked status;
	int64_t at;         /* when it was revoked */
	int64_t reason;     /* CRLReason; -1: not said */
	int64_t from, till; /* of the statement */
	const char *source; /* the file; lent by r.  NULL: none */
};

/*
 * The status of cert, issued by issuer, at this time.  A statement counts only
 * where issuer, or a responder that issuer appointed (RFC 6960 section
 * 4.2.2.2), signed it.  A revocation says so for times before it, too: its date
 * is given, and what follows is for the caller to say.  A statement that could
 * not be looked into for want of memory says nothing.
 */
void mc_revocation_find(const struct mc_revocation *r, X509 *cert, X509 *issuer,
    int64_t at, struct mc_revoked_facts *out);

#endif
