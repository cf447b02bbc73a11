/* SPDX-License-Identifier: ISC */
/*
 * Pages.  With arguments "DIR NAME name=value..." it is the program that
 * tests/flow/pages.bats renders with.
 */
#include "http/page.h"

#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

/* The same text everywhere: ctx is NULL, or "name=value" words. */
static const char *
lookup(const void *ctx, const char *name)
{
	const char *const *words = ctx;
	size_t n = strlen(name);

	for (; words && *words; words++)
		if (strncmp(*words, name, n) == 0 && (*words)[n] == '=')
			return *words + n + 1;
	return NULL;
}

static const char *const words[] = { "name=Ann <&> \"O'B\"",
	"empty=", "flag=yes", "x=${name}", NULL };
static const struct mc_page_values values = { lookup, words };

static bool
render(const char *text, struct mc_buf *page, struct mc_err *e)
{
	AUTO_BUF in = MC_BUF_INIT;

	mc_buf_clear(page);
	*e = (struct mc_err)MC_ERR_INIT;
	return mc_buf_puts(&in, text, e) &&
	    mc_page_render("t.html", &in, &values, page, e);
}

/* text becomes page; and where it does not, nothing comes out. */
static bool
gives(const char *text, const char *want)
{
	AUTO_BUF page = MC_BUF_INIT;
	struct mc_err e;
	bool same = render(text, &page, &e) && mc_buf_is(&page, want);

	if (!same)
		printf("# %s | %s\n", mc_buf_str(&page), e.text);
	return same;
}

static bool
fails(const char *text, const char *want)
{
	AUTO_BUF page = MC_BUF_INIT;
	struct mc_err e;
	bool done = render(text, &page, &e);

	printf("# %s\n", e.text);
	return !done && page.len == 0 && e.code == MC_MALFORMED &&
	    strcmp(e.text, want) == 0;
}

static void
test_values(void)
{
	ok(gives("", ""));
	ok(gives(
	    "<p>${name}</p>", "<p>Ann &lt;&amp;&gt; &quot;O&#39;B&quot;</p>"));
	ok(gives("[${empty}]", "[]"));
	ok(gives("$${name} $ $$ $x {name}", "${name} $ $$ $x {name}"));
	/* a value is never read again */
	ok(gives("${x}", "${name}"));
	ok(gives("$", "$"));
}

static void
test_conditions(void)
{
	ok(gives("a${if flag=yes}b${end}c", "abc"));
	ok(gives("a${if flag=no}b${end}c", "ac"));
	ok(gives("a${if flag=ye}b${end}${if flag=yess}b${end}c", "ac"));
	ok(gives("${if empty=}b${end}", "b"));
	ok(gives("${if flag=no}${if flag=yes}b${end}c${end}d", "d"));
	ok(gives("${if flag=yes}${if flag=no}b${end}c${end}d", "cd"));
	ok(gives("${if flag=no}$${x} ${name} $${end}", "") == false);
	ok(gives("${if flag=no}$${x} ${name} ${end}.", "."));
}

static void
test_mistakes(void)
{
	ok(fails("a\n  ${nam}", "t.html:2:3: ${nam}: no such name"));
	/* also where it is not shown */
	ok(fails(
	    "${if flag=no}${nam}${end}", "t.html:1:14: ${nam}: no such name"));
	ok(fails("${Name}", "t.html:1:1: ${Name}: not a name"));
	ok(fails("${}", "t.html:1:1: ${}: not a name"));
	ok(fails("${abcdefghijklmnopqrstuvwxyz-0123456789}",
	    "t.html:1:1: ${abcdefghijklmnopqrstuvwxyz-0123456789}: "
	    "not a name"));
	ok(fails("x${name", "t.html:1:2: ${name: no } on this line"));
	ok(fails("${name\n}", "t.html:1:1: ${name: no } on this line"));
	ok(fails("${if flag}x${end}",
	    "t.html:1:1: ${if flag}: want ${if name=value}"));
	ok(fails(
	    "${if nope=1}x${end}", "t.html:1:1: ${if nope=1}: no such name"));
	ok(fails("x${end}", "t.html:1:2: ${end}: no ${if} before it"));
	ok(fails("${if flag=yes}", "t.html: ${if} without its ${end}"));
	ok(fails("${if flag=yes}${if flag=yes}${if flag=yes}${if flag=yes}"
		 "${if flag=yes}${if flag=yes}${if flag=yes}${if flag=yes}\n"
		 "${if flag=yes}",
	    "t.html:2:1: ${if flag=yes}: too many ${if} within each other"));
}

static void
test_limits(void)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF page = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_buf_add(&text, "a\0b", 3, &e));
	ok(!mc_page_render("t.html", &text, &values, &page, &e));
	ok(strcmp(e.text, "t.html: holds a NUL") == 0);

	mc_buf_clear(&text);
	for (size_t n = 0; n < MC_PAGE_LIMIT; n += 7)
		if (!mc_buf_puts(&text, "${name}", &e))
			break;
	e = (struct mc_err)MC_ERR_INIT;
	ok(!mc_page_render("t.html", &text, &values, &page, &e));
	ok(e.code == MC_MALFORMED && page.len == 0);
	ok(strcmp(e.text, "t.html: the page: more than 262144 bytes") == 0);
}

static void
test_files(void)
{
	AUTO_BUF page = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(!mc_page_load("/tmp", "../etc/passwd", &values, &page, &e));
	ok(e.code == MC_USAGE);
	ok(!mc_page_load("/tmp", "", &values, &page, &e));
	ok(e.code == MC_USAGE);
	ok(!mc_page_load("/nonexistent", "welcome", &values, &page, &e));
	ok(e.code == MC_NOINPUT);
	ok(strcmp(e.text,
	       "/nonexistent/welcome.html: No such file or directory") == 0);
}

static void
test_problems(void)
{
	ok(strcmp(mc_page_problem(400), "request") == 0);
	ok(strcmp(mc_page_problem(401), "login") == 0);
	ok(strcmp(mc_page_problem(403), "denied") == 0);
	ok(strcmp(mc_page_problem(404), "missing") == 0);
	ok(strcmp(mc_page_problem(405), "method") == 0);
	ok(strcmp(mc_page_problem(413), "size") == 0);
	ok(strcmp(mc_page_problem(415), "type") == 0);
	ok(strcmp(mc_page_problem(418), "request") == 0);
	ok(strcmp(mc_page_problem(500), "server") == 0);
	ok(strcmp(mc_page_problem(501), "server") == 0);
	ok(strcmp(mc_page_problem(503), "busy") == 0);
}

static int
show(const char *dir, const char *name, const char *const *given)
{
	const struct mc_page_values v = { lookup, given };
	AUTO_BUF page = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (mc_page_load(dir, name, &v, &page, &e) &&
	    mc_buf_write_fd(&page, STDOUT_FILENO, &e))
		return 0;
	fprintf(stderr, "%s\n", e.text);
	return mc_exit_status(e.code);
}

int
main(int argc, char **argv)
{
	if (argc > 2)
		return show(
		    argv[1], argv[2], (const char *const *)(void *)&argv[3]);
	test_values();
	test_conditions();
	test_mistakes();
	test_limits();
	test_files();
	test_problems();
	return done();
}
