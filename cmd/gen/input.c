/* SPDX-License-Identifier: ISC */
#include "gen/input.h"

#include "base/fd.h"
#include "profile/document.h"

struct reading {
	struct mc_io *io;
	const char *file;
	bool commented;
};

static bool
is_file(const char *file)
{
	return file && strcmp(file, "-") != 0;
}

bool
mc_gen_input_note(const char *file, struct mc_err *e)
{
	return is_file(file) ? mc_note(e, "%s", file) : false;
}

bool
mc_gen_input_warn(const char *file, const struct mc_io *io, const char *text,
    struct mc_err *e)
{
	AUTO_BUF line = MC_BUF_INIT;

	if (!io->say)
		return true;
	if (!mc_buf_printf(&line, e, "warning: %s: %s",
		is_file(file) ? file : "standard input", text))
		return false;
	io->say(mc_buf_str(&line));
	return true;
}

/* Would the value be written as another one than stands there? */
static bool
is_loss(enum mc_fault fault)
{
	return fault == MC_FAULT_REAL || fault == MC_FAULT_DATE ||
	    fault == MC_FAULT_VALUE;
}

static bool
told_fault(void *ctx, enum mc_fault fault, struct mc_place at, const char *path,
    const char *text, struct mc_err *e)
{
	const struct reading *r = ctx;
	AUTO_BUF line = MC_BUF_INIT;

	if (at.line && !mc_buf_printf(&line, e, "%u:%u: ", at.line, at.column))
		return false;
	if (!mc_buf_printf(&line, e, "%s%s%s", path, *path ? ": " : "", text))
		return false;
	if (is_loss(fault))
		return mc_fail(e, MC_MALFORMED, "%s", mc_buf_str(&line));
	return mc_gen_input_warn(r->file, r->io, mc_buf_str(&line), e);
}

static bool
told_comment(void *ctx, struct mc_place at, const char *text, struct mc_err *e)
{
	struct reading *r = ctx;

	(void)at;
	(void)text;
	if (r->commented)
		return true;
	r->commented = true;
	return mc_gen_input_warn(
	    r->file, r->io, "its comments are not kept", e);
}

bool
mc_gen_input_load(
    const char *file, struct mc_io *io, mc_plist **out, struct mc_err *e)
{
	struct reading r = {
		.io = io,
		.file = file,
	};
	const struct mc_plist_reading how = {
		.depth = MC_PLIST_DEPTH_FILE,
		.fault = told_fault,
		.comment = told_comment,
		.ctx = &r,
	};
	AUTO_DOCUMENT doc = { 0 };
	AUTO_BUF own = MC_BUF_INIT;
	const struct mc_buf *in = &own;

	if (is_file(file) ? !mc_file_load(file, &own, e) : !mc_io_read(io, e))
		return false;
	if (!is_file(file))
		in = io->in;
	if (!mc_document_parse(in, &how, &doc, e))
		return mc_gen_input_note(file, e);
	if (doc.is_signed &&
	    !mc_gen_input_warn(
		file, io, "is signed; what comes out of it is not any more", e))
		return false;
	*out = take(&doc.root);
	return true;
}
