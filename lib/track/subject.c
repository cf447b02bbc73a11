/* SPDX-License-Identifier: ISC */
#include "track/subject.h"

#include "base/subject.h"
#include "crypto/name.h"

static const char *
lookup(const struct mc_subject_values *v, const char *name, size_t n)
{
	const struct {
		const char *name;
		const char *value;
	} known[] = {
		{ "uuid", v->uuid },
		{ "user", v->user },
		{ "udid", v->udid },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strlen(known[i].name) == n &&
		    memcmp(known[i].name, name, n) == 0)
			return known[i].value;
	return NULL;
}

static bool
quote(const char *value, struct mc_buf *to, struct mc_err *e)
{
	/* mcprofile-gen would read a subject with it as a pattern again */
	if (strstr(value, "${"))
		return mc_fail(e, MC_DENIED, "subject: a value holds ${");
	return mc_subject_quote(value, strlen(value), to, e);
}

/* At "${"; *p moves behind its "}". */
static bool
variable(const char **p, const struct mc_subject_values *values,
    struct mc_buf *to, struct mc_err *e)
{
	const char *name = *p + 2;
	size_t n = strcspn(name, "}");
	const char *value = lookup(values, name, n);

	if (!name[n] || !value)
		return mc_fail(e, MC_USAGE,
		    "subject: %.*s: want ${uuid}, ${user} or ${udid}",
		    (int)(n < 40 ? n + 3 : 43), *p);
	*p = name + n + 1;
	return quote(value, to, e);
}

static bool
expand(const char *p, const struct mc_subject_values *values, struct mc_buf *to,
    struct mc_err *e)
{
	bool done = true;

	while (done && *p) {
		if (strncmp(p, "${", 2) == 0) {
			done = variable(&p, values, to, e);
		} else if (strncmp(p, "$${", 3) == 0) {
			done = mc_buf_puts(to, "${", e);
			p += 3;
		} else {
			done = mc_buf_add(to, p++, 1, e);
		}
	}
	return done;
}

bool
mc_subject_is_unique(const char *pattern)
{
	const char *at = strstr(pattern, "${uuid}");

	while (at && at > pattern && at[-1] == '$')
		at = strstr(at + 1, "${uuid}");
	return at != NULL;
}

/* The pattern itself is judged with values that fit anywhere. */
static bool
check(const char *pattern, struct mc_err *e)
{
	static const struct mc_subject_values plain = { "U", "U", "U" };
	AUTO_BUF text = MC_BUF_INIT;
	AUTO(X509_NAME) *name = NULL;

	if (!expand(pattern, &plain, &text, e))
		return false;
	if (mc_name_parse(mc_buf_str(&text), &name, e))
		return true;
	e->code = MC_USAGE;
	return mc_note(e, "subject");
}

bool
mc_subject_make(const char *pattern, const struct mc_subject_values *values,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO(X509_NAME) *name = NULL;

	if (!check(pattern, e) || !expand(pattern, values, &text, e))
		return false;
	if (!mc_name_parse(mc_buf_str(&text), &name, e)) {
		e->code = MC_DENIED;
		return mc_note(e, "subject");
	}
	return mc_name_encode(name, to, e);
}
