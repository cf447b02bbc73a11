/* SPDX-License-Identifier: ISC */
#include "verify/job.h"

#include "base/fd.h"
#include "verify/device.h"
#include "verify/report.h"

void
mc_verify_job_clear(struct mc_verify_job *j)
{
	mc_judge_clear(&j->judge);
}

bool
mc_verify_args_check(const struct mc_verify_args *a, struct mc_err *e)
{
	bool whole = a->extract || a->print;

	if (a->extract && a->print)
		return mc_fail(e, MC_USAGE, "--extract, or --print: not both");
	if (whole && (a->format != MC_VERIFY_TEXT || a->verbose))
		return mc_fail(e, MC_USAGE,
		    "--format and --verbose are for reports, which --extract "
		    "and --print do without");
	if (a->verbose && a->format != MC_VERIFY_TEXT)
		return mc_fail(e, MC_USAGE, "--verbose is for --format text");
	if (a->unverified && !whole)
		return mc_fail(
		    e, MC_USAGE, "--unverified is for --extract and --print");
	if (a->unverified &&
	    (a->signer_is.n || a->min_days || a->identifier || a->require_eku ||
		a->crl_check_all))
		return mc_fail(
		    e, MC_USAGE, "--unverified, and demands: not both");
	return true;
}

bool
mc_verify_job_init(struct mc_verify_job *j, const struct mc_verify_args *args,
    const struct mc_files *files, struct mc_io *io, struct mc_err *e)
{
	j->args = args;
	j->files = files;
	j->io = io;
	if (files->n > 1 && (args->extract || args->print || args->signature))
		return mc_fail(e, MC_USAGE, "%s: one FILE, not %zu",
		    args->extract     ? "--extract"
			: args->print ? "--print"
				      : "--signature",
		    files->n);
	for (size_t i = 0; files->n > 1 && i < files->n; i++)
		if (strcmp(files->v[i], "-") == 0)
			return mc_fail(
			    e, MC_USAGE, "-: standard input is verified alone");
	return mc_judge_init(&j->judge, args, e);
}

bool
mc_verify_report(const struct mc_verify_job *j, const struct mc_verdict *v,
    size_t number, struct mc_buf *to, struct mc_err *e)
{
	switch ((enum mc_verify_format)j->args->format) {
	case MC_VERIFY_JSON:
		return mc_report_json_encode(v, to, e);
	case MC_VERIFY_TAP:
		return mc_report_tap_encode(v, number, to, e);
	case MC_VERIFY_TEXT:
		break;
	}
	return mc_report_text_encode(v, j->io->colour, to, e);
}

/* A message by the name of its file, in own where it is not standard input. */
static bool
message_load(struct mc_verify_job *j, const char *name, struct mc_buf *own,
    const struct mc_buf **in, struct mc_err *e)
{
	size_t limit = mc_judge_limit(&j->judge);

	own->limit = limit;
	if (strcmp(name, "-") == 0 ? !mc_io_read_large(j->io, limit, e)
				   : !mc_file_load(name, own, e))
		return false;
	*in = strcmp(name, "-") == 0 ? j->io->in : own;
	return true;
}

/*
 * What a device sent has to be what devices send; but of its content whoever
 * takes it is the judge.
 */
static bool
device_judge(
    const struct mc_verify_job *j, struct mc_verdict *v, struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;

	if (!v->device || !v->leg || j->args->extract || j->args->print ||
	    v->intact.code != MC_OK || v->demands.code != MC_OK ||
	    mc_device_check(v, &why))
		return true;
	if (why.code != MC_MISMATCH) {
		*e = why;
		return false;
	}
	v->demands = why;
	v->demanding = true;
	return true;
}

bool
mc_verify_judge(struct mc_verify_job *j, const char *name, struct mc_buf *own,
    const struct mc_buf **in, struct mc_verdict *v, struct mc_err *e)
{
	v->file = strcmp(name, "-") == 0 ? NULL : name;
	return message_load(j, name, own, in, e) &&
	    mc_judge_message(&j->judge, *in, v, e) && device_judge(j, v, e);
}

bool
mc_verify_note(const char *name, const struct mc_buf *in, struct mc_err *e)
{
	/* standard input is named by who read it */
	if (!in || strcmp(name, "-") == 0 ||
	    (!mc_code_is_verdict(e->code) && e->code != MC_MALFORMED))
		return false;
	return mc_note(e, "%s", name);
}
