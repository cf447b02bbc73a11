/* SPDX-License-Identifier: ISC */
#include "lint/rule.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

/* What is at the path; where it ends early, the last that is there. */
static const mc_plist *
owner(const mc_plist *top, const struct mc_path *p, bool *whole)
{
	const mc_plist *up;
	const mc_plist *here;

	if (!p) {
		*whole = true;
		return top;
	}
	up = owner(top, p->up, whole);
	if (!*whole)
		return up;
	here = p->key ? mc_plist_get(up, p->key) : mc_plist_at(up, p->i);
	*whole = here != NULL;
	return here ? here : up;
}

/* What is told of is the file itself where there is no path and no node. */
static struct mc_place
place(const struct mc_lint *l, const struct mc_about *about)
{
	const mc_plist *node = about->node;
	bool whole = true;

	if (!l->doc->marks || (!node && !about->path))
		return (struct mc_place){ 0 };
	if (!node)
		node = owner(l->profile, about->path, &whole);
	if (about->at_key && whole)
		return mc_marks_key(l->doc->marks, node);
	return mc_marks_value(l->doc->marks, node);
}

/* NULL for NULL; fit for one line. */
static bool
copy(const char *s, char **out)
{
	*out = s ? strdup(s) : NULL;
	if (*out)
		mc_text_show(*out);
	return !s || *out;
}

/* Takes message, which is NULL for want of memory. */
static bool
put(struct mc_findings *to, struct mc_finding *f, const struct mc_about *about,
    char *message, struct mc_err *e)
{
	if (message)
		mc_text_show(message);
	if (copy(about->expected, &f->expected) &&
	    copy(about->suggestion, &f->suggestion))
		f->message = message;
	else
		free(message);
	return mc_findings_add(to, f, e);
}

bool
mc_lint_tell(const struct mc_lint *l, const struct mc_about *about,
    struct mc_err *e, const char *fmt, ...)
{
	const struct mc_lint_code *code = mc_lint_code_find(about->code);
	struct mc_finding f = { .code = code, .at = place(l, about) };
	char path[MC_PATH_TEXT] = "";
	char *message;
	va_list ap;
	int n;

	if (!code)
		return mc_fail(e, MC_INTERNAL, "MC%u: no code", about->code);
	f.severity = about->severity ? about->severity - 1 : code->severity;
	if (about->path)
		mc_path_encode(about->path, path);
	f.path = strdup(path);
	va_start(ap, fmt);
	n = vasprintf(&message, fmt, ap);
	va_end(ap);
	return put(l->findings, &f, about, n == -1 ? NULL : message, e);
}

bool
mc_lint_tell_place(struct mc_findings *to, unsigned code, struct mc_place at,
    const char *path, struct mc_err *e, const char *fmt, ...)
{
	const struct mc_about about = { .code = code };
	struct mc_finding f = { .code = mc_lint_code_find(code), .at = at };
	char *message;
	va_list ap;
	int n;

	if (!f.code)
		return mc_fail(e, MC_INTERNAL, "MC%u: no code", code);
	f.severity = f.code->severity;
	f.path = strdup(path ? path : "");
	va_start(ap, fmt);
	n = vasprintf(&message, fmt, ap);
	va_end(ap);
	return put(to, &f, &about, n == -1 ? NULL : message, e);
}

void
mc_payload_iter_init(struct mc_payload_iter *it, const struct mc_lint *l)
{
	*it = (struct mc_payload_iter){
		.l = l,
		.content = { NULL, "PayloadContent", 0 },
		.type = "",
	};
}

bool
mc_payload_iter_next(struct mc_payload_iter *it)
{
	const mc_plist *content = mc_plist_get(
	    it->l->profile, "PayloadContent");
	const char *type;

	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return false;
	while (it->next < mc_plist_len(content)) {
		it->item = (struct mc_path){ &it->content, NULL, it->next };
		it->payload = mc_plist_at(content, it->next++);
		if (mc_plist_type(it->payload) != MC_PLIST_DICT)
			continue;
		type = mc_plist_get_str(it->payload, "PayloadType");
		it->type = type ? type : "";
		return true;
	}
	return false;
}
