/* SPDX-License-Identifier: ISC */
#include "stages.h"

#include "base/fd.h"
#include "lint/explain.h"
#include "lint/job.h"

/* Of all files together. */
#define REPORT_LIMIT ((size_t)1 << 30)

static const struct mc_opt lint_opts[] = {
	MC_LIST(struct mc_lint_args, target, 't', "target", "OS[:VERSION]",
	    "what it is for: ios, macos, tvos, visionos, watchos", false),
	MC_CHOICE(struct mc_lint_args, way, 0, "way",
	    "any|manual|mdm|supervised|personal", "who installs it, and where"),
	MC_CHOICE(struct mc_lint_args, channel, 0, "channel", "any|device|user",
	    "the channel of MDM that it comes by"),
	MC_CHOICE(struct mc_lint_args, phase, 0, "phase",
	    "any|service|identity|final", "what it is in an enrolment"),
	MC_LIST(struct mc_lint_args, schema, 0, "schema", "FILE|DIR",
	    "describes more payloads: a file, or a folder", false),
	MC_CHOICE(struct mc_lint_args, format, 'f', "format",
	    "text|gcc|json|sarif|junit|github|tap", "how to tell the findings"),
	MC_CHOICE(struct mc_lint_args, fail_on, 0, "fail-on",
	    "error|warning|notice|never", "what makes the exit status 1"),
	MC_FLAG(struct mc_lint_args, strict, 0, "strict",
	    "warnings make it 1 too: --fail-on warning"),
	MC_LIST(struct mc_lint_args, ignore, 0, "ignore", "CODE[,CODE...]",
	    "leave these out, by their codes or their names", false),
	MC_STR(struct mc_lint_args, baseline, 0, "baseline", "FILE",
	    "leave out what this file knows", false),
	MC_STR(struct mc_lint_args, write_baseline, 0, "write-baseline", "FILE",
	    "put all findings there, for --baseline", false),
	MC_STR(struct mc_lint_args, diff, 0, "diff", "OLD",
	    "tell what an update from this profile to FILE does", false),
	MC_FLAG(struct mc_lint_args, pass, 0, "pass",
	    "write the profile itself, where it passes"),
	MC_FLAG(struct mc_lint_args, no_suppress, 0, "no-suppress",
	    "comments in a profile leave nothing out, as with --pass"),
	MC_STR(struct mc_lint_args, explain, 0, "explain", "CODE",
	    "tell what a code means and how to mend it, or of all", false),
	MC_FLAG(struct mc_lint_args, codes, 0, "codes", "list the codes"),
	MC_WORDS(struct mc_lint_args, files, "file", "FILE",
	    "profiles, and folders of them; - or none is standard input",
	    false),
	MC_OPT_END,
};

/*
 * A file's bytes, which may be in own; *data is NULL for one that is larger
 * than anything that is read.
 */
static bool
load(struct mc_lint_job *j, const char *name, struct mc_buf *own,
    const struct mc_buf **data, struct mc_err *e)
{
	bool piped = strcmp(name, "-") == 0;

	*data = piped ? j->io->in : own;
	if (piped ? mc_io_read(j->io, e) : mc_file_load(name, own, e))
		return true;
	*data = NULL;
	return e->code == MC_MALFORMED;
}

/* The others go on without what cannot be read, and the report tells of it. */
static bool
skip(struct mc_lint_job *j, const char *name, bool alone, struct mc_err *e)
{
	struct mc_err why = *e;

	if (j->args->pass || (e->code != MC_NOINPUT && e->code != MC_IO))
		return false;
	if (j->io->say && !alone)
		j->io->say(e->text);
	if (j->unread++ == 0) {
		j->trouble = e->code;
		if (!mc_buf_puts(&j->why, why.text, e))
			return false;
	}
	return mc_lint_report_unread(&j->report, name, why.text, e);
}

static bool
lint_all(struct mc_lint_job *j, const struct mc_files *files, struct mc_err *e)
{
	const bool alone = files->n == 1 && j->absent == 0;

	for (size_t i = 0; i < files->n; i++) {
		AUTO_BUF own = MC_BUF_INIT;
		const struct mc_buf *data;

		if (j->io->progress && !alone)
			j->io->progress("lint", (int64_t)i, (int64_t)files->n);
		if (!(load(j, files->v[i], &own, &data, e)
			    ? mc_lint_job_add(j, files->v[i], data, e)
			    : skip(j, files->v[i], alone, e)))
			return false;
	}
	return true;
}

static bool
files_find(struct mc_lint_job *j, struct mc_files *files, struct mc_err *e)
{
	const struct mc_words *names = &j->args->files;

	for (size_t i = 0; i < names->n; i++)
		if (!mc_files_add(files, names->v[i], e)) {
			j->absent++;
			if (!skip(j, names->v[i], names->n == 1, e))
				return false;
		}
	return names->n || mc_files_add(files, "-", e);
}

static bool
report_begin(struct mc_lint_job *j, struct mc_buf *to, struct mc_err *e)
{
	to->limit = REPORT_LIMIT;
	j->report = (struct mc_lint_report){
		.format = j->args->format,
		.view = { .colour = j->io->colour && !j->args->pass,
		    .columns = j->args->pass ? 0 : j->io->columns,
		    .fail_on = mc_lint_job_fail_on(j->args) },
		.to = to,
	};
	return mc_lint_report_begin(&j->report, e);
}

static bool
baseline_save(struct mc_lint_job *j, struct mc_err *e)
{
	AUTO_BUF json = { .limit = REPORT_LIMIT };

	if (!j->args->write_baseline)
		return true;
	return (mc_baseline_encode(&j->found, &json, e) &&
		   mc_file_update(j->args->write_baseline, &json, 0644, e)) ||
	    mc_note(e, "--write-baseline");
}

/* The profile where it passes; what was found is words then. */
static bool
pass(struct mc_lint_job *j, const struct mc_files *files, struct mc_err *e)
{
	AUTO_BUF words = MC_BUF_INIT;
	AUTO_BUF own = MC_BUF_INIT;
	const struct mc_buf *data;

	if (!load(j, files->v[0], &own, &data, e))
		return false;
	if (!report_begin(j, &words, e) ||
	    !mc_lint_job_add(j, files->v[0], data, e) ||
	    !mc_lint_report_end(&j->report, e) || !baseline_save(j, e))
		return false;
	mc_io_say(j->io, &words);
	if (!mc_lint_job_check(j, files, e))
		return false;
	if (j->blind || !data)
		return mc_fail(e, MC_DENIED, "%s", mc_buf_str(&j->first));
	j->io->secret = true; /* as it may be: nobody knows what it holds */
	return mc_buf_add(j->io->out, data->data, data->len, e);
}

static bool
lint_run(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct mc_lint_args *a = args;
	AUTO_FILES files = { 0 };
	AUTO_JOB j = { 0 };

	if (a->codes)
		return mc_lint_codes_show(io, e);
	if (a->explain)
		return mc_lint_explain(a->explain, io, e);
	if (!mc_lint_job_init(&j, a, io, e) ||
	    (!a->pass && !report_begin(&j, io->out, e)) ||
	    !files_find(&j, &files, e))
		return false;
	if (a->pass && files.n != 1)
		return mc_fail(
		    e, MC_USAGE, "--pass: one profile, not a folder");
	if (a->pass)
		return pass(&j, &files, e);
	if (!lint_all(&j, &files, e) || !mc_lint_report_end(&j.report, e) ||
	    !baseline_save(&j, e))
		return false;
	io->report = true;
	return mc_lint_job_check(&j, &files, e);
}

static const struct mc_verb lint_verbs[] = {
	{ .opts = lint_opts, .input = MC_INPUT_LATER, .run = lint_run },
	{ 0 },
};

const struct mc_stage mc_stage_lint = {
	.name = "mcprofile-lint",
	.summary = "tell what is wrong with profiles",
	.verbs = lint_verbs,
	.args_size = sizeof(struct mc_lint_args),
};
