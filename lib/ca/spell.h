/* SPDX-License-Identifier: ISC */
/*
 * Names as the store keeps them: one spelling, one line, of a known length.
 * What comes from people, programs and other systems goes through here.
 */
#ifndef MC_CA_SPELL_H
#define MC_CA_SPELL_H

#include "crypto/names.h"

/* Append the one spelling of a name.  MC_MALFORMED for what is none. */
MC_NODISCARD bool
mc_spell_subject(const char *text, struct mc_buf *to, struct mc_err *e);

/* The same for a subjectAltName. */
MC_NODISCARD bool
mc_spell_names(const char *text, struct mc_buf *to, struct mc_err *e);

/* A copy of text (NULL stays NULL) in place of *out, which is freed. */
MC_NODISCARD bool mc_spell_copy(const char *text, char **out, struct mc_err *e);

/* MC_USAGE for what is no owner (an enrolment id), no user.  NULL is one. */
MC_NODISCARD bool mc_owner_check(const char *owner, struct mc_err *e);
MC_NODISCARD bool mc_user_check(const char *user, struct mc_err *e);

#endif
