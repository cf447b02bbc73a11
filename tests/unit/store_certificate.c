/* SPDX-License-Identifier: ISC */
/* The record of certificates: rows, searches, counts, and by which index. */
#include "store_help.h"

#include "base/time.h"
#include "store/copy.h"

static char names[] = "dns:host.example.com,upn:a@b";
static char user[] = "alice";
static char owner[] = "owner-1";
static char source[] = "192.0.2.1";
static char wifi[] = "wifi";

static uint8_t bytes[] = { 0x30, 0x00, 0xff };
static const struct mc_buf der = { .data = bytes, .len = sizeof(bytes) };

static void
rows(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_certificate first = intent("40", "r0"),
			      a = intent("41", "r1"), b = intent("41", "r2"),
			      c = intent("43", "r1"), d = intent("44", "r4");
	struct mc_challenge used = challenge("h1");
	bool yes;

	ok(mc_store_challenge_add(s, &used, &e));
	ok(mc_store_certificate_add(s, &first, &e));
	ok(mc_store_certificate_add(s, &a, &e));
	ok(!mc_store_certificate_add(s, &b, &e) && e.code == MC_DENIED);
	ok(!mc_store_certificate_add(s, &c, &e) && e.code == MC_DENIED);
	snprintf(d.challenge, sizeof(d.challenge), "nowhere");
	ok(!mc_store_certificate_add(s, &d, &e) && e.code == MC_INTERNAL);
	snprintf(d.challenge, sizeof(d.challenge), "h1");
	snprintf(d.replaces, sizeof(d.replaces), "40");
	d.way = MC_WAY_RENEWAL;
	d.owner = owner;
	d.user = user;
	d.names = names;
	d.source = source;
	d.profile = wifi;
	d.state = MC_CERTIFICATE_REVOKED; /* not looked at, as those below */
	d.der = der;
	d.told = d.revoked_at = d.reason = 9;
	ok(mc_store_begin(s, &e) && mc_store_certificate_add(s, &d, &e) &&
	    mc_store_commit(s, &e));
	{
		AUTO_CERTIFICATE out = { 0 };

		ok(mc_store_certificate_find(s, "44", &out, &yes, &e) && yes);
		ok(out.state == MC_CERTIFICATE_INTENT && out.der.len == 0 &&
		    out.told == 0 && out.revoked_at == 0 && out.reason == 0);
		ok(strcmp(out.owner, owner) == 0 &&
		    strcmp(out.user, user) == 0 &&
		    strcmp(out.names, names) == 0 &&
		    strcmp(out.source, source) == 0 &&
		    strcmp(out.profile, wifi) == 0);
		ok(strcmp(out.challenge, "h1") == 0 &&
		    strcmp(out.replaces, "40") == 0 &&
		    out.way == MC_WAY_RENEWAL && strcmp(out.key, "cc") == 0 &&
		    strcmp(out.issuer, "dd") == 0 &&
		    strcmp(out.signer, "aa") == 0 &&
		    strcmp(out.csr, "bb") == 0);
		ok(mc_store_certificate_find(s, "45", &out, &yes, &e) && !yes);
	}
}

static void
changes(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	bool yes;

	ok(mc_store_certificate_revoke(s, "41", 9, 1, &yes, &e) && !yes);
	ok(mc_store_certificate_finish(s, "41", &der, &yes, &e) && yes);
	ok(mc_store_certificate_finish(s, "41", &der, &yes, &e) && !yes);
	ok(mc_store_certificate_finish(s, "99", &der, &yes, &e) && !yes);
	ok(mc_store_certificate_told(s, "41", 8, &e));
	ok(!mc_store_certificate_told(s, "99", 8, &e));
	{
		AUTO_CERTIFICATE out = { 0 };

		ok(mc_store_certificate_find(s, "41", &out, &yes, &e) && yes);
		ok(out.state == MC_CERTIFICATE_VALID && out.der.len == 3 &&
		    memcmp(out.der.data, bytes, 3) == 0 && out.told == 8);
		ok(!out.owner && out.challenge[0] == '\0' &&
		    strcmp(out.request, "r1") == 0 && out.not_after == 2 &&
		    strcmp(out.transaction, transaction) == 0);
	}
	ok(mc_store_certificate_revoke(s, "41", 9, 1, &yes, &e) && yes);
	ok(mc_store_certificate_revoke(s, "41", 10, 2, &yes, &e) && !yes);
	{
		AUTO_CERTIFICATE out = { 0 };

		ok(mc_store_certificate_find_request(s, "r1", &out, &yes, &e) &&
		    yes);
		ok(out.state == MC_CERTIFICATE_REVOKED && out.revoked_at == 9 &&
		    out.reason == 1);
	}
}

static void
imports(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_certificate a = intent("60", ""), b = intent("61", "");
	AUTO_CERTIFICATE out = { 0 };
	bool yes;

	a.way = b.way = MC_WAY_IMPORT;
	a.der = b.der = der;
	a.state = MC_CERTIFICATE_VALID;
	b.state = MC_CERTIFICATE_REVOKED;
	b.revoked_at = 5;
	b.reason = 4;
	b.told = 3;
	ok(mc_store_certificate_import(s, &a, &e));
	ok(mc_store_certificate_import(s, &b, &e));
	ok(!mc_store_certificate_import(s, &b, &e) && e.code == MC_DENIED);
	ok(mc_store_certificate_find(s, "61", &out, &yes, &e) && yes);
	ok(out.state == MC_CERTIFICATE_REVOKED && out.revoked_at == 5 &&
	    out.reason == 4 && out.told == 3 && out.der.len == 3 &&
	    out.way == MC_WAY_IMPORT && out.request[0] == '\0');
	/* a state that its date belies */
	b = intent("62", "");
	b.state = MC_CERTIFICATE_REVOKED;
	b.der = der;
	ok(!mc_store_certificate_import(s, &b, &e) && e.code == MC_INTERNAL);
	ok(mc_store_check(s, &e));
}

/* ---- searches */

#define N 400

/*
 * Of N certificates number i (from 1 on) was created at 1000 + i and ends at
 * 2000 + 10 i; every 7th is revoked, every 50th an intent; user number i / 4.
 */
static void
populate(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	char text[8][64];

	ok(mc_store_begin(s, &e));
	for (int i = 1; i <= N; i++) {
		struct mc_certificate c = intent("", "");

		snprintf(c.serial, sizeof(c.serial), "%04XFF", i);
		snprintf(c.request, sizeof(c.request), "r%d", i);
		snprintf(c.key, sizeof(c.key), "k%d", i / 2);
		snprintf(c.issuer, sizeof(c.issuer), "ca%d", i > N / 2);
		snprintf(text[0], 64, "t%d", i / 3);
		snprintf(text[1], 64, "/O=ACME/CN=Host %d \xc3\x9c", i);
		snprintf(text[2], 64, "dns:h%d.example.com", i);
		snprintf(text[3], 64, "user%d", i / 4);
		snprintf(text[4], 64, "Own-%d\"x\" z", i / 8);
		c.transaction = text[0];
		c.subject = text[1];
		c.names = text[2];
		c.user = text[3];
		c.owner = text[4];
		c.profile = i % 5 ? default_profile : wifi;
		c.created = 1000 + i;
		c.not_after = 2000 + 10 * i;
		if (i % 50 != 0) {
			c.der = der;
			c.state = i % 7 ? MC_CERTIFICATE_VALID
					: MC_CERTIFICATE_REVOKED;
			c.revoked_at = i % 7 ? 0 : 3000 + i;
		}
		if (!mc_store_certificate_import(s, &c, &e))
			ok(e.code == MC_OK);
	}
	ok(mc_store_commit(s, &e));
}

struct found {
	int n;
	int64_t first, last;
	bool ordered;
};

static bool
note(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct found *f = ctx;

	(void)e;
	f->ordered = f->ordered && (f->n == 0 || c->id < f->last);
	if (f->n++ == 0)
		f->first = c->id;
	f->last = c->id;
	return true;
}

/* Every statement that is run is looked at: which tables does it scan? */
struct watch {
	int scans, statements;
	sqlite3 *db;
	bool busy;
};

static int
watch_one(unsigned why, void *ctx, void *p, void *x)
{
	struct watch *w = ctx;
	sqlite3_stmt *plan = NULL;
	char *sql;

	(void)why;
	(void)x;
	if (w->busy)
		return 0;
	w->busy = true;
	w->statements++;
	sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sqlite3_sql(p));
	ok(sqlite3_prepare_v2(w->db, sql, -1, &plan, NULL) == SQLITE_OK);
	while (sqlite3_step(plan) == SQLITE_ROW) {
		const char *line = (const char *)sqlite3_column_text(plan, 3);

		if (strncmp(line, "SCAN certificate", 16) == 0 &&
		    !strstr(line, "VIRTUAL TABLE INDEX") &&
		    !strstr(line, "certificate_tally")) {
			printf("# %s\n#   %s\n", sqlite3_sql(p), line);
			w->scans++;
		}
	}
	sqlite3_finalize(plan);
	sqlite3_free(sql);
	w->busy = false;
	return 0;
}

static struct found
search(struct mc_store *s, struct mc_certificate_filter f)
{
	struct mc_err e = MC_ERR_INIT;
	struct found found = { .ordered = true };
	struct watch w = { .db = s->db };

	f.now = f.now ? f.now : 4000;
	sqlite3_trace_v2(s->db, SQLITE_TRACE_STMT, watch_one, &w);
	ok(mc_store_certificate_list(s, &f, note, &found, &e));
	sqlite3_trace_v2(s->db, 0, NULL, NULL);
	ok(found.ordered);
	ok(w.scans == 0);
	if (e.code != MC_OK)
		printf("# %s\n", e.text);
	return found;
}

#define FIND(...) search(s, (struct mc_certificate_filter){ __VA_ARGS__ })

static void
by_value(struct mc_store *s)
{
	struct found f;

	f = FIND(.serial = "0007FF");
	ok(f.n == 1 && f.first == 7);
	f = FIND(.user = "user3");
	ok(f.n == 4 && f.first == 15 && f.last == 12);
	f = FIND(.owner = "Own-3\"x\" z");
	ok(f.n == 8 && f.first == 31);
	f = FIND(.key = "k5");
	ok(f.n == 2 && f.first == 11);
	f = FIND(.transaction = "t5");
	ok(f.n == 3 && f.first == 17);
	f = FIND(.profile = "wifi");
	ok(f.n == 80 && f.first == 400 && f.last == 5);
	f = FIND(.profile = "wifi", .limit = 3);
	ok(f.n == 3 && f.first == 400 && f.last == 390);
	f = FIND(.challenge = "h1");
	ok(f.n == 0);
	f = FIND(.user = "user");
	ok(f.n == 0);
}

static void
by_time(struct mc_store *s)
{
	struct found f;

	f = FIND(.created_from = 1010);
	ok(f.n == 391 && f.last == 10);
	f = FIND(.created_until = 1010);
	ok(f.n == 10 && f.first == 10);
	f = FIND(.created_from = 1010, .created_until = 1012);
	ok(f.n == 3);
	/* at 4000 those up to number 199 are expired: 200 ends now */
	f = FIND(.expires_before = 4020);
	ok(f.n == 2 && f.first == 202 && f.last == 201); /* 200: intent */
	f = FIND(.expires_before = 4030, .status = MC_STATUS_VALID);
	ok(f.n == 2); /* 203 = 7 * 29 is revoked */
	f = FIND(.expires_before = 4030, .status = MC_STATUS_REVOKED);
	ok(f.n == 0);
}

static void
by_status(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_certificate_counts n;
	struct found f;

	for (int64_t now = 2000; now <= 6010; now += 130) {
		struct watch w = { .db = s->db };
		int valid = 0, expired = 0;
		int64_t next = 0;

		for (int i = 1; i <= N; i++)
			if (i % 50 != 0 && i % 7 != 0) {
				valid += 2000 + 10 * i >= now;
				expired += 2000 + 10 * i < now;
				if (next == 0 && 2000 + 10 * i >= now)
					next = 2000 + 10 * i;
			}
		sqlite3_trace_v2(s->db, SQLITE_TRACE_STMT, watch_one, &w);
		ok(mc_store_certificate_count(s, now, &n, &e));
		sqlite3_trace_v2(s->db, 0, NULL, NULL);
		ok(w.scans == 0 && w.statements > 0);
		ok(n.valid == valid && n.expired == expired &&
		    n.revoked == 56 && n.intent == 8 && n.next_expiry == next);
		f = FIND(.status = MC_STATUS_VALID, .now = now);
		ok(f.n == valid);
		f = FIND(.status = MC_STATUS_EXPIRED, .now = now);
		ok(f.n == expired);
	}
	f = FIND(.status = MC_STATUS_REVOKED);
	ok(f.n == 56 && f.first == 399 && f.last == 7);
	f = FIND(.status = MC_STATUS_INTENT);
	ok(f.n == 8 && f.first == 400);
	f = FIND(.status = MC_STATUS_REVOKED, .user = "user7");
	ok(f.n == 1 && f.first == 28);
	f = FIND(.status = MC_STATUS_VALID, .profile = "wifi", .limit = 2);
	ok(f.n == 2 && f.first == 395);
}

static void
by_pattern(struct mc_store *s)
{
	struct found f;

	f = FIND(.pattern = "hOsT 39");
	ok(f.n == 11 && f.first == 399 && f.last == 39);
	f = FIND(.pattern = "h12.EXAMPLE.com");
	ok(f.n == 1 && f.first == 12);
	f = FIND(.pattern = "user3", .limit = 2);
	ok(f.n == 2 && f.first == 159);
	f = FIND(.pattern = "OWN-3\"X\" Z"); /* quotes are nothing special */
	ok(f.n == 8 && f.first == 31);
	f = FIND(.pattern = "7 \xc3\xbc"); /* in any case, and no ASCII */
	ok(f.n == 40 && f.first == 397);
	f = FIND(.pattern = "host 1* OR", .limit = 2);
	ok(f.n == 0);
	f = FIND(.pattern = "nobody");
	ok(f.n == 0);
	f = FIND(.pattern = "example.com\nuser"); /* not across two of them */
	ok(f.n == 0);

	/* a serial number, or how it begins */
	f = FIND(.pattern = "00:1f:ff");
	ok(f.n == 1 && f.first == 31);
	f = FIND(.pattern = "001");
	ok(f.n == 16 && f.first == 31 && f.last == 16);
	f = FIND(.pattern = "acm"); /* all of them */
	ok(f.n == N);

	/* with what else is asked */
	f = FIND(.pattern = "user3", .status = MC_STATUS_REVOKED);
	ok(f.n == 6);
	f = FIND(.pattern = "user3", .status = MC_STATUS_VALID, .now = 2000);
	ok(f.n == 37);
	f = FIND(.pattern = "host 13", .user = "user3");
	ok(f.n == 1 && f.first == 13);
	f = FIND(.pattern = "000D", .user = "user3");
	ok(f.n == 1 && f.first == 13);
	f = FIND(.pattern = "000D", .user = "user4");
	ok(f.n == 0);
}

/* Nothing is asked: everything is what is wanted. */
static void
all(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	struct found found = { .ordered = true };
	const struct mc_certificate_filter f = { .now = 4000 };

	ok(mc_store_certificate_list(s, &f, note, &found, &e));
	ok(found.n == N && found.first == N && found.last == 1 &&
	    found.ordered);
}

/* Shorter than what the index knows: the same answers. */
static void
by_short_pattern(struct mc_store *s)
{
	struct found f;

	f = FIND(.pattern = "9 ");
	ok(f.n == 40 && f.first == 399);
	f = FIND(.pattern = "99");
	ok(f.n == 7 && f.first == 399); /* 99, 199, 299, 399; user99 */
	f = FIND(.pattern = " Z");      /* the end of the text */
	ok(f.n == N);
	f = FIND(.pattern = "Z");
	ok(f.n == N);
	f = FIND(.pattern = "q");
	ok(f.n == 0);
	f = FIND(.pattern = "\"");
	ok(f.n == N);
	f = FIND(.pattern = "\xc3\xbc");
	ok(f.n == N);
	f = FIND(.pattern = "99", .user = "user24");
	ok(f.n == 1 && f.first == 99);
}

static bool
stop(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	(void)c;
	++*(int *)ctx;
	return mc_fail(e, MC_USAGE, "enough");
}

static bool
revoke_it(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	bool yes;

	return mc_store_certificate_revoke(ctx, c->serial, 4000, 1, &yes, e) &&
	    yes;
}

struct crl {
	int n;
	char last[MC_SERIAL_TEXT];
	bool ordered;
};

static bool
list(
    void *ctx, const char *serial, int64_t at, int64_t reason, struct mc_err *e)
{
	struct crl *crl = ctx;

	(void)e;
	crl->ordered = crl->ordered && strcmp(crl->last, serial) < 0 &&
	    at >= 3000 && reason == 0;
	snprintf(crl->last, sizeof(crl->last), "%s", serial);
	crl->n++;
	return true;
}

static void
revoked(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	struct crl crl = { .ordered = true };
	struct watch w = { .db = s->db };
	struct mc_certificate_filter f = { .user = "user50", .now = 4000 };
	int n = 0;

	sqlite3_trace_v2(s->db, SQLITE_TRACE_STMT, watch_one, &w);
	/* of ca0 numbers up to 200, of which 190 and more have not expired */
	ok(mc_store_certificate_revoked(s, "ca0", 3900, list, &crl, &e));
	sqlite3_trace_v2(s->db, 0, NULL, NULL);
	ok(crl.n == 1 && crl.ordered && strcmp(crl.last, "00C4FF") == 0);
	ok(w.scans == 0 && w.statements == 1);
	crl = (struct crl){ .ordered = true };
	ok(mc_store_certificate_revoked(s, "ca1", 0, list, &crl, &e));
	ok(crl.n == 28 && crl.ordered);

	ok(!mc_store_certificate_list(s, &f, stop, &n, &e));
	ok(n == 1 && e.code == MC_USAGE);
	/* the rows may be changed while they are listed */
	f = (struct mc_certificate_filter){ .status = MC_STATUS_VALID,
		.now = 4000 };
	ok(mc_store_begin(s, &e) &&
	    mc_store_certificate_list(s, &f, revoke_it, s, &e) &&
	    mc_store_commit(s, &e));
	ok(FIND(.status = MC_STATUS_VALID).n == 0);
	ok(mc_store_check(s, &e));
}

int
main(void)
{
	struct mc_store *s;
	char *dir, *many;

	help_begin();
	dir = path_of("ca");
	many = path_of("many");
	s = open_store(dir);
	rows(s);
	changes(s);
	imports(s);
	mc_store_free(s);
	s = open_store(many);
	populate(s);
	by_value(s);
	by_time(s);
	by_status(s);
	by_pattern(s);
	by_short_pattern(s);
	all(s);
	revoked(s);
	ok(strcmp(mc_certificate_way_name(MC_WAY_IMPORT), "import") == 0 &&
	    strcmp(mc_certificate_state_name(MC_CERTIFICATE_INTENT),
		"intent") == 0);
	mc_store_free(s);
	free(dir);
	free(many);
	help_end();
	return done();
}
