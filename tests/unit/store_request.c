/* SPDX-License-Identifier: ISC */
/* Requests that wait, histories, numbers, budgets. */
#include "store_help.h"

#include "store/budget.h"
#include "store/history.h"
#include "store/number.h"
#include "store/request.h"

static char names[] = "dns:a.example.com";
static char user[] = "alice";
static char owner[] = "owner-1";
static char source[] = "192.0.2.1";
static uint8_t spki[] = { 0x30, 0, 1, 2 };

static struct mc_request
request(const char *key, const char *signer)
{
	struct mc_request r = {
		.transaction = transaction,
		.csr = "csr",
		.profile = default_profile,
		.subject = alice,
		.key = { .data = spki, .len = sizeof(spki) },
		.created = 10,
		.expires = 20,
	};

	snprintf(r.request, sizeof(r.request), "%s", key);
	snprintf(r.signer, sizeof(r.signer), "%s", signer);
	return r;
}

static bool
see(void *ctx, const struct mc_request *r, struct mc_err *e)
{
	int64_t *ids = ctx;

	if (ids[0] == 9)
		return mc_fail(e, MC_INTERNAL, "too many");
	ids[++ids[0]] = r->id;
	return true;
}

static void
rows(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_request a = request("r1", "s1"), b = request("r2", "s1"),
			  c = request("r3", "s2");
	struct mc_challenge used = challenge("h1");
	AUTO_REQUEST out = { 0 };
	AUTO_REQUEST poll = { 0 };
	bool found;

	b.names = names;
	b.user = user;
	b.owner = owner;
	b.source = source;
	snprintf(b.replaces, sizeof(b.replaces), "0A");
	snprintf(b.challenge, sizeof(b.challenge), "h1");
	a.state = MC_REQUEST_ISSUED; /* not looked at */
	ok(mc_store_request_add(s, &a, &e));
	ok(!mc_store_request_add(s, &a, &e) && e.code == MC_DENIED);
	ok(!mc_store_request_add(s, &b, &e) && e.code == MC_INTERNAL);
	ok(mc_store_challenge_add(s, &used, &e));
	ok(mc_store_request_add(s, &b, &e));
	ok(mc_store_request_add(s, &c, &e));

	ok(mc_store_request_find(s, "r2", &out, &found, &e) && found);
	ok(strcmp(out.request, "r2") == 0 && strcmp(out.signer, "s1") == 0 &&
	    strcmp(out.transaction, transaction) == 0 &&
	    strcmp(out.csr, "csr") == 0 &&
	    strcmp(out.profile, "default") == 0 &&
	    strcmp(out.subject, alice) == 0);
	ok(strcmp(out.names, names) == 0 && strcmp(out.user, user) == 0 &&
	    strcmp(out.owner, owner) == 0 && strcmp(out.source, source) == 0 &&
	    strcmp(out.replaces, "0A") == 0 &&
	    strcmp(out.challenge, "h1") == 0);
	ok(out.key.len == 4 && memcmp(out.key.data, spki, 4) == 0 &&
	    out.created == 10 && out.expires == 20 && out.decided == 0 &&
	    !out.decided_by && !out.reason && out.state == MC_REQUEST_PENDING);
	ok(mc_store_request_find(s, "r9", &poll, &found, &e) && !found);
	/* the newest of this transaction and this signer */
	ok(mc_store_request_find_poll(s, "T1", "s1", &poll, &found, &e) &&
	    found && poll.id == out.id);
	ok(mc_store_request_find_poll(s, "T1", "s9", &out, &found, &e) &&
	    !found);
	ok(mc_store_request_find_poll(s, "T2", "s1", &out, &found, &e) &&
	    !found);
}

static void
deciding(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	int64_t ids[10] = { 0 }, n = 0;
	AUTO_REQUEST out = { 0 };
	AUTO_REQUEST last = { 0 };
	bool yes;

	ok(mc_store_request_list(
	       s, MC_REQUEST_PENDING, false, 0, see, ids, &e) &&
	    ids[0] == 3 && ids[1] < ids[2] && ids[2] < ids[3]);
	ok(mc_store_request_count(s, 19, &n, &e) && n == 3);
	ok(mc_store_request_count(s, 20, &n, &e) && n == 0);
	ok(mc_store_request_count_source(s, 19, source, &n, &e) && n == 1);
	ok(mc_store_request_count_source(s, 20, source, &n, &e) && n == 0);
	ok(mc_store_request_count_source(s, 19, "x", &n, &e) && n == 0);
	ok(mc_store_request_count_signer(s, 19, "s1", &n, &e) && n == 2);
	ok(mc_store_request_decide(s, ids[1], MC_REQUEST_PENDING,
	       MC_REQUEST_APPROVED, 15, "root", NULL, &yes, &e) &&
	    yes);
	ok(mc_store_request_decide(s, ids[1], MC_REQUEST_PENDING,
	       MC_REQUEST_REJECTED, 16, "root", "no", &yes, &e) &&
	    !yes);
	ok(mc_store_request_decide(s, 99, MC_REQUEST_PENDING,
	       MC_REQUEST_REJECTED, 16, "root", "no", &yes, &e) &&
	    !yes);
	ok(mc_store_request_find_id(s, ids[1], &out, &yes, &e) && yes);
	ok(out.state == MC_REQUEST_APPROVED && out.decided == 15 &&
	    strcmp(out.decided_by, "root") == 0 && !out.reason);
	ok(mc_store_request_decide(s, ids[1], MC_REQUEST_APPROVED,
	       MC_REQUEST_ISSUED, 17, NULL, NULL, &yes, &e) &&
	    yes);
	ok(mc_store_request_decide(s, ids[2], MC_REQUEST_PENDING,
	       MC_REQUEST_REJECTED, 16, "eve", "unknown", &yes, &e) &&
	    yes);
	ok(mc_store_request_find_id(s, ids[1], &last, &yes, &e) && yes &&
	    last.state == MC_REQUEST_ISSUED &&
	    strcmp(last.decided_by, "root") == 0);
	ok(mc_store_request_count(s, 19, &n, &e) && n == 1);
	ids[0] = 0;
	ok(mc_store_request_list(
	       s, MC_REQUEST_REJECTED, false, 0, see, ids, &e) &&
	    ids[0] == 1 && ids[1] == ids[2]);
	ids[0] = 0;
	ok(mc_store_request_list(s, 0, true, 2, see, ids, &e) && ids[0] == 2);
}

static void
forgetting(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	int64_t n = -1;
	unsigned gone = 9;

	/* one of three waits, the last one */
	ok(mc_store_request_count_source(s, 19, source, &n, &e) && n == 0);
	ok(mc_store_request_count_signer(s, 19, "s1", &n, &e) && n == 0);
	ok(mc_store_request_count_signer(s, 19, "s2", &n, &e) && n == 1);
	ok(mc_store_request_count_signer(s, 20, "s2", &n, &e) && n == 0);
	ok(mc_store_request_purge(s, 20, 0, &gone, &e) && gone == 0);
	ok(mc_store_request_purge(s, 21, 2, &gone, &e) && gone == 2);
	ok(mc_store_request_purge(s, 21, 2, &gone, &e) && gone == 1);
}

struct story {
	int n, repeated;
	int64_t first;
	char last[32];
};

static bool
tell(void *ctx, const struct mc_history *h, struct mc_err *e)
{
	struct story *t = ctx;

	(void)e;
	t->n++;
	if (strcmp(h->what, "repeated") == 0 && t->repeated++ == 0)
		t->first = h->at;
	snprintf(t->last, sizeof(t->last), "%s %s %s", h->what,
	    h->who ? h->who : "-", h->note ? h->note : "-");
	return true;
}

static void
histories(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_certificate c = intent("40", "r40");
	struct mc_history h = { "40", 1, "promised", NULL, NULL };
	struct story t = { 0 };

	ok(!mc_store_history_add(s, &h, &e) && e.code == MC_INTERNAL);
	ok(mc_store_certificate_add(s, &c, &e));
	ok(mc_store_history_add(s, &h, &e));
	ok(mc_store_begin(s, &e));
	h.what = "repeated";
	for (h.at = 2; h.at < 300; h.at++)
		if (!mc_store_history_add(s, &h, &e))
			ok(e.code == MC_OK);
	h = (struct mc_history){ "40", 300, "revoked", "root", "lost" };
	ok(mc_store_history_add(s, &h, &e));
	ok(mc_store_commit(s, &e));
	ok(mc_store_history_list(s, "40", tell, &t, &e));
	ok(t.n == MC_HISTORY_REPEATED + 2 &&
	    t.repeated == MC_HISTORY_REPEATED &&
	    t.first == 300 - MC_HISTORY_REPEATED);
	ok(strcmp(t.last, "revoked root lost") == 0);
	t.n = 0;
	ok(mc_store_history_list(s, "41", tell, &t, &e) && t.n == 0);
}

static bool
add_up(void *ctx, const char *name, int64_t value, struct mc_err *e)
{
	(void)e;
	ok(strncmp(name, "answers_", 8) == 0);
	*(int64_t *)ctx = *(int64_t *)ctx * 10 + value;
	return true;
}

static void
numbers(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	int64_t n = 9;

	ok(mc_store_number_get(s, "crl", &n, &e) && n == 0);
	ok(mc_store_number_raise(s, "crl", 7, &e));
	ok(mc_store_number_raise(s, "crl", 5, &e));
	ok(mc_store_number_get(s, "crl", &n, &e) && n == 7);
	ok(mc_store_number_raise(s, "crl", INT64_MAX, &e));
	ok(mc_store_number_count(s, "crl", &e)); /* stays where it is */
	ok(mc_store_number_get(s, "crl", &n, &e) && n == INT64_MAX);
	ok(mc_store_number_count(s, "answers_b", &e));
	ok(mc_store_number_count(s, "answers_b", &e));
	ok(mc_store_number_count(s, "answers_a", &e));
	ok(mc_store_number_count(s, "answersX", &e));
	ok(mc_store_number_count(s, "b", &e));
	n = 0;
	ok(mc_store_number_list(s, "answers_", add_up, &n, &e) && n == 12);
}

static bool
left(
    struct mc_store *s, const char *who, const struct mc_budget *b, int64_t now)
{
	struct mc_err e = MC_ERR_INIT;
	bool yes = false;

	ok(mc_store_budget_check(s, who, b, now, &yes, &e));
	return yes;
}

static void
budgets(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	const struct mc_budget b = { 3, 100 }, none = { 0, 100 };
	int64_t n = 0;

	ok(left(s, "a", &b, 1000));
	for (int64_t at = 1000; at < 1030; at += 10) {
		ok(left(s, "a", &b, at));
		ok(mc_store_budget_spend(s, "a", &b, at, &e));
	}
	ok(!left(s, "a", &b, 1030));
	ok(left(s, "b", &b, 1030) && left(s, "a", &none, 1030));
	ok(mc_store_budget_spend(s, "a", &none, 1030, &e));
	ok(!left(s, "a", &b, 1099));
	ok(left(s, "a", &b, 1100)); /* the first one is over */
	/* more than they may be are not kept */
	for (int i = 0; i < 50; i++)
		ok(mc_store_budget_spend(s, "a", &b, 1050, &e));
	ok(mc_db_number(s, "SELECT count(*) FROM failure", NULL, &n, &e) &&
	    n == 3);
	/* what is over for all is forgotten */
	ok(mc_store_budget_spend(s, "b", &b, 1151, &e));
	ok(mc_db_number(s, "SELECT count(*) FROM failure", NULL, &n, &e) &&
	    n == 1);
}

static void
clock_set_back(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	const struct mc_budget b = { 2, 100 };

	ok(mc_store_budget_spend(s, "x", &b, 9000, &e));
	ok(mc_store_budget_spend(s, "x", &b, 9001, &e));
	ok(mc_store_budget_spend(s, "y", &b, 9001, &e));
	ok(mc_store_budget_spend(s, "y", &b, 9001, &e));
	ok(!left(s, "x", &b, 9001));
	/* hours back: not over now, but over when the window is */
	ok(!left(s, "x", &b, 2000));
	ok(!left(s, "x", &b, 2099));
	ok(left(s, "x", &b, 2100));
	/* nor does one wait longer who is looked at later only */
	ok(left(s, "y", &b, 2100));
}

/* Somebody with a network of his own fills no disk; one may be taken back. */
static void
many_sources(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	const struct mc_budget b = { 1, 100 };
	int64_t n = 0;

	ok(mc_db_exec(s,
	    "DELETE FROM failure;"
	    "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i"
	    " WHERE n < 10050) INSERT INTO failure (source, at, until)"
	    " SELECT 's' || n, 20000, 20100 FROM i",
	    &e));
	ok(mc_store_budget_spend(s, "last", &b, 20001, &e));
	ok(mc_db_number(s, "SELECT count(*) FROM failure", NULL, &n, &e) &&
	    n == MC_BUDGET_ROWS);
	ok(left(s, "s51", &b, 20002) && !left(s, "s52", &b, 20002));
	ok(!left(s, "last", &b, 20002));
	ok(mc_store_budget_refund(s, "last", &e));
	ok(left(s, "last", &b, 20002) && !left(s, "s52", &b, 20002));
	ok(mc_store_budget_refund(s, "nobody", &e));
}

int
main(void)
{
	struct mc_store *s;
	char *dir;

	help_begin();
	dir = path_of("ca");
	s = open_store(dir);
	rows(s);
	deciding(s);
	forgetting(s);
	histories(s);
	numbers(s);
	budgets(s);
	clock_set_back(s);
	many_sources(s);
	ok(strcmp(mc_request_state_name(MC_REQUEST_PENDING), "pending") == 0 &&
	    strcmp(mc_request_state_name(MC_REQUEST_ISSUED), "issued") == 0);
	mc_store_free(s);
	free(dir);
	help_end();
	return done();
}
