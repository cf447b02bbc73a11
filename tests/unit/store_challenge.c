/* SPDX-License-Identifier: ISC */
/* Challenges: used as often as they may be, whoever asks at once. */
#include "store_help.h"

#include "store/request.h"

static char user[] = "alice";
static char owner[] = "owner-1";
static char names[] = "dns:a.example.com";
static char profile[] = "wifi";

static void
add(struct mc_store *s, const struct mc_challenge *c)
{
	struct mc_err e = MC_ERR_INIT;

	ok(mc_store_challenge_add(s, c, &e));
}

static bool
is(struct mc_store *s, const char *hash, int64_t now, const char *status)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_CHALLENGE c = { 0 };
	bool found = false;

	return mc_store_challenge_find(s, hash, &c, &found, &e) &&
	    strcmp(found ? mc_challenge_status(&c, now) : "none", status) == 0;
}

static void
rows(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = open_store(dir);
	struct mc_challenge c = challenge("h1");
	AUTO_CHALLENGE out = { 0 };
	uint8_t bytes[] = { 1, 0, 2 };
	bool found;

	ok(mc_store_begin(s, &e) && mc_store_challenge_add(s, &c, &e));
	mc_store_rollback(s);
	ok(mc_store_challenge_find(s, "h1", &out, &found, &e) && !found);

	/* freeing rolls back too */
	ok(mc_store_begin(s, &e) && mc_store_challenge_add(s, &c, &e));
	mc_store_free(take(&s));
	s = open_store(dir);
	ok(mc_store_challenge_find(s, "h1", &out, &found, &e) && !found);

	c.user = user;
	c.owner = owner;
	c.names = names;
	c.profile = profile;
	c.uses = 2;
	c.used = 7; /* not looked at, as the next two */
	c.failures = 7;
	c.revoked_at = 7;
	c.sealed = (struct mc_buf){ .data = bytes, .len = sizeof(bytes) };
	add(s, &c);
	ok(!mc_store_challenge_add(s, &c, &e) && e.code == MC_DENIED);
	ok(mc_store_challenge_find(s, "h1", &out, &found, &e) && found);
	ok(strcmp(out.subject, alice) == 0 && strcmp(out.user, user) == 0 &&
	    strcmp(out.owner, owner) == 0 && strcmp(out.names, names) == 0 &&
	    strcmp(out.profile, profile) == 0);
	ok(out.created == 10 && out.expires == 20 && out.uses == 2 &&
	    out.used == 0 && out.failures == 0 && out.revoked_at == 0 &&
	    out.used_by[0] == '\0');
	ok(out.sealed.len == 3 && memcmp(out.sealed.data, bytes, 3) == 0);
	ok(is(s, "h1", 19, "open") && is(s, "h1", 20, "expired"));
}

static void
uses(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = open_store(dir);
	struct mc_challenge none = challenge("h2");
	unsigned failures = 0;

	ok(mc_store_challenge_use(s, "h1", "r1", &e));
	ok(is(s, "h1", 11, "open"));
	ok(mc_store_challenge_use(s, "h1", "r2", &e));
	ok(is(s, "h1", 11, "used"));
	ok(!mc_store_challenge_use(s, "h1", "r3", &e) && e.code == MC_DENIED);
	ok(!mc_store_challenge_use(s, "no", "r3", &e) && e.code == MC_DENIED);
	{
		AUTO_CHALLENGE out = { 0 };
		bool found;

		ok(mc_store_challenge_find(s, "h1", &out, &found, &e) && found);
		ok(strcmp(out.used_by, "r2") == 0 && out.used == 2);
	}
	ok(mc_store_challenge_fail(s, "h1", &failures, &e) && failures == 1);
	ok(mc_store_challenge_fail(s, "h1", &failures, &e) && failures == 2);
	ok(!mc_store_challenge_fail(s, "no", &failures, &e));
	none.uses = 0; /* would be good for nothing */
	ok(!mc_store_challenge_add(s, &none, &e) && e.code == MC_INTERNAL);
}

static void
revoking(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = open_store(dir);
	struct mc_challenge a = challenge("aaaaaaaaaaaa01"),
			    b = challenge("aaaaaaaaaaaa02"),
			    c = challenge("aaaaaaaaaaab01"), d = challenge("d");
	unsigned n = 9;

	c.user = user;
	d.owner = owner;
	add(s, &a);
	add(s, &b);
	add(s, &c);
	add(s, &d);
	ok(mc_store_challenge_use(s, "aaaaaaaaaaaa02", "r", &e));
	/* short, long, upper case, no hexadecimal digits */
	ok(!mc_store_challenge_revoke(
	       s, "aaaaaaaaaaa", NULL, NULL, 15, &n, &e) &&
	    e.code == MC_USAGE);
	ok(!mc_store_challenge_revoke(
	    s, "AAAAAAAAAAAA", NULL, NULL, 15, &n, &e));
	ok(!mc_store_challenge_revoke(
	    s, "aaaaaaaaaaaa%", NULL, NULL, 15, &n, &e));
	ok(is(s, "aaaaaaaaaaaa01", 15, "open"));

	ok(mc_store_challenge_revoke(
	       s, "aaaaaaaaaaaa", NULL, NULL, 15, &n, &e) &&
	    n == 1);
	ok(is(s, "aaaaaaaaaaaa01", 16, "revoked"));
	ok(is(s, "aaaaaaaaaaaa02", 16, "used"));
	ok(is(s, "aaaaaaaaaaab01", 16, "open"));
	ok(!mc_store_challenge_use(s, "aaaaaaaaaaaa01", "r", &e) &&
	    e.code == MC_DENIED);
	ok(mc_store_challenge_revoke(s, NULL, "alice", NULL, 15, &n, &e) &&
	    n == 1);
	ok(is(s, "aaaaaaaaaaab01", 16, "revoked") && is(s, "d", 16, "open"));
	ok(mc_store_challenge_revoke(s, NULL, NULL, "owner-1", 25, &n, &e) &&
	    n == 0); /* it has expired by then */
	ok(mc_store_challenge_revoke(s, NULL, NULL, "owner-1", 15, &n, &e) &&
	    n == 1);
	ok(is(s, "d", 16, "revoked"));
}

static void
purging(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = open_store(dir);
	struct mc_challenge old = challenge("p1"), cert = challenge("p2"),
			    waits = challenge("p3"), young = challenge("p4");
	struct mc_certificate c = intent("50", "r50");
	struct mc_request r = { .request = "w",
		.transaction = transaction,
		.profile = default_profile,
		.subject = alice,
		.challenge = "p3",
		.key = { .data = (uint8_t *)alice, .len = 3 } };
	unsigned n = 0;

	young.expires = 31;
	add(s, &old);
	add(s, &cert);
	add(s, &waits);
	add(s, &young);
	snprintf(c.challenge, sizeof(c.challenge), "p2");
	ok(mc_store_certificate_add(s, &c, &e));
	ok(mc_store_request_add(s, &r, &e));
	ok(mc_store_challenge_purge(s, 20, &n, &e) && n == 0);
	ok(mc_store_challenge_purge(s, 31, &n, &e) && n >= 1);
	ok(is(s, "p1", 1, "none") && is(s, "p2", 1, "open") &&
	    is(s, "p3", 1, "open") && is(s, "p4", 1, "open"));
}

struct listed {
	int n;
	char hash[40][MC_SHA256_HEX];
};

static bool
see(void *ctx, const struct mc_challenge *c, struct mc_err *e)
{
	struct listed *l = ctx;

	if (l->n == 40)
		return mc_fail(e, MC_INTERNAL, "too many");
	snprintf(l->hash[l->n++], MC_SHA256_HEX, "%s", c->hash);
	return true;
}

static bool
stop(void *ctx, const struct mc_challenge *c, struct mc_err *e)
{
	(void)ctx;
	(void)c;
	return mc_fail(e, MC_USAGE, "enough");
}

static void
lists(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = open_store(dir);
	struct listed l = { 0 };
	unsigned n;

	for (int i = 0; i < 60; i++) {
		char hash[8];
		struct mc_challenge c;

		snprintf(hash, sizeof(hash), "s%02d", i);
		c = challenge(hash);
		c.created = i;
		c.expires = i == 58 ? 50 : 100;
		if (i >= 4)
			c.sealed = (struct mc_buf){ .data = (uint8_t *)alice,
				.len = 4 };
		add(s, &c);
	}
	ok(mc_store_challenge_use(s, "s57", "r", &e));
	ok(mc_db_exec(
	    s, "UPDATE challenge SET revoked_at = 1 WHERE hash = 's56'", &e));
	ok(mc_store_challenge_list_sealed(s, 50, see, &l, &e));
	ok(l.n == MC_CHALLENGE_SEALED_MAX && strcmp(l.hash[0], "s59") == 0 &&
	    strcmp(l.hash[1], "s55") == 0 && strcmp(l.hash[31], "s25") == 0);
	ok(mc_db_exec(s, "DELETE FROM challenge WHERE hash < 's40'", &e));
	l.n = 0;
	/* one that is used up may have to open its request again */
	ok(mc_store_challenge_list_sealed(s, 50, see, &l, &e));
	ok(l.n == 18 && strcmp(l.hash[0], "s59") == 0 &&
	    strcmp(l.hash[16], "s40") == 0 && strcmp(l.hash[17], "s57") == 0);
	l.n = 0;
	ok(mc_store_challenge_list(s, 3, see, &l, &e) && l.n == 3);
	ok(strcmp(l.hash[0], "s59") == 0 && strcmp(l.hash[2], "s57") == 0);
	l.n = 0;
	ok(mc_store_challenge_list(s, 0, see, &l, &e) && l.n == 20);
	ok(!mc_store_challenge_list(s, 0, stop, &l, &e) && e.code == MC_USAGE);
	ok(mc_store_challenge_purge(s, 1000, &n, &e) && n == 20);
}

/* Many processes, one challenge: how many could use it. */
static int
race(const char *dir, const char *hash, int processes)
{
	int won = 0, status;

	fflush(stdout);
	for (int i = 0; i < processes; i++) {
		if (fork() != 0)
			continue;
		struct mc_err e = MC_ERR_INIT;
		struct mc_store *s = NULL;
		char request[16];
		bool used;

		snprintf(request, sizeof(request), "r%d", i);
		used = mc_store_open(dir, false, &s, &e) &&
		    mc_store_begin(s, &e) &&
		    mc_store_challenge_use(s, hash, request, &e) &&
		    mc_store_commit(s, &e);
		if (s)
			mc_store_free(s);
		_exit(used ? 0 : e.code == MC_DENIED ? 1 : 2);
	}
	while (wait(&status) > 0) {
		won += WIFEXITED(status) && WEXITSTATUS(status) == 0;
		/* being told to try again would be a failure here */
		won += !WIFEXITED(status) || WEXITSTATUS(status) == 2 ? 100 : 0;
	}
	return won;
}

static void
races(const char *dir)
{
	struct mc_challenge once = challenge("once"), five = challenge("five");

	five.uses = 5;
	{
		AUTO(mc_store) *s = open_store(dir);

		add(s, &once);
		add(s, &five);
	}
	ok(race(dir, "once", 32) == 1);
	ok(race(dir, "five", 32) == 5);
}

int
main(void)
{
	char *ca, *other, *sealed;

	help_begin();
	ca = path_of("ca");
	other = path_of("other");
	sealed = path_of("sealed");
	rows(ca);
	uses(ca);
	revoking(ca);
	races(ca);
	purging(other);
	lists(sealed);
	free(ca);
	free(other);
	free(sealed);
	help_end();
	return done();
}
