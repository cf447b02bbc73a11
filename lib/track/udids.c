/* SPDX-License-Identifier: ISC */
#include "track/udids.h"

#include <strings.h>

#include "base/fd.h"
#include "base/udid.h"

/* One line of n characters, without its end. */
static bool
line_find(const char *line, size_t n, const char *udid, bool *listed)
{
	char word[MC_UDID_MAX + 1];

	while (n > 0 && strchr(" \t", *line)) {
		line++;
		n--;
	}
	while (n > 0 && strchr(" \t\r", line[n - 1]))
		n--;
	if (n == 0)
		return true;
	if (n > MC_UDID_MAX)
		return false;
	memcpy(word, line, n);
	word[n] = '\0';
	*listed = *listed || strcasecmp(word, udid) == 0;
	return mc_udid_check(word);
}

bool
mc_udids_find(
    const char *path, const char *udid, bool *listed, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	const char *p;
	size_t line = 1;
	size_t n;

	*listed = false;
	if (!mc_file_load(path, &text, e))
		return false;
	p = mc_buf_str(&text);
	if (strlen(p) != text.len)
		return mc_fail(e, MC_MALFORMED, "%s: holds a NUL", path);
	for (; *p; line++) {
		n = strcspn(p, "\n");
		if (!line_find(p, strcspn(p, "#\n"), udid, listed))
			return mc_fail(e, MC_MALFORMED,
			    "%s:%zu: not a UDID; want one a line", path, line);
		p += n + (p[n] == '\n');
	}
	return true;
}
