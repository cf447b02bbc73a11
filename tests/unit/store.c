/* SPDX-License-Identifier: ISC */
/* Transactions, unique serials, challenges used once. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "store/certificate.h"
#include "store/challenge.h"
#include "store/db.h"
#include "tap.h"

static char subject[] = "/CN=Alice";
static char transaction[] = "T1";
static char owner[] = "owner-1";

static struct mc_challenge
challenge(const char *hash)
{
	struct mc_challenge c = {
		.subject = subject, .owner = owner, .created = 10, .expires = 20
	};

	snprintf(c.hash, sizeof(c.hash), "%s", hash);
	return c;
}

static struct mc_certificate
intent(const char *serial, const char *request)
{
	struct mc_certificate c = {
		.transaction = transaction,
		.subject = subject,
		.signer = "aa",
		.csr = "bb",
		.not_before = 1,
		.not_after = 2,
		.created = 3,
	};

	snprintf(c.serial, sizeof(c.serial), "%s", serial);
	snprintf(c.request, sizeof(c.request), "%s", request);
	return c;
}

static unsigned
mode(const char *dir, const char *name)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF path = MC_BUF_INIT;
	struct stat st;

	if (!mc_path_join(dir, name, &path, &e) ||
	    stat(mc_buf_str(&path), &st) == -1)
		return 0;
	return st.st_mode & 07777;
}

static void
opening(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;

	{
		AUTO(mc_store) *s = NULL;

		ok(!mc_store_open(dir, false, &s, &e) && !s);
		ok(e.code == MC_NOINPUT);
		ok(access(dir, F_OK) == -1);
	}
	{
		AUTO(mc_store) *s = NULL;

		umask(0);
		ok(mc_store_open(dir, true, &s, &e));
		ok(mode(dir, "") == 0700);
		ok(mode(dir, "store.db") == 0600);
		ok(mode(dir, "store.db-wal") == 0600);
	}
	{
		AUTO(mc_store) *s = NULL;

		ok(mc_store_open(dir, false, &s, &e));
	}
	/* neither something else nor a half-made one */
	for (int i = 0; i < 2; i++) {
		AUTO(mc_store) *s = NULL;

		ok(mc_path_join(dir, "sub", &path, &e));
		ok(mc_dir_make(mc_buf_str(&path), 0700, &e));
		ok(mc_path_join(dir, "sub/store.db", &path, &e));
		ok(mc_buf_puts(&text, i ? "not a database at all" : "", &e));
		ok(mc_file_save(mc_buf_str(&path), &text, 0600, &e));
		ok(!mc_store_open(mc_path_join(dir, "sub", &path, &e)
			? mc_buf_str(&path)
			: "",
		    i == 1, &s, &e));
		ok(e.code == (i ? MC_MALFORMED : MC_NOINPUT));
	}
}

/* Past everything that the store checks. */
static bool
raw(const char *dir, const char *sql)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF path = MC_BUF_INIT;
	sqlite3 *db = NULL;
	bool done = mc_path_join(dir, "store.db", &path, &e) &&
	    sqlite3_open(mc_buf_str(&path), &db) == SQLITE_OK &&
	    sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;

	sqlite3_close(db);
	return done;
}

static void
versions(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;

	ok(raw(dir, "PRAGMA user_version = 999"));
	ok(!mc_store_open(dir, false, &s, &e) && e.code == MC_MALFORMED);
	ok(strstr(e.text, "newer version") != NULL);

	ok(raw(dir, "PRAGMA user_version = 2; PRAGMA application_id = 7"));
	ok(!mc_store_open(dir, true, &s, &e) && e.code == MC_MALFORMED);

	/* tables of somebody else's */
	ok(raw(dir, "PRAGMA user_version = 0; PRAGMA application_id = 0"));
	ok(!mc_store_open(dir, true, &s, &e) && e.code == MC_MALFORMED);
	ok(!s);
}

/* Version 1 has challenges only: the rest is made on opening. */
static void
migration(const char *base)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF dir = MC_BUF_INIT;
	AUTO(mc_store) *s = NULL;
	struct mc_certificate c = intent("40", "r0");
	struct mc_challenge old = { 0 };
	bool found = false;

	ok(mc_path_join(base, "old", &dir, &e) &&
	    mc_dir_make(mc_buf_str(&dir), 0700, &e));
	ok(raw(mc_buf_str(&dir), mc_schema_challenge));
	ok(raw(mc_buf_str(&dir),
	    "INSERT INTO challenge VALUES ('h0', NULL, NULL, 1, 2, NULL);"
	    "PRAGMA user_version = 1; PRAGMA application_id = 0x4d435046"));
	ok(mc_store_open(mc_buf_str(&dir), false, &s, &e));
	if (!s)
		return;
	ok(mc_store_certificate_add(s, &c, &e));
	ok(mc_store_challenge_find(s, "h0", &old, &found, &e) && found);
}

static void
challenges(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;
	struct mc_challenge c = challenge("h1");
	bool found;

	ok(mc_store_open(dir, false, &s, &e));
	ok(mc_store_begin(s, &e) && mc_store_challenge_add(s, &c, &e));
	mc_store_rollback(s);
	ok(mc_store_challenge_find(s, "h1", &c, &found, &e) && !found);

	/* freeing rolls back too */
	ok(mc_store_begin(s, &e) && mc_store_challenge_add(s, &c, &e));
	mc_store_free(take(&s));
	ok(mc_store_open(dir, false, &s, &e));
	ok(mc_store_challenge_find(s, "h1", &c, &found, &e) && !found);

	ok(mc_store_begin(s, &e) && mc_store_challenge_add(s, &c, &e) &&
	    mc_store_commit(s, &e));
	ok(!mc_store_challenge_add(s, &c, &e) && e.code == MC_DENIED);
	{
		AUTO_CHALLENGE out = { 0 };

		ok(mc_store_challenge_find(s, "h1", &out, &found, &e) && found);
		ok(strcmp(out.subject, subject) == 0 &&
		    strcmp(out.owner, owner) == 0 && out.created == 10 &&
		    out.expires == 20 && out.used_by[0] == '\0');
	}
	ok(mc_store_challenge_use(s, "h1", "r1", &e));
	ok(!mc_store_challenge_use(s, "h1", "r2", &e) && e.code == MC_DENIED);
	ok(!mc_store_challenge_use(s, "no", "r2", &e) && e.code == MC_DENIED);
	{
		AUTO_CHALLENGE out = { 0 };

		ok(mc_store_challenge_find(s, "h1", &out, &found, &e) && found);
		ok(strcmp(out.used_by, "r1") == 0);
	}
}

/* Many processes, one challenge: how many could use it. */
static int
race(const char *dir, const char *hash)
{
	int won = 0, status;

	for (int i = 0; i < 16; i++) {
		if (fork() != 0)
			continue;
		struct mc_err e = MC_ERR_INIT;
		struct mc_store *s = NULL;
		bool used = mc_store_open(dir, false, &s, &e) &&
		    mc_store_begin(s, &e) &&
		    mc_store_challenge_use(s, hash, "r", &e) &&
		    mc_store_commit(s, &e);

		if (s)
			mc_store_free(s);
		_exit(used ? 0 : e.code == MC_DENIED ? 1 : 2);
	}
	while (wait(&status) > 0) {
		won += WIFEXITED(status) && WEXITSTATUS(status) == 0;
		/* being told to try again would be a failure here */
		won += WEXITSTATUS(status) == 2 ? 100 : 0;
	}
	return won;
}

static bool
count(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	int64_t *ids = ctx;

	if (ids[0] == 9)
		return mc_fail(e, MC_INTERNAL, "too many");
	ids[++ids[0]] = c->id;
	return true;
}

static void
certificates(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;
	struct mc_certificate first = intent("40", "r0"),
			      a = intent("41", "r1"), b = intent("41", "r2"),
			      c = intent("43", "r1"), d = intent("44", "r4");
	uint8_t bytes[] = { 0x30, 0x00, 0xff };
	struct mc_buf der = { .data = bytes, .len = sizeof(bytes) };
	int64_t ids[10] = { 0 };
	bool yes;

	ok(mc_store_open(dir, false, &s, &e));
	ok(mc_store_certificate_add(s, &first, &e));
	ok(mc_store_certificate_add(s, &a, &e));
	ok(!mc_store_certificate_add(s, &b, &e) && e.code == MC_DENIED);
	ok(!mc_store_certificate_add(s, &c, &e) && e.code == MC_DENIED);
	snprintf(d.challenge, sizeof(d.challenge), "nowhere");
	ok(!mc_store_certificate_add(s, &d, &e)); /* foreign key */
	snprintf(d.challenge, sizeof(d.challenge), "h1");
	d.owner = owner;
	ok(mc_store_certificate_add(s, &d, &e));

	ok(mc_store_certificate_revoke(s, "41", 9, 1, &yes, &e) && !yes);
	ok(mc_store_certificate_finish(s, "41", &der, &yes, &e) && yes);
	ok(mc_store_certificate_finish(s, "41", &der, &yes, &e) && !yes);
	ok(mc_store_certificate_finish(s, "99", &der, &yes, &e) && !yes);
	{
		AUTO_CERTIFICATE out = { 0 };

		ok(mc_store_certificate_find(s, "41", &out, &yes, &e) && yes);
		ok(out.state == MC_CERTIFICATE_VALID && out.der.len == 3 &&
		    memcmp(out.der.data, bytes, 3) == 0);
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
	{
		AUTO_CERTIFICATE out = { 0 };

		ok(mc_store_certificate_find(s, "44", &out, &yes, &e) && yes);
		ok(out.state == MC_CERTIFICATE_INTENT && out.der.len == 0 &&
		    strcmp(out.owner, owner) == 0 &&
		    strcmp(out.challenge, "h1") == 0);
		ok(mc_store_certificate_find(s, "45", &out, &yes, &e) && !yes);
	}

	ok(mc_store_certificate_list(s, 2, count, ids, &e));
	ok(ids[0] == 2 && ids[1] > ids[2]);
	ids[0] = 0;
	ok(mc_store_certificate_list(s, 9, count, ids, &e));
	ok(ids[0] == 3 && ids[1] > ids[2] && ids[2] > ids[3]);
}

/* One process keeps the write lock: the other is told to come back. */
static void
busy(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *a = NULL;
	AUTO(mc_store) *b = NULL;

	ok(mc_store_open(dir, false, &a, &e));
	ok(mc_store_open(dir, false, &b, &e));
	ok(mc_store_begin(a, &e));
	sqlite3_busy_timeout(b->db, 10);
	ok(!mc_store_begin(b, &e) && e.code == MC_RETRY);
	mc_store_rollback(a);
	ok(mc_store_begin(b, &e));
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;
	char base[] = "/tmp/mcprofile-store-XXXXXX";
	AUTO_BUF dir = MC_BUF_INIT;
	AUTO_BUF rm = MC_BUF_INIT;
	const char *d;

	if (!mkdtemp(base) || !mc_path_join(base, "ca", &dir, &e))
		return 1;
	d = mc_buf_str(&dir);
	migration(base);
	opening(d);
	challenges(d);
	{
		AUTO(mc_store) *s = NULL;
		struct mc_challenge c = challenge("raced");

		ok(mc_store_open(d, false, &s, &e) &&
		    mc_store_challenge_add(s, &c, &e));
	}
	ok(race(d, "raced") == 1);
	certificates(d);
	busy(d);
	versions(d);
	ok(mc_buf_printf(&rm, &e, "rm -rf %s", base));
	ok(system(mc_buf_str(&rm)) == 0);
	return done();
}
