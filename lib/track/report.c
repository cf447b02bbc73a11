/* SPDX-License-Identifier: ISC */
#include "track/report.h"

#include <stdio.h>

#include "base/table.h"
#include "base/time.h"

#define SHORT_ID 8 /* enough to tell 10,000 apart, mostly */

/* A token that ran out ends an enrolment that no device has come to. */
static const char *
state_of(const struct mc_enrolment *en)
{
	if (en->state == MC_ENROLMENT_STARTED && mc_time_now() >= en->expires)
		return "expired";
	return mc_enrolment_state_name(en->state);
}

static bool
list_one(void *ctx, const struct mc_enrolment *en, struct mc_err *e)
{
	char since[MC_TIME_TEXT];

	return mc_buf_printf(ctx, e, "%.*s\t%s\t%s\t%s\t%s\t%s\n", SHORT_ID,
	    en->id, en->user, state_of(en), en->device ? en->device : "-",
	    mc_time_format(en->since, since), en->reason ? en->reason : "");
}

bool
mc_report_list(
    struct mc_store *s, const char *user, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF rows = MC_BUF_INIT;

	return mc_buf_puts(
		   &rows, "ID\tUSER\tSTATE\tDEVICE\tSINCE\tREASON\n", e) &&
	    mc_store_enrolment_list(s, user, NULL, list_one, &rows, e) &&
	    mc_table_encode(&rows, to, e);
}

struct only_one {
	char id[MC_UUID_TEXT];
	size_t n;
};

static bool
count_one(void *ctx, const struct mc_enrolment *en, struct mc_err *e)
{
	struct only_one *one = ctx;

	(void)e;
	memcpy(one->id, en->id, sizeof(one->id));
	one->n++;
	return true;
}

static bool
find_one(struct mc_store *s, const char *prefix, struct mc_enrolment *out,
    struct mc_err *e)
{
	struct only_one one = { .n = 0 };
	bool found = false;

	if (!mc_store_enrolment_list(s, NULL, prefix, count_one, &one, e))
		return false;
	if (one.n > 1)
		return mc_fail(e, MC_USAGE,
		    "%.40s: %zu enrolments begin so; give more of the id",
		    prefix, one.n);
	if (one.n == 1 &&
	    !mc_store_enrolment_find(
		s, MC_ENROLMENT_ID, one.id, out, &found, e))
		return false;
	return found ||
	    mc_fail(e, MC_NOINPUT, "%.40s: no such enrolment", prefix);
}

static bool
line(struct mc_buf *to, const char *name, const char *value, struct mc_err *e)
{
	return !value || !*value ||
	    mc_buf_printf(to, e, "%s\t%s\n", name, value);
}

static bool
show_facts(const struct mc_enrolment *en, struct mc_buf *rows, struct mc_err *e)
{
	char since[MC_TIME_TEXT];
	char until[MC_TIME_TEXT];

	mc_time_format(en->since, since);
	mc_time_format(en->expires, until);
	return line(rows, "enrolment", en->id, e) &&
	    line(rows, "user", en->user, e) &&
	    mc_buf_printf(
		rows, e, "state\t%s since %s\n", state_of(en), since) &&
	    mc_buf_printf(rows, e, "token\t%s %s\n",
		mc_time_now() < en->expires ? "good until" : "expired",
		until) &&
	    line(rows, "device", en->device, e) &&
	    line(rows, "UDID", en->udid, e) &&
	    line(rows, "factory certificate", en->factory, e) &&
	    line(rows, "subject", en->subject, e) &&
	    line(rows, "certificate", en->pin, e) &&
	    line(rows, "stopped because", en->reason, e);
}

static bool
show_event(void *ctx, const struct mc_event *ev, struct mc_err *e)
{
	char at[MC_TIME_TEXT];

	return mc_buf_printf(ctx, e, "%s\t%s\t%s\t%s\n",
	    mc_time_format(ev->at, at), ev->step, ev->done ? "ok" : "refused",
	    ev->reason);
}

bool
mc_report_show(
    struct mc_store *s, const char *prefix, struct mc_buf *to, struct mc_err *e)
{
	AUTO_ENROLMENT en = { 0 };
	AUTO_BUF facts = MC_BUF_INIT;
	AUTO_BUF events = MC_BUF_INIT;

	return find_one(s, prefix, &en, e) && show_facts(&en, &facts, e) &&
	    mc_store_event_list(s, en.id, show_event, &events, e) &&
	    mc_table_encode(&facts, to, e) && mc_buf_puts(to, "\n", e) &&
	    mc_table_encode(&events, to, e);
}
