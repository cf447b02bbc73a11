/* SPDX-License-Identifier: ISC */
/* Options that have many words, and UUIDs that names have. */
#include <string.h>

#include "base/opt.h"
#include "base/uuid.h"
#include "tap.h"

struct args {
	bool flag;
	struct mc_words files;
};

struct grouped {
	bool flag;
	struct mc_words payloads;
};

static const struct mc_opt files_opts[] = {
	MC_FLAG(struct args, flag, 'f', "flag", "a flag"),
	MC_WORDS(struct args, files, "files", "FILE", "files", true),
	MC_OPT_END,
};

static const struct mc_opt group_opts[] = {
	MC_FLAG(struct grouped, flag, 'f', "flag", "a flag"),
	MC_GROUP(struct grouped, payloads, "payload", "TYPE KEY=VALUE...",
	    "a payload", false),
	MC_OPT_END,
};

static bool
parse(const struct mc_opt *opts, const char *line, void *args, struct mc_err *e)
{
	static char text[256];
	char *argv[64] = { (char *)(uintptr_t) "test" };
	struct mc_opt_set sets[] = { { opts, args }, { NULL, NULL } };
	int argc = 1;
	int i = 1;

	snprintf(text, sizeof(text), "%s", line);
	for (char *w = strtok(text, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	return mc_opt_parse(sets, argc, argv, &i, e) &&
	    (i == argc || mc_fail(e, MC_USAGE, "left: %s", argv[i])) &&
	    mc_opt_check(sets, e);
}

/* "a b . c ." for what groups hold. */
static const char *
joined(const struct mc_words *w)
{
	static char text[512];

	text[0] = '\0';
	for (size_t i = 0; i < w->n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s", i ? " " : "", w->v[i] ? w->v[i] : ".");
	return text;
}

static void
words_are_any_number(void)
{
	struct args a = { 0 };
	struct mc_err e = MC_ERR_INIT;
	char line[256] = "";

	for (int i = 0; i < 40; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line),
		    "w%d %s", i, i == 20 ? "-f " : "");
	ok(parse(files_opts, line, &a, &e) && a.flag && a.files.n == 40);
	ok(strcmp(a.files.v[0], "w0") == 0 &&
	    strcmp(a.files.v[39], "w39") == 0);
	mc_opt_clear(files_opts, &a);
	ok(!a.files.v && a.files.n == 0);
	a.flag = false;
	ok(parse(files_opts, "- -- -f", &a, &e) && !a.flag);
	ok(a.files.n == 2 && strcmp(a.files.v[1], "-f") == 0);
	mc_opt_clear(files_opts, &a);
	ok(!parse(files_opts, "-f", &a, &e) &&
	    strcmp(e.text, "FILE is required") == 0);
	mc_opt_clear(files_opts, &a);
}

static void
groups_own_the_words_after_them(void)
{
	struct grouped g = { 0 };
	struct mc_err e = MC_ERR_INIT;

	ok(parse(group_opts, "--payload A b=1 -f c=-2 --payload=D", &g, &e));
	ok(g.flag && strcmp(joined(&g.payloads), "A b=1 c=-2 . D .") == 0);
	mc_opt_clear(group_opts, &g);
	ok(!parse(group_opts, "x --payload A", &g, &e) &&
	    strcmp(e.text, "left: x") == 0);
	mc_opt_clear(group_opts, &g);
	ok(!parse(group_opts, "--payload", &g, &e) &&
	    strcmp(e.text, "--payload needs TYPE KEY=VALUE...") == 0);
	mc_opt_clear(group_opts, &g);
}

static void
help_shows_that_there_are_several(void)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_opt_usage(&b, files_opts, &e) && mc_buf_is(&b, " FILE ..."));
	mc_buf_clear(&b);
	ok(mc_opt_synopsis(&b, group_opts, &e) &&
	    strstr(
		mc_buf_str(&b), ".Op Fl -payload Ar TYPE KEY=VALUE... ...\n"));
	mc_buf_clear(&b);
	ok(mc_opt_items(&b, files_opts, &e) &&
	    strstr(mc_buf_str(&b), ".It Ar FILE ...\n"));
	mc_buf_clear(&b);
	ok(mc_opt_words(&b, files_opts, &e) && mc_buf_is(&b, "--flag\n"));
}

static void
a_name_has_one_uuid_for_ever(void)
{
	char one[MC_UUID_TEXT];
	char two[MC_UUID_TEXT];

	mc_uuid_named("com.acme.wifi", 13, one);
	/* python: uuid.uuid5(UUID("2A7C0D52-..."), "com.acme.wifi") */
	ok(strcmp(one, "891F3B3E-4BFC-5DA3-88AC-143FD8367928") == 0);
	ok(mc_uuid_check(one) && one[14] == '5');
	mc_uuid_named("com.acme.wifi\0x", 15, two);
	ok(strcmp(one, two) != 0);
}

int
main(void)
{
	words_are_any_number();
	groups_own_the_words_after_them();
	help_shows_that_there_are_several();
	a_name_has_one_uuid_for_ever();
	return done();
}
