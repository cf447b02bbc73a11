/* SPDX-License-Identifier: ISC */
/* What a profile is for, as options say it. */
#ifndef MC_LINT_TARGET_H
#define MC_LINT_TARGET_H

#include "schema/schema.h"

struct mc_lint_target {
	enum mc_os os;
	uint32_t version; /* 0: any */
};

/* "ios:17", "macos:14.2", "tvos".  MC_USAGE otherwise. */
MC_NODISCARD bool mc_lint_target_parse(
    const char *s, struct mc_lint_target *out, struct mc_err *e);

#endif
