/* SPDX-License-Identifier: ISC */
/*
 * What a server offers in phases 1 and 2, held against what a device insists
 * on.
 *
 * Each rule that a server can break is checked here and named in the message:
 * devices themselves only stop, silently.  Whatever breaks one is
 * MC_MALFORMED.
 */
#ifndef MC_OFFER_H
#define MC_OFFER_H

#include "crypto/ossl.h"
#include "plist/plist.h"

/* Phase 1, "Profile Service".  Everything is lent by the profile. */
struct mc_service {
	const char *url;            /* https */
	const mc_plist *attributes; /* array of strings */
	const mc_plist *challenge;  /* string or data; NULL: none */
};

MC_NODISCARD bool mc_service_check(
    const mc_plist *profile, struct mc_service *out, struct mc_err *e);

/* Phase 2: the one payload, and it is a SCEP payload. */
struct mc_enrolment_offer {
	char url[1024]; /* as devices use it: without its query */
	bool had_query;
	const char *name;           /* lent; "" if there is none */
	const char *challenge;      /* lent; NULL if there is none */
	const uint8_t *fingerprint; /* of the CA's certificate; lent */
	size_t fingerprint_len;     /* 0: none; 16, 20, 32 or 64 */
	X509_NAME *subject;         /* owned */
	unsigned bits;
	unsigned usage;   /* KU_* bits of OpenSSL */
	bool wants_names; /* SubjectAltName was asked for */
};

#define AUTO_OFFER                                                             \
	__attribute__((                                                        \
	    cleanup(mc_enrolment_offer_clear))) struct mc_enrolment_offer
void mc_enrolment_offer_clear(struct mc_enrolment_offer *o);

MC_NODISCARD bool mc_enrolment_offer_parse(
    const mc_plist *profile, struct mc_enrolment_offer *out, struct mc_err *e);

#endif
