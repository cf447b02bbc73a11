/* SPDX-License-Identifier: ISC */
/*
 * The request line and headers of HTTP/1.1 and 1.0, as bytes (RFC 9112).
 *
 * Stricter than the RFC allows a general server to be, since whatever stands
 * in front must not see another request than this one: no Transfer-Encoding,
 * one Content-Length, no bare CR or LF, no folded lines, no NUL.
 */
#ifndef MC_HTTP_HEAD_H
#define MC_HTTP_HEAD_H

#include "http/request.h"

struct mc_http_head {
	size_t length; /* of the body, at most MC_NET_LIMIT */
	bool expect;   /* the client waits for "100 Continue" */
};

/*
 * Parse n bytes, up to and with the empty line, into r's texts and out.  On
 * failure *status is the HTTP status to answer with.
 */
MC_NODISCARD bool
mc_http_head_parse(const char *s, size_t n, struct mc_http_request *r,
    struct mc_http_head *out, int *status, struct mc_err *e);

/*
 * The length of the head that n bytes begin with, through its empty line; 0
 * while it is not whole.  MC_MALFORMED as soon as a bare CR or LF or a NUL
 * shows that it never will be.
 */
MC_NODISCARD bool
mc_http_head_find(const char *s, size_t n, size_t *out, struct mc_err *e);

/* A Content-Length, digits only.  *status as above: 413 past MC_NET_LIMIT. */
MC_NODISCARD bool mc_http_length_parse(
    const char *s, size_t n, size_t *out, int *status, struct mc_err *e);

#endif
