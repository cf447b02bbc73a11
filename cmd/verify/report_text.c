/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/describe.h"
#include "crypto/name.h"
#include "verify/device.h"
#include "verify/profile.h"
#include "verify/report.h"

#define INDENT MC_REPORT_INDENT

/* Whoever has to get another certificate is told early enough. */
#define SOON (30 * MC_DAY)

struct page {
	const struct mc_verdict *v;
	struct mc_buf *to;
	bool colour;
};

enum ink { GOOD, DOUBTFUL, BAD };

static const char *
ink_begin(const struct page *p, enum ink ink)
{
	static const char *const codes[] = {
		[GOOD] = "\x1b[32m",
		[DOUBTFUL] = "\x1b[33m",
		[BAD] = "\x1b[1;31m",
	};

	return p->colour ? codes[ink] : "";
}

static const char *
ink_end(const struct page *p)
{
	return p->colour ? "\x1b[m" : "";
}

/* "intact:    yes", "intact:    no: why" */
static bool
answer(const struct page *p, const char *name, const struct mc_err *why,
    const char *yes, struct mc_err *e)
{
	bool good = why->code == MC_OK;
	struct mc_err shown = *why;

	mc_text_show(shown.text); /* strangers are quoted in it */
	return mc_buf_printf(p->to, e, "%-*s%s%s%s%s%s\n", MC_REPORT_INDENT_LEN,
	    name, ink_begin(p, good ? GOOD : BAD), good ? "yes" : "no",
	    ink_end(p), good ? "" : ": ", good ? yes : shown.text);
}

/* The reason behind "not signed: ", which is said already. */
static const char *
why_unsigned(const char *text)
{
	static const char said[] = "not signed: ";
	size_t n = sizeof(said) - 1;

	return strncmp(text, said, n) == 0 ? text + n : text;
}

static bool
formless(const struct page *p, struct mc_err *e)
{
	struct mc_err why = p->v->form;

	if (why.code == MC_UNSIGNED)
		memmove(why.text, why_unsigned(p->v->form.text),
		    strlen(why_unsigned(p->v->form.text)) + 1);
	if (why.code == MC_UNSIGNED)
		return answer(p, "signed:", &why, "", e);
	if (why.code != MC_UNTRUSTED)
		return answer(p, "readable:", &why, "", e);
	return mc_buf_puts(p->to, "intact:    not known\n", e) &&
	    answer(p, "trusted:", &why, "", e);
}

static bool
dates(const struct page *p, struct mc_err *e)
{
	const struct mc_verdict *v = p->v;
	char when[MC_TIME_TEXT];
	char yes[MC_TIME_TEXT + 8] = "";

	if (v->dateless)
		return mc_buf_puts(p->to,
		    "in date:   not asked: factory chains outlive their "
		    "dates\n",
		    e);
	if (v->elsewhen)
		snprintf(
		    yes, sizeof(yes), ", at %s", mc_time_format(v->at, when));
	return answer(p, "in date:", &v->dates, yes, e);
}

/* The other way round: "no" is good. */
static bool
revoked(const struct page *p, struct mc_err *e)
{
	const struct mc_verdict *v = p->v;
	struct mc_err why = v->revoked;
	AUTO_BUF by = MC_BUF_INIT;
	enum ink ink = v->revoked.code == MC_OK ? GOOD : BAD;
	const char *word = v->revoked.code == MC_OK ? "no"
	    : v->revoked.code == MC_REVOKED         ? "yes"
						    : "not known";

	if (!v->revocable)
		return true;
	if (!v->chain)
		return mc_buf_puts(
		    p->to, "revoked:   not known: its issuer is not\n", e);
	if (v->revocation.source &&
	    !mc_buf_printf(&by, e, ", by %s", v->revocation.source))
		return false;
	/* a folder's files may have strangers' names */
	mc_text_show(why.text);
	if (by.len)
		mc_text_show((char *)by.data);
	return mc_buf_printf(p->to, e, "revoked:   %s%s%s%s%s\n",
	    ink_begin(p, ink), word, ink_end(p), ink == BAD ? ": " : "",
	    ink == BAD ? why.text : mc_buf_str(&by));
}

static bool
answers(const struct page *p, struct mc_err *e)
{
	const struct mc_verdict *v = p->v;

	return answer(p, "intact:", &v->intact, "", e) &&
	    answer(p, "trusted:", &v->trust, v->leg ? v->leg->as : "", e) &&
	    dates(p, e) && revoked(p, e) &&
	    (!v->demanding || v->intact.code != MC_OK ||
		answer(p, "demanded:", &v->demands, ", all that was", e));
}

static bool
link(const struct page *p, const X509 *cert, int depth, struct mc_err *e)
{
	char name[MC_NAME_TEXT];
	int64_t from, to;
	enum ink ink = GOOD;

	if (!mc_cert_validity(cert, &from, &to, e))
		return false;
	if (p->v->at < from || p->v->at > to)
		ink = BAD;
	else if (to - p->v->at < SOON)
		ink = DOUBTFUL;
	return mc_buf_printf(p->to, e, "%s%*s%s, %s", depth ? INDENT : "",
		   2 * depth, "",
		   mc_name_show(X509_get_subject_name(cert), name),
		   p->v->dateless ? "" : ink_begin(p, ink)) &&
	    mc_cert_days(cert, p->v->at, p->to, e) &&
	    mc_buf_printf(p->to, e, "%s\n", p->v->dateless ? "" : ink_end(p));
}

/* The anchor first, and each below whom it issued. */
static bool
chain(const struct page *p, struct mc_err *e)
{
	int n = p->v->chain ? sk_X509_num(p->v->chain) : 0;

	if (n > 0 && !mc_buf_puts(p->to, "chain:     ", e))
		return false;
	for (int i = 0; i < n; i++)
		if (!link(p, sk_X509_value(p->v->chain, n - 1 - i), i, e))
			return false;
	return true;
}

static bool
signer(const struct page *p, struct mc_err *e)
{
	const struct mc_signed *s = p->v->message;
	X509 *cert = mc_signed_signer(s);
	char text[MC_NAME_TEXT];
	int64_t at;

	if (!mc_buf_printf(p->to, e, "signer:    %s\n",
		mc_name_show(X509_get_subject_name(cert), text)) ||
	    !chain(p, e))
		return false;
	if (mc_signed_time(s, &at) &&
	    !mc_buf_printf(
		p->to, e, "signed at: %s\n", mc_time_format(at, text)))
		return false;
	return mc_buf_printf(p->to, e,
	    "digest:    %s\nalgorithm: %s, %d bits\n", mc_signed_digest(s),
	    mc_signed_algorithm(s), EVP_PKEY_get_bits(X509_get0_pubkey(cert)));
}

static bool
content(const struct page *p, struct mc_err *e)
{
	const struct mc_verdict *v = p->v;

	if (v->device && v->message && !mc_device_describe(v, INDENT, p->to, e))
		return false;
	return v->intact.code != MC_OK ||
	    (v->form.code != MC_OK && v->form.code != MC_UNSIGNED) ||
	    (mc_buf_puts(p->to, "content:   ", e) &&
		mc_content_describe(&v->content, INDENT, p->to, e));
}

bool
mc_report_text_encode(const struct mc_verdict *v, bool colour,
    struct mc_buf *to, struct mc_err *e)
{
	const struct page p = { .v = v, .to = to, .colour = colour };

	if (v->form.code != MC_OK ? !formless(&p, e)
				  : !answers(&p, e) || !signer(&p, e))
		return false;
	return content(&p, e);
}
