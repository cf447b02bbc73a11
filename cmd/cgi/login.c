/* SPDX-License-Identifier: ISC */
#include "cgi/login.h"

#include <strings.h>

#include "base/hex.h"
#include "base/text.h"
#include "base/time.h"
#include "stage/spawn.h"

#define SECONDS 20

static bool
refuse(int *status, int number, enum mc_code code, struct mc_err *e,
    const char *why)
{
	*status = number;
	return mc_fail(e, code, "%s", why);
}

/* "Basic BASE64" of "user:password" (RFC 7617). */
static bool
parse(const char *header, struct mc_buf *user, struct mc_buf *password,
    struct mc_err *e)
{
	AUTO_BUF both = { .limit = MC_LOGIN_LIMIT };
	const char *colon;
	const char *why;
	size_t n;

	if (strncasecmp(header, "Basic ", 6) != 0 ||
	    !mc_base64_parse(header + 6, strlen(header + 6), false, &both, e) ||
	    strlen(mc_buf_str(&both)) != both.len)
		return mc_fail(e, MC_DENIED, "want Basic authorization");
	colon = strchr(mc_buf_str(&both), ':');
	if (!colon || colon == mc_buf_str(&both))
		return mc_fail(e, MC_DENIED, "want Basic authorization");
	n = (size_t)(colon - mc_buf_str(&both));
	if (!mc_text_check(mc_buf_str(&both), n, &why))
		return mc_fail(e, MC_DENIED, "the name %s", why);
	return mc_buf_add(user, both.data, n, e) &&
	    mc_buf_puts(password, colon + 1, e);
}

/* What the program reads: name, password and time, each ended by a NUL. */
static bool
encode(const struct mc_buf *user, const struct mc_buf *password,
    struct mc_buf *to, struct mc_err *e)
{
	return mc_buf_add(to, user->data, user->len, e) &&
	    mc_buf_add(to, "", 1, e) &&
	    mc_buf_add(to, password->data, password->len, e) &&
	    mc_buf_add(to, "", 1, e) &&
	    mc_buf_printf(to, e, "%lld", (long long)mc_time_now()) &&
	    mc_buf_add(to, "", 1, e);
}

static bool
ask(const struct mc_site *site, const struct mc_buf *secret, int *status,
    struct mc_err *e)
{
	/* posix_spawn takes writable words, and leaves them alone */
	char *argv[MC_CHAIN_WORDS + 1] = { 0 };
	int verdict = 0;

	for (size_t i = 0; i < site->login.n; i++)
		memcpy(&argv[i], &site->login.word[i].text, sizeof(*argv));
	if (!mc_spawn_check(argv, SECONDS, secret, &verdict, e)) {
		*status = mc_http_status(e->code);
		return mc_note(e, "checkpassword");
	}
	if (verdict == 0)
		return true;
	if (verdict == 1)
		return refuse(
		    status, 401, MC_DENIED, e, "wrong name or password");
	*status = 503;
	return mc_fail(e, MC_RETRY, "checkpassword: exit status %d", verdict);
}

static bool
check(const struct mc_site *site, const struct mc_http_request *r,
    struct mc_buf *user, int *status, struct mc_err *e)
{
	const char *header = mc_http_request_get(r, MC_HTTP_AUTHORIZATION);
	AUTO_BUF password = MC_BUF_INIT;
	AUTO_BUF secret = MC_BUF_INIT;

	if (site->login.n == 0)
		return refuse(status, 500, MC_INTERNAL, e,
		    "nobody checks passwords: let the web server do it, or "
		    "set checkpassword in site.conf");
	if (!*header)
		return refuse(status, 401, MC_DENIED, e, "no login yet");
	*status = 401;
	if (!parse(header, user, &password, e))
		return false;
	*status = 500;
	return encode(user, &password, &secret, e) &&
	    ask(site, &secret, status, e);
}

bool
mc_login_check(const struct mc_site *site, const struct mc_http_request *r,
    struct mc_buf *user, int *status, struct mc_err *e)
{
	const char *known = mc_http_request_get(r, MC_HTTP_USER);
	AUTO_BUF name = MC_BUF_INIT;

	if (!r->https)
		return refuse(status, 403, MC_DENIED, e,
		    "not by TLS: a password would be readable on its way");
	if (*known) {
		*status = 500;
		return mc_buf_puts(user, known, e);
	}
	if (!check(site, r, &name, status, e))
		return false;
	mc_buf_swap(user, &name);
	return true;
}
