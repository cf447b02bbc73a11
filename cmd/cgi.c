/* SPDX-License-Identifier: ISC */
/* mcprofile-cgi: the driver, by CGI, FastCGI or a bare connection. */
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "cgi/answer.h"
#include "crypto/ossl.h"
#include "http/bare.h"
#include "http/cgi.h"
#include "http/fcgi.h"
#include "stages.h"

struct cgi_args {
	const char *site;
	bool exec_all;
	bool tls;
};

static const struct mc_opt cgi_opts[] = {
	MC_STR(struct cgi_args, site, 's', "site", "FILE",
	    "the site's settings", false),
	MC_FLAG(struct cgi_args, exec_all, 0, "exec-all",
	    "start every stage as a program"),
	MC_FLAG(struct cgi_args, tls, 0, "tls",
	    "TLS ends in front of this program"),
	MC_OPT_END,
};

static void
driver_clear(struct mc_driver *d)
{
	mc_site_clear(&d->site);
}
#define AUTO_DRIVER __attribute__((cleanup(driver_clear))) struct mc_driver

/*
 * There is no site: whoever waits is told that much.  ctx is the status: 400
 * where it may be their query that took the command line's place.
 */
static void
answer_broken(void *ctx, struct mc_http_request *r, int status,
    const struct mc_err *why, struct mc_response *out)
{
	struct mc_err second;

	(void)r;
	(void)status;
	(void)why;
	out->status = *(const int *)ctx;
	(void)!(mc_buf_puts(&out->type, "text/plain; charset=utf-8", &second) &&
	    mc_buf_puts(&out->body,
		out->status == 400 ? "400 Bad Request\n"
				   : "500 Internal Server Error\n",
		&second));
}

static bool
serve_one(mc_http_handler *handler, void *ctx, bool tls, struct mc_err *e)
{
	if (getenv("GATEWAY_INTERFACE"))
		return mc_cgi_serve(handler, ctx, e);
	return mc_bare_serve(STDIN_FILENO, STDOUT_FILENO, tls, handler, ctx, e);
}

static bool
load(const struct cgi_args *a, struct mc_site *site, struct mc_err *e)
{
	const char *path = a->site ? a->site : getenv("MCPROFILE_SITE");

	if (path && *path)
		return mc_site_load(path, site, e);
	if (getenv("GATEWAY_INTERFACE"))
		return mc_fail(e, MC_DENIED,
		    "no --site (a query that looks like argv hides it) and no "
		    "MCPROFILE_SITE");
	return mc_fail(e, MC_USAGE, "--site FILE is required");
}

static bool
cgi_run(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct cgi_args *a = args;
	AUTO_DRIVER d = { .tls = a->tls };
	const bool fastcgi = !getenv("GATEWAY_INTERFACE") &&
	    mc_fcgi_check(STDIN_FILENO);

	(void)io;
	if (!load(a, &d.site, e)) {
		struct mc_err second = MC_ERR_INIT;
		int status = e->code == MC_DENIED ? 400 : 500;

		if (e->code != MC_USAGE && !fastcgi)
			(void)!serve_one(
			    answer_broken, &status, a->tls, &second);
		return false;
	}
	d.env = (struct mc_chain_env){
		.builtins = mc_stages,
		.exec_all = a->exec_all,
		.seconds = d.site.set.stage_timeout,
		.forget = ERR_clear_error,
		.lookup = mc_site_get,
		.ctx = &d.site,
	};
	if (mc_site_syslog(&d.site))
		openlog("mcprofile-cgi", LOG_PID, LOG_AUTHPRIV);
	return fastcgi ? mc_fcgi_serve(mc_answer, &d, e)
		       : serve_one(mc_answer, &d, a->tls, e);
}

static const struct mc_verb cgi_verbs[] = {
	{ .summary = "answer one request, or many by FastCGI",
	    .opts = cgi_opts,
	    .input = MC_INPUT_RAW,
	    .run = cgi_run },
	{ 0 },
};

const struct mc_stage mc_stage_cgi = {
	.name = "mcprofile-cgi",
	.summary = "serve over-the-air enrolment",
	.verbs = cgi_verbs,
	.args_size = sizeof(struct cgi_args),
	.cgi = true,
};
