/* SPDX-License-Identifier: ISC */
/*
 * A plist that is read can be written, what is written can be read again,
 * and is then written as the same bytes.  Who is told of faults reads what the
 * strict reader does, and as that does where there are none.
 */
#include "help.h"
#include "plist/path.h"

struct told {
	unsigned faults;
	unsigned stop_at;
};

static bool
on_fault(void *ctx, enum mc_fault fault, struct mc_place at, const char *path,
    const char *text, struct mc_err *e)
{
	struct told *told = ctx;

	must(fault <= MC_FAULT_VALUE && text[0] && !strchr(text, '\n'));
	must(strlen(path) < MC_PATH_TEXT && !strchr(path, '\n'));
	must(!at.line == !at.column);
	return ++told->faults != told->stop_at ||
	    mc_fail(e, MC_DENIED, "enough");
}

static bool
on_comment(void *ctx, struct mc_place at, const char *text, struct mc_err *e)
{
	(void)ctx;
	(void)text;
	(void)e;
	must(at.line && at.column);
	return true;
}

static mc_plist *
parse(const struct mc_buf *b)
{
	struct mc_err e = MC_ERR_INIT;
	mc_plist *p = NULL;

	must(mc_plist_parse(b, MC_PLIST_DEPTH_FILE, &p, &e) == (p != NULL));
	/* a refusal says where */
	must(p ||
	    (e.code == MC_MALFORMED && e.text[0] >= '1' && e.text[0] <= '9' &&
		!strchr(e.text, '\n')));
	return p;
}

/* Each value of XML has a place, and its key's is not behind it. */
static void
places(const struct mc_marks *m, const mc_plist *p)
{
	AUTO_PLIST_ITER it = { .in = p };
	struct mc_place value = mc_marks_value(m, p);
	struct mc_place key = mc_marks_key(m, p);

	must(value.line && value.column && key.column);
	must(key.line < value.line ||
	    (key.line == value.line && key.column <= value.column));
	while (mc_plist_iter_next(&it))
		places(m, it.value);
}

static mc_plist *
look(const struct mc_buf *b, struct told *told)
{
	struct mc_marks *marks = NULL;
	struct mc_place stopped = { 1, 1 };
	const struct mc_plist_reading how = { .fault = on_fault,
		.comment = on_comment,
		.ctx = told,
		.marks = &marks,
		.stopped = &stopped };
	struct mc_err e = MC_ERR_INIT;
	mc_plist *p = NULL;

	must(mc_plist_read(b, &how, &p, &e) == (p != NULL));
	must((p != NULL) == (marks != NULL));
	must(!p || (!stopped.line && !stopped.column));
	must(p || e.code == MC_MALFORMED || told->stop_at);
	if (p && !mc_plist_is_binary(b))
		places(marks, p);
	mc_marks_free(marks);
	return p;
}

static void
encode(const mc_plist *p, struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;

	must(mc_plist_encode(p, to, &e));
}

static bool
same(const struct mc_buf *a, const struct mc_buf *b)
{
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

/* Written, read and written again. */
static void
round_trip(const struct mc_buf *once)
{
	AUTO_BUF twice = MC_BUF_INIT;
	AUTO(mc_plist) *q = parse(once);

	must(q != NULL);
	encode(q, &twice);
	must(same(once, &twice));
}

/* Both ways of reading are one where there is no fault. */
static void
compare(const struct mc_buf *in, const struct mc_buf *loose, unsigned faults)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO(mc_plist) *p = NULL;
	struct mc_err e = MC_ERR_INIT;

	must(mc_plist_read(in, NULL, &p, &e) == (faults == 0));
	if (!p)
		return;
	encode(p, &text);
	must(same(&text, loose));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	AUTO(mc_plist) *p = NULL;
	AUTO(mc_plist) *strict = NULL;
	AUTO(mc_plist) *stopped = NULL;
	struct told told = { 0 };
	struct told stop = { .stop_at = 1 };
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	p = look(&in, &told);
	strict = parse(&in);
	must(!strict || p);
	if (!p)
		return 0;
	encode(p, &out);
	round_trip(&out);
	compare(&in, &out, told.faults);
	must(
	    (strict != NULL) == (told.faults == 0 && !mc_plist_is_binary(&in)));
	stopped = look(&in, &stop);
	must((stopped != NULL) == (told.faults == 0));
	return 0;
}
