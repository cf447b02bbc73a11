/* SPDX-License-Identifier: ISC */
/*
 * A recipe is refused with a place, or it has what it says: an option table
 * that is whole, and with hostile values for its options payloads that are as
 * many as before, whose keys are none of the values'.
 */
#include "profile/recipe.h"
#include "help.h"
#include "profile/configuration.h"

#define HOSTILE "@/etc/passwd${x}]]></string><key>Evil=1.[0]+=@uuid:a"

static bool
part(void *ctx, const char *name, struct mc_buf *text, struct mc_buf *file,
    struct mc_err *e)
{
	(void)ctx;
	(void)name;
	return mc_buf_puts(text,
		   "option identity choice scep|p12\n\twhere from\n"
		   "if identity=scep: payload com.apple.security.scep as "
		   "identity\n\tPayloadContent.URL=https://x\n",
		   e) &&
	    mc_buf_puts(file, "identity.part", e);
}

/* No key of the tree holds what only the values do. */
static void
check_keys(const mc_plist *p)
{
	AUTO_PLIST_ITER it = { .in = p };

	while (mc_plist_iter_next(&it)) {
		must(!it.key || !strstr(it.key, "Evil=1"));
		check_keys(it.value);
	}
}

/* Each option as hostile, or each but secrets and files, or none. */
static void
fill(const mc_recipe *r, const struct mc_opt *opts, bool give)
{
	const struct mc_value_rules rules = { .schema = mc_schema_builtin(),
		.force = true };
	union mc_recipe_value v[MC_RECIPE_OPTIONS] = { { 0 } };
	AUTO(mc_plist) *p = NULL;
	struct mc_err e = MC_ERR_INIT;
	size_t n = mc_recipe_len(r);
	size_t before;

	for (size_t i = 0; give && i < n; i++) {
		if (opts[i].kind == MC_OPT_FLAG)
			v[i].flag = true;
		else if (opts[i].kind == MC_OPT_STR &&
		    !strchr(opts[i].arg, '|'))
			v[i].text = i % 2 ? "17" : HOSTILE;
		else if (opts[i].kind == MC_OPT_LIST && i % 2)
			v[i].list = (struct mc_list){ { HOSTILE, "b" }, 2 };
	}
	if (!mc_recipe_fill(r, v, "com.acme.x", &rules, &p, &e)) {
		must(!p && e.code != MC_OK && e.code != MC_INTERNAL);
		return;
	}
	check_keys(p);
	before = mc_plist_len(mc_plist_get(p, "PayloadContent"));
	if (mc_configuration_finish(&p, MC_UUID_NAMED, &e))
		must(mc_plist_len(mc_plist_get(p, "PayloadContent")) == before);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct mc_recipe_reading how = { .part = part };
	struct mc_opt opts[MC_RECIPE_OPTIONS + 1] = { { 0 } };
	AUTO_BUF text = MC_BUF_INIT;
	AUTO(mc_recipe) *r = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&text, data, size, &e))
		return 0;
	if (!mc_recipe_parse("x", &text, &how, &r, &e)) {
		must(!r && e.code == MC_MALFORMED);
		must(strncmp(e.text, "x:", 2) == 0 ||
		    strncmp(e.text, "identity.part:", 14) == 0);
		return 0;
	}
	must(e.code == MC_OK && *mc_recipe_summary(r));
	must(mc_recipe_len(r) <= MC_RECIPE_OPTIONS);
	mc_recipe_opts(r, 0, opts);
	for (size_t i = 0; i < mc_recipe_len(r); i++)
		must(opts[i].kind && *opts[i].name && *opts[i].help &&
		    (opts[i].arg || opts[i].kind == MC_OPT_FLAG));
	fill(r, opts, false);
	fill(r, opts, true);
	return 0;
}
