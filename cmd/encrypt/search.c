/* SPDX-License-Identifier: ISC */
#include "encrypt/work.h"

#include <stdlib.h>

#include "base/fd.h"
#include "base/table.h"
#include "base/text.h"
#include "plist/path.h"
#include "profile/document.h"
#include "profile/sealed.h"
#include "stage/batch.h"

struct search {
	const struct mc_encrypt_work *work;
	struct mc_buf rows;
	struct mc_err trouble; /* the first file that could not be read */
	size_t opened;
};

/* What was in it: its name, how much there is. */
static bool
contents_show(const mc_plist *profile, struct mc_buf *tale, struct mc_err *e)
{
	const char *id = mc_plist_get_str(profile, "PayloadIdentifier");
	size_t n = mc_plist_len(mc_plist_get(profile, "PayloadContent"));
	char text[MC_QUOTE_TEXT];

	return mc_buf_printf(tale, e, "%s, %zu payload%s",
	    id ? mc_path_quote(id, text) : "no PayloadIdentifier", n,
	    n == 1 ? "" : "s");
}

static bool
keep(const struct mc_encrypt_work *w, size_t i, const mc_plist *profile,
    struct mc_err *e)
{
	AUTO_BUF out = { .limit = MC_SIGNED_LIMIT };

	return w->into.n == 0 ||
	    (mc_plist_encode(profile, &out, e) &&
		mc_file_save(w->into.v[i], &out, w->mode, e));
}

/*
 * A signature around it is taken off and not asked about: the question is only
 * whose eyes a file is for.
 */
static bool
run(void *ctx, size_t i, struct mc_buf *tale, struct mc_err *e)
{
	const struct search *s = ctx;
	const struct mc_encrypt_work *w = s->work;
	AUTO_DOCUMENT doc = { 0 };
	AUTO_BUF in = { .limit = MC_SIGNED_LIMIT };
	AUTO_BUF envelope = { .limit = MC_SIGNED_LIMIT };

	return mc_file_load(w->from.v[i], &in, e) &&
	    mc_document_parse(&in, NULL, &doc, e) &&
	    mc_sealed_get(doc.root, &envelope, e) &&
	    mc_sealed_open(doc.root, &envelope, w->id.cert, w->id.key, e) &&
	    contents_show(doc.root, tale, e) && keep(w, i, doc.root, e);
}

/* "yes", "no", and "-" for what is for nobody at all. */
static const char *
answer(enum mc_code code)
{
	return code == MC_OK ? "yes" : code == MC_DENIED ? "no" : "-";
}

static bool
told(void *ctx, size_t i, struct mc_buf *tale, const struct mc_err *why,
    struct mc_err *e)
{
	struct search *s = ctx;
	char what[sizeof(why->text)];
	char *name = strdup(s->work->from.v[i]);
	bool done;

	if (!name)
		return mc_fail_memory(e);
	mc_text_show(name);
	s->opened += why->code == MC_OK;
	if (mc_code_is_own(why->code) && s->trouble.code == MC_OK)
		s->trouble = *why;
	snprintf(what, sizeof(what), "%s",
	    why->code == MC_OK ? mc_buf_str(tale) : why->text);
	mc_text_show(what);
	done = mc_buf_printf(
	    &s->rows, e, "%s\t%s\t%s\n", name, answer(why->code), what);
	free(name);
	return done;
}

static bool
table_show(const struct search *s, struct mc_io *io, struct mc_err *e)
{
	const struct mc_table_view view = {
		.width = io->columns,
		.headings = io->colour,
		.rigid = 1U << 1,
		.tails = 1U << 0,
		.whole = true,
	};

	return mc_table_show(&s->rows, &view, io->out, e);
}

bool
mc_search_all(struct mc_encrypt_work *w, struct mc_err *e)
{
	struct search s = { .work = w };
	AUTO_BUF rows = MC_BUF_INIT;
	const struct mc_batch batch = {
		.what = "search",
		.n = w->from.n,
		.jobs = mc_work_jobs(w),
		.run = run,
		.told = told,
		.ctx = &s,
	};
	bool done = mc_buf_puts(&s.rows, "FILE\tOPENS\tCONTENT\n", e) &&
	    mc_batch_run(&batch, w->io, e) && table_show(&s, w->io, e);

	mc_buf_swap(&s.rows, &rows); /* to be cleared */
	if (!done)
		return false;
	w->io->report = true;
	if (s.opened > 0)
		return true;
	mc_fail(e, MC_DENIED, "%s: none of %zu files is for this key",
	    w->args->all, w->from.n);
	/* that is no answer where one of them was not looked at */
	if (s.trouble.code != MC_OK)
		*e = s.trouble;
	return false;
}
