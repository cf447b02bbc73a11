/* SPDX-License-Identifier: ISC */
/*
 * One HTTP request, whatever it came by: CGI, FastCGI or a bare connection.
 *
 * Host is not here: no answer may depend on it, for the site's own URL is in
 * its settings.  Every text is printable ASCII but path and user, which may
 * hold UTF-8; none holds a control character.  None is ever NULL.
 */
#ifndef MC_HTTP_REQUEST_H
#define MC_HTTP_REQUEST_H

#include "base/buf.h"

enum mc_http_request_text {
	MC_HTTP_METHOD,
	MC_HTTP_PATH,  /* "/enroll": percent-decoded, without the query */
	MC_HTTP_QUERY, /* as it was sent, without "?" */
	MC_HTTP_TYPE,  /* Content-Type */
	MC_HTTP_USER,  /* whom the web server has authenticated */
	MC_HTTP_ADDR,  /* the client's address */
	MC_HTTP_AUTHORIZATION, /* the header; a secret */
	MC_HTTP_TEXTS,
};

struct mc_http_request {
	char *text[MC_HTTP_TEXTS]; /* owned; read by mc_http_request_get() */
	bool https;
	struct mc_buf body;
};

#define AUTO_HTTP_REQUEST                                                      \
	__attribute__((cleanup(mc_http_request_clear))) struct mc_http_request

/* Wipe and release. */
void mc_http_request_clear(struct mc_http_request *r);

/* Lent; "" where the request has none. */
const char *mc_http_request_get(
    const struct mc_http_request *r, enum mc_http_request_text which);

/* Set or replace from n bytes.  MC_MALFORMED for bytes it must not hold. */
MC_NODISCARD bool mc_http_request_set(struct mc_http_request *r,
    enum mc_http_request_text which, const char *s, size_t n, struct mc_err *e);

/*
 * Set path and query from the target of a request line, "/a%20b?c=d".
 * MC_MALFORMED for any other form, and for escapes that hide a NUL or another
 * control character.
 */
MC_NODISCARD bool mc_http_request_set_target(
    struct mc_http_request *r, const char *s, size_t n, struct mc_err *e);

/*
 * Append what n characters with %XX escapes stand for.  "+" is itself: that
 * it means a space is a rule of forms, and SCEP's base64 needs its plus
 * signs.  MC_MALFORMED for a broken escape or an escaped NUL.
 */
MC_NODISCARD bool
mc_http_unescape(const char *s, size_t n, struct mc_buf *to, struct mc_err *e);

/*
 * Append the value of a name in a raw query string ("operation=X&message=").
 * *there says whether the name is in it; names are compared as they are.
 * MC_MALFORMED for a broken escape, and for a name that is in it twice.
 */
MC_NODISCARD bool mc_http_query_get(const char *query, const char *name,
    struct mc_buf *to, bool *there, struct mc_err *e);

/* Content-Type type is the media type want, parameters and case aside. */
bool mc_http_type_is(const char *type, const char *want);

#endif
