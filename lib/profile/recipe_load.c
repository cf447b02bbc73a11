/* SPDX-License-Identifier: ISC */
#include "profile/recipe_load.h"

#include "base/fd.h"
#include "base/secret.h"
#include "crypto/pem.h"
#include "profile/subject.h"

void
mc_recipe_values_clear(struct mc_recipe_values *v)
{
	for (size_t i = 0; i < MC_RECIPE_OPTIONS; i++) {
		mc_buf_clear(&v->v[i].text);
		if (v->v[i].certs)
			mc_certs_free(v->v[i].certs);
		mc_plist_free(v->v[i].subject);
	}
}

bool
mc_recipe_if_holds(
    const struct mc_recipe_values *v, const struct mc_recipe_if *when)
{
	const struct mc_recipe_loaded *o;
	bool holds;

	if (!when->option)
		return true;
	o = &v->v[when->option - 1];
	holds = o->has &&
	    (!when->is ||
		mc_recipe_words_have(
		    when->is, mc_buf_str(&o->text), o->text.len));
	return holds != when->negated;
}

static bool
was_given(const struct mc_recipe_option *o, const union mc_recipe_value *given)
{
	if (o->kind == MC_RECIPE_FLAG)
		return given->flag;
	if (o->kind != MC_RECIPE_LIST && o->kind != MC_RECIPE_CERTIFICATES)
		return given->text;
	return o->word ? given->words.n > 0 : given->list.n > 0;
}

static bool
equal(X509 *a, const mc_certs *certs)
{
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (X509_cmp(a, sk_X509_value(certs, i)) == 0)
			return true;
	return false;
}

/* Those of a file that are not there already: chains overlap. */
static bool
load_certs(const char *path, mc_certs *to, struct mc_err *e)
{
	AUTO(mc_certs) *certs = sk_X509_new_null();

	if (!certs)
		return mc_fail_memory(e);
	if (!mc_pem_certs_load(path, certs, e))
		return false;
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (!equal(sk_X509_value(certs, i), to) &&
		    !mc_certs_add(to, sk_X509_value(certs, i), e))
			return false;
	return sk_X509_num(to) <= MC_RECIPE_CERTS ||
	    mc_fail(e, MC_USAGE, "more than %d certificates", MC_RECIPE_CERTS);
}

static bool
load_list(const struct mc_recipe_option *o, struct mc_recipe_loaded *to,
    struct mc_err *e)
{
	if (o->kind == MC_RECIPE_CERTIFICATES) {
		to->certs = sk_X509_new_null();
		if (!to->certs)
			return mc_fail_memory(e);
	}
	for (size_t i = 0; i < to->list_n; i++)
		if (to->certs
			? !load_certs(to->list[i], to->certs, e)
			: !mc_recipe_option_value_check(o, to->list[i], e))
			return false;
	return true;
}

static bool
load_text(const struct mc_recipe_option *o, const char *text,
    const struct mc_facts *facts, struct mc_recipe_loaded *to, struct mc_err *e)
{
	switch (o->kind) {
	case MC_RECIPE_SECRET:
		return mc_secret_load_text(text, facts, &to->text, e);
	case MC_RECIPE_FILE:
		return mc_file_load(text, &to->text, e) &&
		    (to->text.len > 0 ||
			mc_fail(e, MC_MALFORMED, "%s: is empty", text));
	case MC_RECIPE_SUBJECT:
		return mc_subject_parse(text, NULL, &to->subject, e);
	case MC_RECIPE_TEXT:
	case MC_RECIPE_INTEGER:
	case MC_RECIPE_CHOICE:
	case MC_RECIPE_FLAG:
	case MC_RECIPE_LIST:
	case MC_RECIPE_CERTIFICATES:
	case MC_RECIPE_KINDS:
		break;
	}
	return mc_recipe_option_value_check(o, text, e) &&
	    mc_buf_puts(&to->text, text, e);
}

static bool
load(const struct mc_recipe_option *o, const union mc_recipe_value *given,
    const struct mc_facts *facts, struct mc_recipe_loaded *to, struct mc_err *e)
{
	to->has = true;
	if (o->kind == MC_RECIPE_FLAG)
		return true;
	if (o->kind == MC_RECIPE_LIST || o->kind == MC_RECIPE_CERTIFICATES) {
		to->list = o->word ? given->words.v : given->list.v;
		to->list_n = o->word ? given->words.n : given->list.n;
		return load_list(o, to, e);
	}
	return load_text(
	    o, given->text ? given->text : o->fallback, facts, to, e);
}

/* "--scep-url URL", or the word that it is. */
static bool
show_name(const struct mc_recipe_option *o, struct mc_buf *to, struct mc_err *e)
{
	return o->word ? mc_buf_puts(to, o->arg, e)
		       : mc_buf_printf(to, e, "--%s%s%s", o->name,
			     o->arg ? " " : "", o->arg ? o->arg : "");
}

/* It was given where it makes no sense, or was not where it must. */
static bool
fail_when(const struct mc_recipe *r, const struct mc_recipe_option *o,
    const char *what, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;
	AUTO_BUF when = MC_BUF_INIT;

	if (!show_name(o, &name, e) ||
	    (o->when.option && !mc_recipe_if_show(r, &o->when, &when, e)))
		return false;
	return mc_fail(e, MC_USAGE, "%s is %s%s%s", mc_buf_str(&name), what,
	    when.len ? " with " : "", mc_buf_str(&when));
}

bool
mc_recipe_values_load(const struct mc_recipe *r,
    const union mc_recipe_value *given, const struct mc_facts *facts,
    struct mc_recipe_values *out, struct mc_err *e)
{
	const struct mc_recipe_option *o = r->options;
	bool there;

	for (size_t i = 0; i < r->options_n; i++, o++) {
		there = was_given(o, &given[i]);
		if (!mc_recipe_if_holds(out, &o->when)) {
			if (there)
				return fail_when(r, o, "only", e);
			continue;
		}
		if (o->required && !there)
			return fail_when(r, o, "required", e);
		if ((there || o->fallback) &&
		    !load(o, &given[i], facts, &out->v[i], e))
			return o->word ? false : mc_note(e, "--%s", o->name);
	}
	return true;
}
