/* SPDX-License-Identifier: ISC */
/* What is in a message that is a profile, or should be one. */
#ifndef MC_VERIFY_PROFILE_H
#define MC_VERIFY_PROFILE_H

#include "base/json.h"
#include "plist/plist.h"

/* "AES-256-CBC, for 2 recipients": and then a line each, with indent. */
MC_NODISCARD bool mc_sealed_describe(const struct mc_buf *envelope,
    const char *indent, struct mc_buf *to, struct mc_err *e);

/* {"cipher": ..., "recipients": [{"issuer": ..., "serial": ...}]} */
MC_NODISCARD bool
mc_sealed_json(const struct mc_buf *envelope, json_t **out, struct mc_err *e);

/* Is it EnvelopedData (RFC 5652 section 6.1), by how it begins? */
bool mc_sealed_is(const struct mc_buf *msg);

/* Append lines about content; all but the first begin with indent. */
MC_NODISCARD bool mc_content_describe(const struct mc_buf *content,
    const char *indent, struct mc_buf *to, struct mc_err *e);

/* The "content" object of a report: see mcprofile-verify(1). */
MC_NODISCARD bool
mc_content_json(const struct mc_buf *content, json_t *to, struct mc_err *e);

#endif
