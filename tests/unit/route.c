/* SPDX-License-Identifier: ISC */
#include "http/route.h"

#include "tap.h"

static struct mc_err e;

static bool
parse(struct mc_routes *r, const char *s)
{
	AUTO_BUF text = MC_BUF_INIT;

	e = (struct mc_err)MC_ERR_INIT;
	return mc_buf_puts(&text, s, &e) &&
	    mc_routes_parse(&text, "routes", r, &e);
}

static bool
says(const char *s, const char *want)
{
	AUTO_ROUTES r = { 0 };

	if (!parse(&r, s) && e.code == MC_MALFORMED &&
	    strcmp(e.text, want) == 0)
		return true;
	printf("# %s\n", e.text);
	return false;
}

static void
rows(void)
{
	AUTO_ROUTES r = { 0 };
	AUTO_BUF allow = MC_BUF_INIT;

	ok(parse(&r,
	    "# a comment \\\n"
	    "/\tGET,HEAD anyone  text/html; charset=utf-8 page welcome\n"
	    "\n"
	    "/p POST device a/b \\\n"
	    "\tone --x \\\n"
	    "\t| two\n"
	    "  /p POST enrolled - three # four\n"
	    "/scep/* GET,POST anyone - five"));
	ok(r.n == 4);
	ok(strcmp(r.v[0].path, "/") == 0 && r.v[0].line == 2);
	ok(r.v[0].methods == (MC_METHOD_GET | MC_METHOD_HEAD));
	ok(strcmp(r.v[0].type, "text/html; charset=utf-8") == 0);
	ok(strcmp(r.v[0].chain, "page welcome") == 0);
	ok(r.v[1].who == MC_WHO_DEVICE && r.v[1].line == 4);
	ok(strstr(r.v[1].chain, "one --x") && strstr(r.v[1].chain, "| two"));
	ok(!strchr(r.v[1].chain, '\n') && !strchr(r.v[1].chain, '\\'));
	ok(r.v[2].who == MC_WHO_ENROLLED && r.v[2].line == 7);
	ok(!r.v[2].type && strcmp(r.v[2].chain, "three # four") == 0);
	ok(strcmp(r.v[3].chain, "five") == 0 && r.v[3].line == 8);

	ok(mc_routes_find(&r, "/", MC_METHOD_GET) == &r.v[0]);
	ok(mc_routes_find(&r, "/", MC_METHOD_HEAD) == &r.v[0]);
	ok(!mc_routes_find(&r, "/", MC_METHOD_POST));
	ok(!mc_routes_find(&r, "/", 0));
	ok(mc_routes_find(&r, "/p", MC_METHOD_POST) == &r.v[1]);
	ok(mc_routes_find_signed(&r, "/p", MC_METHOD_POST, MC_WHO_ENROLLED) ==
	    &r.v[2]);
	ok(!mc_routes_find_signed(&r, "/", MC_METHOD_GET, MC_WHO_DEVICE));
	ok(mc_routes_find(&r, "/scep/pkiclient.exe", MC_METHOD_GET) == &r.v[3]);
	ok(mc_routes_find(&r, "/scep/", MC_METHOD_GET) == &r.v[3]);
	ok(!mc_routes_find(&r, "/scep", MC_METHOD_GET));
	ok(!mc_routes_find(&r, "/P", MC_METHOD_POST));
	ok(!mc_routes_find(&r, "", MC_METHOD_GET));
	ok(mc_routes_methods(&r, "/scep/x") ==
	    (MC_METHOD_GET | MC_METHOD_POST));
	ok(mc_routes_methods(&r, "/x") == 0);
	ok(mc_method_encode(mc_routes_methods(&r, "/scep/x"), &allow, &e) &&
	    mc_buf_is(&allow, "GET, POST"));
	ok(mc_method_find("get") == 0 && mc_method_find("DELETE") == 0);
}

static void
mistakes(void)
{
	ok(says("", "routes: no routes"));
	ok(says("# only a comment\n", "routes: no routes"));
	ok(says("\n\nx GET anyone - a\n", "routes:3: x: a path begins with /"));
	ok(says("/a%20 GET anyone - a",
	    "routes:1: /a%20: a path is plain, without %, ? or #"));
	ok(says("/a* GET anyone - a",
	    "routes:1: /a*: * is the end of \"/*\" only"));
	ok(says("/*/a GET anyone - a",
	    "routes:1: /*/a: * is the end of \"/*\" only"));
	ok(says("/a PUT anyone - a",
	    "routes:1: PUT: want GET, HEAD or POST, separated by commas"));
	ok(says("/a GET, anyone - a",
	    "routes:1: no method: want GET, HEAD or POST, separated by "
	    "commas"));
	ok(says("/a GET root - a",
	    "routes:1: root: want anyone, user, device or enrolled"));
	ok(says("/a GET device - a",
	    "routes:1: device: only POST has a body to sign"));
	ok(says(
	    "/a GET anyone html a", "routes:1: html: want TYPE/SUBTYPE or -"));
	ok(says("/a GET anyone -", "routes:1: the chain is missing"));
	ok(says("/a GET anyone - \\\n\n", "routes:1: the chain is missing"));
	ok(says("/a",
	    "routes:1: no method: want GET, HEAD or POST, "
	    "separated by commas"));
	ok(says("/a GET anyone - x\n/b GET anyone - x\n/a GET,POST user - y",
	    "routes:3: /a: line 1 has this path and method already"));
	ok(says("/a POST device - x\n/a POST device - y",
	    "routes:2: /a: line 1 has this path and method already"));
	ok(says("/a POST device - x\n/a POST anyone - y",
	    "routes:2: /a: line 1 has this path and method already"));
	/* or what only devices may ask would be answered to anybody */
	ok(says("/a GET,POST anyone - x\n/a POST device - y",
	    "routes:2: /a: line 1 has this path and method already"));
	ok(says("/a POST user - x\n/a POST enrolled - y",
	    "routes:2: /a: line 1 has this path and method already"));
}

static void
limits(void)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_ROUTES r = { 0 };

	for (int i = 0; i < MC_ROUTES_MAX; i++)
		if (!mc_buf_printf(&text, &e, "/%d GET anyone - a\n", i))
			return;
	ok(parse(&r, mc_buf_str(&text)) && r.n == MC_ROUTES_MAX);
	ok(mc_buf_puts(&text, "/x GET anyone - a\n", &e) &&
	    says(mc_buf_str(&text), "routes:65: more than 64 routes"));
	mc_buf_clear(&text);
	ok(mc_buf_add(&text, "/\0 GET", 6, &e) &&
	    !mc_routes_parse(&text, "routes", &r, &e) &&
	    strcmp(e.text, "routes: holds a NUL") == 0);
}

int
main(void)
{
	rows();
	mistakes();
	limits();
	return done();
}
