/* SPDX-License-Identifier: ISC */
#include "base/log.h"

#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "base/json.h"

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

	for (; fields->name; fields++)
		if (fields->value &&
		    !mc_json_set(line, fields->name, text(fields->value), e))
			return false;
	return mc_json_encode(line, JSON_COMPACT | JSON_ENSURE_ASCII, to, e) &&
	    mc_buf_puts(to, "\n", e);
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
