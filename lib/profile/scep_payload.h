/* SPDX-License-Identifier: ISC */
/*
 * The second profile of an enrolment: one SCEP payload and nothing else.
 *
 * More than the identity in it is a known reason why a device never comes
 * back for its real profile.  Source: Apple, Device Management, the SCEP
 * object.
 */
#ifndef MC_SCEP_PAYLOAD_H
#define MC_SCEP_PAYLOAD_H

#include "profile/payload.h"

struct mc_scep_payload {
	struct mc_payload common; /* the profile's, but for type and UUID */
	enum mc_uuid_way way;
	const char *url;         /* without a query */
	const char *name;        /* the CA's, NULL: none */
	const char *challenge;   /* NULL: the device asks its user */
	int64_t key_size;        /* RSA, bits */
	int64_t key_usage;       /* 1 sign, 4 encrypt, 5 both */
	const void *fingerprint; /* of the CA's certificate; NULL: none */
	size_t fingerprint_len;
};

/*
 * The profile, whose payload has common's identifier with ".scep" behind it.
 * Takes subject (profile/subject.h) in any case.  MC_USAGE for a URL that
 * devices cannot use.
 */
MC_NODISCARD bool mc_scep_payload_new(const struct mc_scep_payload *p,
    mc_plist *subject, mc_plist **out, struct mc_err *e);

#endif
