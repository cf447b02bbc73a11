/* SPDX-License-Identifier: ISC */
/* Where SCEP meets the CA: lib/scep knows messages, lib/ca decides. */
#include "base/text.h"
#include "ca/issue.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "http/request.h"
#include "scep/scep.h"
#include "scep_ca/admin.h"

static const struct mc_opt common_opts[] = {
	MC_STR(struct ca_args, dir, 'd', "dir", "DIR",
	    "folder of the CA: its keys, certificates and store", true),
	MC_OPT_END,
};

static const struct mc_opt init_opts[] = {
	MC_STR(struct ca_args, subject, 's', "subject", "NAME",
	    "name of the CA, \"/O=ACME Inc./CN=ACME Device CA\"", true),
	MC_UINT(struct ca_args, bits, 0, "bits", "N",
	    "RSA key of the CA, 2048 to 4096; default 3072"),
	MC_UINT(struct ca_args, ra_bits, 0, "ra-bits", "N",
	    "RSA key of the RA, 2048 to 4096; default 2048"),
	MC_SECONDS(struct ca_args, lifetime, 0, "lifetime", "TIME",
	    "both certificates live that long; default 10y"),
	MC_OPT_END,
};

static const struct mc_opt challenge_opts[] = {
	MC_STR(struct ca_args, subject, 's', "subject", "NAME",
	    "the one name that it is good for, \"/CN=Alice's phone\"", false),
	MC_FLAG(struct ca_args, any_subject, 0, "any-subject",
	    "it is good for whatever name is asked"),
	MC_SECONDS(struct ca_args, ttl, 0, "ttl", "TIME",
	    "it is good for that long, \"90s\", \"15m\", \"1h\", \"2d\"; "
	    "default 1h"),
	MC_STR(struct ca_args, owner, 0, "owner", "ID",
	    "enrolment that the certificate will belong to", false),
	MC_OPT_END,
};

static const struct mc_opt respond_opts[] = {
	MC_SECONDS(struct ca_args, lifetime, 0, "lifetime", "TIME",
	    "certificates live that long; default 1y"),
	MC_UINT(struct ca_args, min_bits, 0, "min-bits", "N",
	    "smallest RSA key to certify, 1024 to 4096; default 2048"),
	MC_OPT_END,
};

static const struct mc_opt cacert_opts[] = {
	MC_CHOICE(struct ca_args, format, 'f', "format", "der|pem|p7",
	    "the CA's certificate as DER or PEM, or CA and RA as certs-only "
	    "CMS; default der"),
	MC_OPT_END,
};

static const struct mc_opt list_opts[] = {
	MC_UINT(struct ca_args, limit, 'n', "limit", "N",
	    "show the newest N; default 1000"),
	MC_OPT_END,
};

static const struct mc_opt revoke_opts[] = {
	MC_WORD(struct ca_args, serial, "serial", "SERIAL",
	    "serial number, hexadecimal, as list shows it", true),
	MC_OPT_END,
};

/* One request being answered; everything is lent. */
struct exchange {
	const struct ca_args *args;
	struct mc_io *io;
	const struct mc_ca *ca;
	const struct mc_scep_request *request;
};

static bool
content_type(struct mc_io *io, const char *type, struct mc_err *e)
{
	return mc_facts_set(io->facts, "CONTENT_TYPE", type, e);
}

static bool
reply(const struct exchange *x, struct mc_scep_answer *answer, struct mc_err *e)
{
	answer->ra = x->ca->ra;
	answer->ra_key = x->ca->ra_key;
	return mc_scep_reply_encode(x->request, answer, x->io->out, e) &&
	    content_type(x->io, MC_SCEP_HTTP_MESSAGE, e);
}

/* The reason, for the terminal and, as a fact, for the log. */
static bool
tell(const struct exchange *x, int fail, struct mc_err *e)
{
	AUTO_BUF line = MC_BUF_INIT;

	/* a fact is one line, whatever was quoted */
	mc_text_clean(e->text);
	if (!mc_buf_printf(
		&line, e, "%s: %s", mc_scep_fail_name(fail), e->text) ||
	    !mc_facts_set(x->io->facts, "REFUSED", mc_buf_str(&line), e))
		return false;
	if (!x->io->say)
		return true;
	mc_buf_clear(&line);
	if (!mc_buf_printf(&line, e, "%s: %s: %s", mc_stage_scep_ca.name,
		mc_scep_fail_name(fail), e->text))
		return false;
	x->io->say(mc_buf_str(&line));
	return true;
}

/*
 * A refusal is an answer: a signed FAILURE, and status 0.  It stays an error
 * where nobody can be answered, and where it is our own failure.
 */
static bool
refuse(const struct exchange *x, const struct mc_scep_refusal *why,
    struct mc_err *e)
{
	struct mc_scep_answer answer = { .status = MC_SCEP_FAILURE,
		.why = *why };

	if (why->fail < 0 && mc_exit_status(e->code) < 64)
		e->code = MC_MALFORMED;
	if (why->fail < 0 || mc_exit_status(e->code) >= 70 ||
	    !tell(x, why->fail, e))
		return false;
	*e = (struct mc_err)MC_ERR_INIT;
	return reply(x, &answer, e);
}

static bool
bad_request(const struct exchange *x, const char *text, struct mc_err *e)
{
	struct mc_scep_refusal why = { MC_SCEP_BADREQUEST, text };

	mc_fail(e, MC_DENIED, "%s", text);
	return refuse(x, &why, e);
}

static bool
grant(const struct exchange *x, X509 *cert, struct mc_err *e)
{
	AUTO(mc_certs_lent) *certs = sk_X509_new_null();
	struct mc_scep_answer answer = { .status = MC_SCEP_SUCCESS,
		.certs = certs };
	char serial[MC_SERIAL_TEXT];

	if (!certs || sk_X509_push(certs, cert) <= 0)
		return mc_fail_memory(e);
	return mc_cert_serial(cert, serial, e) &&
	    mc_facts_set(x->io->facts, "ISSUED", serial, e) &&
	    reply(x, &answer, e);
}

static bool
enrol(const struct exchange *x, struct mc_err *e)
{
	const struct mc_scep_request *r = x->request;
	struct mc_issue_profile profile = { x->args->lifetime,
		x->args->min_bits };
	struct mc_scep_refusal why = { -1, NULL };
	AUTO_BUF csr = MC_BUF_INIT;
	struct mc_issue_request asked = { r->transaction,
		X509_get0_pubkey(r->signer), &csr };
	struct mc_verdict verdict = { MC_GRANTED, NULL, NULL };
	AUTO(X509) *cert = NULL;

	if (!mc_scep_request_open(r, x->ca->ra, x->ca->ra_key, &csr, &why, e))
		return refuse(x, &why, e);
	if (mc_issue(x->ca, &profile, &asked, &cert, &verdict, e))
		return grant(x, cert, e);
	if (verdict.code == MC_GRANTED)
		return false;
	why.fail = verdict.code == MC_BAD_KEY ? MC_SCEP_BADALG
					      : MC_SCEP_BADREQUEST;
	why.text = verdict.told;
	return refuse(x, &why, e);
}

static bool
pki_operation(const struct ca_args *a, const struct mc_buf *msg,
    struct mc_io *io, struct mc_err *e)
{
	AUTO_SCEP_REQUEST request = { 0 };
	AUTO(mc_ca) *ca = NULL;
	struct exchange x = { a, io, NULL, &request };
	struct mc_scep_refusal why = { -1, NULL };

	if (!mc_ca_load(a->dir, MC_CA_ALL, &ca, e))
		return false;
	x.ca = ca;
	if (!mc_scep_request_parse(msg, &request, &why, e))
		return refuse(&x, &why, e);
	if (request.type == MC_SCEP_RENEWALREQ ||
	    mc_ca_is_ours(ca, request.signer))
		return bad_request(&x,
		    "this CA does not renew: enrol anew, with a challenge "
		    "password",
		    e);
	if (request.type != MC_SCEP_PKCSREQ)
		return bad_request(&x, "this CA answers PKCSReq only", e);
	return enrol(&x, e);
}

static bool
get_operation(const struct ca_args *a, const char *query, struct mc_io *io,
    struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF msg = { .limit = MC_NET_LIMIT };
	bool there;

	if (!mc_http_query_get(query, "message", &text, &there, e) ||
	    !mc_scep_message_parse(mc_buf_str(&text), text.len, &msg, e))
		return false;
	return pki_operation(a, &msg, io, e);
}

static bool
get_cacert(const struct ca_args *a, struct mc_io *io, struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;
	const char *type = NULL;

	return mc_ca_load(a->dir, MC_CA_CERTS, &ca, e) &&
	    mc_ca_admin_certs_encode(ca, io->out, &type, e) &&
	    content_type(io, type, e);
}

/* The whole of /scep (RFC 8894 section 4.1). */
static bool
serve(const struct ca_args *a, const char *method, struct mc_io *io,
    struct mc_err *e)
{
	const char *query = mc_facts_get(io->facts, "QUERY");
	AUTO_BUF operation = MC_BUF_INIT;
	bool there;

	query = query ? query : "";
	if (!mc_http_query_get(query, "operation", &operation, &there, e))
		return false;
	if (!there)
		return mc_fail(e, MC_MALFORMED, "a query without operation=");
	if (mc_buf_is(&operation, "GetCACaps"))
		return mc_ca_admin_caps(a, io, e) &&
		    content_type(io, MC_SCEP_HTTP_CAPS, e);
	if (mc_buf_is(&operation, "GetCACert"))
		return get_cacert(a, io, e);
	if (!mc_buf_is(&operation, "PKIOperation"))
		return mc_fail(e, MC_MALFORMED,
		    "an operation other than GetCACaps, GetCACert and "
		    "PKIOperation");
	return strcmp(method, "POST") == 0 ? pki_operation(a, io->in, io, e)
					   : get_operation(a, query, io, e);
}

static bool
respond_run(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	const char *method = mc_facts_get(io->facts, "METHOD");

	if (a->min_bits &&
	    (a->min_bits < MC_RSA_OLD || a->min_bits > MC_RSA_MAX))
		return mc_fail(e, MC_USAGE, "--min-bits: %d to %d", MC_RSA_OLD,
		    MC_RSA_MAX);
	/* without facts it is a filter */
	return method ? serve(a, method, io, e)
		      : pki_operation(a, io->in, io, e);
}

static const struct mc_verb verbs[] = {
	{ "init", "make a CA, its RA and its store", init_opts, MC_INPUT_NONE,
	    mc_ca_admin_init },
	{ "challenge new", "print a new one-time challenge", challenge_opts,
	    MC_INPUT_NONE, mc_ca_admin_challenge },
	{ "challenge list", "show the challenges, not what they are", NULL,
	    MC_INPUT_NONE, mc_ca_admin_challenges },
	{ "respond", "answer a SCEP request", respond_opts, MC_INPUT_MESSAGE,
	    respond_run },
	{ "cacert", "print the certificate of the CA", cacert_opts,
	    MC_INPUT_NONE, mc_ca_admin_cert },
	{ "fingerprint", "print the SHA-256 of that certificate", NULL,
	    MC_INPUT_NONE, mc_ca_admin_fingerprint },
	{ "caps", "print what the server can do, as GetCACaps tells it", NULL,
	    MC_INPUT_NONE, mc_ca_admin_caps },
	{ "list", "show the certificates, the newest first", list_opts,
	    MC_INPUT_NONE, mc_ca_admin_list },
	{ "revoke", "record that a certificate is not to be trusted any more",
	    revoke_opts, MC_INPUT_NONE, mc_ca_admin_revoke },
	{ 0 },
};

const struct mc_stage mc_stage_scep_ca = {
	.name = "scep-ca",
	.summary = "a certificate authority that speaks SCEP",
	.opts = common_opts,
	.verbs = verbs,
	.args_size = sizeof(struct ca_args),
};
