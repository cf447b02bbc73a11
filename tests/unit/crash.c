/* SPDX-License-Identifier: ISC */
/*
 * A process that dies before or after each commit of an issue: what it leaves,
 * and that the retry ends where it would have ended.
 */
#include <signal.h>
#include <sys/wait.h>

#include "ca/revoke.h"
#include "issue_help.h"
#include "store/db.h"

static struct peer alice;
static char transaction[16] = "T";
static int told; /* how often notify has run, in this process */

static bool
notify(void *ctx, const struct mc_issue_facts *f, struct mc_err *e)
{
	(void)ctx;
	(void)e;
	told += f->cert != NULL;
	return true;
}

static const struct mc_issue_hooks told_hooks = { .notify = notify };

static struct tally
look(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;

	ok(mc_store_open(dir, false, &s, &e));
	return s ? tally(s) : (struct tally){ .n = -1 };
}

/* A request with a fresh challenge; its hash in hash. */
static bool
request(const char *subject, struct mc_buf *der, char hash[MC_SHA256_HEX])
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_challenge_spec spec = { .subject = subject };
	AUTO_BUF secret = MC_BUF_INIT;

	return challenge(&spec, &secret) &&
	    mc_challenge_hash(&secret, hash, &e) &&
	    csr(alice.key, subject, mc_buf_str(&secret), NULL, der);
}

static bool
used(const char *hash)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;
	AUTO_CHALLENGE c = { 0 };
	bool found = false;

	ok(mc_store_open(dir, false, &s, &e) &&
	    mc_store_challenge_find(s, hash, &c, &found, &e) && found);
	return c.used == 1;
}

static bool
issue(const struct mc_ca *from, const struct mc_buf *der, X509 **cert,
    struct mc_err *e)
{
	struct mc_issue_request r = {
		.transaction = transaction, .signer = alice.cert, .csr = der
	};
	struct mc_issued got;
	bool done = mc_issue(from, mc_ca_conf_profile_find(from->conf, NULL),
	    &r, &told_hooks, &got, e);

	*cert = got.cert;
	return done;
}

static int commits_left;

static int
before_commit(void *unused)
{
	(void)unused;
	if (--commits_left == 0)
		raise(SIGKILL);
	return 0;
}

static int
after_commit(void *unused, sqlite3 *db, const char *name, int pages)
{
	(void)db;
	(void)name;
	(void)pages;
	before_commit(unused);
	return SQLITE_OK;
}

/* Issue in a process that dies at its nth commit. */
static bool
die(int nth, bool after, const struct mc_buf *der)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		struct mc_err e = MC_ERR_INIT;
		struct mc_ca *own = NULL;
		X509 *cert = NULL;

		if (!mc_ca_load(dir, MC_CA_ALL, &own, &e))
			_exit(1);
		commits_left = nth;
		if (after)
			sqlite3_wal_hook(own->store->db, after_commit, NULL);
		else
			sqlite3_commit_hook(
			    own->store->db, before_commit, NULL);
		if (!issue(own, der, &cert, &e))
			_exit(2);
		_exit(0);
	}
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGKILL;
}

/* Of so many commits: intent, certificate, and with a notify program, told. */
static void
killed(int nth, bool after, bool tells)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(mc_ca) *fresh = NULL;
	AUTO(X509) *cert = NULL;
	AUTO_CERTIFICATE row = { 0 };
	char hash[MC_SHA256_HEX], serial[MC_SERIAL_TEXT] = "";
	int before = look().n;
	int passed = nth - (after ? 0 : 1); /* commits that were made */
	struct tally left, end;

	ok(request("/CN=Alice", &der, hash));
	ok(die(nth, after, &der));
	left = look();
	ok(left.n == before + (passed > 0));
	ok(used(hash) == (passed > 0));
	if (passed > 0)
		ok(left.state ==
		    (passed == 1 ? MC_CERTIFICATE_INTENT
				 : MC_CERTIFICATE_VALID));

	told = 0;
	ok(mc_ca_load(dir, MC_CA_ALL, &fresh, &e));
	ok(fresh && issue(fresh, &der, &cert, &e));
	ok(cert && mc_cert_serial(cert, serial, &e));
	end = look();
	ok(end.n == before + 1 && end.state == MC_CERTIFICATE_VALID);
	ok(strcmp(end.serial, serial) == 0);
	ok(passed == 0 || strcmp(left.serial, serial) == 0);
	ok(used(hash));
	/* told again by whoever does not know that it was told */
	ok(told == (tells && passed < 3));
	ok(row_get(serial, &row) && row.told > 0);
}

/* One that a person has approved dies, and its poll finishes it. */
static void
approved(int nth, bool after)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(mc_ca) *fresh = NULL;
	AUTO(X509) *cert = NULL;
	AUTO(X509) *wait = NULL;
	AUTO_REQUEST w = { 0 };
	char serial[MC_SERIAL_TEXT] = "", signer[MC_SHA256_HEX];
	int before = look().n;
	struct tally left;
	bool found = false;

	snprintf(transaction, sizeof(transaction), "A%d%d", nth, after);
	ok(csr(alice.key, "/CN=Alice", NULL, NULL, &der));
	ok(mc_ca_load(dir, MC_CA_ALL, &fresh, &e));
	ok(fresh && issue(fresh, &der, &wait, &e) && !wait);
	ok(mc_key_sha256(alice.key, signer, &e) &&
	    mc_store_request_find_poll(
		fresh->store, transaction, signer, &w, &found, &e) &&
	    found);
	ok(mc_issue_decide(fresh->store, w.id, true, "root", NULL, &e));
	ok(die(nth, after, &der));
	left = look();
	ok(left.n == before + (nth > 1 || after));
	ok(issue(fresh, NULL, &cert, &e));
	ok(cert && mc_cert_serial(cert, serial, &e));
	ok(left.n == before || strcmp(left.serial, serial) == 0);
	ok(look().n == before + 1);
	mc_request_clear(&w);
	ok(mc_store_request_find_poll(
	       fresh->store, transaction, signer, &w, &found, &e) &&
	    w.state == MC_REQUEST_ISSUED);
	strcpy(transaction, "T");
}

/* A renewal dies as a promise, and what it renews is taken back meanwhile. */
static void
promised(bool revoked)
{
	const struct mc_revocation why = { .reason = 4, .who = "root" };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(mc_ca) *fresh = NULL;
	AUTO(X509) *old = NULL;
	AUTO(X509) *cert = NULL;
	X509 *own = alice.cert;
	char hash[MC_SHA256_HEX], serial[MC_SERIAL_TEXT];
	struct tally left;

	ok(request("/CN=Alice", &der, hash));
	ok(mc_ca_load(dir, MC_CA_ALL, &fresh, &e));
	ok(fresh && issue(fresh, &der, &old, &e) &&
	    mc_cert_serial(old, serial, &e));
	if (!old)
		return;
	alice.cert = old;
	mc_buf_clear(&der);
	ok(csr(alice.key, "/CN=Alice", NULL, NULL, &der));
	ok(die(1, true, &der));
	left = look();
	ok(left.state == MC_CERTIFICATE_INTENT);
	ok(!revoked || mc_revoke(fresh->store, serial, &why, &e));
	ok(issue(fresh, &der, &cert, &e) == !revoked);
	ok(!revoked ||
	    (e.code == MC_DENIED &&
		strcmp(e.text, "the certificate to renew was revoked since") ==
		    0));
	ok(!cert == revoked);
	ok(look().n == left.n);
	ok(look().state ==
	    (revoked ? MC_CERTIFICATE_INTENT : MC_CERTIFICATE_VALID));
	alice.cert = own;
}

/* No room in the store: nothing is decided, and it is no refusal. */
static void
full(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(mc_ca) *fresh = NULL;
	AUTO(X509) *cert = NULL;
	char hash[MC_SHA256_HEX];
	struct mc_challenge_spec spec = { .subject = "/CN=x" };
	int before = look().n;

	ok(request("/CN=Alice", &der, hash));
	ok(mc_ca_load(dir, MC_CA_ALL, &fresh, &e));
	if (!fresh)
		return;
	ok(mc_db_change(
	    fresh->store, "PRAGMA max_page_count = 1", NULL, NULL, &e));
	/* fill the pages that are there */
	for (int i = 0; i < 10000; i++) {
		AUTO_BUF secret = MC_BUF_INIT;

		if (!mc_challenge_new(fresh->store, &spec, &secret, &e))
			break;
	}
	ok(e.code == MC_RETRY && strstr(e.text, "the disk is full"));
	while (issue(fresh, &der, &cert, &e)) {
		/* there was room in the pages of those tables */
		X509_free(take(&cert));
		before++;
		ok(request("/CN=Alice", &der, hash) && before < 100);
	}
	ok(e.code == MC_RETRY && !cert);
	printf("# %s\n", e.text);
	ok(mc_db_change(
	    fresh->store, "PRAGMA max_page_count = 100000", NULL, NULL, &e));
	ok(issue(fresh, &der, &cert, &e));
	ok(look().n == before + 1 && used(hash));
}

static bool
conf_write(const char *text)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF path = MC_BUF_INIT;
	FILE *f;

	if (!mc_buf_printf(&path, &e, "%s/ca.conf", dir) ||
	    !(f = fopen(mc_buf_str(&path), "w")))
		return false;
	(void)fputs(text, f);
	return fclose(f) == 0;
}

int
main(void)
{
	ok(ca_make());
	ok(peer_new(MC_KEY_RSA, &alice));
	if (ca && alice.cert) {
		for (int nth = 1; nth <= 2; nth++) {
			killed(nth, false, false);
			killed(nth, true, false);
		}
		promised(false);
		promised(true);
		full();
		ok(conf_write("accept = approval\n"));
		for (int nth = 1; nth <= 2; nth++) {
			approved(nth, false);
			approved(nth, true);
		}
		ok(conf_write("notify = /bin/true\n"));
		for (int nth = 1; nth <= 3; nth++) {
			killed(nth, false, true);
			killed(nth, true, true);
		}
	}
	peer_free(&alice);
	ca_unmake();
	return done();
}
