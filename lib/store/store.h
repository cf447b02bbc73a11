/* SPDX-License-Identifier: ISC */
/*
 * The one place where state lives: challenges, certificates, their history,
 * requests, numbers, failures, enrolments and events, in a folder's "store.db".
 *
 * Every decision is one immediate transaction, and nothing is answered before
 * its commit is on the disk (WAL, synchronous=FULL).  What is asked of the
 * store is in the headers beside this one; the engine (SQLite now) is known to
 * this folder only (db.h).
 */
#ifndef MC_STORE_H
#define MC_STORE_H

#include "base/buf.h"

typedef struct mc_store mc_store;

/*
 * Open dir/store.db and bring its schema up to date; where create, make the
 * folder (0700), the file (0600) and the schema.  MC_NOINPUT where there is no
 * store, MC_MALFORMED where the file is something else or of a newer version.
 */
MC_NODISCARD bool mc_store_open(
    const char *dir, bool create, struct mc_store **out, struct mc_err *e);
void mc_store_free(struct mc_store *s);
CLEANUP(mc_store, mc_store_free);

/*
 * One decision.  MC_RETRY when other processes keep the store busy for 10 s
 * or the disk is full; MC_IO when the disk fails.  A transaction left open is
 * rolled back by mc_store_free() and by mc_store_rollback(), which is safe at
 * any time.
 */
MC_NODISCARD bool mc_store_begin(struct mc_store *s, struct mc_err *e);
MC_NODISCARD bool mc_store_commit(struct mc_store *s, struct mc_err *e);
void mc_store_rollback(struct mc_store *s);

#endif
