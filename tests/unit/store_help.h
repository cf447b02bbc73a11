/* SPDX-License-Identifier: ISC */
/* A folder for one test program's stores, and rows to put into them. */
#ifndef STORE_HELP_H
#define STORE_HELP_H

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "store/certificate.h"
#include "store/challenge.h"
#include "store/db.h"
#include "tap.h"

static char alice[] = "/CN=Alice";
static char transaction[] = "T1";
static char default_profile[] = "default";
static char base[] = "/tmp/mcprofile-store-XXXXXX";

/* base/name, which the caller frees. */
static inline char *
path_of(const char *name)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF path = MC_BUF_INIT;
	char *copy;

	if (!mc_path_join(base, name, &path, &e))
		abort();
	copy = strdup(mc_buf_str(&path));
	if (!copy)
		abort();
	return copy;
}

static inline void
help_begin(void)
{
	if (!mkdtemp(base))
		abort();
}

static inline void
help_end(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF rm = MC_BUF_INIT;

	ok(mc_buf_printf(&rm, &e, "rm -rf %s", base) &&
	    system(mc_buf_str(&rm)) == 0);
}

static inline struct mc_store *
open_store(const char *dir)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_store *s = NULL;

	ok(mc_store_open(dir, true, &s, &e));
	if (!s) {
		printf("# %s\n", e.text);
		abort();
	}
	return s;
}

/* Past everything that the store checks. */
static inline bool
raw(const char *file, const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;
	bool done = sqlite3_open(file, &db) == SQLITE_OK &&
	    sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK;

	if (why)
		printf("# %s\n", why);
	sqlite3_free(why);
	sqlite3_close(db);
	return done;
}

static inline struct mc_challenge
challenge(const char *hash)
{
	struct mc_challenge c = {
		.subject = alice,
		.created = 10,
		.expires = 20,
		.uses = 1,
	};

	snprintf(c.hash, sizeof(c.hash), "%s", hash);
	return c;
}

static inline struct mc_certificate
intent(const char *serial, const char *request)
{
	struct mc_certificate c = {
		.transaction = transaction,
		.profile = default_profile,
		.subject = alice,
		.signer = "aa",
		.csr = "bb",
		.key = "cc",
		.issuer = "dd",
		.not_before = 1,
		.not_after = 2,
		.created = 3,
	};

	snprintf(c.serial, sizeof(c.serial), "%s", serial);
	snprintf(c.request, sizeof(c.request), "%s", request);
	return c;
}

#endif
