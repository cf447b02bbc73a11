/* SPDX-License-Identifier: ISC */
/* Is a file that somebody brings a copy of a store?  Internal to this folder.
 */
#ifndef MC_STORE_COPY_SCHEMA_H
#define MC_STORE_COPY_SCHEMA_H

#include "store/db.h"

/*
 * The version of its schema; it may be one that a restore has set aside, too.
 * MC_MALFORMED for what is no store or of a newer version.
 */
MC_NODISCARD bool
mc_db_copy_version(struct mc_store *s, int64_t *version, struct mc_err *e);

/*
 * The tables, indexes and triggers are those that we would have made, to the
 * letter: a trigger of somebody else's would do his work for ever.
 */
MC_NODISCARD bool
mc_db_copy_schema_check(struct mc_store *s, int64_t version, struct mc_err *e);

#endif
