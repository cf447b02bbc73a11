/* SPDX-License-Identifier: ISC */
/*
 * scep-ca explain: a captured message taken apart for a person, with what
 * would be answered to it now, and why.
 *
 * A challenge password is never shown, only that there is one.
 */
#ifndef MC_CA_EXPLAIN_H
#define MC_CA_EXPLAIN_H

#include "stage/stage.h"

/* The verb: its options, and what runs it; args is a struct ca_args. */
extern const struct mc_opt mc_ca_explain_opts[];
bool mc_ca_explain(const void *args, struct mc_io *io, struct mc_err *e);

#endif
