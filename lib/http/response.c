/* SPDX-License-Identifier: ISC */
#include "http/response.h"

#include <time.h>

#include "base/time.h"
#include "http/page.h"

static const char security[] = "Cache-Control: no-store\r\n"
			       "Content-Security-Policy: " MC_PAGE_CSP "\r\n"
			       "X-Content-Type-Options: nosniff\r\n"
			       "X-Frame-Options: DENY\r\n"
			       "Referrer-Policy: no-referrer\r\n";

static const char hsts[] = "Strict-Transport-Security: max-age=31536000\r\n";

/* ASCII, so that no client needs to guess; the realm is no secret. */
static const char authenticate[] =
    "WWW-Authenticate: Basic realm=\"Enrolment\", charset=\"UTF-8\"\r\n";

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 200, "OK" },
	{ 301, "Moved Permanently" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 411, "Length Required" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

const char *
mc_http_reason(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

void
mc_response_clear(struct mc_response *r)
{
	mc_buf_clear(&r->type);
	mc_buf_clear(&r->allow);
	mc_buf_clear(&r->location);
	mc_buf_clear(&r->body);
	r->status = 0;
	r->authenticate = r->hsts = r->head = false;
}

static bool
add_header(struct mc_buf *to, const char *name, const struct mc_buf *value,
    struct mc_err *e)
{
	for (size_t i = 0; i < value->len; i++)
		if (value->data[i] < ' ' || value->data[i] > '~')
			return mc_fail(e, MC_INTERNAL,
			    "%s: byte 0x%02x is not allowed in a header", name,
			    value->data[i]);
	return value->len == 0 ||
	    mc_buf_printf(to, e, "%s: %s\r\n", name, mc_buf_str(value));
}

/* IMF-fixdate (RFC 9110 section 5.6.7); the locale is always C here. */
static bool
add_date(struct mc_buf *to, struct mc_err *e)
{
	time_t now = (time_t)mc_time_now();
	struct tm tm;
	char text[64];

	if (!gmtime_r(&now, &tm) ||
	    strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0)
		return mc_fail(e, MC_INTERNAL, "cannot format the date");
	return mc_buf_printf(to, e, "Date: %s\r\nConnection: close\r\n", text);
}

bool
mc_response_encode(const struct mc_response *r, enum mc_response_form form,
    struct mc_buf *to, struct mc_err *e)
{
	if (!mc_buf_printf(to, e, "%s %d %s\r\n",
		form == MC_RESPONSE_CGI ? "Status:" : "HTTP/1.1", r->status,
		mc_http_reason(r->status)))
		return false;
	if (form == MC_RESPONSE_HTTP && !add_date(to, e))
		return false;
	if (!add_header(to, "Content-Type", &r->type, e) ||
	    !add_header(to, "Allow", &r->allow, e) ||
	    !add_header(to, "Location", &r->location, e))
		return false;
	if (!mc_buf_printf(to, e, "Content-Length: %zu\r\n%s%s%s\r\n",
		r->body.len, r->authenticate ? authenticate : "", security,
		r->hsts ? hsts : ""))
		return false;
	return r->head || mc_buf_add(to, r->body.data, r->body.len, e);
}
