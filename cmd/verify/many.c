/* SPDX-License-Identifier: ISC */
/* Many messages: judged by several processes, told in their order. */
#include "base/table.h"
#include "stage/batch.h"
#include "verify/job.h"
#include "verify/report.h"

struct many {
	struct mc_verify_job *job;
	struct mc_buf rows; /* of the table, which is made of all */
	struct mc_batch_sum sum;
};

static void
many_clear(struct many *m)
{
	mc_buf_clear(&m->rows);
}
#define AUTO_MANY __attribute__((cleanup(many_clear))) struct many

static bool
is_table(const struct many *m)
{
	return m->job->args->format == MC_VERIFY_TEXT && !m->job->args->verbose;
}

/* What is told of file i, in its format. */
static bool
encode(const struct many *m, const struct mc_verdict *v, size_t i,
    struct mc_buf *to, struct mc_err *e)
{
	if (is_table(m))
		return mc_report_row_encode(v, to, e);
	if (m->job->args->verbose &&
	    (!mc_buf_puts(to, i ? "\n" : "", e) ||
		!mc_report_file_encode(v, to, e)))
		return false;
	return mc_verify_report(m->job, v, i + 1, to, e);
}

/* In a worker.  A file that cannot be read has a verdict of its own kind. */
static bool
run(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	struct many *m = ctx;
	AUTO_VERDICT v = { .owner = "" };
	AUTO_BUF own = MC_BUF_INIT;
	AUTO_BUF whole = { .limit = tale->limit };
	const char *name = m->job->files->v[i];
	const struct mc_buf *in = NULL;

	if (!mc_verify_judge(m->job, name, &own, &in, &v, e))
		v.form = *e;
	/* half a report would be told as a whole one */
	if (!encode(m, &v, i, &whole, e) ||
	    !mc_buf_add(tale, whole.data, whole.len, e))
		return mc_note(e, "%s: its report", name);
	return mc_verdict_check(&v, e) || mc_verify_note(name, in, e);
}

/* Here.  Of one whose worker died nothing was told. */
static bool
told(void *ctx, size_t i, struct mc_buf *tale, const struct mc_err *why,
    struct mc_err *e)
{
	struct many *m = ctx;
	const char *name = m->job->files->v[i];
	AUTO_VERDICT v = { .file = name, .form = *why, .owner = "" };
	struct mc_buf *to = is_table(m) ? &m->rows : m->job->io->out;

	mc_batch_count(&m->sum, why->code);
	if (tale->len == 0 && !encode(m, &v, i, tale, e))
		return false;
	if (!mc_buf_add(to, tale->data, tale->len, e))
		return false;
	if (why->code != MC_OK && m->job->io->say)
		m->job->io->say(why->text);
	return true;
}

/* The word in the second column is what people look for. */
static const char *
colour(size_t column, const char *text, size_t n)
{
	const char *good = mc_verdict_word(MC_OK);

	if (column != 1)
		return NULL;
	return n == strlen(good) && memcmp(text, good, n) == 0 ? "\x1b[32m"
							       : "\x1b[1;31m";
}

static bool
table_show(const struct many *m, struct mc_err *e)
{
	const struct mc_io *io = m->job->io;
	const struct mc_table_view view = {
		.width = io->columns,
		.headings = true,
		.colour = io->colour ? colour : NULL,
		.rigid = 1U << 1 | 1U << 3,
		.tails = 1U << 0,
		.whole = true,
	};

	return mc_table_show(&m->rows, &view, io->out, e);
}

static bool
begin(struct many *m, struct mc_err *e)
{
	struct mc_io *io = m->job->io;

	m->rows.limit = io->out->limit = MC_VERIFY_REPORT_LIMIT;
	if (m->job->args->format == MC_VERIFY_TAP)
		return mc_buf_puts(io->out, "TAP version 13\n", e);
	return !is_table(m) || mc_buf_puts(&m->rows, MC_REPORT_HEADINGS, e);
}

static bool
end(struct many *m, struct mc_err *e)
{
	struct mc_io *io = m->job->io;
	if (m->job->args->format == MC_VERIFY_TAP &&
	    !mc_buf_printf(io->out, e, "1..%zu\n", m->sum.n))
		return false;
	if (is_table(m) && !table_show(m, e))
		return false;
	io->report = true;
	return mc_batch_sum_check(&m->sum, "verified", io, e);
}

bool
mc_verify_many(struct mc_verify_job *j, struct mc_err *e)
{
	AUTO_MANY m = { .job = j };
	const struct mc_batch batch = {
		.what = "verify",
		.n = j->files->n,
		.jobs = j->args->jobs,
		.run = run,
		.told = told,
		.ctx = &m,
	};

	return begin(&m, e) && mc_batch_run(&batch, j->io, e) && end(&m, e);
}
