/* SPDX-License-Identifier: ISC */
#include "verify/report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/name.h"
#include "lint/report_part.h"
#include "plist/plist.h"

const char *
mc_verdict_word(enum mc_code code)
{
	switch (code) {
	case MC_OK:
		return "good";
	case MC_MALFORMED:
		return "malformed";
	case MC_UNSIGNED:
		return "unsigned";
	case MC_ALTERED:
		return "altered";
	case MC_UNTRUSTED:
		return "untrusted";
	case MC_REVOKED:
		return "revoked";
	case MC_OUTOFDATE:
		return "out-of-date";
	case MC_MISMATCH:
		return "mismatch";
	case MC_DENIED:
		return "denied";
	case MC_NOINPUT:
		return "missing";
	case MC_USAGE:
	case MC_INTERNAL:
	case MC_IO:
	case MC_RETRY:
		break;
	}
	return "failed";
}

/* As the chain's tree counts them: an hour is a day; negative: gone by. */
static int64_t
begun_days(int64_t left)
{
	return left < 0 ? -((-left + MC_DAY - 1) / MC_DAY)
			: (left + MC_DAY - 1) / MC_DAY;
}

/* A cell holds neither tabs nor line ends. */
static bool
cell(const char *s, struct mc_buf *to, struct mc_err *e)
{
	char *copy = s && *s ? strdup(s) : strdup("-");
	bool done;

	if (!copy)
		return mc_fail_memory(e);
	mc_text_show(copy);
	done = mc_buf_puts(to, copy, e);
	free(copy);
	return done;
}

bool
mc_report_file_encode(
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e)
{
	return cell(v->file, to, e) && mc_buf_puts(to, "\n", e);
}

bool
mc_report_row_encode(
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_plist) *profile = NULL;
	struct mc_err why = MC_ERR_INIT;
	char name[MC_NAME_TEXT] = "";
	char days[32] = "";
	X509 *first;
	int64_t left;

	mc_verdict_check(v, &why);
	if (v->message)
		mc_name_show(
		    X509_get_subject_name(mc_signed_signer(v->message)), name);
	if (!v->dateless && mc_verdict_first(v, &first, &left))
		snprintf(days, sizeof(days), "%" PRId64, begun_days(left));
	if (!cell(v->file, to, e) || !mc_buf_puts(to, "\t", e) ||
	    !cell(mc_verdict_word(why.code), to, e) ||
	    !mc_buf_puts(to, "\t", e) || !cell(name, to, e) ||
	    !mc_buf_puts(to, "\t", e) || !cell(days, to, e) ||
	    !mc_buf_puts(to, "\t", e))
		return false;
	if (v->content.len &&
	    !mc_plist_read(&v->content, NULL, &profile, &why) &&
	    why.code != MC_MALFORMED) {
		*e = why;
		return false;
	}
	return cell(mc_plist_get_str(profile, "PayloadIdentifier"), to, e) &&
	    mc_buf_puts(to, "\n", e);
}

static bool
member(const char *name, const char *s, struct mc_buf *to, struct mc_err *e)
{
	return !s || !*s ||
	    (mc_buf_printf(to, e, "  %s: ", name) &&
		mc_report_quote(to, s, e) && mc_buf_puts(to, "\n", e));
}

bool
mc_report_tap_encode(
    const struct mc_verdict *v, size_t n, struct mc_buf *to, struct mc_err *e)
{
	/* what follows "#" would be a directive */
	static const char *const with[] = { "\\#", "\\\\" };
	struct mc_err why = MC_ERR_INIT;
	bool good = mc_verdict_check(v, &why);
	char name[MC_NAME_TEXT] = "";
	char status[16];

	if (!mc_buf_printf(to, e, "%sok %zu - ", good ? "" : "not ", n) ||
	    !mc_report_escape(to, v->file ? v->file : "-", "#\\", with, e) ||
	    !mc_buf_puts(to, "\n", e))
		return false;
	if (good)
		return true;
	if (v->message)
		mc_name_show(
		    X509_get_subject_name(mc_signed_signer(v->message)), name);
	snprintf(status, sizeof(status), "%d", mc_exit_status(why.code));
	return mc_buf_printf(to, e, "  ---\n  exit: %s\n", status) &&
	    member("verdict", mc_verdict_word(why.code), to, e) &&
	    member("reason", why.text, to, e) &&
	    member("signer", name, to, e) && mc_buf_puts(to, "  ...\n", e);
}
