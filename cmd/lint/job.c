/* SPDX-License-Identifier: ISC */
#include "lint/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/time.h"

void
mc_lint_job_clear(struct mc_lint_job *j)
{
	mc_lint_report_clear(&j->report);
	mc_baseline_clear(&j->known);
	mc_baseline_clear(&j->found);
	mc_buf_clear(&j->old);
	mc_buf_clear(&j->first);
	mc_buf_clear(&j->why);
	mc_schema_free(j->schema);
}

unsigned
mc_lint_job_fail_on(const struct mc_lint_args *a)
{
	static const unsigned least[] = { MC_ERROR, MC_WARNING, MC_NOTICE,
		MC_ERROR + 1 };

	if (a->strict && least[a->fail_on] == MC_ERROR)
		return MC_WARNING;
	return least[a->fail_on];
}

static bool
check_args(const struct mc_lint_args *a, struct mc_err *e)
{
	if (a->strict && mc_lint_job_fail_on(a) > MC_ERROR)
		return mc_fail(
		    e, MC_USAGE, "--strict, or --fail-on never: not both");
	if (a->pass && a->files.n > 1)
		return mc_fail(
		    e, MC_USAGE, "--pass: one profile, not %zu", a->files.n);
	if (a->diff && a->files.n > 1)
		return mc_fail(e, MC_USAGE,
		    "--diff OLD: one new profile, not %zu", a->files.n);
	if (a->pass && a->write_baseline)
		return mc_fail(
		    e, MC_USAGE, "--pass, or --write-baseline: not both");
	return true;
}

/* Codes and names, commas between them. */
static bool
ignore_parse(struct mc_lint_job *j, const char *list, struct mc_err *e)
{
	const struct mc_lint_code *code;
	char name[64];
	size_t n;

	for (;; list += n + 1) {
		n = strcspn(list, ",");
		snprintf(name, sizeof(name), "%.*s", (int)n, list);
		code = n < sizeof(name) ? mc_lint_code_parse(name) : NULL;
		if (!code || code->number >= LINT_CODES)
			return mc_fail(e, MC_USAGE,
			    "--ignore: %.*s: no such code (--codes lists them)",
			    (int)n, list);
		if (mc_lint_code_is_final(code))
			return mc_fail(e, MC_USAGE,
			    "--ignore: %s: a file that cannot be looked at "
			    "whole is never clean",
			    name);
		j->ignored[code->number] = true;
		if (!list[n])
			return true;
	}
}

static bool
targets_parse(
    const struct mc_list *from, struct mc_lint_options *to, struct mc_err *e)
{
	if (from->n > MC_LINT_TARGETS)
		return mc_fail(e, MC_USAGE, "--target: more than %d of them",
		    MC_LINT_TARGETS);
	for (; to->n < from->n; to->n++)
		if (!mc_lint_target_parse(
			from->v[to->n], &to->targets[to->n], e))
			return mc_note(e, "--target");
	return true;
}

/* What "now" is: SOURCE_DATE_EPOCH, for reports that can be had again. */
static bool
now_get(int64_t *now, struct mc_err *e)
{
	if (!mc_time_source_get(now))
		return mc_fail(e, MC_USAGE,
		    "SOURCE_DATE_EPOCH: want seconds since 1970, digits "
		    "alone");
	*now = *now ? *now : mc_time_now();
	return true;
}

bool
mc_lint_job_init(struct mc_lint_job *j, const struct mc_lint_args *a,
    struct mc_io *io, struct mc_err *e)
{
	struct mc_lint_options *o = &j->options;

	j->args = a;
	j->io = io;
	o->way = a->way;
	o->channel = a->channel;
	o->phase = a->phase;
	/* who is judged has no say in what passes */
	o->no_suppress = a->no_suppress || a->pass;
	if (!check_args(a, e) || !now_get(&o->now, e) ||
	    !targets_parse(&a->target, o, e))
		return false;
	for (size_t i = 0; i < a->ignore.n; i++)
		if (!ignore_parse(j, a->ignore.v[i], e))
			return false;
	if (a->schema.n &&
	    !mc_schema_load(a->schema.v, a->schema.n, &j->schema, e))
		return mc_note(e, "--schema");
	o->schema = j->schema ? j->schema : mc_schema_builtin();
	if (a->baseline && !mc_baseline_load(a->baseline, &j->known, e))
		return mc_note(e, "--baseline");
	if (a->write_baseline &&
	    !mc_baseline_at(&j->found, a->write_baseline, e))
		return mc_note(e, "--write-baseline");
	if (a->diff && !mc_file_load(a->diff, &j->old, e))
		return mc_note(e, "--diff");
	return true;
}

static bool
is_ignored(const void *ctx, const struct mc_finding *f)
{
	const struct mc_lint_job *j = ctx;

	return f->code->number < LINT_CODES && j->ignored[f->code->number];
}

static bool
is_any(const void *ctx, const struct mc_finding *f)
{
	(void)ctx;
	(void)f;
	return true;
}

static bool
suppress(struct mc_lint_job *j, struct mc_lint_result *r, struct mc_err *e)
{
	const struct mc_lint_args *a = j->args;

	r->suppressed = r->findings.ignored;
	r->suppressed += mc_findings_drop(&r->findings, is_ignored, j);
	if (a->write_baseline) {
		if (!mc_baseline_add(&j->found, r->file, &r->findings, e))
			return false;
		r->suppressed += mc_findings_drop(&r->findings, is_any, NULL);
	}
	return !a->baseline ||
	    mc_baseline_apply(
		&j->known, r->file, &r->findings, &r->suppressed, e);
}

static bool
count(struct mc_lint_job *j, const struct mc_findings *f, struct mc_err *e)
{
	bool failed = false;

	for (size_t i = 0; i < f->n; i++) {
		const struct mc_finding *one = &f->v[i];

		j->counts[one->severity]++;
		j->blind |= mc_lint_code_is_final(one->code) &&
		    one->severity == MC_ERROR;
		if (one->severity < mc_lint_job_fail_on(j->args) && !j->blind)
			continue;
		failed |= one->severity >= mc_lint_job_fail_on(j->args);
		if (j->first.len == 0 &&
		    !mc_buf_printf(&j->first, e, "%s%s%s [MC%u]", one->path,
			*one->path ? ": " : "", one->message,
			one->code->number))
			return false;
	}
	j->failed += failed;
	return true;
}

bool
mc_lint_job_add(struct mc_lint_job *j, const char *name,
    const struct mc_buf *data, struct mc_err *e)
{
	AUTO_FINDINGS found = { 0 };
	struct mc_lint_result r = { .file = name };
	bool good;

	good = (!j->args->diff || !data ||
		   mc_lint_update(&j->options, &j->old, data, &found, e)) &&
	    ((j->args->diff && data && !j->args->pass) ||
		mc_lint_check(&j->options, data, &found, e));
	r.findings = found;
	good = good && suppress(j, &r, e) && count(j, &r.findings, e) &&
	    mc_lint_report_add(&j->report, &r, e);
	found = r.findings;
	return good || mc_note(e, "%s", name);
}

/* "2 errors, 1 warning": those that count. */
static bool
counts_encode(const struct mc_lint_job *j, struct mc_buf *to, struct mc_err *e)
{
	for (unsigned s = MC_ERROR + 1; s-- > mc_lint_job_fail_on(j->args);)
		if (j->counts[s] &&
		    !mc_buf_printf(to, e, "%s%zu %s%s", to->len ? ", " : "",
			j->counts[s], mc_severity_name(s),
			j->counts[s] == 1 ? "" : "s"))
			return false;
	return true;
}

bool
mc_lint_job_check(
    const struct mc_lint_job *j, const struct mc_files *files, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	size_t n = files->n + j->absent;

	if (j->unread && n == 1)
		return mc_fail(e, j->trouble, "%s", mc_buf_str(&j->why));
	if (j->unread)
		return mc_fail(e, j->trouble,
		    "%zu of %zu file%s could not be "
		    "read",
		    j->unread, n, n == 1 ? "" : "s");
	if (j->failed == 0)
		return true;
	if (!counts_encode(j, &text, e))
		return false;
	if (j->args->pass)
		return mc_fail(e, MC_DENIED, "%s: %s", mc_buf_str(&text),
		    mc_buf_str(&j->first));
	if (n == 1)
		return mc_fail(
		    e, MC_DENIED, "%s in %s", mc_buf_str(&text), files->v[0]);
	return mc_fail(e, MC_DENIED, "%s in %zu of %zu files",
	    mc_buf_str(&text), j->failed, n);
}
