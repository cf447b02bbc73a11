/* SPDX-License-Identifier: ISC */
/*
 * A bounded, self-wiping byte string: the currency between stages.
 *
 * Growth copies into fresh memory and wipes the old block, so a secret never
 * survives in a freed one.  No buffer grows past its limit.  A byte past the
 * end is always kept zero, so text that holds no NUL is a C string as it is.
 */
#ifndef MC_BUF_H
#define MC_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"

struct mc_buf {
	uint8_t *data;
	size_t len;
	size_t cap;
	size_t limit; /* 0 means MC_BUF_LIMIT */
};

#define AUTO_BUF __attribute__((cleanup(mc_buf_clear))) struct mc_buf
#define MC_BUF_INIT                                                            \
	{                                                                      \
		0                                                              \
	}

/* Wipe, release and return to the initial state.  Safe on an empty buffer. */
void mc_buf_clear(struct mc_buf *b);

/* Exchange two buffers: how one stage's output becomes the next one's input. */
void mc_buf_swap(struct mc_buf *a, struct mc_buf *b);

MC_NODISCARD bool
mc_buf_add(struct mc_buf *b, const void *data, size_t len, struct mc_err *e);

/* Append a C string, a formatted string. */
MC_NODISCARD bool
mc_buf_puts(struct mc_buf *b, const char *s, struct mc_err *e);
MC_NODISCARD bool mc_buf_printf(
    struct mc_buf *b, struct mc_err *e, const char *fmt, ...) MC_PRINTF(3, 4);

/* The content as a C string, lent; "" when empty. */
const char *mc_buf_str(const struct mc_buf *b);

/* The content is exactly the C string s. */
bool mc_buf_is(const struct mc_buf *b, const char *s);

/* Read to the end; past the limit it is MC_MALFORMED. */
MC_NODISCARD bool mc_buf_read_fd(struct mc_buf *b, int fd, struct mc_err *e);
MC_NODISCARD bool
mc_buf_write_fd(const struct mc_buf *b, int fd, struct mc_err *e);

#endif
