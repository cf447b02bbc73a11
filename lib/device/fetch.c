/* SPDX-License-Identifier: ISC */
#include "device/fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <strings.h>

#include "base/text.h"
#include "device/tell.h"

CLEANUP(CURL, curl_easy_cleanup);
typedef struct curl_slist mc_headers;
CLEANUP(mc_headers, curl_slist_free_all);

/* What one transfer needs while libcurl runs it. */
struct transfer {
	CURL *curl;
	const struct mc_fetch *ask;
	struct mc_buf *body;
	bool too_long;
	struct mc_err memory; /* a failure inside the callback */
	char why[CURL_ERROR_SIZE];
};

void
mc_fetched_clear(struct mc_fetched *f)
{
	mc_buf_clear(&f->body);
	*f = (struct mc_fetched){ 0 };
}

bool
mc_fetch_is_https(const char *url)
{
	return strncasecmp(url, "https://", 8) == 0 && url[8] &&
	    !strchr("/?#", url[8]);
}

static size_t
receive(char *data, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	if (n > MC_NET_LIMIT - t->body->len) {
		t->too_long = true;
		return 0;
	}
	return mc_buf_add(t->body, data, size * n, &t->memory) ? n : 0;
}

static bool
explain(const struct transfer *t, CURLcode code, struct mc_err *e)
{
	const char *url = t->ask->url;
	const char *why = t->why[0] ? t->why : curl_easy_strerror(code);

	if (t->too_long)
		return mc_fail(e, MC_MALFORMED,
		    "%.200s: the answer is longer than %zu bytes", url,
		    MC_NET_LIMIT);
	if (t->memory.code) {
		*e = t->memory;
		return false;
	}
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return mc_fail(e, MC_UNTRUSTED,
		    "%.200s: the server's TLS certificate does not hold (%s): "
		    "%s",
		    url, t->ask->ca ? t->ask->ca : "the system's anchors", why);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return mc_fail(e, MC_RETRY,
		    "%.200s: no answer in %d s, after which a device gives up",
		    url, MC_FETCH_SECONDS);
	if (code == CURLE_COULDNT_RESOLVE_HOST ||
	    code == CURLE_SSL_CACERT_BADFILE)
		return mc_fail(e, MC_NOINPUT, "%.200s: %s", url, why);
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return mc_fail(e, MC_USAGE, "%.200s: %s", url, why);
	return mc_fail(e, MC_IO, "%.200s: %s", url, why);
}

/* Every setopt that can fail for want of memory, checked together. */
static bool
set_up(struct transfer *t, mc_headers *headers, struct mc_err *e)
{
	const struct mc_fetch *ask = t->ask;
	CURL *c = t->curl;
	unsigned bad = 0;

	bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->why);
	bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http");
	bad |= curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR,
	    mc_fetch_is_https(ask->url) ? "https" : "https,http");
	bad |= curl_easy_setopt(c, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)MC_FETCH_SECONDS);
	bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)MC_FETCH_REDIRECTS);
	bad |= curl_easy_setopt(
	    c, CURLOPT_USERAGENT, "mcprofile-device/" MC_VERSION);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, receive);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	bad |= curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, ask->body ? 0L : 1L);
	if (ask->ca) {
		bad |= curl_easy_setopt(c, CURLOPT_CAINFO, ask->ca);
		bad |= curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	if (ask->user && !ask->body) {
		bad |= curl_easy_setopt(
		    c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		bad |= curl_easy_setopt(c, CURLOPT_USERNAME, ask->user);
		bad |= curl_easy_setopt(
		    c, CURLOPT_PASSWORD, ask->password ? ask->password : "");
	}
	if (ask->body) {
		bad |= curl_easy_setopt(c, CURLOPT_POST, 1L);
		bad |= curl_easy_setopt(
		    c, CURLOPT_POSTFIELDS, mc_buf_str(ask->body));
		bad |= curl_easy_setopt(
		    c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body->len);
	}
	return bad ? mc_fail(e, MC_INTERNAL, "libcurl refuses an option")
		   : true;
}

static bool
add_header(mc_headers **list, const char *line, struct mc_err *e)
{
	mc_headers *longer = curl_slist_append(*list, line);

	if (!longer)
		return mc_fail_memory(e);
	*list = longer;
	return true;
}

/* "Expect:" takes away what libcurl would add and no device sends. */
static bool
make_headers(const struct mc_fetch *ask, mc_headers **list, struct mc_err *e)
{
	AUTO_BUF type = MC_BUF_INIT;

	if (!ask->body)
		return true;
	return mc_buf_printf(&type, e, "Content-Type: %s", ask->type) &&
	    add_header(list, mc_buf_str(&type), e) &&
	    add_header(list, "Expect:", e);
}

static bool
perform(struct transfer *t, const char *url, struct mc_fetched *out,
    struct mc_err *e)
{
	const char *text = NULL;
	CURLcode code;

	mc_buf_clear(&out->body);
	t->body = &out->body;
	if (curl_easy_setopt(t->curl, CURLOPT_URL, url) != CURLE_OK)
		return mc_fail_memory(e);
	code = curl_easy_perform(t->curl);
	if (code != CURLE_OK)
		return explain(t, code, e);
	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_easy_getinfo(t->curl, CURLINFO_CONTENT_TYPE, &text);
	snprintf(out->type, sizeof(out->type), "%s", text ? text : "");
	mc_text_clean(out->type);
	text = NULL;
	curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &text);
	snprintf(out->location, sizeof(out->location), "%s", text ? text : "");
	mc_text_clean(out->location);
	return true;
}

static bool
keeps_the_body(const struct mc_fetched *f)
{
	return (f->status == 307 || f->status == 308) && f->location[0];
}

bool
mc_fetch(const struct mc_fetch *ask, struct mc_fetched *out, struct mc_err *e)
{
	AUTO(CURL) *curl = curl_easy_init();
	AUTO(mc_headers) *headers = NULL;
	struct transfer t = { .curl = curl, .ask = ask };
	char next[sizeof(out->location)];

	if (!curl)
		return mc_fail_memory(e);
	if (!make_headers(ask, &headers, e) || !set_up(&t, headers, e) ||
	    !perform(&t, ask->url, out, e))
		return false;
	for (int i = 0; ask->body && keeps_the_body(out); i++) {
		if (i == MC_FETCH_REDIRECTS)
			return mc_fail(e, MC_IO,
			    "%s: more than %d redirections", ask->url,
			    MC_FETCH_REDIRECTS);
		if (mc_fetch_is_https(ask->url) &&
		    !mc_fetch_is_https(out->location))
			return mc_fail(e, MC_UNTRUSTED,
			    "%s: redirects to %s, which is not https", ask->url,
			    out->location);
		memcpy(next, out->location, sizeof(next));
		if (!perform(&t, next, out, e))
			return false;
	}
	return true;
}

bool
mc_fetch_escape(const char *s, struct mc_buf *to, struct mc_err *e)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *s; s++) {
		if (!(strchr(plain, *s) ? mc_buf_add(to, s, 1, e)
					: mc_buf_printf(to, e, "%%%02X",
					      (unsigned)(unsigned char)*s)))
			return false;
	}
	return true;
}
