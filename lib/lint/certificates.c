/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"
#include "lint/variables.h"

#include "base/time.h"
#include "crypto/key.h"
#include "crypto/look.h"
#include "crypto/name.h"

/* Time enough to get another one to every device. */
#define SOON (30 * MC_DAY)

/* The payload that is looked at. */
struct subject {
	const struct mc_lint *l;
	const char *type;
	const mc_plist *node; /* PayloadContent */
	struct mc_path path;
	char name[MC_NAME_TEXT];
	struct mc_cert_look look;
};

static bool
tell_date(const struct subject *s, unsigned code, const char *what, int64_t t,
    struct mc_err *e)
{
	char at[MC_TIME_TEXT];
	char span[MC_SPAN_TEXT];

	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = code, .path = &s->path, .node = s->node), e,
	    "%s: %s %s, %s", s->name, what,
	    mc_lint_span(t, s->l->options->now, span), mc_time_format(t, at));
}

static bool
check_dates(const struct subject *s, struct mc_err *e)
{
	int64_t now = s->l->options->now;
	int64_t until = s->look.not_after;

	if (now > until)
		return tell_date(s, 1302, "it expired", until, e);
	if (now < s->look.not_before)
		return tell_date(
		    s, 1303, "it is not valid yet, but", s->look.not_before, e);
	if (until - now < SOON)
		return tell_date(s, 1304, "it expires", until, e);
	return true;
}

static bool
check_strength(const struct subject *s, struct mc_err *e)
{
	unsigned bits = s->look.rsa_bits;

	if (bits && bits < MC_RSA_MIN &&
	    !mc_lint_tell(s->l,
		MC_ABOUT(.code = 1305, .path = &s->path, .node = s->node,
		    .expected = "RSA of 2048 bits or more, or EC",
		    .severity = bits < MC_RSA_OLD ? MC_AS(MC_ERROR) : 0),
		e, "%s: an RSA key of %u bits", s->name, bits))
		return false;
	/* the signature of a root on itself proves nothing anyway */
	if (!s->look.weak_digest || s->look.self_issued)
		return true;
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1306, .path = &s->path, .node = s->node,
		.expected = "SHA-256 or better"),
	    e, "%s: signed with %s", s->name, s->look.digest);
}

static bool
check_ca(const struct subject *s, struct mc_err *e)
{
	if (strcmp(s->type, "com.apple.security.root") != 0 || s->look.ca)
		return true;
	/* that of one server, to be trusted by itself: it is done */
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1307, .path = &s->path, .node = s->node,
		.severity = s->look.self_issued ? MC_AS(MC_NOTICE) : 0),
	    e,
	    s->look.self_issued
		? "%s: it is no CA, so it is trusted for itself alone"
		: "%s: it is no CA, and did not sign itself: nothing can "
		  "chain to it",
	    s->name);
}

static bool
check_certificate(struct subject *s, const X509 *cert, struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;

	mc_name_show(X509_get_subject_name(cert), s->name);
	if (!mc_cert_look_init(&s->look, cert, &why))
		return mc_lint_tell(s->l,
		    MC_ABOUT(.code = 1300, .path = &s->path, .node = s->node),
		    e, "%s: its dates cannot be read", s->name);
	return check_dates(s, e) && check_strength(s, e) && check_ca(s, e);
}

static const char *
belongs_into(enum mc_blob kind)
{
	switch (kind) {
	case MC_BLOB_PKCS12:
		return "an identity belongs into com.apple.security.pkcs12";
	case MC_BLOB_PKCS7:
		return "openssl pkcs7 -print_certs takes the certificates out; "
		       "each needs a payload of its own";
	case MC_BLOB_UNKNOWN:
	case MC_BLOB_EMPTY:
	case MC_BLOB_CERT:
	case MC_BLOB_KEY:
	case MC_BLOB_PUBLIC_KEY:
	case MC_BLOB_REQUEST:
	case MC_BLOB_CRL:
		break;
	}
	return NULL;
}

static bool
tell_foreign(
    const struct subject *s, const struct mc_blob_look *b, struct mc_err *e)
{
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1300, .path = &s->path, .node = s->node,
		.expected = "a certificate in DER or PEM",
		.suggestion = belongs_into(b->kind)),
	    e,
	    b->pem && b->kind == MC_BLOB_UNKNOWN
		? "not a certificate: its PEM is damaged%s"
		: "not a certificate: it is %s",
	    b->pem && b->kind == MC_BLOB_UNKNOWN ? "" : mc_blob_name(b->kind));
}

/* What is around the certificate, or beside it. */
static bool
check_packing(
    const struct subject *s, const struct mc_blob_look *b, struct mc_err *e)
{
	bool pem = strcmp(s->type, "com.apple.security.pem") == 0;

	if (b->key &&
	    !mc_lint_tell(s->l,
		MC_ABOUT(.code = 1308, .path = &s->path, .node = s->node), e,
		"there is a private key in it, which every device would get"))
		return false;
	if (b->certs > 1 &&
	    !mc_lint_tell(s->l,
		MC_ABOUT(.code = 1309, .path = &s->path, .node = s->node,
		    .suggestion = "make a payload of each"),
		e, "%zu certificates in one payload: a device takes the first",
		b->certs))
		return false;
	if (b->pem == pem || b->kind != MC_BLOB_CERT)
		return true;
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1301, .path = &s->path, .node = s->node), e,
	    pem ? "DER in a payload for PEM, which devices take as well"
		: "PEM in a payload for DER, which devices take as well");
}

static bool
check_payload(struct subject *s, struct mc_err *e)
{
	AUTO_BUF bytes = MC_BUF_INIT;
	AUTO_BLOB_LOOK blob = { 0 };
	const uint8_t *data;
	const char *at;
	size_t len;

	/* another type is the schema's business */
	if (!mc_plist_data(s->node, &data, &len))
		return true;
	if (!mc_buf_add(&bytes, data, len, e) ||
	    !mc_blob_look_parse(&bytes, &blob, e))
		return false;
	if (blob.kind == MC_BLOB_UNKNOWN && !memchr(data, 0, len) &&
	    mc_variable_find(mc_buf_str(&bytes), &at))
		return true;
	if (!check_packing(s, &blob, e))
		return false;
	if (!blob.cert)
		return tell_foreign(s, &blob, e);
	return check_certificate(s, blob.cert, e);
}

bool
mc_rule_certificates(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_payload_iter it;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		struct subject s = { .l = l, .type = it.type };

		if (!mc_lint_is_certificate(it.type))
			continue;
		s.node = mc_plist_get(it.payload, "PayloadContent");
		s.path = (struct mc_path){ &it.item, "PayloadContent", 0 };
		if (!check_payload(&s, e))
			return false;
	}
	return mc_part_pkcs12(l, e);
}
