/* SPDX-License-Identifier: ISC */
/*
 * Over-the-air enrolment, the device's side: three phases and SCEP between
 * the second and the third.
 *
 *	1  GET the enrolment profile, as a person who logs in
 *	2  POST the attributes, signed with the factory's certificate;
 *	   the answer says how to get an identity, by SCEP
 *	3  POST the attributes again, signed with that identity;
 *	   the answer is the configuration, encrypted to it
 *
 * Afterwards a device asks again at phase 3 for as long as its identity is
 * valid: that is a refresh.
 */
#ifndef MC_ENROL_H
#define MC_ENROL_H

#include "device/answer.h"
#include "device/tell.h"

struct mc_enrol {
	const char *url; /* of phase 1 */
	const char *user;
	const char *password;
	const char *tls_anchors;    /* PEM file; NULL: the system's */
	const char *signer_anchors; /* PEM file: whose profiles to take */
	const char *factory;        /* folder; NULL where memory suffices */
	const char *memory;         /* folder (device/device.h); may be NULL */
	enum mc_shape shape;        /* of the answer in phase 2 */
	const mc_plist *attributes; /* the device's */
	struct mc_tell tell;
};

/*
 * The whole of it: the final profile, decrypted, as XML appended to profile.
 * Codes: MC_DENIED where the server refuses, MC_MALFORMED where it breaks a
 * rule of devices, MC_UNTRUSTED and its kin for signatures, and the codes of
 * mc_fetch().
 */
MC_NODISCARD bool
mc_enrol(const struct mc_enrol *spec, struct mc_buf *profile, struct mc_err *e);

/* Phase 3 alone, with what memory holds. */
MC_NODISCARD bool mc_refresh(
    const struct mc_enrol *spec, struct mc_buf *profile, struct mc_err *e);

#endif
