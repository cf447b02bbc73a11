/* SPDX-License-Identifier: ISC */
/*
 * May the value of a key be shown?  The key's name alone says, for Apple's keys
 * and for those of others that are named alike; everybody who prints values
 * asks here.
 */
#ifndef MC_VALUE_SECRET_H
#define MC_VALUE_SECRET_H

#include "plist/path.h"

/*
 * It may be a secret, so it is not shown, and a file with it is its owner's:
 * Password, SharedSecret, Challenge, Token.  Rather one too many.
 */
bool mc_value_is_secret(const char *key);

/* The same of a place: what is inside of a secret is one too. */
bool mc_value_path_is_secret(const struct mc_path *path);

/*
 * It is a secret for sure, so that one may blame a profile for it: those of the
 * above whose names are a secret's, and not about one (ChallengeType).
 */
bool mc_value_is_password(const char *key);

#endif
