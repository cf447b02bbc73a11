/* SPDX-License-Identifier: ISC */
#include "profile/vars.h"

#include <stdlib.h>

#include "base/near.h"
#include "base/secret.h"
#include "plist/path.h"
#include "plist/plist.h"

#define NAME_MAX_LEN ((size_t)64)

void
mc_vars_cut(struct mc_vars *vars, size_t n)
{
	for (; vars->n > n; vars->n--) {
		free(vars->v[vars->n - 1].name);
		explicit_bzero(vars->v[vars->n - 1].value,
		    strlen(vars->v[vars->n - 1].value));
		free(vars->v[vars->n - 1].value);
	}
}

void
mc_vars_clear(struct mc_vars *vars)
{
	mc_vars_cut(vars, 0);
}

/* How many bytes at s are a name. */
static size_t
name_length(const char *s)
{
	static const char first[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	static const char rest[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
	    "0123456789.-";

	return *s && strchr(first, *s) ? strspn(s, rest) : 0;
}

static const char *
find(const struct mc_vars *vars, const char *name)
{
	for (size_t i = 0; i < vars->n; i++)
		if (strcmp(vars->v[i].name, name) == 0)
			return vars->v[i].value;
	return NULL;
}

bool
mc_vars_add(
    struct mc_vars *vars, const char *name, const char *value, struct mc_err *e)
{
	size_t n = name_length(name);
	char quoted[MC_QUOTE_TEXT];

	if (n == 0 || name[n] || n > NAME_MAX_LEN)
		return mc_fail(e, MC_USAGE, "\"%s\": not a variable's name",
		    mc_path_quote(name, quoted));
	if (find(vars, name))
		return mc_fail(e, MC_USAGE, "%s: is given twice", name);
	if (!mc_plist_text_check(value))
		return mc_fail(e, MC_MALFORMED,
		    "%s: want UTF-8 without control characters", name);
	if (vars->n == MC_VARS_MAX)
		return mc_fail(e, MC_USAGE, "too many variables");
	vars->v[vars->n].name = strdup(name);
	vars->v[vars->n].value = strdup(value);
	if (!vars->v[vars->n].name || !vars->v[vars->n].value) {
		free(vars->v[vars->n].name);
		free(vars->v[vars->n].value);
		return mc_fail_memory(e);
	}
	vars->n++;
	return true;
}

/* Cuts "NAME=REST"; name is the caller's buffer. */
static bool
cut(const char *pair, struct mc_buf *name, const char **rest, struct mc_err *e)
{
	const char *eq = strchr(pair, '=');
	char quoted[MC_QUOTE_TEXT];

	if (!eq)
		return mc_fail(e, MC_USAGE, "\"%s\": want NAME=VALUE",
		    mc_path_quote(pair, quoted));
	*rest = eq + 1;
	return mc_buf_add(name, pair, (size_t)(eq - pair), e);
}

bool
mc_vars_add_pair(struct mc_vars *vars, const char *pair, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;
	const char *value;

	return cut(pair, &name, &value, e) &&
	    mc_vars_add(vars, mc_buf_str(&name), value, e);
}

bool
mc_vars_add_secret(struct mc_vars *vars, const char *pair, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;
	AUTO_BUF value = MC_BUF_INIT;
	const char *source;

	return cut(pair, &name, &source, e) &&
	    (mc_secret_load_text(source, vars->facts, &value, e) ||
		mc_note(e, "%s", mc_buf_str(&name))) &&
	    mc_vars_add(vars, mc_buf_str(&name), mc_buf_str(&value), e);
}

static char
to_fact(char c)
{
	if (c == '-')
		return '_';
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return c;
}

const char *
mc_vars_get(const struct mc_vars *vars, const char *name)
{
	const char *value = find(vars, name);
	char fact[NAME_MAX_LEN + 1];
	size_t n = strlen(name);

	if (value || !vars->facts || n > NAME_MAX_LEN)
		return value;
	for (size_t i = 0; i <= n; i++)
		fact[i] = to_fact(name[i]);
	return mc_facts_get(vars->facts, fact);
}

/* The known names that are closest, for a person who mistyped one. */
static bool
refuse_unknown(const struct mc_vars *vars, const char *name, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(name);

	for (size_t i = 0; i < vars->n; i++)
		mc_near_add(&near, vars->v[i].name);
	for (size_t i = 0; vars->facts && i < vars->facts->n; i++)
		mc_near_add(&near, vars->facts->v[i].name);
	if (near.n == 0)
		return mc_fail(e, MC_USAGE,
		    "${%s}: no such variable; --var %s=... sets it", name,
		    name);
	return mc_fail(e, MC_USAGE, "${%s}: no such variable; near: %s", name,
	    mc_near_text(&near));
}

/* s is behind "${"; *n is how long name and "}" are. */
static bool
expand_one(const struct mc_vars *vars, const char *s, size_t *n,
    struct mc_buf *to, struct mc_err *e)
{
	char name[NAME_MAX_LEN + 1];
	char quoted[MC_QUOTE_TEXT];
	const char *value;

	*n = name_length(s);
	if (*n == 0 || *n > NAME_MAX_LEN || s[*n] != '}')
		return mc_fail(e, MC_MALFORMED,
		    "\"${%s\": want ${NAME}, or $${ for a plain ${",
		    mc_path_quote(s, quoted));
	memcpy(name, s, *n);
	name[*n] = '\0';
	++*n;
	value = mc_vars_get(vars, name);
	return value ? mc_buf_puts(to, value, e)
		     : refuse_unknown(vars, name, e);
}

bool
mc_vars_expand(const struct mc_vars *vars, const char *text, struct mc_buf *to,
    struct mc_err *e)
{
	const char *p;
	size_t n;

	for (; (p = strstr(text, "${")) != NULL; text = p + 2 + n) {
		n = 0;
		if (p > text && p[-1] == '$') {
			if (!mc_buf_add(to, text, (size_t)(p - 1 - text), e) ||
			    !mc_buf_puts(to, "${", e))
				return false;
			continue;
		}
		if (!mc_buf_add(to, text, (size_t)(p - text), e) ||
		    !expand_one(vars, p + 2, &n, to, e))
			return false;
	}
	return mc_buf_puts(to, text, e);
}
