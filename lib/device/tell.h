/* SPDX-License-Identifier: ISC */
/*
 * What the device tells while it works, and what it keeps for the curious.
 *
 * Much of what is told was said by the server, so every line is made safe
 * for a terminal here, once.
 */
#ifndef MC_TELL_H
#define MC_TELL_H

#include "base/buf.h"

struct mc_tell {
	void (*say)(const char *line); /* NULL: be silent */
	const char *save;              /* folder for messages; NULL: none */
};

/* One line for people, formatted. */
void mc_tell(const struct mc_tell *t, const char *fmt, ...) MC_PRINTF(2, 3);

/* Keep a message as a file of that name, where messages are kept at all. */
MC_NODISCARD bool mc_tell_save(const struct mc_tell *t, const char *name,
    const struct mc_buf *message, struct mc_err *e);

#endif
