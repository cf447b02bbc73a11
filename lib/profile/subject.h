/* SPDX-License-Identifier: ISC */
/*
 * "/O=ACME Inc./CN=Alice" as the Subject of a SCEP payload: an array of
 * arrays of [type, value] pairs.
 *
 * base/subject.h has the grammar: one RDN a slash, one type a RDN.  Devices
 * know C, L, ST, O, OU and CN by name; other types are written as the OIDs that
 * they stand for.
 */
#ifndef MC_PROFILE_SUBJECT_H
#define MC_PROFILE_SUBJECT_H

#include "plist/plist.h"
#include "profile/vars.h"

/*
 * Variables are replaced in values, after the text was taken apart: no value
 * can add an RDN.  vars NULL: the text is taken as it is.  MC_USAGE, naming
 * the part, for anything that is not such a name.
 */
MC_NODISCARD bool mc_subject_parse(const char *text, const struct mc_vars *vars,
    mc_plist **out, struct mc_err *e);

#endif
