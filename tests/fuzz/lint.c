/* SPDX-License-Identifier: ISC */
/*
 * Whatever is linted, findings are whole: a code, a line of words, a path that
 * can be read again; in order, each once; the same the second time; and a
 * baseline of them knows them all.
 *
 * The first bytes are the options, and what is put in the place of which value
 * of the profile that follows: so one that is well formed stays so, and the
 * rules see values where they do not expect them.
 */
#include "lint/lint.h"
#include "help.h"
#include "lint/baseline.h"

#define SPEC 4

static void
options_set(struct mc_lint_options *o, const uint8_t *spec)
{
	o->schema = mc_schema_builtin();
	o->now = 1800000000;
	o->way = spec[0] % 5;
	o->channel = spec[0] / 5 % 3;
	o->phase = spec[0] / 15 % 4;
	for (enum mc_os os = 0; os < MC_OS_COUNT; os++)
		if (spec[1] & 1U << os)
			o->targets[o->n++] = (struct mc_lint_target){ os,
				spec[1] & 0x80 ? 100000U + os * 30000U : 0 };
}

static void
path_check(const char *path)
{
	AUTO_KEYPATH steps = { 0 };
	struct mc_err e = MC_ERR_INIT;

	must(!strchr(path, '\n') && strlen(path) < MC_PATH_TEXT);
	/* a long one is cut, and its end is not its end */
	if (*path && strlen(path) < MC_PATH_TEXT / 2 && !strstr(path, "...") &&
	    !strchr(path, '?'))
		must(mc_keypath_parse(path, strlen(path), &steps, &e));
}

static void
findings_check(const struct mc_findings *f)
{
	must(f->n <= 3 * MC_FINDINGS_MAX + 1);
	for (size_t i = 0; i < f->n; i++) {
		const struct mc_finding *one = &f->v[i];
		const struct mc_finding *before = i ? one - 1 : one;

		must(one->code && one->severity <= MC_ERROR);
		must(*one->message && !strchr(one->message, '\n'));
		must(!one->at.line == !one->at.column);
		must(one->at.line >= before->at.line);
		path_check(one->path);
	}
}

static void
check(const struct mc_lint_options *o, const struct mc_buf *file,
    struct mc_findings *out)
{
	struct mc_err e = MC_ERR_INIT;

	must(mc_lint_check(o, file, out, &e));
	findings_check(out);
}

static void
check_twice(const struct mc_lint_options *o, const struct mc_buf *file)
{
	AUTO_FINDINGS once = { 0 };
	AUTO_FINDINGS twice = { 0 };
	AUTO_BASELINE known = { 0 };
	struct mc_err e = MC_ERR_INIT;
	size_t dropped = 0;

	check(o, file, &once);
	check(o, file, &twice);
	must(once.n == twice.n && once.lost == twice.lost);
	for (size_t i = 0; i < once.n; i++)
		must(strcmp(once.v[i].message, twice.v[i].message) == 0 &&
		    strcmp(once.v[i].path, twice.v[i].path) == 0);
	must(mc_baseline_add(&known, "x", &once, &e));
	must(mc_baseline_apply(&known, "x", &twice, &dropped, &e));
	must(dropped + twice.n == once.n);
	/* what was not looked at whole is never known */
	for (size_t i = 0; i < twice.n; i++)
		must(mc_lint_code_is_final(twice.v[i].code));
}

/* What a value may be turned into. */
static mc_plist *
other(uint8_t kind)
{
	switch (kind % 12) {
	case 0:
		return mc_plist_new_dict();
	case 1:
		return mc_plist_new_array();
	case 2:
		return mc_plist_new_str("");
	case 3:
		return mc_plist_new_str("com.apple.mdm");
	case 4:
		return mc_plist_new_str("${x} {{y}} %SerialNumber%");
	case 5:
		return mc_plist_new_bool(true);
	case 6:
		return mc_plist_new_int(INT64_MIN);
	case 7:
		return mc_plist_new_int(1);
	case 8:
		return mc_plist_new_real(1e300);
	case 9:
		return mc_plist_new_date(MC_PLIST_DATE_MAX);
	case 10:
		return mc_plist_new_data("\x30\x80", 2);
	default:
		return mc_plist_new_str("https://example.com/?a=b");
	}
}

/* Replace the *left-th value below p. */
static bool
replace(mc_plist *p, unsigned *left, uint8_t kind)
{
	AUTO_PLIST_ITER it = { .in = p };

	while (mc_plist_iter_next(&it)) {
		if ((*left)-- == 0)
			return it.key ? mc_plist_set(p, it.key, other(kind))
				      : mc_plist_item_set(p, it.i, other(kind));
		if (replace(it.value, left, kind))
			return true;
	}
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_lint_options o = { 0 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF changed = MC_BUF_INIT;
	AUTO_FINDINGS update = { 0 };
	AUTO(mc_plist) *p = NULL;
	unsigned which;

	if (size < SPEC)
		return 0;
	options_set(&o, data);
	which = data[2];
	if (!mc_buf_add(&in, data + SPEC, size - SPEC, &e))
		return 0;
	check_twice(&o, &in);
	if (!mc_plist_read(&in, NULL, &p, &e) || !replace(p, &which, data[3]) ||
	    !mc_plist_encode(p, &changed, &e))
		return 0;
	check_twice(&o, &changed);
	must(mc_lint_update(&o, &in, &changed, &update, &e));
	findings_check(&update);
	return 0;
}
