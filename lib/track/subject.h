/* SPDX-License-Identifier: ISC */
/*
 * The subject that a device's certificate is to have, from a pattern.
 *
 * ${uuid} is the enrolment's id, ${user} and ${udid} what they say, $${ a
 * literal ${.  A value is quoted for the grammar of crypto/name.h, so that a
 * user called "x/O=Evil" is one value and cannot add a part to the name.
 */
#ifndef MC_TRACK_SUBJECT_H
#define MC_TRACK_SUBJECT_H

#include "base/buf.h"

struct mc_subject_values {
	const char *uuid;
	const char *user;
	const char *udid;
};

/* Does the pattern hold ${uuid}, so that no two enrolments share a subject? */
bool mc_subject_is_unique(const char *pattern);

/*
 * Append the subject in the form that mc_name_encode() gives.  MC_USAGE for a
 * bad pattern; MC_DENIED where a value does not fit (too long for its type).
 */
MC_NODISCARD bool
mc_subject_make(const char *pattern, const struct mc_subject_values *values,
    struct mc_buf *to, struct mc_err *e);

#endif
