/* SPDX-License-Identifier: ISC */
/*
 * One HTTP answer, and its bytes for CGI and for a bare connection.
 *
 * Header names and values are constants of this program or its configuration,
 * never parts of a request, and encoding refuses a control character in one
 * all the same.  Every answer carries the security headers.
 */
#ifndef MC_HTTP_RESPONSE_H
#define MC_HTTP_RESPONSE_H

#include "base/buf.h"
#include "http/request.h"

struct mc_response {
	int status;
	bool authenticate;      /* with 401: ask for a name and a password */
	bool hsts;              /* never again without TLS, for a year */
	bool head;              /* the request was HEAD: length, but no body */
	struct mc_buf type;     /* Content-Type; none where it is empty */
	struct mc_buf allow;    /* with 405 */
	struct mc_buf location; /* with 301 */
	struct mc_buf body;
};

#define AUTO_RESPONSE                                                          \
	__attribute__((cleanup(mc_response_clear))) struct mc_response

enum mc_response_form {
	MC_RESPONSE_CGI,  /* "Status: 200 OK" */
	MC_RESPONSE_HTTP, /* "HTTP/1.1 200 OK", Date, Connection: close */
};

/*
 * Answers one request.  status is 0, or the HTTP status with which reading it
 * has already failed, e then holding the reason; r holds what was read.
 */
typedef void mc_http_handler(void *ctx, struct mc_http_request *r, int status,
    const struct mc_err *e, struct mc_response *out);

void mc_response_clear(struct mc_response *r);

MC_NODISCARD bool mc_response_encode(const struct mc_response *r,
    enum mc_response_form form, struct mc_buf *to, struct mc_err *e);

/* "Not Found"; "Error" for a number that is not in the table. */
const char *mc_http_reason(int status);

#endif
