/* SPDX-License-Identifier: ISC */
#include "gen/bulk.h"

#include <stdio.h>

#include "base/fd.h"
#include "gen/folder.h"
#include "profile/sheet.h"

#define TOLD_MAX 20 /* rows that failed, by name */
#define COUNT_TEXT 32

struct bulk {
	const struct mc_gen_template_args *args;
	struct mc_gen_filling *filling;
	struct mc_vars *vars;
	size_t common; /* of vars */
	struct mc_io *io;
	const char *label; /* of the list, for messages */
	struct mc_sheet rows;
	struct mc_gen_folder folder;
	int64_t all; /* rows; 0: not counted */
	int64_t done;
	int64_t failed;
	struct mc_buf bad; /* the rows that failed, as they stand */
};

static void
bulk_clear(struct bulk *b)
{
	mc_sheet_clear(&b->rows);
	mc_gen_folder_clear(&b->folder);
	mc_buf_clear(&b->bad);
}
#define AUTO_BULK __attribute__((cleanup(bulk_clear))) struct bulk

/* 10000 as "10,000". */
static const char *
count_text(int64_t n, char text[static COUNT_TEXT])
{
	char digits[COUNT_TEXT];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)n);
	size_t at = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

static bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s);
	size_t m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static enum mc_sheet_format
format_of(const struct mc_gen_template_args *args)
{
	if (args->each_format)
		return args->each_format == 1 ? MC_SHEET_CSV : MC_SHEET_JSON;
	return ends_in(args->each, ".jsonl") || ends_in(args->each, ".ndjson")
	    ? MC_SHEET_JSON
	    : MC_SHEET_CSV;
}

/* What is no row's own fault, and would befall those to come too. */
static bool
is_fatal(const struct mc_err *e)
{
	return e->code == MC_IO || e->code == MC_RETRY ||
	    e->code == MC_INTERNAL;
}

/* Tell of a row that failed, and keep it. */
static bool
fail_row(struct bulk *b, const struct mc_err *why, struct mc_err *e)
{
	const struct mc_sheet_text *row = &b->rows.row;
	AUTO_BUF line = MC_BUF_INIT;

	b->failed++;
	if (b->failed <= TOLD_MAX && b->io->say) {
		if (!mc_buf_printf(
			&line, e, "%s:%u: %s", b->label, row->line, why->text))
			return false;
		b->io->say(mc_buf_str(&line));
	}
	if (!b->args->failed)
		return true;
	return mc_buf_add(&b->bad, row->s, row->len, e) &&
	    (row->len == 0 || row->s[row->len - 1] == '\n' ||
		mc_buf_puts(&b->bad, "\n", e));
}

static bool
make(struct bulk *b, struct mc_err *e)
{
	AUTO(mc_plist) *profile = NULL;
	AUTO_BUF name = MC_BUF_INIT;

	return (mc_vars_expand(b->vars, b->args->name, &name, e) ||
		   mc_note(e, "--name")) &&
	    mc_gen_filling_make(b->filling, b->vars, &profile, e) &&
	    mc_gen_folder_put(
		&b->folder, mc_buf_str(&name), b->rows.row.line, profile, e);
}

/*
 * Would a row do?  Values that nobody has stand for those of the columns, so
 * that what is wrong with the template is said once and not of each row.
 */
static bool
rehearse(struct bulk *b, struct mc_err *e)
{
	AUTO(mc_plist) *profile = NULL;
	AUTO_BUF name = MC_BUF_INIT;
	AUTO_BUF value = MC_BUF_INIT;
	const struct mc_sheet *r = &b->rows;

	for (size_t i = 0; i < r->n; i++) {
		mc_buf_clear(&value);
		if (!mc_buf_printf(&value, e, "<%s>", r->names[i]))
			return false;
		if (!mc_vars_add(b->vars, r->names[i], mc_buf_str(&value), e))
			return mc_note(e, "%s:%u: a column and --var", b->label,
			    r->head.line);
	}
	if (!mc_vars_expand(b->vars, b->args->name, &name, e))
		return mc_note(e, "--name");
	if (!mc_gen_filling_make(b->filling, b->vars, &profile, e))
		return false;
	mc_vars_cut(b->vars, b->common);
	return true;
}

/* How many rows there are, for a person who waits. */
static bool
count(struct bulk *b, struct mc_err *e)
{
	struct mc_sheet ahead = b->rows; /* its names stay with b */
	struct mc_err ignored = MC_ERR_INIT;
	enum mc_sheet_step step;

	if (!b->io->progress)
		return true;
	while (
	    (step = mc_sheet_next(&ahead, b->vars, &ignored)) != MC_SHEET_END) {
		mc_vars_cut(b->vars, b->common);
		if (step == MC_SHEET_BAD && is_fatal(&ignored)) {
			*e = ignored;
			return false;
		}
		b->all++;
	}
	return true;
}

static bool
each(struct bulk *b, struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;
	enum mc_sheet_step step;
	char n[COUNT_TEXT];

	while (
	    (step = mc_sheet_next(&b->rows, b->vars, &why)) != MC_SHEET_END) {
		if (step == MC_SHEET_ROW && !make(b, &why))
			step = MC_SHEET_BAD;
		mc_vars_cut(b->vars, b->common);
		if (step == MC_SHEET_BAD && is_fatal(&why)) {
			*e = why;
			return mc_note(e, "%s:%u: stopped behind %s profiles",
			    b->label, b->rows.row.line,
			    count_text(b->folder.written, n));
		}
		if (step == MC_SHEET_BAD && !fail_row(b, &why, e))
			return false;
		b->done++;
		if (b->io->progress)
			b->io->progress("profiles", b->done, b->all);
	}
	return true;
}

/*
 * The rows that failed, under the names that they came with: for their owner,
 * as nobody knows which of the columns are secrets.
 */
static bool
save_failed(const struct bulk *b, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	if (!b->args->failed)
		return true;
	return ((!b->rows.head.len ||
		    mc_buf_add(&text, b->rows.head.s, b->rows.head.len, e)) &&
		   mc_buf_add(&text, b->bad.data, b->bad.len, e) &&
		   mc_file_update(
		       b->args->failed, &text, b->folder.mode & 0600, e)) ||
	    mc_note(e, "--failed");
}

static bool
sum(struct bulk *b, struct mc_err *e)
{
	char n[4][COUNT_TEXT];
	AUTO_BUF more = MC_BUF_INIT;

	if (b->failed > TOLD_MAX && b->io->say) {
		if (!mc_buf_printf(&more, e, "and %s more",
			count_text(b->failed - TOLD_MAX, n[0])))
			return false;
		b->io->say(mc_buf_str(&more));
	}
	if (!mc_buf_printf(b->io->out, e, "%s of %s profiles written",
		count_text(b->folder.written, n[0]), count_text(b->done, n[1])))
		return false;
	if (b->folder.kept &&
	    !mc_buf_printf(b->io->out, e, "; %s were there already",
		count_text(b->folder.kept, n[2])))
		return false;
	if (b->failed &&
	    !mc_buf_printf(b->io->out, e, "; %s row%s failed",
		count_text(b->failed, n[3]), b->failed == 1 ? "" : "s"))
		return false;
	return mc_buf_puts(b->io->out, "\n", e);
}

/* The list, which is io's message where it has no name. */
static bool
load(struct bulk *b, struct mc_buf *file, struct mc_err *e)
{
	const struct mc_buf *text = file;

	if (strcmp(b->args->each, "-") != 0) {
		b->label = b->args->each;
		if (!mc_file_load(b->label, file, e))
			return mc_note(e, "--each");
	} else {
		b->label = "standard input";
		if (!mc_io_read(b->io, e))
			return false;
		text = b->io->in;
	}
	if (mc_sheet_init(&b->rows, format_of(b->args), text, e))
		return true;
	return text == file ? mc_note(e, "%s:%u", b->label, b->rows.head.line)
			    : mc_note(e, "%u", b->rows.head.line);
}

bool
mc_gen_bulk(const struct mc_gen_template_args *args,
    struct mc_gen_filling *filling, struct mc_vars *vars, struct mc_io *io,
    struct mc_err *e)
{
	AUTO_BUF file = MC_BUF_INIT;
	AUTO_BULK b = {
		.args = args,
		.filling = filling,
		.vars = vars,
		.common = vars->n,
		.io = io,
	};
	char n[2][COUNT_TEXT];

	if (!load(&b, &file, e) ||
	    (b.rows.format == MC_SHEET_CSV && !rehearse(&b, e)) ||
	    !count(&b, e) ||
	    !mc_gen_folder_init(
		&b.folder, args->output_dir, "line", args->replace, e))
		return false;
	if (io->secret)
		b.folder.mode &= 0600;
	if (!each(&b, e) || !mc_gen_folder_sync(&b.folder, e) ||
	    !save_failed(&b, e) || !sum(&b, e))
		return false;
	io->report = true;
	return b.failed == 0 ||
	    mc_fail(e, MC_DENIED, "%s of %s rows failed",
		count_text(b.failed, n[0]), count_text(b.done, n[1]));
}
