/* SPDX-License-Identifier: ISC */
/* The store itself: making, opening, migrating, sharing it. */
#include "store_help.h"

#include <sys/stat.h>

#include "store/copy.h"
#include "store/number.h"

/* What the schema was when user_version was 3: it must never change. */
static const char version3[] =
    "CREATE TABLE challenge ("
    " hash TEXT PRIMARY KEY,"
    " subject TEXT,"
    " owner TEXT,"
    " created INTEGER NOT NULL,"
    " expires INTEGER NOT NULL,"
    " used_by TEXT"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX challenge_created ON challenge (created, hash);"
    "CREATE TABLE certificate ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " serial TEXT NOT NULL UNIQUE,"
    " request TEXT NOT NULL UNIQUE,"
    " txn TEXT NOT NULL,"
    " signer TEXT NOT NULL,"
    " csr TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " owner TEXT,"
    " challenge TEXT REFERENCES challenge (hash),"
    " not_before INTEGER NOT NULL,"
    " not_after INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
    " der BLOB,"
    " created INTEGER NOT NULL,"
    " revoked_at INTEGER NOT NULL DEFAULT 0,"
    " reason INTEGER NOT NULL DEFAULT 0,"
    " CHECK ((state = 0) = (der IS NULL)),"
    " CHECK ((state = 2) = (revoked_at <> 0))"
    ") STRICT;"
    "CREATE INDEX certificate_owner ON certificate (owner);"
    "CREATE INDEX certificate_challenge ON certificate (challenge);"
    "CREATE TABLE enrolment ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE,"
    " user TEXT NOT NULL,"
    " token TEXT NOT NULL UNIQUE,"
    " created INTEGER NOT NULL,"
    " expires INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
    " since INTEGER NOT NULL,"
    " udid TEXT,"
    " factory TEXT,"
    " device TEXT,"
    " subject TEXT,"
    " own_ca INTEGER NOT NULL DEFAULT 0,"
    " pin TEXT,"
    " reason TEXT,"
    " CHECK ((state = 0) = (udid IS NULL))"
    ") STRICT;"
    "CREATE INDEX enrolment_subject ON enrolment (subject);"
    "CREATE INDEX enrolment_user ON enrolment (user);"
    "CREATE TABLE event ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " enrolment TEXT NOT NULL REFERENCES enrolment (id) ON DELETE CASCADE,"
    " at INTEGER NOT NULL,"
    " step TEXT NOT NULL,"
    " done INTEGER NOT NULL,"
    " reason TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX event_enrolment ON event (enrolment, number);"
    "PRAGMA user_version = 3; PRAGMA application_id = 0x4d435046;"
    "PRAGMA journal_mode = WAL;";

static const char rows3[] =
    "INSERT INTO challenge VALUES"
    " ('h0', NULL, NULL, 1, 9, NULL),"
    " ('h1', '/CN=One', 'owner-1', 2, 8, 'r1');"
    "INSERT INTO certificate (id, serial, request, txn, signer, csr, subject,"
    " owner, challenge, not_before, not_after, state, der, created,"
    " revoked_at, reason) VALUES"
    " (5, '05', 'r0', 'T5', 's5', 'c5', '/CN=Intent', NULL, NULL, 1, 100, 0,"
    "  NULL, 11, 0, 0),"
    " (7, '07', 'r1', 'T7', 's7', 'c7', '/CN=One', 'owner-1', 'h1', 2,"
    "  200, 1, x'3000ff', 12, 0, 0),"
    " (9, '09', 'r2', 'T9', 's9', 'c9', '/CN=Gone', NULL, NULL, 3, 300, 2,"
    "  x'30', 13, 44, 1);"
    "INSERT INTO enrolment (id, user, token, created, expires, state, since)"
    " VALUES ('E1', 'alice', 't', 1, 2, 0, 1);"
    "INSERT INTO event (enrolment, at, step, done, reason)"
    " VALUES ('E1', 1, 'begin', 1, '');";

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
		ok(mc_store_check(s, &e));
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

static void
versions(const char *dir, const char *file)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;

	ok(raw(file, "PRAGMA user_version = 999"));
	ok(!mc_store_open(dir, false, &s, &e) && e.code == MC_MALFORMED);
	ok(strstr(e.text, "newer version") != NULL);

	ok(raw(file, "PRAGMA user_version = 2; PRAGMA application_id = 7"));
	ok(!mc_store_open(dir, true, &s, &e) && e.code == MC_MALFORMED);

	/* tables of somebody else's */
	ok(raw(file, "PRAGMA user_version = 0; PRAGMA application_id = 0"));
	ok(!mc_store_open(dir, true, &s, &e) && e.code == MC_MALFORMED);

	/* one that a restore has set aside */
	ok(raw(file, "PRAGMA application_id = 0x4d435052"));
	ok(!mc_store_open(dir, true, &s, &e) && e.code == MC_RETRY);
	ok(!s);
}

static void
old_certificates(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_certificate_counts n = { 0 };
	bool yes;

	{
		AUTO_CERTIFICATE c = { 0 };

		ok(mc_store_certificate_find(s, "05", &c, &yes, &e) && yes);
		ok(c.id == 5 && c.state == MC_CERTIFICATE_INTENT &&
		    strcmp(c.request, "r0") == 0 && c.told == 0 &&
		    c.der.len == 0 && c.created == 11 && !c.owner);
	}
	{
		AUTO_CERTIFICATE c = { 0 };

		ok(mc_store_certificate_find_request(s, "r1", &c, &yes, &e) &&
		    yes);
		ok(c.id == 7 && c.state == MC_CERTIFICATE_VALID &&
		    strcmp(c.transaction, "T7") == 0 &&
		    strcmp(c.signer, "s7") == 0 && strcmp(c.csr, "c7") == 0 &&
		    strcmp(c.subject, "/CN=One") == 0);
		ok(strcmp(c.owner, "owner-1") == 0 &&
		    strcmp(c.challenge, "h1") == 0 && c.not_before == 2 &&
		    c.not_after == 200 && c.created == 12 && c.der.len == 3 &&
		    memcmp(c.der.data, "\x30\x00\xff", 3) == 0);
		/* what nobody knew then */
		ok(c.way == MC_WAY_CHALLENGE &&
		    strcmp(c.profile, "default") == 0 && c.key[0] == '\0' &&
		    c.issuer[0] == '\0' && c.replaces[0] == '\0' && !c.names &&
		    !c.user && !c.source && c.told == 12);
	}
	{
		AUTO_CERTIFICATE c = { 0 };

		ok(mc_store_certificate_find(s, "09", &c, &yes, &e) && yes);
		ok(c.state == MC_CERTIFICATE_REVOKED && c.revoked_at == 44 &&
		    c.reason == 1 && c.der.len == 1);
	}
	ok(mc_store_certificate_count(s, 250, &n, &e));
	ok(n.intent == 1 && n.revoked == 1 && n.expired == 1 && n.valid == 0);
	ok(mc_store_certificate_count(s, 200, &n, &e));
	ok(n.expired == 0 && n.valid == 1 && n.next_expiry == 200);
}

static bool
count_one(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	(void)e;
	*(int64_t *)ctx = *(int64_t *)ctx * 100 + c->id;
	return true;
}

static bool
count_revoked(
    void *ctx, const char *serial, int64_t at, int64_t reason, struct mc_err *e)
{
	(void)e;
	*(int *)ctx += strcmp(serial, "09") == 0 && at == 44 && reason == 1;
	return true;
}

static void
migration(const char *dir, const char *file)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;
	AUTO_CHALLENGE open = { 0 };
	AUTO_CHALLENGE used = { 0 };
	struct mc_certificate c = intent("40", "r40");
	struct mc_certificate_filter f = { .pattern = "N=oNe" };
	int64_t n = 0;
	int revoked = 0;
	bool found = false;

	ok(mc_dir_make(dir, 0700, &e));
	ok(raw(file, version3) && raw(file, rows3));
	ok(mc_store_open(dir, false, &s, &e));
	if (!s) {
		printf("# %s\n", e.text);
		return;
	}
	ok(mc_store_check(s, &e));
	ok(mc_store_challenge_find(s, "h0", &open, &found, &e) && found);
	ok(open.uses == 1 && open.used == 0 && open.created == 1 &&
	    open.expires == 9 && !open.subject && open.used_by[0] == '\0');
	ok(strcmp(mc_challenge_status(&open, 8), "open") == 0);
	ok(mc_store_challenge_find(s, "h1", &used, &found, &e) && found);
	ok(used.uses == 1 && used.used == 1 &&
	    strcmp(used.used_by, "r1") == 0 &&
	    strcmp(used.subject, "/CN=One") == 0 &&
	    strcmp(used.owner, "owner-1") == 0);
	ok(strcmp(mc_challenge_status(&used, 3), "used") == 0);
	ok(!mc_store_challenge_use(s, "h1", "x", &e) && e.code == MC_DENIED);
	old_certificates(s);

	/* searched as new ones are, and on the CRL whoever is asked */
	ok(mc_store_certificate_list(s, &f, count_one, &n, &e) && n == 7);
	ok(mc_store_certificate_revoked(
	       s, "dd", 5, count_revoked, &revoked, &e) &&
	    revoked == 1);
	ok(mc_db_number(s,
	       "SELECT count(*) FROM event JOIN enrolment"
	       " ON enrolment = id WHERE user = 'alice'",
	       NULL, &n, &e) &&
	    n == 1);

	/* numbers go on where they were; references hold */
	ok(mc_store_certificate_add(s, &c, &e));
	n = 0;
	f = (struct mc_certificate_filter){ .serial = "40" };
	ok(mc_store_certificate_list(s, &f, count_one, &n, &e) && n == 10);
	ok(!mc_db_exec(s, "DELETE FROM challenge WHERE hash = 'h1'", &e));
}

/* A file that a process left at any step is finished by the next. */
static void
every_version(const char *dir, const char *file)
{
	struct mc_err e = MC_ERR_INIT;

	for (int64_t i = 1; i < mc_db_steps(); i++) {
		AUTO(mc_store) *s = NULL;
		struct mc_store half = { 0 };
		struct mc_certificate c = intent("40", "r0");

		mc_db_unlink(file);
		ok(mc_dir_make(dir, 0700, &e));
		ok(mc_buf_puts(&half.path, file, &e) &&
		    mc_db_open(&half, NULL,
			SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &e) &&
		    mc_store_begin(&half, &e) &&
		    mc_db_migrate(&half, 0, i, &e) &&
		    mc_store_commit(&half, &e));
		sqlite3_close(half.db);
		mc_buf_clear(&half.path);
		ok(mc_store_open(dir, false, &s, &e));
		ok(s && mc_store_certificate_add(s, &c, &e) &&
		    mc_store_check(s, &e));
	}
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
	ok(!mc_store_number_count(b, "n", &e) && e.code == MC_RETRY);
	mc_store_rollback(a);
	ok(mc_store_begin(b, &e));
}

/* No page more: the same to the engine as a disk that has no room. */
static void
full(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_store) *s = NULL;
	struct mc_buf der = { .data = calloc(1, 100000), .len = 100000 };
	struct mc_certificate c = intent("F0", "f0");
	AUTO_CERTIFICATE out = { 0 };
	bool yes = true;

	ok(mc_store_open(dir, false, &s, &e));
	ok(mc_store_certificate_add(s, &c, &e));
	ok(mc_db_exec(s, "PRAGMA max_page_count = 1", &e));
	ok(mc_store_begin(s, &e));
	ok(!mc_store_certificate_finish(s, "F0", &der, &yes, &e) &&
	    e.code == MC_RETRY);
	ok(strstr(e.text, "full") != NULL);
	mc_store_rollback(s);

	ok(mc_db_exec(s, "PRAGMA max_page_count = 1000000", &e));
	ok(mc_store_certificate_find(s, "F0", &out, &yes, &e) && yes);
	ok(out.state == MC_CERTIFICATE_INTENT && out.der.len == 0);
	ok(mc_store_begin(s, &e) &&
	    mc_store_certificate_finish(s, "F0", &der, &yes, &e) && yes &&
	    mc_store_commit(s, &e));
	ok(mc_store_check(s, &e));
	free(der.data);
}

int
main(void)
{
	char *dir, *file, *old, *old_file;

	help_begin();
	dir = path_of("ca");
	file = path_of("ca/store.db");
	old = path_of("old");
	old_file = path_of("old/store.db");
	migration(old, old_file);
	every_version(old, old_file);
	opening(dir);
	busy(dir);
	full(dir);
	versions(dir, file);
	free(dir);
	free(file);
	free(old);
	free(old_file);
	help_end();
	return done();
}
