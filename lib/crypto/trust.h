/* SPDX-License-Identifier: ISC */
/*
 * Does a certificate chain to an anchor?  Never by names.
 *
 * Two kinds of trust: ordinary (RFC 5280, any purpose, in date, OpenSSL's
 * security level 2: RSA-2048, SHA-256), and the factory leg of a device
 * (its chain has expired and still signs, with SHA-1 and
 * RSA-1024): no time check, no security level, anchors pinned by SHA-256
 * fingerprint.
 *
 * Ordinary trust is RFC 5280 section 6.1 with no policy demanded.  A chain is
 * good where any path to an anchor is (crypto/path.h).  An anchor, which need
 * not be a root, is held to its own extensions and dates as well, and where a
 * signer without subjectAltName has a host as its common name, name constraints
 * for hosts apply to it.  Revocation is another question: crypto/revocation.h.
 */
#ifndef MC_TRUST_H
#define MC_TRUST_H

#include "crypto/ossl.h"

typedef struct mc_trust mc_trust;

/* Anchors are added by the functions below; none yet. */
MC_NODISCARD bool mc_trust_new(struct mc_trust **out, struct mc_err *e);
void mc_trust_free(struct mc_trust *t);
CLEANUP(mc_trust, mc_trust_free);

/* Every certificate in a PEM file is an anchor, self-signed or not. */
MC_NODISCARD bool
mc_trust_anchors_load(struct mc_trust *t, const char *path, struct mc_err *e);

/* Every certificate in a PEM file may complete a chain. */
MC_NODISCARD bool
mc_trust_chain_load(struct mc_trust *t, const char *path, struct mc_err *e);

/*
 * A device-CA folder: the file "pins" (a SHA-256 fingerprint a line, then
 * words for people; crypto/pins.h) names the anchors; the certificates beside
 * it (*.pem, *.cer, *.der, *.crt) complete chains.  Makes this trust a factory
 * leg.
 */
MC_NODISCARD bool
mc_trust_device_load(struct mc_trust *t, const char *dir, struct mc_err *e);

/*
 * The anchors of the system's store are this one's too: those that OpenSSL
 * finds by default (SSL_CERT_FILE, SSL_CERT_DIR), if any.  MC_NOINPUT where
 * these two name what is not there.
 */
MC_NODISCARD bool mc_trust_system_load(struct mc_trust *t, struct mc_err *e);

/*
 * The signer's extendedKeyUsage has to name this purpose, an OID or a name of
 * OpenSSL's ("codeSigning").  MC_USAGE for what is neither.
 */
MC_NODISCARD bool
mc_trust_eku_set(struct mc_trust *t, const char *eku, struct mc_err *e);

/* Is this a factory leg? */
bool mc_trust_factory(const struct mc_trust *t);

/* Certificates from files that may hold the signer or complete a chain. */
const mc_certs *mc_trust_certs(const struct mc_trust *t);

/*
 * Chain cert, with the help of bag (may be NULL), to an anchor at this time
 * (0: now).  chain, where not NULL, receives it, leaf first; the caller frees
 * it.  MC_UNTRUSTED or MC_OUTOFDATE, with the subject at fault; where the
 * dates are the only fault, chain is set too.
 */
MC_NODISCARD bool mc_trust_check(const struct mc_trust *t, X509 *cert,
    const mc_certs *bag, int64_t at, mc_certs **chain, struct mc_err *e);

#endif
