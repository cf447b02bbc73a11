/* SPDX-License-Identifier: ISC */
#include "ca/spell.h"

#include <stdlib.h>

#include "base/text.h"
#include "crypto/name.h"
#include "store/certificate.h"

#define OWNER_MAX (MC_OWNER_TEXT - 1)
#define USER_MAX 256

bool
mc_spell_subject(const char *text, struct mc_buf *to, struct mc_err *e)
{
	AUTO(X509_NAME) *name = NULL;

	return (mc_name_parse(text, &name, e) && mc_name_encode(name, to, e)) ||
	    mc_note(e, "subject");
}

bool
mc_spell_names(const char *text, struct mc_buf *to, struct mc_err *e)
{
	AUTO(GENERAL_NAMES) *names = NULL;

	return (mc_names_parse(text, &names, e) &&
		   mc_names_encode(names, to, e)) ||
	    mc_note(e, "names");
}

bool
mc_spell_copy(const char *text, char **out, struct mc_err *e)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		return mc_fail_memory(e);
	free(*out);
	*out = copy;
	return true;
}

/* They are shown in tables: a line each. */
static bool
length_check(const char *text, const char *what, size_t max, struct mc_err *e)
{
	size_t n = strlen(text);

	if (n == 0 || n > max)
		return mc_fail(e, MC_USAGE,
		    "%s has at least one character, and %zu at most", what,
		    max);
	return true;
}

bool
mc_owner_check(const char *owner, struct mc_err *e)
{
	if (!owner)
		return true;
	if (!length_check(owner, "an owner", OWNER_MAX, e))
		return false;
	for (; *owner; owner++)
		if (*owner <= ' ' || *owner > '~')
			return mc_fail(e, MC_USAGE,
			    "an owner is printable ASCII without blanks");
	return true;
}

bool
mc_user_check(const char *user, struct mc_err *e)
{
	const char *why;

	if (!user)
		return true;
	return length_check(user, "a user", USER_MAX, e) &&
	    (mc_text_check(user, strlen(user), &why) ||
		mc_fail(e, MC_USAGE, "a user's name %s", why));
}
