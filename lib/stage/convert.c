/* SPDX-License-Identifier: ISC */
#include "stage/convert.h"

#include <sys/stat.h>

#include "base/fd.h"
#include "stage/batch.h"

struct conversion {
	const struct mc_convert *c;
	const struct mc_io *io;
	mode_t mode;
	struct mc_batch_sum sum;
};

/* As readable as what it was made of, but of a secret its owner's alone. */
static bool
write_out(const struct conversion *v, size_t i, const struct mc_buf *out,
    struct mc_err *e)
{
	const struct mc_convert *c = v->c;
	struct stat st;

	if (c->secret)
		return mc_file_save(c->into->v[i], out, v->mode, e);
	if (stat(c->from->v[i], &st) == -1)
		st.st_mode = 0777;
	return mc_file_update(c->into->v[i], out, st.st_mode & v->mode, e);
}

/* In a worker: nothing is told where it went well. */
static bool
run(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	const struct conversion *v = ctx;
	const struct mc_convert *c = v->c;
	AUTO_BUF in = { .limit = c->limit };
	AUTO_BUF out = { .limit = MC_SIGNED_LIMIT };

	(void)tale;
	if (!mc_file_load(c->from->v[i], &in, e))
		return false;
	if (!c->one(c->ctx, &in, &out, e))
		return mc_note(e, "%s", c->from->v[i]);
	return write_out(v, i, &out, e);
}

static bool
told(void *ctx, size_t i, struct mc_buf *tale, const struct mc_err *why,
    struct mc_err *e)
{
	struct conversion *v = ctx;
	const char *name = v->c->from->v[i];
	struct mc_err named = *why;

	(void)tale;
	mc_batch_count(&v->sum, why->code);
	if (why->code == MC_OK)
		return true;
	/* a worker that died could not say which file it was at */
	if (strncmp(why->text, name, strlen(name)) != 0)
		(void)mc_note(&named, "%s", name);
	/* alone it is the error of the whole */
	if (v->c->from->n == 1) {
		*e = named;
		return false;
	}
	if (v->io->say)
		v->io->say(named.text);
	return true;
}

static bool
all(const struct mc_convert *c, struct mc_io *io, struct mc_err *e)
{
	struct conversion v = {
		.c = c, .io = io, .mode = mc_file_mode(c->secret)
	};
	const struct mc_batch batch = {
		.what = c->what,
		.n = c->from->n,
		.jobs = c->jobs,
		.run = run,
		.told = told,
		.ctx = &v,
	};

	return mc_batch_run(&batch, io, e) &&
	    (c->from->n == 1 || mc_batch_sum_check(&v.sum, c->done, io, e));
}

bool
mc_convert_run(const struct mc_convert *c, struct mc_io *io, struct mc_err *e)
{
	const char *name = c->from->v[0];
	AUTO_BUF own = { .limit = c->limit };

	if (c->into->n)
		return all(c, io, e);
	io->secret = io->secret || c->secret;
	io->out->limit = MC_SIGNED_LIMIT;
	if (strcmp(name, "-") == 0)
		return mc_io_read_large(io, c->limit, e) &&
		    c->one(c->ctx, io->in, io->out, e);
	return mc_file_load(name, &own, e) &&
	    (c->one(c->ctx, &own, io->out, e) || mc_note(e, "%s", name));
}
