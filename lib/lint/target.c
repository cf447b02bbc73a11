/* SPDX-License-Identifier: ISC */
#include "lint/target.h"

#include <string.h>

bool
mc_lint_target_parse(
    const char *s, struct mc_lint_target *out, struct mc_err *e)
{
	size_t n = strcspn(s, ":");
	struct mc_lint_target t = { 0 };

	if (!mc_os_parse(s, n, &t.os))
		return mc_fail(e, MC_USAGE,
		    "%s: want ios, macos, tvos, visionos or watchos, with a "
		    "version or without (ios:17.4)",
		    s);
	if (s[n] && (!mc_version_parse(s + n + 1, &t.version) || !t.version))
		return mc_fail(e, MC_USAGE,
		    "%s: want a version like 17 or 17.4 after the colon", s);
	*out = t;
	return true;
}
