/* SPDX-License-Identifier: ISC */
/*
 * What a search finds beyond one row's own values: what was renewed from it,
 * a serial number that is written in another way; and that a search without
 * memory says so.
 */
#include "store_help.h"

static uint8_t bytes[] = { 1, 2, 3 };
static struct mc_buf der = { .data = bytes, .len = 3 };

static void
put(struct mc_store *s, const char *serial, const char *replaces)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_certificate c = intent(serial, "");

	c.state = MC_CERTIFICATE_VALID;
	c.der = der;
	snprintf(c.replaces, sizeof(c.replaces), "%s", replaces);
	ok(mc_store_certificate_import(s, &c, &e));
}

struct seen {
	char text[256];
	int n;
};

static bool
note(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct seen *seen = ctx;
	size_t n = strlen(seen->text);

	(void)e;
	ok(*c->serial && c->subject && c->profile);
	snprintf(seen->text + n, sizeof(seen->text) - n, "%s ", c->serial);
	seen->n++;
	return true;
}

static bool
finds(struct mc_store *s, struct mc_certificate_filter f, const char *want)
{
	struct mc_err e = MC_ERR_INIT;
	struct seen seen = { "", 0 };

	f.now = 2;
	if (mc_store_certificate_list(s, &f, note, &seen, &e) &&
	    strcmp(seen.text, want) == 0)
		return true;
	printf("# %s, not %s: %s\n", seen.text, want, e.text);
	return false;
}
#define FINDS(want, ...)                                                       \
	ok(finds(s, (struct mc_certificate_filter){ __VA_ARGS__ }, want))

static void
renewals_follow(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	bool yes;

	put(s, "A0", "");
	put(s, "A1", "A0");
	put(s, "B0", "");
	put(s, "A2", "A1");
	put(s, "A3", "A0"); /* a clone of the first has a line of its own */
	put(s, "A4", "A3");
	put(s, "B1", "B0");
	FINDS("A4 A3 A2 A1 A0 ", .line = "A0");
	FINDS("A2 A1 ", .line = "A1");
	FINDS("A4 ", .line = "A4");
	FINDS("B1 B0 ", .line = "B0");
	FINDS("", .line = "C0");
	FINDS("A4 A3 ", .line = "A0", .limit = 2);
	/* one that is revoked in the middle hides nothing behind it */
	ok(mc_store_certificate_revoke(s, "A1", 9, 1, &yes, &e) && yes);
	FINDS("A4 A3 A2 A0 ", .line = "A0", .status = MC_STATUS_VALID);
}

static void
circles_end(struct mc_store *s)
{
	put(s, "D0", "D1");
	put(s, "D1", "D0");
	put(s, "D2", "D2");
	FINDS("D1 D0 ", .line = "D0");
	FINDS("D1 ", .line = "D1");
	FINDS("D2 ", .line = "D2");
}

static void
numbers_are_found_whole(struct mc_store *s)
{
	put(s, "08", "");
	put(s, "8081", "");
	FINDS("8081 ", .pattern = "80");
	FINDS("8081 ", .pattern = "8");
	FINDS("8081 08 ", .pattern = "8", .pattern_serial = "08");
	FINDS("08 ", .pattern = "00:00:08", .pattern_serial = "08");
	FINDS("", .pattern = "00:00:08");
	/* beside a text that has it in it */
	FINDS("8081 ", .pattern = "00:80:81", .pattern_serial = "8081",
	    .user = NULL);
	/* and among few, each of which is looked at */
	FINDS("A1 ", .pattern = "00a1", .pattern_serial = "A1",
	    .status = MC_STATUS_REVOKED);
	FINDS("", .pattern = "00a2", .pattern_serial = "A2",
	    .status = MC_STATUS_REVOKED);
}

/* ---- memory that ends */

static sqlite3_mem_methods real;
static int left = -1; /* allocations that succeed before one fails; -1: all */

static bool
is_last(void)
{
	return left >= 0 && left-- == 0;
}

static void *
bad_malloc(int n)
{
	return is_last() ? NULL : real.xMalloc(n);
}

static void *
bad_realloc(void *p, int n)
{
	return is_last() ? NULL : real.xRealloc(p, n);
}

/* Whichever allocation of a search fails: an error, or all that there is. */
static void
memory_ends(struct mc_store *s, const char *pattern, int all)
{
	int failed = 0;
	bool enough = false;

	for (int k = 0; !enough && k < 5000; k++) {
		struct mc_err e = MC_ERR_INIT;
		struct seen seen = { "", 0 };
		const struct mc_certificate_filter f = { .now = 2,
			.pattern = pattern };

		left = k;
		if (mc_store_certificate_list(s, &f, note, &seen, &e)) {
			ok(seen.n == all); /* some can be done without */
		} else {
			ok(e.code != MC_OK);
			failed++;
		}
		enough = left >= 0;
		left = -1;
	}
	ok(enough && failed > 10);
}

/* NULL is what a column says, and nothing else. */
static void
texts_are_checked(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(sqlite3_stmt) *st = NULL;
	const char *text = "";
	char copy[8] = "as was";
	char *own = NULL;
	bool row;

	/* a number becomes a text in memory of its own */
	ok(mc_db_query(s, "SELECT NULL, 7, 8, 9", NULL, &st, &e) &&
	    mc_db_step(s, st, &row, &e) && row);
	ok(mc_db_text_get(st, 0, &text, &e) && !text);
	left = 0;
	ok(!mc_db_text_get(st, 1, &text, &e) && e.code != MC_OK);
	left = 0;
	ok(!mc_db_copy(st, 2, copy, sizeof(copy), &e));
	ok(strcmp(copy, "as was") == 0);
	left = 0;
	ok(!mc_db_text(st, 3, &own, &e) && !own);
	left = -1;
}

int
main(void)
{
	struct mc_store *s;
	sqlite3_mem_methods bad;
	char *dir;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK)
		abort();
	bad = real;
	bad.xMalloc = bad_malloc;
	bad.xRealloc = bad_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &bad) != SQLITE_OK)
		abort();
	help_begin();
	dir = path_of("ca");
	s = open_store(dir);
	renewals_follow(s);
	circles_end(s);
	numbers_are_found_whole(s);
	texts_are_checked(s);
	memory_ends(s, "al", 12);
	memory_ends(s, "alice", 12);
	mc_store_free(s);
	free(dir);
	help_end();
	return done();
}
