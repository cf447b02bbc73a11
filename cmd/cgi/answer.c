/* SPDX-License-Identifier: ISC */
#include "cgi/answer.h"

#include <stdio.h>

#include "base/log.h"
#include "base/time.h"
#include "base/uuid.h"
#include "cgi/login.h"
#include "cgi/record.h"
#include "http/page.h"

/* All that is known about the request in hand. */
struct visit {
	const struct mc_driver *driver;
	const struct mc_site *site;
	struct mc_http_request *r;
	struct mc_response *out;
	const struct mc_route *route; /* NULL until it is found */
	const char *path;             /* below the site's URL */
	struct mc_facts facts;
	char id[MC_UUID_TEXT];
	char stage[MC_CHAIN_NAME]; /* the last that ran */
	int status;                /* 0: as the error's code says */
	struct mc_err unrecorded;  /* why a refusal is not on record */
};

static void
visit_clear(struct visit *v)
{
	mc_facts_clear(&v->facts);
}
#define AUTO_VISIT __attribute__((cleanup(visit_clear))) struct visit

static bool
refuse(struct visit *v, int status, struct mc_err *e, const char *why)
{
	enum mc_code code = MC_MALFORMED;

	if (status == 404)
		code = MC_NOINPUT;
	if (status == 500)
		code = MC_INTERNAL;
	v->status = status;
	return mc_fail(e, code, "%s", why);
}

/* The path below the site's URL; NULL where it is beside it. */
static const char *
path_in_site(const struct mc_site *site, const char *path)
{
	size_t n = strlen(site->prefix);

	if (strncmp(path, site->prefix, n) != 0)
		return NULL;
	if (path[n] == '\0')
		return "/";
	return path[n] == '/' ? path + n : NULL;
}

static bool
find_route(struct visit *v, struct mc_err *e)
{
	const struct mc_routes *routes = &v->site->routes;
	const char *method = mc_http_request_get(v->r, MC_HTTP_METHOD);
	const char *path = mc_http_request_get(v->r, MC_HTTP_PATH);
	unsigned known;

	v->path = path_in_site(v->site, path);
	known = v->path ? mc_routes_methods(routes, v->path) : 0;
	if (!known)
		return refuse(v, 404, e, "no route has this path");
	v->route = mc_routes_find(routes, v->path, mc_method_find(method));
	if (v->route)
		return true;
	return mc_method_encode(known, &v->out->allow, e) &&
	    refuse(v, 405, e, "no route for this path has this method");
}

static bool
set_facts(struct visit *v, struct mc_err *e)
{
	const struct {
		const char *name;
		const char *value; /* NULL: there is no such fact */
	} facts[] = {
		{ "REQUEST", v->id },
		{ "METHOD", mc_http_request_get(v->r, MC_HTTP_METHOD) },
		{ "PATH", v->path },
		{ "QUERY", mc_http_request_get(v->r, MC_HTTP_QUERY) },
		{ "REMOTE_ADDR", mc_http_request_get(v->r, MC_HTTP_ADDR) },
		{ "HTTPS", v->r->https ? "on" : NULL },
		{ "TEMPLATE", v->site->set.template },
	};

	if (strlen(mc_http_request_get(v->r, MC_HTTP_QUERY)) > MC_FACT_LIMIT)
		return refuse(v, 414, e, "the query is too long");
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		if (facts[i].value &&
		    !mc_facts_set(&v->facts, facts[i].name, facts[i].value, e))
			return false;
	return true;
}

static bool
log_in(struct visit *v, struct mc_err *e)
{
	AUTO_BUF user = MC_BUF_INIT;

	if (mc_login_check(v->site, v->r, &user, &v->status, e)) {
		v->status = 0;
		return mc_facts_set(&v->facts, "USER", mc_buf_str(&user), e);
	}
	v->out->authenticate = v->status == 401;
	return false;
}

/* A body that somebody has to have signed: by whom, and so which row. */
static bool
check_signer(struct visit *v, struct mc_err *e)
{
	static const struct {
		const char *signer;
		enum mc_who who;
	} kinds[] = {
		{ "device", MC_WHO_DEVICE },
		{ "enrolled", MC_WHO_ENROLLED },
	};
	const char *type = mc_http_request_get(v->r, MC_HTTP_TYPE);
	const struct mc_route *asked = v->route;
	const char *signer;

	if (!mc_http_type_is(type, "application/pkcs7-signature"))
		return refuse(v, 415, e,
		    "Content-Type: want application/pkcs7-signature");
	if (!mc_chain_run(&v->site->guard, &v->driver->env, &v->r->body,
		&v->facts, v->stage, e))
		return false;
	signer = mc_facts_get(&v->facts, "SIGNER");
	v->route = NULL;
	for (size_t i = 0; signer && i < 2; i++)
		if (strcmp(signer, kinds[i].signer) == 0)
			v->route = mc_routes_find_signed(&v->site->routes,
			    v->path, MC_METHOD_POST, kinds[i].who);
	if (v->route)
		return true;
	v->route = asked;
	return mc_fail(e, MC_UNTRUSTED, "nothing here for the signer: %s",
	    signer ? signer : "none");
}

static bool
check_who(struct visit *v, struct mc_err *e)
{
	switch (v->route->who) {
	case MC_WHO_USER:
		return log_in(v, e);
	case MC_WHO_DEVICE:
	case MC_WHO_ENROLLED:
		return check_signer(v, e);
	case MC_WHO_ANYONE:
		break;
	}
	return true;
}

static const char *
page_value(const void *ctx, const char *name)
{
	static const char *const settings[] = { "organization", "enroll-url",
		"ca-url", "home-url" };
	const struct visit *v = ctx;
	static char status[16];

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (strcmp(name, settings[i]) == 0)
			return mc_site_get(v->site, name, 0);
	if (strcmp(name, "private-ca") == 0)
		return v->site->set.private_ca ? "yes" : "no";
	if (strcmp(name, "id") == 0)
		return v->id;
	if (strcmp(name, "problem") == 0)
		return mc_page_problem(v->status);
	if (strcmp(name, "status") != 0)
		return NULL;
	snprintf(status, sizeof(status), "%d", v->status);
	return status;
}

static bool
make_page(const struct visit *v, const char *name, struct mc_err *e)
{
	const struct mc_page_values values = { page_value, v };

	return mc_page_load(
	    v->site->set.htdocs, name, &values, &v->out->body, e);
}

/* A chain that fails is told to the record; that changes no answer. */
static bool
run_chain(struct visit *v, struct mc_err *e)
{
	const struct mc_chain
	    *chain = &v->site->chains[v->route - v->site->routes.v];

	if (mc_chain_run(
		chain, &v->driver->env, &v->r->body, &v->facts, v->stage, e)) {
		mc_buf_swap(&v->out->body, &v->r->body);
		return true;
	}
	(void)!mc_record_stop(v->site, &v->driver->env, &v->facts, v->stage,
	    e->text, &v->unrecorded);
	return false;
}

static bool
run(struct visit *v, struct mc_err *e)
{
	const char *page = mc_site_page(v->route);
	const char *type = v->route->type;

	/* a body means something only where the method says so */
	if (strcmp(mc_http_request_get(v->r, MC_HTTP_METHOD), "POST") != 0)
		mc_buf_clear(&v->r->body);
	if (page) {
		snprintf(v->stage, sizeof(v->stage), "page");
		if (!make_page(v, page, e)) {
			v->status = 500; /* the template is the site's */
			return false;
		}
	} else if (!run_chain(v, e))
		return false;
	if (!type)
		type = mc_facts_get(&v->facts, "CONTENT_TYPE");
	if (!type)
		return refuse(
		    v, 500, e, "the chain has not set the fact CONTENT_TYPE");
	return mc_buf_puts(&v->out->type, type, e);
}

/* What a stage says with a refusal: where to begin again. */
static bool
redirect(struct visit *v, struct mc_err *e)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~/";
	const char *path = mc_facts_get(&v->facts, "REDIRECT");

	if (!path || *path != '/' || path[strspn(path, chars)] ||
	    v->status != 403)
		return false;
	v->status = 301;
	return mc_buf_printf(
	    &v->out->location, e, "%s%s", v->site->set.url, path);
}

/* Machines get a line, people a page; both get the id, nobody the reason. */
static bool
write_refusal(struct visit *v, struct mc_err *e)
{
	bool machine = v->route && !v->route->type; /* SCEP, that is */

	if (!machine && make_page(v, "refused", e))
		return mc_buf_puts(
		    &v->out->type, "text/html; charset=utf-8", e);
	mc_buf_clear(&v->out->body);
	return mc_buf_puts(&v->out->type, "text/plain; charset=utf-8", e) &&
	    mc_buf_printf(&v->out->body, e, "%d %s\nid %s\n", v->status,
		mc_http_reason(v->status), v->id);
}

/*
 * A file that a stage does not find is the site's fault, not a 404; but where
 * the stage says so, it is what the client asked for that is not there.
 */
static int
status_of(const struct visit *v, enum mc_code code)
{
	return code == MC_NOINPUT && !mc_facts_get(&v->facts, "NOT_FOUND")
	    ? 500
	    : mc_http_status(code);
}

static void
refused(struct visit *v, const struct mc_err *e)
{
	struct mc_err second = MC_ERR_INIT;

	mc_buf_clear(&v->out->type);
	mc_buf_clear(&v->out->body);
	if (v->status == 0)
		v->status = status_of(v, e->code);
	if (!redirect(v, &second) && !write_refusal(v, &second)) {
		mc_buf_clear(&v->out->type);
		mc_buf_clear(&v->out->body);
	}
}

/* The line says who, what and why, and nothing that was secret. */
static void
write_log(const struct visit *v, int64_t began, const struct mc_err *e)
{
	const char *addr = mc_http_request_get(v->r, MC_HTTP_ADDR);
	char when[MC_TIME_TEXT];
	char status[16];
	char ms[32];

	snprintf(status, sizeof(status), "%d", v->status);
	snprintf(ms, sizeof(ms), "%lld", (long long)(mc_time_ms() - began));
	mc_log(
	    (struct mc_log_field[]){
		{ "time", mc_time_format(mc_time_now(), when) },
		{ "id", v->id },
		{ "address", *addr ? addr : NULL },
		{ "enrolment", mc_facts_get(&v->facts, "ENROLMENT") },
		{ "user", mc_facts_get(&v->facts, "USER") },
		{ "udid", mc_facts_get(&v->facts, "UDID") },
		{ "signer", mc_facts_get(&v->facts, "SIGNER") },
		{ "method", mc_http_request_get(v->r, MC_HTTP_METHOD) },
		{ "path", mc_http_request_get(v->r, MC_HTTP_PATH) },
		{ "route", v->route ? v->route->path : NULL },
		{ "status", status },
		{ "stage", e->code && *v->stage ? v->stage : NULL },
		{ "verdict", mc_code_name(e->code) },
		{ "reason", e->code ? e->text : NULL },
		{ "unrecorded",
		    v->unrecorded.code ? v->unrecorded.text : NULL },
		/* SCEP says no with status 200 */
		{ "refused", mc_facts_get(&v->facts, "REFUSED") },
		{ "issued", mc_facts_get(&v->facts, "ISSUED") },
		{ "waiting", mc_facts_get(&v->facts, "WAITING") },
		{ "scep", mc_facts_get(&v->facts, "SCEP_TYPE") },
		{ "profile", mc_facts_get(&v->facts, "PROFILE") },
		{ "transaction", mc_facts_get(&v->facts, "TRANSACTION") },
		{ "ms", ms },
		{ 0 },
	    },
	    mc_site_syslog(v->site));
}

void
mc_answer(void *ctx, struct mc_http_request *r, int status,
    const struct mc_err *why, struct mc_response *out)
{
	const struct mc_driver *driver = ctx;
	const int64_t began = mc_time_ms();
	AUTO_VISIT v = {
		.driver = driver,
		.site = &driver->site,
		.r = r,
		.out = out,
		.status = status,
	};
	struct mc_err e = status ? *why : (struct mc_err)MC_ERR_INIT;

	r->https |= driver->tls;
	out->hsts = r->https && v.site->set.hsts;
	out->head = strcmp(mc_http_request_get(r, MC_HTTP_METHOD), "HEAD") == 0;
	mc_uuid_new(v.id);
	if (status == 0 && find_route(&v, &e) && set_facts(&v, &e) &&
	    check_who(&v, &e) && run(&v, &e))
		v.status = 200;
	else
		refused(&v, &e);
	out->status = v.status;
	write_log(&v, began, &e);
}
