/* SPDX-License-Identifier: ISC */
/*
 * The log: one JSON object a line, fields in the order they are given.
 *
 * Jansson does the escaping, so no value can break a line or forge another.
 * Nothing secret is ever handed to it.
 */
#ifndef MC_LOG_H
#define MC_LOG_H

#include "base/buf.h"

struct mc_log_field {
	const char *name;  /* NULL ends a list of fields */
	const char *value; /* NULL leaves the field out */
};

/*
 * Append one line for these fields, in ASCII: what is not is escaped, so that
 * no terminal obeys it; bytes that are not UTF-8 become "?".
 */
MC_NODISCARD bool mc_log_encode(
    const struct mc_log_field *fields, struct mc_buf *to, struct mc_err *e);

/* Write one line to stderr in one write(2), or to syslog.  Never fails. */
void mc_log(const struct mc_log_field *fields, bool to_syslog);

#endif
