/* SPDX-License-Identifier: ISC */
/*
 * What no schema says, and no device takes: it is told when the profile is
 * made, not only by lint.
 */
#ifndef MC_GEN_SENSE_H
#define MC_GEN_SENSE_H

#include "profile/value.h"

/*
 * A finished profile: no identifier has blanks in it, each PayloadUUID is one,
 * and it goes at a date or after a time, not both.  A text with a variable in
 * it is left to who fills that in.  MC_USAGE, or told where rules->force.
 */
MC_NODISCARD bool mc_gen_sense_check(const struct mc_value_rules *rules,
    const mc_plist *profile, struct mc_err *e);

#endif
