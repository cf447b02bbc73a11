/* SPDX-License-Identifier: ISC */
/*
 * ProfileManifests: the property lists in which administrators describe what
 * an application reads from its preference domain (pfm_domain, pfm_subkeys).
 *
 * They are made for an editor, not for a check, so what only an editor minds
 * is left out: segments (PFC_...), the keys that every payload has, and what
 * depends on another key's value: a key that must not always be there is not
 * required.  Keys of a manifest that are unknown here are passed over.
 */
#ifndef MC_SCHEMA_MANIFEST_H
#define MC_SCHEMA_MANIFEST_H

#include "schema/draft.h"

/*
 * Add what the property list says to d, as part of that source (draft.h); name
 * is for its release and for messages.  *is tells whether it was a manifest:
 * other property lists (indexes) add nothing and are no error.
 * MC_MALFORMED, beginning "NAME:LINE: KEYPATH:", for a manifest that is wrong;
 * d is of no use then.
 */
MC_NODISCARD bool mc_manifest_parse(const struct mc_buf *in, const char *name,
    uint32_t source, struct mc_draft *d, bool *is, struct mc_err *e);

#endif
