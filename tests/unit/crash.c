/* SPDX-License-Identifier: ISC */
/*
 * A process that dies before or after each of the two commits of an issue:
 * what it leaves, and that the retry ends where it would have ended.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ca/challenge.h"
#include "ca/issue.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "store/certificate.h"
#include "store/db.h"
#include "tap.h"

static char dir[] = "/tmp/mcprofile-crash-XXXXXX";
static EVP_PKEY *alice;
static const struct mc_issue_profile standard;

/* What the store says of the newest certificate, and how many there are. */
struct seen {
	int n;
	enum mc_certificate_state state;
	char serial[MC_SERIAL_TEXT];
};

static bool
see_row(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct seen *s = ctx;

	(void)e;
	if (s->n++ == 0) {
		s->state = c->state;
		memcpy(s->serial, c->serial, sizeof(s->serial));
	}
	return true;
}

static struct seen
look(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;
	struct seen seen = { 0 };

	ok(mc_store_open(dir, false, &s, &e));
	ok(s && mc_store_certificate_list(s, 1000, see_row, &seen, &e));
	return seen;
}

/* A request with a fresh challenge; its hash in hash. */
static bool
request(const char *subject, struct mc_buf *csr, char hash[MC_SHA256_HEX])
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_challenge_spec spec = { subject, NULL, 0 };
	AUTO(mc_store) *s = NULL;
	AUTO(X509_NAME) *name = NULL;
	AUTO_BUF secret = MC_BUF_INIT;

	mc_buf_clear(csr);
	return mc_store_open(dir, false, &s, &e) &&
	    mc_challenge_new(s, &spec, &secret, &e) &&
	    mc_challenge_hash(&secret, hash, &e) &&
	    mc_name_parse(subject, &name, &e) &&
	    mc_csr_make(alice, name, mc_buf_str(&secret), 0, csr, &e);
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
	return c.used_by[0] != '\0';
}

static bool
issue(const struct mc_ca *ca, const struct mc_buf *csr, X509 **cert,
    struct mc_err *e)
{
	struct mc_issue_request r = { "T", alice, csr };
	struct mc_verdict v;

	return mc_issue(ca, &standard, &r, cert, &v, e);
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
die(int nth, bool after, const struct mc_buf *csr)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		struct mc_err e = MC_ERR_INIT;
		struct mc_ca *ca = NULL;
		X509 *cert = NULL;

		if (!mc_ca_load(dir, MC_CA_ALL, &ca, &e))
			_exit(1);
		commits_left = nth;
		if (after)
			sqlite3_wal_hook(ca->store->db, after_commit, NULL);
		else
			sqlite3_commit_hook(ca->store->db, before_commit, NULL);
		if (!issue(ca, csr, &cert, &e))
			_exit(2);
		_exit(0);
	}
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGKILL;
}

static void
killed(int nth, bool after)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF csr = MC_BUF_INIT;
	AUTO(mc_ca) *ca = NULL;
	AUTO(X509) *cert = NULL;
	char hash[MC_SHA256_HEX], serial[MC_SERIAL_TEXT] = "";
	int before = look().n;
	int passed = nth - (after ? 0 : 1); /* commits that were made */
	struct seen left, end;

	ok(request("/CN=Alice", &csr, hash));
	ok(die(nth, after, &csr));
	left = look();
	ok(left.n == before + (passed > 0));
	ok(used(hash) == (passed > 0));
	if (passed > 0)
		ok(left.state ==
		    (passed == 1 ? MC_CERTIFICATE_INTENT
				 : MC_CERTIFICATE_VALID));

	ok(mc_ca_load(dir, MC_CA_ALL, &ca, &e));
	ok(ca && issue(ca, &csr, &cert, &e));
	ok(cert && mc_cert_serial(cert, serial, &e));
	end = look();
	ok(end.n == before + 1 && end.state == MC_CERTIFICATE_VALID);
	ok(strcmp(end.serial, serial) == 0);
	ok(passed == 0 || strcmp(left.serial, serial) == 0);
	ok(used(hash));
}

/* No room in the store: nothing is decided, and it is no refusal. */
static void
full(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF csr = MC_BUF_INIT;
	AUTO(mc_ca) *ca = NULL;
	AUTO(X509) *cert = NULL;
	char hash[MC_SHA256_HEX];
	struct mc_challenge_spec spec = { "/CN=x", NULL, 0 };
	int before = look().n;

	ok(request("/CN=Alice", &csr, hash));
	ok(mc_ca_load(dir, MC_CA_ALL, &ca, &e));
	if (!ca)
		return;
	ok(mc_db_change(
	    ca->store, "PRAGMA max_page_count = 1", NULL, NULL, &e));
	/* fill the pages that are there */
	for (int i = 0; i < 1000; i++) {
		AUTO_BUF secret = MC_BUF_INIT;

		if (!mc_challenge_new(ca->store, &spec, &secret, &e))
			break;
	}
	ok(e.code == MC_RETRY && strstr(e.text, "the disk is full"));
	while (issue(ca, &csr, &cert, &e)) {
		/* there was room in the pages of that table */
		X509_free(take(&cert));
		before++;
		ok(request("/CN=Alice", &csr, hash) && before < 100);
	}
	ok(e.code == MC_RETRY && !cert);
	ok(look().n == before && !used(hash));
	ok(mc_db_change(
	    ca->store, "PRAGMA max_page_count = 100000", NULL, NULL, &e));
	ok(issue(ca, &csr, &cert, &e));
	ok(look().n == before + 1 && used(hash));
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_ca_spec spec = { dir, "/CN=CA", 2048, 2048, 0 };
	AUTO_BUF rm = MC_BUF_INIT;

	ok(mkdtemp(dir) && mc_ca_init(&spec, &e));
	ok(mc_key_new_rsa(2048, &alice, &e));
	if (alice) {
		killed(1, false);
		killed(1, true);
		killed(2, false);
		killed(2, true);
		full();
	}
	EVP_PKEY_free(alice);
	ok(mc_buf_printf(&rm, &e, "rm -rf %s", dir) &&
	    system(mc_buf_str(&rm)) == 0);
	return done();
}
