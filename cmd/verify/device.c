/* SPDX-License-Identifier: ISC */
#include "verify/device.h"

#include <inttypes.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/name.h"
#include "device/answer.h"
#include "plist/path.h"
#include "verify/sent.h"

/* Attributes that are told to people. */
#define LINES_MAX 64
/* What a clock may be off without a word. */
#define CLOCK_SLACK (5 * MC_MINUTE)

bool
mc_device_check(const struct mc_verdict *v, struct mc_err *e)
{
	AUTO_SENT s = { 0 };
	const struct mc_sent_wrong *w = &s.wrong[0];

	if (!mc_sent_init(&s, v, e))
		return false;
	return s.wrongs == 0 ||
	    mc_fail(e, MC_MISMATCH, "not what a device sends: %s%s%s", w->key,
		*w->key ? ": " : "", w->text);
}

/* In a unit of which there are two or more: "90 seconds", "47 hours". */
static const char *
span(int64_t seconds, char text[static 48])
{
	static const struct {
		const char *name;
		int64_t unit;
	} units[] = {
		{ "day", MC_DAY },
		{ "hour", MC_HOUR },
		{ "minute", MC_MINUTE },
		{ "second", 1 },
	};
	size_t i = 0;
	int64_t n;

	while (i < 3 && seconds < 2 * units[i].unit)
		i++;
	n = seconds / units[i].unit;
	snprintf(
	    text, 48, "%" PRId64 " %s%s", n, units[i].name, n == 1 ? "" : "s");
	return text;
}

/* "NAME:" once, and its other lines under the first. */
static bool
head(const char *name, bool first, const char *indent, struct mc_buf *to,
    struct mc_err *e)
{
	return mc_buf_printf(
	    to, e, "%-*s", (int)strlen(indent), first ? name : "");
}

static bool
phase_line(const struct mc_sent *s, const char *indent, struct mc_buf *to,
    struct mc_err *e)
{
	if (s->phase == 0)
		return true;
	if (!head("phase:", true, indent, to, e))
		return false;
	if (s->phase == 3)
		return mc_buf_puts(
		    to, "3, signed by an enrolled identity\n", e);
	if (!mc_buf_puts(to, "2, signed by a factory certificate", e))
		return false;
	if (s->challenged)
		return mc_buf_printf(to, e,
		    ", with a challenge of %zu byte%s\n", s->challenge,
		    s->challenge == 1 ? "" : "s");
	return mc_buf_puts(to, s->dict ? ", without a challenge\n" : "\n", e);
}

static bool
dates_line(const struct mc_verdict *v, const char *indent, struct mc_buf *to,
    struct mc_err *e)
{
	struct mc_err none = MC_ERR_INIT;
	int64_t from;
	int64_t until;
	int n = mc_sent_expired(v);
	char when[MC_TIME_TEXT];

	if (!mc_cert_validity(
		mc_signed_signer(v->message), &from, &until, &none))
		return true;
	if (!head("", false, indent, to, e))
		return false;
	if (v->at < from)
		return mc_buf_printf(
		    to, e, "not valid before %s\n", mc_time_format(from, when));
	if (!mc_buf_printf(to, e, "%s %s",
		until < v->at ? "expired" : "valid until",
		mc_time_format(until, when)))
		return false;
	if (n == 0)
		return mc_buf_puts(to, "\n", e);
	return mc_buf_printf(to, e,
	    "; %d of its chain's %d have expired, as factory chains do\n", n,
	    sk_X509_num(v->chain));
}

/* The factory certificate; in words also where no leg trusts it. */
static bool
factory_lines(const struct mc_verdict *v, const struct mc_sent *s,
    const char *indent, struct mc_buf *to, struct mc_err *e)
{
	X509 *signer = v->message ? mc_signed_signer(v->message) : NULL;
	const char *seen = mc_sent_seen(s);
	char name[MC_NAME_TEXT];

	if (!signer || (s->phase != 2 && !*s->mark))
		return true;
	if (!head("factory:", true, indent, to, e) ||
	    !mc_buf_printf(to, e, "issued by %s\n",
		mc_name_show(X509_get_issuer_name(signer), name)) ||
	    !head("", false, indent, to, e))
		return false;
	if (!mc_buf_printf(to, e, "%s%s%s%s%s\n",
		*s->mark ? "extension " : "no extension of Apple's", s->mark,
		seen ? ", as seen with " : "", seen ? seen : "",
		seen ? "s" : ""))
		return false;
	return dates_line(v, indent, to, e);
}

static bool
clock_line(const struct mc_verdict *v, const struct mc_sent *s,
    const char *indent, struct mc_buf *to, struct mc_err *e)
{
	bool ahead = s->skew > 0;
	int64_t off = ahead ? s->skew : -s->skew;
	char text[48];

	if (!v->message)
		return true;
	if (!head("clock:", true, indent, to, e))
		return false;
	if (!s->timed)
		return mc_buf_puts(
		    to, "not known: the message has no signing time\n", e);
	if (off == 0)
		return mc_buf_puts(to, "agrees\n", e);
	if (!mc_buf_printf(to, e, "signed %s %s the time of this report",
		span(off, text), ahead ? "after" : "before"))
		return false;
	if (off <= CLOCK_SLACK)
		return mc_buf_puts(to, "\n", e);
	return mc_buf_puts(to,
	    ahead ? ": the device's clock is ahead\n"
		  : ": an old message, or the device's clock is behind\n",
	    e);
}

/* A value in words, fit for one line. */
static void
value_show(const mc_plist *node, char *text, size_t room)
{
	const char *s = mc_plist_str(node);
	int64_t n;
	bool b;

	if (s)
		snprintf(text, room, "%s", *s ? s : "(empty)");
	else if (mc_plist_bool(node, &b))
		snprintf(text, room, "%s", b ? "true" : "false");
	else if (mc_plist_int(node, &n))
		snprintf(text, room, "%" PRId64, n);
	else
		snprintf(text, room, "(%s)",
		    mc_plist_type_name(mc_plist_type(node)));
	mc_text_show(text);
}

static bool
sent_line(const char *key, const mc_plist *node, bool first, const char *indent,
    struct mc_buf *to, struct mc_err *e)
{
	bool known = mc_answer_known(key);
	char name[MC_QUOTE_TEXT];
	char value[256];

	value_show(node, value, sizeof(value));
	return head("sent:", first, indent, to, e) &&
	    mc_buf_printf(to, e, "%-16s%s%s\n", mc_path_quote(key, name), value,
		known ? "" : "  (no attribute that Apple documents)");
}

static bool
sent_lines(const struct mc_sent *s, const char *indent, struct mc_buf *to,
    struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = mc_sent_attributes(s) };
	size_t n = 0;

	while (mc_plist_iter_next(&it)) {
		if (strcmp(it.key, "CHALLENGE") == 0)
			continue;
		if (n < LINES_MAX &&
		    !sent_line(it.key, it.value, n == 0, indent, to, e))
			return false;
		n++;
	}
	if (it.failed)
		return mc_fail_memory(e);
	return n <= LINES_MAX ||
	    (head("", false, indent, to, e) &&
		mc_buf_printf(to, e, "and %zu more\n", n - LINES_MAX));
}

static bool
wrong_lines(const struct mc_sent *s, const char *indent, struct mc_buf *to,
    struct mc_err *e)
{
	for (size_t i = 0; i < s->wrongs; i++)
		if (!head("wrong:", i == 0, indent, to, e) ||
		    !mc_buf_printf(to, e, "%s%s%s\n", s->wrong[i].key,
			*s->wrong[i].key ? ": " : "", s->wrong[i].text))
			return false;
	return true;
}

bool
mc_device_describe(const struct mc_verdict *v, const char *indent,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_SENT s = { 0 };

	return mc_sent_init(&s, v, e) && phase_line(&s, indent, to, e) &&
	    factory_lines(v, &s, indent, to, e) &&
	    clock_line(v, &s, indent, to, e) && sent_lines(&s, indent, to, e) &&
	    wrong_lines(&s, indent, to, e);
}
