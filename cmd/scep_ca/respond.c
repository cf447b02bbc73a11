/* SPDX-License-Identifier: ISC */
#include "scep_ca/respond.h"

#include <strings.h>

#include "ca/succeed.h"
#include "http/request.h"
#include "scep/scep.h"
#include "scep_ca/admin.h"
#include "scep_ca/exchange.h"

const struct mc_opt mc_ca_respond_opts[] = {
	MC_STR(struct ca_args, profile, 'p', "profile", "NAME",
	    "profile of ca.conf to answer by; default: the path's", false),
	MC_OPT_END,
};

/* One segment of a path. */
struct segment {
	const char *p;
	size_t len;
};

static bool
segment_is(const struct segment *s, const char *word)
{
	return strlen(word) == s->len && strncasecmp(s->p, word, s->len) == 0;
}

/* The last segment and how many there are, without the one of Cisco's. */
static size_t
last_segment(const char *path, struct segment *last)
{
	struct segment before = { "", 0 };
	size_t n = 0;

	*last = before;
	while (*path) {
		path += strspn(path, "/");
		if (!*path)
			break;
		before = *last;
		*last = (struct segment){ path, strcspn(path, "/") };
		path += last->len;
		n++;
	}
	if (n == 0 || !segment_is(last, "pkiclient.exe"))
		return n;
	*last = before;
	return n - 1;
}

bool
mc_ca_profile_of(const struct mc_ca *ca, const char *name, const char *path,
    const struct mc_ca_profile **out, struct mc_err *e)
{
	char of_path[MC_CA_PROFILE_NAME] = "";
	struct segment last = { "", 0 };
	size_t n = 0;

	if (!name && path)
		n = last_segment(path, &last);
	if (last.len > 0 && last.len < sizeof(of_path))
		memcpy(of_path, last.p, last.len);
	*out = mc_ca_conf_profile_find(
	    ca->conf, name || n == 0 ? name : of_path);
	if (!*out && n == 1)
		*out = mc_ca_conf_profile_find(ca->conf, NULL);
	if (*out)
		return true;
	return mc_fail(e, MC_NOINPUT, "no profile %.*s",
	    name ? (int)strlen(name) : (int)last.len, name ? name : last.p);
}

bool
mc_ca_caps_encode(const struct mc_ca *ca, const struct mc_ca_profile *profile,
    struct mc_buf *text, struct mc_err *e)
{
	const struct mc_scep_offer offer = { .sha1 = profile->sha1,
		.des3 = profile->des3,
		.renewal = profile->renew,
		.next = ca->next != NULL };

	return mc_scep_caps_encode(&offer, text, e);
}

/* One request being answered; everything is lent. */
struct visit {
	struct mc_io *io;
	const char *query;
	bool post;
	const struct mc_ca *ca;
	const struct mc_ca_profile *profile;
};

static bool
content_type(struct mc_io *io, const char *type, struct mc_err *e)
{
	return mc_facts_set(io->facts, "CONTENT_TYPE", type, e);
}

static bool
get_caps(const struct visit *v, struct mc_err *e)
{
	return mc_ca_caps_encode(v->ca, v->profile, v->io->out, e) &&
	    content_type(v->io, MC_SCEP_HTTP_CAPS, e);
}

static bool
get_cacert(const struct visit *v, struct mc_err *e)
{
	AUTO(mc_certs_lent) *certs = NULL;
	const char *type = NULL;

	return mc_ca_certs_get(v->ca, v->profile->order, &certs, e) &&
	    mc_scep_certs_encode(certs, v->io->out, &type, e) &&
	    content_type(v->io, type, e);
}

static bool
get_next(const struct visit *v, struct mc_err *e)
{
	return (mc_ca_announcement_load(v->ca, v->io->out, e) ||
		   mc_note(e, "GetNextCACert")) &&
	    content_type(v->io, MC_SCEP_HTTP_NEXT, e);
}

static bool
exchange(const struct visit *v, const struct mc_buf *msg, struct mc_err *e)
{
	const char *source = mc_facts_get(v->io->facts, "REMOTE_ADDR");
	AUTO_EXCHANGE x = { .ca = v->ca,
		.profile = v->profile,
		.io = v->io,
		.source = source && *source ? source : NULL };

	return mc_ca_exchange(&x, msg, e) &&
	    content_type(v->io, MC_SCEP_HTTP_MESSAGE, e);
}

/* The message of a GET. */
static bool
message_read(const struct visit *v, struct mc_buf *msg, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	bool there;

	return mc_http_query_get(v->query, "message", &text, &there, e) &&
	    mc_scep_message_parse(mc_buf_str(&text), text.len, msg, e);
}

static bool
pki_operation(const struct visit *v, struct mc_err *e)
{
	AUTO_BUF msg = { .limit = MC_NET_LIMIT };

	if (v->post)
		return exchange(v, v->io->in, e);
	return message_read(v, &msg, e) && exchange(v, &msg, e);
}

/*
 * The CA's key is there for what may end in a certificate: lookups, and what
 * is no message at all, do without.
 */
static unsigned
message_parts(const struct visit *v)
{
	AUTO_BUF msg = { .limit = MC_NET_LIMIT };
	struct mc_err unused = MC_ERR_INIT;
	enum mc_scep_type type;

	if ((!v->post && !message_read(v, &msg, &unused)) ||
	    !mc_scep_type_peek(v->post ? v->io->in : &msg, &type) ||
	    type == MC_SCEP_GETCERT || type == MC_SCEP_GETCRL)
		return MC_CA_ALL & ~(unsigned)MC_CA_KEY;
	return MC_CA_ALL;
}

struct operation {
	const char *name;
	unsigned parts; /* of the CA that it needs */
	bool (*answer)(const struct visit *v, struct mc_err *e);
};

static const struct operation operations[] = {
	{ "GetCACaps", MC_CA_CERTS, get_caps },
	{ "GetCACert", MC_CA_CERTS, get_cacert },
	{ "GetNextCACert", MC_CA_CERTS, get_next },
	{ "PKIOperation", MC_CA_ALL, pki_operation },
};

static bool
operation_find(
    const char *query, const struct operation **out, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;
	bool there;

	if (!mc_http_query_get(query, "operation", &name, &there, e))
		return false;
	if (!there)
		return mc_fail(e, MC_MALFORMED, "a query without operation=");
	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++) {
		if (!mc_buf_is(&name, operations[i].name))
			continue;
		*out = &operations[i];
		return true;
	}
	return mc_fail(e, MC_MALFORMED,
	    "an operation other than GetCACaps, GetCACert, GetNextCACert and "
	    "PKIOperation");
}

/* The whole of /scep (RFC 8894 section 4.1). */
bool
mc_ca_respond(const void *args, struct mc_io *io, struct mc_err *e)
{
	static const struct operation filter = { "", MC_CA_ALL, pki_operation };
	const struct ca_args *a = args;
	const char *method = mc_facts_get(io->facts, "METHOD");
	const char *query = mc_facts_get(io->facts, "QUERY");
	const char *path = mc_facts_get(io->facts, "PATH");
	const struct operation *op = &filter;
	struct mc_err second = MC_ERR_INIT;
	AUTO(mc_ca) *ca = NULL;
	struct visit v = { .io = io,
		.query = query ? query : "",
		.post = !method || strcmp(method, "POST") == 0 };

	/* without facts it is a filter */
	if (method && !operation_find(v.query, &op, e))
		return false;
	if (!mc_ca_load(a->dir,
		op->answer == pki_operation ? message_parts(&v) : op->parts,
		&ca, e))
		return false;
	if (!mc_ca_profile_of(
		ca, a->profile, method ? path : NULL, &v.profile, e)) {
		/* not a file of ours: the client's URL is wrong */
		(void)!mc_facts_set(io->facts, "NOT_FOUND", "profile", &second);
		return false;
	}
	if (!mc_facts_set(io->facts, "PROFILE", v.profile->name, e) ||
	    (method && !mc_facts_set(io->facts, "SCEP_TYPE", op->name, e)))
		return false;
	v.ca = ca;
	return op->answer(&v, e);
}
