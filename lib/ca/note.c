/* SPDX-License-Identifier: ISC */
#include "ca/folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

/* Is this line "NAME = ..."? */
static bool
sets(const char *line, size_t n, const char *name)
{
	size_t len = strlen(name);
	size_t at = 0;

	while (at < n && (line[at] == ' ' || line[at] == '\t'))
		at++;
	if (n - at <= len || strncmp(line + at, name, len) != 0)
		return false;
	at += len;
	while (at < n && (line[at] == ' ' || line[at] == '\t'))
		at++;
	return at < n && line[at] == '=';
}

static bool
replaced(const char *line, size_t n, const struct mc_ca_setting *s, size_t all)
{
	for (size_t i = 0; i < all; i++)
		if (s[i].value && sets(line, n, s[i].name))
			return true;
	return false;
}

/* What was there without the lines that are replaced; no profile has them. */
static bool
keep(const struct mc_buf *old, const struct mc_ca_setting *s, size_t all,
    struct mc_buf *to, struct mc_err *e)
{
	for (size_t at = 0; at < old->len;) {
		const char *line = (const char *)old->data + at;
		const char *end = memchr(line, '\n', old->len - at);
		size_t n = end ? (size_t)(end - line) + 1 : old->len - at;

		if (!replaced(line, n, s, all) && !mc_buf_add(to, line, n, e))
			return false;
		at += n;
	}
	return true;
}

static bool
write_lines(const struct mc_ca_setting *s, size_t n, struct mc_buf *to,
    struct mc_err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (!s[i].value)
			continue;
		if (strpbrk(s[i].value, "\r\n"))
			return mc_fail(
			    e, MC_USAGE, "%s: a line end in it", s[i].name);
		if (!mc_buf_printf(to, e, "%s = %s\n", s[i].name, s[i].value))
			return false;
	}
	return true;
}

/* It has to be read again as what was meant. */
static bool
parse_check(const struct mc_buf *text, const char *path, struct mc_err *e)
{
	AUTO(mc_ca_conf) *conf = NULL;
	AUTO_BUF copy = { .limit = MC_CONF_LIMIT };

	return mc_buf_add(&copy, text->data, text->len, e) &&
	    mc_ca_conf_parse(&copy, path, &conf, e);
}

bool
mc_ca_conf_note(const char *dir, const struct mc_ca_setting *settings, size_t n,
    struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF old = { .limit = MC_CONF_LIMIT };
	AUTO_BUF text = { .limit = MC_CONF_LIMIT };

	if (!write_lines(settings, n, &text, e) || text.len == 0)
		return text.len == 0;
	if (!mc_path_join(dir, "ca.conf", &path, e))
		return false;
	if (!mc_file_load(mc_buf_str(&path), &old, e) && e->code != MC_NOINPUT)
		return false;
	/* its URIs may hold PINs */
	return keep(&old, settings, n, &text, e) &&
	    parse_check(&text, mc_buf_str(&path), e) &&
	    mc_file_update(mc_buf_str(&path), &text, 0600, e);
}
