/* SPDX-License-Identifier: ISC */
#include "scep_ca/explain.h"

#include "base/table.h"
#include "crypto/ber.h"
#include "crypto/cert.h"
#include "scep_ca/common.h"
#include "scep_ca/dissect.h"
#include "scep_ca/exchange.h"

const struct mc_opt mc_ca_explain_opts[] = {
	MC_STR(struct ca_args, profile, 'p', "profile", "NAME",
	    "profile of ca.conf to judge it by; default: default", false),
	MC_OPT_END,
};

/* What is being explained; everything is lent. */
struct inquiry {
	const struct mc_ca *ca;
	const struct mc_ca_profile *profile;
	const struct mc_buf *msg;
	struct mc_rows *rows;
};

/* Which of our RAs, in words. */
static void
recipient_row(const struct inquiry *q, const struct mc_exchange *x)
{
	if (x->request.transport == MC_TRANSPORT_PASSWORD)
		mc_row(q->rows, "  recipient", "3.1",
		    "whoever knows the password");
	else if (!x->ra)
		mc_row(q->rows, "  recipient", "3.2.2",
		    "none of this CA's RAs: it cannot be opened here");
	else
		mc_row(q->rows, "  recipient", "3.2.2", "%s",
		    x->ra == &q->ca->ra[0] ? "this CA's RA"
					   : "an older RA of this CA");
}

/*
 * For the eyes of who holds the key, so proven or not.  What a password has
 * opened is in x already.
 */
static void
content_rows(const struct inquiry *q, const struct mc_exchange *x)
{
	const struct mc_scep_request *r = &x->request;
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	unsigned allow = (r->several ? MC_OPEN_ANY : 0U) |
	    (r->cipher == MC_DES_CBC ? MC_OPEN_WEAK : 0U);

	if (x->content.len > 0) {
		mc_dissect_csr(q->rows, &x->content);
		return;
	}
	if (!x->ra)
		return;
	if (r->transport == MC_TRANSPORT_PASSWORD) {
		mc_row(q->rows, "  opens", "3.1",
		    "with no challenge that is known here");
		return;
	}
	if (!mc_envelope_open(
		&r->envelope, x->ra->cert, x->ra->key, allow, &content, &e))
		mc_row(q->rows, "  opens", "3.2.2", "no: %s", e.text);
	else if (r->type == MC_SCEP_CERTPOLL || r->type == MC_SCEP_GETCERT ||
	    r->type == MC_SCEP_GETCRL)
		mc_dissect_id(q->rows, &content);
	else
		mc_dissect_csr(q->rows, &content);
}

/* What mc_ca_exchange() would say, where it says anything. */
static void
answer_rows(const struct inquiry *q, const struct mc_scep_answer *a, bool done,
    const struct mc_facts *facts, const struct mc_err *e)
{
	const char *refused = mc_facts_get(facts, "REFUSED");
	const char *serial = mc_facts_get(facts, "ISSUED");

	mc_row_heading(q->rows, "what this CA would answer now");
	mc_row(q->rows, "  profile", "", "%s", q->profile->name);
	if (!done) {
		mc_row(q->rows, "  answer", "4.3", "no CertRep: HTTP %d",
		    mc_http_status(e->code));
		mc_row(q->rows, "  because", "", "%s", e->text);
		return;
	}
	if (a->status == MC_SCEP_SUCCESS)
		mc_row(q->rows, "  answer", "3.3.2.1", "SUCCESS%s%s",
		    serial ? ", with certificate " : "", serial ? serial : "");
	if (a->status == MC_SCEP_PENDING)
		mc_row(q->rows, "  answer", "3.3.2.3",
		    "PENDING: a person, or a program, is to decide");
	if (a->status != MC_SCEP_FAILURE)
		return;
	mc_row(q->rows, "  answer", "3.3.2.2", "FAILURE, %s",
	    mc_scep_fail_name(a->why.fail));
	mc_row(q->rows, "  told", "3.2.1.4.1", "%s",
	    a->why.text ? a->why.text : "nothing more, on purpose");
	if (refused)
		mc_row(q->rows, "  because", "", "%s", refused);
}

/*
 * What was refused before its envelope was looked at has one all the same.  s
 * may be NULL.
 */
static void
envelope_find(struct mc_signed *s, struct mc_scep_request *r)
{
	struct mc_envelope_facts facts;
	struct mc_err unused = MC_ERR_INIT;

	if (!s || r->envelope.len > 0 ||
	    !mc_signed_content(s, &r->envelope, &unused) ||
	    !mc_envelope_parse(&r->envelope, &facts, &unused))
		return;
	r->cipher = facts.cipher;
	r->transport = facts.transport;
	r->several = facts.recipients > 1;
}

static void
request_rows(const struct inquiry *q, struct mc_signed *s)
{
	const struct mc_buf nothing = MC_BUF_INIT;
	AUTO_FACTS facts = { 0 };
	struct mc_err e = MC_ERR_INIT;
	struct mc_io io = { .in = &nothing, .facts = &facts };
	struct mc_scep_answer said = { .status = MC_SCEP_FAILURE };
	AUTO_EXCHANGE x = {
		.ca = q->ca, .profile = q->profile, .io = &io, .said = &said
	};
	bool done = mc_ca_exchange(&x, q->msg, &e);

	envelope_find(s, &x.request);
	if (x.request.envelope.len > 0) {
		x.ra = mc_ca_ra_find(q->ca, &x.request);
		mc_dissect_envelope(q->rows, &x.request.envelope);
		recipient_row(q, &x);
		content_rows(q, &x);
	}
	answer_rows(q, &said, done, &facts, &e);
}

/* A CertRep is for its requester's eyes. */
static void
reply_rows(const struct inquiry *q, struct mc_signed *s)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	bool ours = false;

	for (size_t i = 0; i < q->ca->ras; i++)
		ours |= X509_cmp(mc_signed_signer(s), q->ca->ra[i].cert) == 0;
	mc_row_heading(q->rows, "CertRep");
	mc_row(q->rows, "  signed by", "3.3.2", "%s",
	    ours ? "an RA of this CA" : "none of this CA's RAs");
	if (!mc_signed_content(s, &content, &e) || content.len == 0)
		return;
	mc_dissect_envelope(q->rows, &content);
	mc_row(q->rows, "  opens", "3.3.2.1",
	    "with the requester's key, or the challenge, alone");
}

/* GetNextCACert's answer: certs-only, signed. */
static bool
next_rows(const struct inquiry *q, struct mc_signed *s)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	AUTO(mc_certs) *certs = sk_X509_new_null();

	if (!certs || !mc_signed_content(s, &content, &e) ||
	    !mc_cms_certs_parse(&content, certs, &e))
		return false;
	mc_row_heading(q->rows, "GetNextCACert's answer");
	mc_row(q->rows, "  signed by", "4.7", "%s",
	    X509_cmp(mc_signed_signer(s), q->ca->cert) == 0
		? "this CA"
		: "another CA than this one");
	mc_dissect_certs(q->rows, certs);
	return true;
}

static void
signed_rows(const struct inquiry *q, struct mc_signed *s)
{
	int type = mc_dissect_type(s);
	const char *name = mc_scep_type_name(type);

	mc_row(q->rows, "kind", "3.2.1.2", "%s",
	    name       ? name
		: type ? "a pkiMessage of a type that RFC 8894 has not"
		       : "a signed message without a messageType "
			 "that can be read");
	mc_dissect_signed(q->rows, q->msg, s);
	if (type == MC_SCEP_CERTREP)
		reply_rows(q, s);
	else if (type || !next_rows(q, s))
		request_rows(q, s);
}

/* Certificates as GetCACert sends them. */
static bool
authority_rows(const struct inquiry *q)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_certs) *certs = sk_X509_new_null();
	X509 *one = NULL;
	bool alone = mc_cert_parse(q->msg->data, q->msg->len, &one, &e);
	bool read = certs &&
	    (alone ? sk_X509_push(certs, one) > 0
		   : mc_cms_certs_parse(q->msg, certs, &e));

	if (alone && !read)
		X509_free(one);
	if (!read)
		return false;
	if (alone && !X509_check_ca(one))
		mc_row(q->rows, "kind", "", "a certificate, and no CA's");
	else
		mc_row(q->rows, "kind", alone ? "4.2.1.1" : "4.2.1.2",
		    "GetCACert's answer, %s",
		    alone ? "a CA alone" : "a CA with its RA, or a chain");
	mc_dissect_certs(q->rows, certs);
	return true;
}

static void
all_rows(const struct inquiry *q)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_signed) *s = NULL;

	mc_row(q->rows, "size", "", "%zu octets", q->msg->len);
	if (mc_signed_parse(q->msg, MC_GATE_WEAK, NULL, &s, &e)) {
		signed_rows(q, s);
		return;
	}
	if (authority_rows(q))
		return;
	mc_row(q->rows, "stops here", "3.2", "%s", e.text);
	mc_dissect_debris(q->rows, q->msg);
	request_rows(q, NULL);
}

/* As it was, or as a GET carries it. */
static bool
message_get(const struct mc_buf *in, struct mc_buf *msg, struct mc_err *e)
{
	struct mc_err unused = MC_ERR_INIT;

	if (in->len > 0 && in->data[0] != MC_BER_SEQUENCE &&
	    mc_scep_message_parse(mc_buf_str(in), in->len, msg, &unused))
		return true;
	mc_buf_clear(msg);
	return mc_buf_add(msg, in->data, in->len, e);
}

bool
mc_ca_explain(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_ROWS rows = { 0 };
	struct inquiry q = { .msg = &msg, .rows = &rows };

	if (!mc_ca_load(a->dir, MC_CA_STORE | MC_CA_RA_KEYS, &ca, e) ||
	    !mc_ca_admin_profile(ca->conf, a->profile, &q.profile, e) ||
	    !message_get(io->in, &msg, e))
		return false;
	q.ca = ca;
	all_rows(&q);
	if (rows.failed) {
		*e = rows.e;
		return false;
	}
	return mc_table_encode(&rows.text, io->out, e);
}
