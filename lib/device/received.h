/* SPDX-License-Identifier: ISC */
/*
 * A profile as it comes from a server: signed, and at the end encrypted.
 *
 * A device takes the body of a 200 with exactly the right Content-Type; what
 * breaks that rule or another is MC_MALFORMED and named.
 */
#ifndef MC_RECEIVED_H
#define MC_RECEIVED_H

#include "crypto/ossl.h"
#include "device/fetch.h"
#include "plist/plist.h"

/* A signed profile that arrived, its signature checked. */
struct mc_received {
	mc_plist *profile;
	char signer[256]; /* its subject, "/O=ACME Inc./CN=Profiles" */
	char anchor[256]; /* the subject of what it chains to */
	char digest[16];  /* "SHA256" */
};

#define AUTO_RECEIVED                                                          \
	__attribute__((cleanup(mc_received_clear))) struct mc_received
void mc_received_clear(struct mc_received *r);

/*
 * Content type, signature, chain to an anchor in a PEM file, plist, and what
 * every profile has at its top.  The codes of mc_signed_parse() and
 * mc_trust_check() as they are.
 */
MC_NODISCARD bool mc_received_parse(const struct mc_fetched *f,
    const char *anchors, struct mc_received *out, struct mc_err *e);

/* "dict", "nothing": what stands somewhere, for messages. */
const char *mc_received_kind(const mc_plist *p);

/* The profile's PayloadType is want. */
MC_NODISCARD bool mc_received_type_check(
    const mc_plist *profile, const char *want, struct mc_err *e);

/*
 * Phase 3: a Configuration profile whose EncryptedPayloadContent is replaced,
 * in its place, by the PayloadContent that is in it.  *encrypted says whether
 * it was encrypted at all; if not, there is nothing to do.
 */
MC_NODISCARD bool mc_configuration_open(mc_plist **profile, X509 *cert,
    EVP_PKEY *key, bool *encrypted, struct mc_err *e);

#endif
