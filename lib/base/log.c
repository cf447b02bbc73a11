/* SPDX-License-Identifier: ISC */
#include "base/log.h"

#include <jansson.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

CLEANUP(json_t, json_decref);

static json_t *
text(const char *s)
{
	json_t *j = json_string(s);
	char *copy;

	if (j)
		return j;
	copy = strdup(s);
	for (char *p = copy; p && *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	j = copy ? json_string(copy) : NULL;
	free(copy);
	return j;
}

bool
mc_log_encode(
    const struct mc_log_field *fields, struct mc_buf *to, struct mc_err *e)
{
	AUTO(json_t) *line = json_object();
	char *s;
	bool done;

	for (; line && fields->name; fields++)
		if (fields->value &&
		    json_object_set_new(
			line, fields->name, text(fields->value)) != 0)
			return mc_fail_memory(e);
	s = line ? json_dumps(line,
		       JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII)
		 : NULL;
	if (!s)
		return mc_fail_memory(e);
	done = mc_buf_printf(to, e, "%s\n", s);
	free(s);
	return done;
}

void
mc_log(const struct mc_log_field *fields, bool to_syslog)
{
	AUTO_BUF line = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_log_encode(fields, &line, &e))
		return;
	if (to_syslog)
		syslog(LOG_AUTHPRIV | LOG_INFO, "%.*s", (int)line.len - 1,
		    mc_buf_str(&line));
	else
		(void)!mc_buf_write_fd(&line, STDERR_FILENO, &e);
}
