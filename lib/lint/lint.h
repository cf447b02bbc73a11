/* SPDX-License-Identifier: ISC */
/*
 * Does a profile mean what its author thinks, and will a device take it?
 *
 * What a linter cannot know (the device, who installs it) is in the options;
 * where they say nothing, only what is wrong everywhere is an error.
 */
#ifndef MC_LINT_H
#define MC_LINT_H

#include "lint/finding.h"
#include "lint/target.h"
#include "schema/schema.h"

#define MC_LINT_TARGETS 16

/* Who installs it: decides on supervised-only, channels, MDM-only payloads. */
enum mc_lint_way {
	MC_WAY_ANY,
	MC_WAY_MANUAL,     /* a person opens it */
	MC_WAY_MDM,        /* a device that is managed */
	MC_WAY_SUPERVISED, /* ... and supervised */
	MC_WAY_PERSONAL,   /* user enrolment */
};

enum mc_lint_channel { MC_CHANNEL_ANY, MC_CHANNEL_DEVICE, MC_CHANNEL_USER };

/* What it is in an enrolment (its three phases); ANY: seen from itself. */
enum mc_lint_phase {
	MC_PHASE_ANY,
	MC_PHASE_SERVICE,  /* phase 1: Profile Service */
	MC_PHASE_IDENTITY, /* phase 2's answer: one identity */
	MC_PHASE_FINAL,    /* phase 3's answer */
};

struct mc_lint_options {
	const struct mc_schema *schema;
	struct mc_lint_target targets[MC_LINT_TARGETS];
	size_t n; /* of targets; 0: every OS that knows the payload */
	enum mc_lint_way way;
	enum mc_lint_channel channel;
	enum mc_lint_phase phase;
	int64_t now;      /* seconds since 1970: for dates in the past */
	bool no_suppress; /* comments in the file leave nothing out */
};

/*
 * Lint a file's bytes: what is wrong with them is a finding too.  Findings that
 * a comment in the file ignores are left out.  Fails for want of memory only.
 * file is NULL for one that is too large to be read.
 */
MC_NODISCARD bool mc_lint_check(const struct mc_lint_options *options,
    const struct mc_buf *file, struct mc_findings *out, struct mc_err *e);

/*
 * What a device would do with new where old is installed (--diff): findings of
 * the codes MC1600 on, each payload's fate among them.
 */
MC_NODISCARD bool
mc_lint_update(const struct mc_lint_options *options, const struct mc_buf *old,
    const struct mc_buf *new, struct mc_findings *out, struct mc_err *e);

#endif
