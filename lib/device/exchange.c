/* SPDX-License-Identifier: ISC */
#include "device/exchange.h"

#include "base/uuid.h"

/* How much of a refusal's page is looked at. */
#define PAGE_READ 65536

/* A message in a query is base64 of kilobytes: nobody wants to read that. */
#define URL_SHOWN 160

bool
mc_exchange(const struct mc_fetch *ask, const char *what, const char *file,
    const struct mc_tell *tell, struct mc_fetched *out, struct mc_err *e)
{
	bool cut = strlen(ask->url) > URL_SHOWN;

	mc_tell(tell, "  > %s %.*s%s%s%s", ask->body ? "POST" : "GET",
	    URL_SHOWN, ask->url, cut ? "..." : "", what && *what ? "  " : "",
	    what ? what : "");
	if (ask->body)
		mc_tell(tell, "    %s, %zu bytes", ask->type, ask->body->len);
	if (!mc_fetch(ask, out, e))
		return false;
	mc_tell(tell, "  < %ld %s, %zu bytes", out->status,
	    out->type[0] ? out->type : "without a Content-Type", out->body.len);
	return out->status != 200 || !file ||
	    mc_tell_save(tell, file, &out->body, e);
}

/*
 * The id under which the server's log has this: our own pages and those of
 * many others say it, and the first UUID in them is it.
 */
static bool
find_id(const struct mc_buf *body, char id[static MC_UUID_TEXT])
{
	size_t n = body->len < PAGE_READ ? body->len : PAGE_READ;

	id[MC_UUID_TEXT - 1] = '\0';
	for (size_t i = 0; i + MC_UUID_TEXT - 1 <= n; i++) {
		memcpy(id, body->data + i, MC_UUID_TEXT - 1);
		if (mc_uuid_check(id))
			return true;
	}
	return false;
}

static const char *
method_words(const struct mc_fetch *ask)
{
	return ask->body ? "this path takes no POST" : "this path takes no GET";
}

static const char *
login_words(const struct mc_fetch *ask)
{
	if (ask->body)
		return "a device posts without a login, so this path must not"
		       " ask for one";
	return ask->user ? "the server does not know this user with this"
			   " password"
			 : "the server wants a login: --user and --password";
}

/* What a status says that is neither success nor redirection. */
static const struct meaning {
	long status;
	enum mc_code code;
	const char *words;
	const char *(*choose)(const struct mc_fetch *ask); /* the words */
} meanings[] = {
	{ 400, MC_DENIED, "the server does not understand what was sent",
	    NULL },
	{ 401, MC_DENIED, NULL, login_words },
	{ 403, MC_DENIED, "the server does not allow this", NULL },
	{ 404, MC_NOINPUT, "there is nothing at this path", NULL },
	{ 405, MC_DENIED, NULL, method_words },
	{ 413, MC_DENIED, "what was sent is too long for the server", NULL },
	{ 415, MC_DENIED, "the server does not take this Content-Type", NULL },
	{ 500, MC_IO, "the server failed", NULL },
	{ 503, MC_RETRY, "the server cannot do it now", NULL },
};
/* For all others. */
static const struct meaning refusal = { 0, MC_DENIED, "the server refuses",
	NULL };
static const struct meaning failure = { 0, MC_IO, "the server failed", NULL };

static const struct meaning *
find_meaning(long status)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (meanings[i].status == status)
			return &meanings[i];
	return status < 500 ? &refusal : &failure;
}

static bool
refused(
    const struct mc_fetch *ask, const struct mc_fetched *f, struct mc_err *e)
{
	const struct meaning *m = find_meaning(f->status);
	const char *hint = f->status == 403 ? ask->forbidden : NULL;
	char id[MC_UUID_TEXT];
	bool known = find_id(&f->body, id);

	return mc_fail(e, m->code, "%.*s: answered %ld: %s%s%s%s%s", URL_SHOWN,
	    ask->url, f->status, m->choose ? m->choose(ask) : m->words,
	    hint ? "; " : "", hint ? hint : "",
	    known ? "; the server's id of it: " : "", known ? id : "");
}

/* A GET was followed already; here is a POST, or a loop. */
static bool
moved(const struct mc_fetch *ask, const struct mc_fetched *f, struct mc_err *e)
{
	return mc_fail(e, MC_DENIED,
	    "%s: answered %ld to %s: a device would go there with a GET and"
	    " its message is lost; either the device is to enrol anew, or the"
	    " path has moved and 307 or 308 would say so",
	    ask->url, f->status, f->location[0] ? f->location : "nowhere");
}

bool
mc_exchange_check(
    const struct mc_fetch *ask, const struct mc_fetched *f, struct mc_err *e)
{
	if (f->status == 200)
		return true;
	if (f->status >= 300 && f->status < 400)
		return moved(ask, f, e);
	if (f->status >= 400)
		return refused(ask, f, e);
	return mc_fail(e, MC_MALFORMED,
	    "%.*s: answered %ld: only the body of a 200 counts for a device",
	    URL_SHOWN, ask->url, f->status);
}
