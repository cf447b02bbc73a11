/* SPDX-License-Identifier: ISC */
#include "ca/conf.h"

#include "ca/conf_table.h"

static const struct mc_ca_value *
value_find(const struct mc_ca_value *values, size_t said)
{
	while (values->said && values->said != said)
		values++;
	return values->said ? values : NULL;
}

static bool
put_choice(const struct mc_opt *o, const void *field, struct mc_buf *to,
    struct mc_err *e)
{
	const char *p = o->arg;
	unsigned i;

	for (memcpy(&i, field, sizeof(i)); i > 0; i--)
		p += strcspn(p, "|") + 1;
	return mc_buf_add(to, p, strcspn(p, "|"), e);
}

static bool
put_plain(const struct mc_opt *o, const void *field, struct mc_buf *to,
    struct mc_err *e)
{
	const char *text;
	unsigned n;
	bool yes;

	if (o->kind == MC_OPT_CHOICE)
		return put_choice(o, field, to, e);
	if (o->kind == MC_OPT_FLAG) {
		memcpy(&yes, field, sizeof(yes));
		return mc_buf_puts(to, yes ? "yes" : "no", e);
	}
	if (o->kind == MC_OPT_UINT) {
		memcpy(&n, field, sizeof(n));
		return mc_buf_printf(to, e, "%u", n);
	}
	memcpy(&text, field, sizeof(text));
	return mc_buf_puts(to, text, e);
}

/* A file's name has no word for "none": then there is no line. */
static bool
is_missing(const struct mc_opt *o, const void *field)
{
	const char *text;

	if (o->kind != MC_OPT_STR)
		return false;
	memcpy(&text, field, sizeof(text));
	return !text;
}

/* base is a configuration, or a profile: what a head, a section begins with. */
static bool
put_settings(const struct mc_opt *opts, const struct mc_ca_value *values,
    const void *base, struct mc_buf *to, struct mc_err *e)
{
	const struct mc_ca_value *v;
	const char *field;

	for (const struct mc_opt *o = opts; o->kind; o++) {
		v = value_find(values, o->off);
		field = (const char *)base + (v ? v->field : o->off);
		if (!v && is_missing(o, field))
			continue;
		if (!mc_buf_printf(to, e, "%s = ", o->name) ||
		    !(v ? v->encode(v, field, to, e)
			: put_plain(o, field, to, e)) ||
		    !mc_buf_puts(to, "\n", e))
			return false;
	}
	return true;
}

bool
mc_ca_conf_encode(
    const struct mc_ca_conf *c, struct mc_buf *to, struct mc_err *e)
{
	if (!put_settings(mc_ca_head_opts, mc_ca_head_values, c, to, e))
		return false;
	for (size_t i = 0; i < c->n; i++)
		if ((i > 0 &&
			!mc_buf_printf(
			    to, e, "\n[profile %s]\n", c->profile[i].name)) ||
		    !put_settings(mc_ca_section_opts, mc_ca_section_values,
			&c->profile[i], to, e))
			return false;
	return true;
}
