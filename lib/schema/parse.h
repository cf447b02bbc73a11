/* SPDX-License-Identifier: ISC */
/*
 * Schema files, mcprofile-schema(5): a release, payloads, changes.
 *
 * A file is read twice, since what it changes may be in files that come after
 * it: first all files' payloads, then all files' changes.
 */
#ifndef MC_SCHEMA_PARSE_H
#define MC_SCHEMA_PARSE_H

#include "schema/draft.h"

enum mc_parse_pass {
	MC_PARSE_PAYLOADS,
	MC_PARSE_CHANGES,
	/*
	 * the overrides that are compiled in, after files of a user: what they
	 * find changed already, or not at all, stays as it is
	 */
	MC_PARSE_OVERRIDES,
};

/*
 * Read a file's bytes into a draft; name is for messages, and for the release
 * where the file does not tell its own.  source: struct mc_draft_payload.
 * MC_MALFORMED, "NAME:LINE:COLUMN: ..."; the draft is of no use then.
 */
MC_NODISCARD bool
mc_schema_parse(const struct mc_buf *in, const char *name, uint32_t source,
    enum mc_parse_pass pass, struct mc_draft *d, struct mc_err *e);

#endif
