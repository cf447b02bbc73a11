/* SPDX-License-Identifier: ISC */
#include "base/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MC_BUF_CHUNK ((size_t)4096)

void
mc_buf_clear(struct mc_buf *b)
{
	if (b->data)
		explicit_bzero(b->data, b->cap);
	free(b->data);
	*b = (struct mc_buf){ .limit = b->limit };
}

void
mc_buf_swap(struct mc_buf *a, struct mc_buf *b)
{
	struct mc_buf t = *a;

	*a = *b;
	*b = t;
}

static bool
reserve(struct mc_buf *b, size_t len, struct mc_err *e)
{
	size_t limit = b->limit ? b->limit : MC_BUF_LIMIT;
	size_t cap;
	uint8_t *data;

	if (len > limit - b->len)
		return mc_fail(e, MC_MALFORMED, "more than %zu bytes", limit);
	/* one byte more, for the zero that is always kept past the end */
	if (b->data && len < b->cap - b->len)
		return true;

	cap = b->cap ? b->cap : MC_BUF_CHUNK;
	while (cap <= b->len + len)
		cap *= 2;
	data = malloc(cap);
	if (!data)
		return mc_fail_memory(e);

	if (b->data) {
		memcpy(data, b->data, b->len);
		explicit_bzero(b->data, b->cap);
		free(b->data);
	}
	b->data = data;
	b->cap = cap;
	return true;
}

bool
mc_buf_add(struct mc_buf *b, const void *data, size_t len, struct mc_err *e)
{
	if (len == 0)
		return true;
	if (!reserve(b, len, e))
		return false;
	memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
	return true;
}

bool
mc_buf_puts(struct mc_buf *b, const char *s, struct mc_err *e)
{
	return mc_buf_add(b, s, strlen(s), e);
}

bool
mc_buf_printf(struct mc_buf *b, struct mc_err *e, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return mc_fail(e, MC_INTERNAL, "cannot format");
	if (!reserve(b, (size_t)n, e))
		return false;
	va_start(ap, fmt);
	vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return true;
}

const char *
mc_buf_str(const struct mc_buf *b)
{
	return b->data ? (const char *)b->data : "";
}

bool
mc_buf_is(const struct mc_buf *b, const char *s)
{
	return b->len == strlen(s) &&
	    (b->len == 0 || memcmp(b->data, s, b->len) == 0);
}

bool
mc_buf_read_fd(struct mc_buf *b, int fd, struct mc_err *e)
{
	uint8_t chunk[MC_BUF_CHUNK];
	bool good = true;
	ssize_t n = 1;

	while (good && n != 0) {
		n = read(fd, chunk, sizeof(chunk));
		if (n == -1 && errno == EINTR)
			continue;
		good = n == -1 ? mc_fail_errno(e, MC_IO, "read")
			       : mc_buf_add(b, chunk, (size_t)n, e);
	}
	explicit_bzero(chunk, sizeof(chunk)); /* whichever way it ended */
	return good;
}

bool
mc_buf_write_fd(const struct mc_buf *b, int fd, struct mc_err *e)
{
	size_t off = 0;
	ssize_t n;

	while (off < b->len) {
		n = write(fd, b->data + off, b->len - off);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return mc_fail_errno(e, MC_IO, "write");
		off += (size_t)n;
	}
	return true;
}
