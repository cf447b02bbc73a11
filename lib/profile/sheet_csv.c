/* SPDX-License-Identifier: ISC */
#include "profile/sheet_part.h"

#include <stdlib.h>

/* Fields, each ending with a NUL, one behind the other. */
struct fields {
	struct mc_buf text;
	size_t n;
};

static void
fields_clear(struct fields *f)
{
	mc_buf_clear(&f->text);
}
#define AUTO_FIELDS __attribute__((cleanup(fields_clear))) struct fields

/* Append n bytes of a field, and go past them. */
static bool
put(struct mc_sheet *r, size_t n, struct fields *f, struct mc_err *e)
{
	if (memchr(r->at, '\0', n))
		return mc_fail(e, MC_MALFORMED, "holds a NUL");
	for (size_t i = 0; i < n; i++)
		r->line += r->at[i] == '\n';
	if (!mc_buf_add(&f->text, r->at, n, e))
		return false;
	r->at += n;
	return true;
}

/* r is at the quote that opens the field. */
static bool
quoted(struct mc_sheet *r, struct fields *f, struct mc_err *e)
{
	const char *quote;

	for (r->at++;; r->at++) {
		quote = memchr(r->at, '"', (size_t)(r->end - r->at));
		if (!quote) {
			r->at = r->end;
			return mc_fail(e, MC_MALFORMED,
			    "a field's quote is never closed; what follows it"
			    " cannot be read");
		}
		if (!put(r, (size_t)(quote - r->at), f, e))
			return false;
		r->at++;
		if (r->at == r->end || *r->at != '"')
			return true;
		if (!mc_buf_add(&f->text, "\"", 1, e))
			return false;
	}
}

static bool
ends_plain(char c)
{
	return c == ',' || c == '"' || c == '\r' || c == '\n';
}

static bool
plain(struct mc_sheet *r, struct fields *f, struct mc_err *e)
{
	size_t n = 0;
	size_t left = (size_t)(r->end - r->at);

	while (n < left && !ends_plain(r->at[n]))
		n++;
	if (!put(r, n, f, e))
		return false;
	if (n < left && *r->at == '"')
		return mc_fail(e, MC_MALFORMED,
		    "field %zu: has a quote inside; such a field is quoted as a"
		    " whole, and the quote in it doubled",
		    f->n + 1);
	return true;
}

static bool
field(struct mc_sheet *r, struct fields *f, struct mc_err *e)
{
	bool is_quoted = r->at < r->end && *r->at == '"';

	if (is_quoted ? !quoted(r, f, e) : !plain(r, f, e))
		return false;
	if (r->at < r->end && *r->at != ',' && *r->at != '\n' &&
	    (r->end - r->at < 2 || memcmp(r->at, "\r\n", 2) != 0))
		return mc_fail(e, MC_MALFORMED,
		    is_quoted && *r->at != '\r'
			? "field %zu: goes on behind its closing quote"
			: "field %zu: has a carriage return that ends no line",
		    f->n + 1);
	f->n++;
	return mc_buf_add(&f->text, "", 1, e);
}

/* A whole row; at the end of the text one may end without a line end. */
static bool
record(struct mc_sheet *r, struct fields *f, struct mc_err *e)
{
	for (;; r->at++) {
		if (!field(r, f, e)) {
			mc_sheet_skip_line(r);
			return false;
		}
		if (mc_sheet_take_line_end(r) || r->at == r->end)
			return true;
	}
}

/* The field behind this one. */
static const char *
after(const char *field)
{
	return field + strlen(field) + 1;
}

static bool
check_names(const struct fields *f, struct mc_err *e)
{
	const char *name = mc_buf_str(&f->text);
	AUTO_VARS scratch = { 0 };

	if (f->n > MC_VARS_ROW)
		return mc_fail(e, MC_MALFORMED, "has %zu columns; at most %d",
		    f->n, MC_VARS_ROW);
	if (f->n == 1 && strpbrk(name, ";\t"))
		return mc_fail(e, MC_MALFORMED,
		    "want columns that commas separate, not semicolons or"
		    " tabs");
	for (size_t i = 0; i < f->n; i++, name = after(name)) {
		if (!*name)
			return mc_fail(
			    e, MC_MALFORMED, "column %zu has no name", i + 1);
		if (!mc_vars_add(&scratch, name, "", e)) {
			if (e->code == MC_USAGE)
				e->code = MC_MALFORMED;
			return mc_note(e, "column %zu", i + 1);
		}
	}
	return true;
}

bool
mc_sheet_csv_head(struct mc_sheet *r, struct mc_err *e)
{
	AUTO_FIELDS f = { 0 };
	const char *name;

	if (!mc_sheet_begin(r, &r->head))
		return mc_fail(e, MC_MALFORMED,
		    "is empty; the first row names the variables");
	if (!record(r, &f, e) || !check_names(&f, e))
		return false;
	r->head.len = (size_t)(r->at - r->head.s);
	name = mc_buf_str(&f.text);
	for (size_t i = 0; i < f.n; i++, name = after(name)) {
		r->names[i] = strdup(name);
		if (!r->names[i])
			return mc_fail_memory(e);
		r->n++;
	}
	return true;
}

bool
mc_sheet_csv_next(struct mc_sheet *r, struct mc_vars *to, struct mc_err *e)
{
	AUTO_FIELDS f = { 0 };
	const char *value;

	if (!record(r, &f, e))
		return false;
	if (f.n != r->n)
		return mc_fail(e, MC_MALFORMED,
		    "has %zu field%s, and the first row has %zu", f.n,
		    f.n == 1 ? "" : "s", r->n);
	value = mc_buf_str(&f.text);
	for (size_t i = 0; i < f.n; i++, value = after(value))
		if (!mc_vars_add(to, r->names[i], value, e))
			return false;
	return true;
}
