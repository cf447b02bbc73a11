/* SPDX-License-Identifier: ISC */
/* Anybody may ask for approval: what a flood of such requests leaves. */
#include "issue_help.h"

#define WAIT_MOST 10000 /* lib/ca/pending.c */

static struct peer alice;
static struct mc_buf der; /* its request */

/* As many more that wait, without their keys being made. */
static bool
flood(int n, int64_t expires)
{
	static char transaction[] = "flood", profile[] = "default",
		    subject[] = "/CN=flood";
	static uint8_t key[] = { 0x30, 0 };
	static int made;
	struct mc_err e = MC_ERR_INIT;
	struct mc_request r = { .transaction = transaction,
		.profile = profile,
		.subject = subject,
		.csr = "csr",
		.signer = "signer",
		.key = { .data = key, .len = sizeof(key) },
		.created = mc_time_now(),
		.expires = expires };
	bool done = mc_store_begin(ca->store, &e);

	for (int i = 0; done && i < n; i++) {
		snprintf(r.request, sizeof(r.request), "flood %d", made++);
		done = mc_store_request_add(ca->store, &r, &e);
	}
	if (done && mc_store_commit(ca->store, &e))
		return true;
	printf("# %s\n", e.text);
	return false;
}

static enum mc_verdict_code
wait_for(const char *transaction, struct answer *a)
{
	struct mc_issue_request r = {
		.transaction = transaction, .signer = alice.cert, .csr = &der
	};

	return ask("default", &r, a);
}

static void
a_flood_ends(void)
{
	AUTO_ANSWER a = { 0 };
	int64_t now = mc_time_now();

	ok(csr(alice.key, "/CN=Alice", NULL, NULL, &der));
	ok(configure("accept = approval\npending-lifetime = 30d\n"));
	/* those whose time is over are not counted */
	ok(flood(WAIT_MOST, now - 1));
	ok(wait_for("T1", &a) == MC_WAITING);
	ok(flood(WAIT_MOST - 2, now + MC_HOUR));
	ok(wait_for("T2", &a) == MC_WAITING);
	ok(wait_for("T3", &a) == MC_TOO_MANY);
	ok(strcmp(a.e.text, "too many requests wait for approval already") ==
	    0);
	ok(strcmp(a.got.verdict.told,
	       "too many requests wait for approval; ask again later") == 0);
	/* who waits already goes on waiting; later there is room again */
	ok(wait_for("T2", &a) == MC_WAITING);
	mc_time_set(now + 2 * MC_HOUR);
	ok(wait_for("T3", &a) == MC_WAITING);
	mc_time_set(0);
}

int
main(void)
{
	ok(ca_make());
	if (ca && peer_new(MC_KEY_P256, &alice))
		a_flood_ends();
	peer_free(&alice);
	mc_buf_clear(&der);
	ca_unmake();
	return done();
}
