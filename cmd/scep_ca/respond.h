/* SPDX-License-Identifier: ISC */
/*
 * scep-ca respond: the whole of a SCEP server behind a route, or, without
 * facts, a filter from a pkiMessage to a CertRep.
 */
#ifndef MC_CA_RESPOND_H
#define MC_CA_RESPOND_H

#include "ca/ca.h"
#include "stage/stage.h"

/* The verb: its options, and what runs it; args is a struct ca_args. */
extern const struct mc_opt mc_ca_respond_opts[];
bool mc_ca_respond(const void *args, struct mc_io *io, struct mc_err *e);

/* What GetCACaps answers for a profile, appended. */
MC_NODISCARD bool mc_ca_caps_encode(const struct mc_ca *ca,
    const struct mc_ca_profile *profile, struct mc_buf *text, struct mc_err *e);

/*
 * The profile that a request is for: this name; or where it is NULL what the
 * path says (NULL: nothing).  MC_NOINPUT where there is none of that name.
 */
MC_NODISCARD bool mc_ca_profile_of(const struct mc_ca *ca, const char *name,
    const char *path, const struct mc_ca_profile **out, struct mc_err *e);

#endif
