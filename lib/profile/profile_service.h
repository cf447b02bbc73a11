/* SPDX-License-Identifier: ISC */
/*
 * The first profile of an enrolment: where to send which attributes.
 *
 * PayloadContent is a dict here, not an array; devices refuse an array.
 * Source: Apple, Over-the-Air Profile Delivery and Configuration, phase 1.
 */
#ifndef MC_PROFILE_SERVICE_H
#define MC_PROFILE_SERVICE_H

#include "profile/payload.h"

struct mc_profile_service {
	struct mc_payload common; /* but for type and UUID */
	enum mc_uuid_way way;
	const char *url; /* https */
	const char *const *attributes;
	size_t n; /* of attributes; 0: UDID VERSION PRODUCT SERIAL */
	const char *challenge; /* NULL: none */
};

/*
 * MC_USAGE for a URL that is not https and for an attribute that no device
 * has or that is there twice.
 */
MC_NODISCARD bool mc_profile_service_new(
    const struct mc_profile_service *p, mc_plist **out, struct mc_err *e);

#endif
