/* SPDX-License-Identifier: ISC */
#include "lint/suppress.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lint/rule.h"

static const char blanks[] = " \t\r\n,";

void
mc_suppress_clear(struct mc_suppress *s)
{
	free(s->v);
	*s = (struct mc_suppress){ 0 };
}

/* Behind a word that text begins with, and blanks; NULL where it does not. */
static const char *
skip(const char *text, const char *word)
{
	size_t n = strlen(word);

	text += strspn(text, blanks);
	return strncmp(text, word, n) == 0 ? text + n : NULL;
}

static bool
grow(struct mc_suppress *s, struct mc_err *e)
{
	if (!s->v)
		s->v = calloc(MC_SUPPRESS_MAX, sizeof(s->v[0]));
	return s->v || mc_fail_memory(e);
}

static bool
codes_parse(struct mc_suppression *one, const char *text,
    struct mc_findings *findings, struct mc_err *e)
{
	char word[MC_QUOTE_TEXT];
	size_t n;

	for (;; text += n) {
		text += strspn(text, blanks);
		n = strcspn(text, blanks);
		if (n == 0 || one->n == MC_SUPPRESS_CODES)
			return true;
		if (n >= sizeof(word))
			n = sizeof(word) - 1;
		memcpy(word, text, n);
		word[n] = '\0';
		one->codes[one->n] = mc_lint_code_parse(word);
		if (one->codes[one->n])
			one->n++;
		else /* the first one is told: there may be a million */
			return mc_lint_tell_place(findings, 1020, one->at, NULL,
			    e,
			    "nothing is ignored from \"%s\" on: no such code",
			    word);
	}
}

bool
mc_suppress_add(struct mc_suppress *s, struct mc_place at, const char *text,
    struct mc_findings *findings, struct mc_err *e)
{
	struct mc_suppression *one;
	const char *rest = skip(text, "mcprofile-lint:");

	if (!rest)
		return true;
	rest = skip(rest, "ignore");
	if (!rest || (*rest && !strchr(blanks, *rest)) ||
	    !rest[strspn(rest, blanks)])
		return mc_lint_tell_place(findings, 1020, at, NULL, e,
		    "want \"mcprofile-lint: ignore CODE...\" in this comment");
	if (s->n == MC_SUPPRESS_MAX)
		return mc_lint_tell_place(findings, 1020, at, NULL, e,
		    "more than %d such comments: nothing is ignored for this "
		    "one",
		    MC_SUPPRESS_MAX);
	if (!grow(s, e))
		return false;
	one = &s->v[s->n++];
	one->at = at;
	return codes_parse(one, rest, findings, e);
}

static bool
before(struct mc_place a, struct mc_place b)
{
	return a.line < b.line || (a.line == b.line && a.column < b.column);
}

/* A walk over the tree in file order, which tells each comment its element. */
struct binding {
	struct mc_suppress *s;
	const struct mc_marks *marks;
	size_t next;  /* the first comment that has no element yet */
	size_t ended; /* before this one, all have their end */
};

static void
begin(struct binding *b, struct mc_place key, struct mc_place value)
{
	struct mc_suppression *v = b->s->v;

	for (size_t i = b->ended; i < b->next; i++)
		if (v[i].over && !v[i].end.line)
			v[i].end = key;
	while (b->ended < b->next && v[b->ended].end.line)
		b->ended++;
	for (; b->next < b->s->n && before(v[b->next].at, value); b->next++) {
		v[b->next].begin = key;
		v[b->next].bound = true;
	}
}

/* Its depth is that of the tree, which the reader has bounded. */
static void
bind(struct binding *b, const mc_plist *in)
{
	AUTO_PLIST_ITER it = { .in = in };
	size_t first;
	size_t last;

	while (mc_plist_iter_next(&it)) {
		first = b->next;
		begin(b, mc_marks_key(b->marks, it.value),
		    mc_marks_value(b->marks, it.value));
		last = b->next;
		bind(b, it.value);
		for (size_t i = first; i < last; i++)
			b->s->v[i].over = true;
	}
}

static bool
holds(const struct mc_suppression *one, const struct mc_finding *f)
{
	if (one->whole)
		return true;
	if (!one->bound || f->at.line < one->begin.line)
		return false;
	return f->at.line == one->begin.line || !one->end.line ||
	    before(f->at, one->end);
}

static bool
is_ignored(const void *ctx, const struct mc_finding *f)
{
	const struct mc_suppress *s = ctx;

	for (size_t i = 0; i < s->n; i++)
		for (size_t j = 0; j < s->v[i].n; j++)
			if (s->v[i].codes[j] == f->code && holds(&s->v[i], f))
				return true;
	return false;
}

void
mc_suppress_apply(
    struct mc_suppress *s, const struct mc_document *doc, struct mc_findings *f)
{
	struct binding b = { .s = s, .marks = doc->marks };

	if (s->n == 0 || !doc->root || !doc->marks)
		return;
	for (; b.next < s->n &&
	     before(s->v[b.next].at, mc_marks_value(doc->marks, doc->root));
	     b.next++)
		s->v[b.next].whole = true;
	b.ended = b.next;
	bind(&b, doc->root);
	f->ignored += mc_findings_drop(f, is_ignored, s);
}
