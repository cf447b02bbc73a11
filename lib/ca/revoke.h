/* SPDX-License-Identifier: ISC */
/*
 * Taking certificates back, and telling the world: CRL and OCSP.
 *
 * The record is what counts: whoever asks the store (mcprofile-verify does) is
 * told at once, and the request that the certificate was issued for gets no
 * second answer.
 */
#ifndef MC_CA_REVOKE_H
#define MC_CA_REVOKE_H

#include "ca/ca.h"
#include "crypto/crl.h"
#include "store/certificate.h"

struct mc_revocation {
	int64_t reason;  /* CRLReason */
	const char *who; /* login name, for the history; or NULL */
	const char *note;
};

/*
 * A serial number as the store writes it, from what people copy: hexadecimal
 * in either case, with or without colons and zeros in front.  MC_USAGE.
 */
MC_NODISCARD bool mc_ca_serial_parse(
    const char *text, char out[static MC_SERIAL_TEXT], struct mc_err *e);

/*
 * By serial number, as mc_ca_serial_parse() takes it.
 * MC_DENIED where no valid certificate has it.
 */
MC_NODISCARD bool mc_revoke(struct mc_store *s, const char *serial,
    const struct mc_revocation *why, struct mc_err *e);

/* Every valid one that the filter finds, in one transaction; *n: how many. */
MC_NODISCARD bool
mc_revoke_all(struct mc_store *s, const struct mc_certificate_filter *which,
    const struct mc_revocation *why, unsigned *n, struct mc_err *e);

/*
 * Append a new CRL of ca, or of its previous generation where that is asked
 * for.  Its number is one more than the last one's, than published's (a CRL in
 * a file, or empty) and not below the seconds since 1970: a store that was
 * restored from an old backup repeats none.  Needs MC_CA_KEY and MC_CA_STORE.
 * It is kept in the CA's folder, in crl.der or crl-previous.der, for everybody
 * to read; where it cannot be, it is not made.
 */
MC_NODISCARD bool mc_crl_make(const struct mc_ca *ca, bool of_previous,
    const struct mc_buf *published, struct mc_buf *der, struct mc_err *e);

/* Could mc_revoke() revoke it?  serial is as the store has it. */
MC_NODISCARD bool
mc_revoke_check(struct mc_store *s, const char *serial, struct mc_err *e);

/*
 * The CRL that was made last, appended where it is still good: nothing was
 * revoked since, and half of its time is left.  Needs no key, and makes none.
 */
MC_NODISCARD bool mc_crl_kept(const struct mc_ca *ca, bool of_previous,
    struct mc_buf *der, bool *good, struct mc_err *e);

/*
 * A CRL for GetCRL and for web servers: the last one that was made, as long as
 * nothing was revoked since and half of its time is left; else a new one.
 * Only for a new one is the CA's key loaded, where ca came without it: whoever
 * asks for the last one is anybody.  MC_NOINPUT where there is no such
 * generation.
 */
MC_NODISCARD bool mc_crl_get(const struct mc_ca *ca, bool of_previous,
    struct mc_buf *der, struct mc_err *e);

/*
 * What the CRL that was made last says, for whoever watches its next update;
 * *found is false where there is none.
 */
MC_NODISCARD bool mc_crl_last(const struct mc_ca *ca, struct mc_crl_facts *out,
    bool *found, struct mc_err *e);

/*
 * Answer one OCSP request from the record.  Always an answer where there is
 * one to give (a malformed request gets a malformedRequest); false is our own
 * failure.  Needs MC_CA_STORE and MC_CA_OCSP.
 */
MC_NODISCARD bool mc_ocsp_respond(const struct mc_ca *ca,
    const struct mc_buf *request, struct mc_buf *response, struct mc_err *e);

#endif
