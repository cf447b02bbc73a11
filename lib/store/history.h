/* SPDX-License-Identifier: ISC */
/* What happened to a certificate, in order, for people to read. */
#ifndef MC_STORE_HISTORY_H
#define MC_STORE_HISTORY_H

#include "store/certificate.h"

struct mc_history {
	const char *serial;
	int64_t at;
	const char *what; /* a word: "promised", "issued", "repeated", "told",
			     "renewed", "revoked", "imported", "approved" */
	const char *who;  /* a login name or an address, or NULL */
	const char *note; /* one line, or NULL */
};

/* Of one certificate so many "repeated" are kept, the newest. */
#define MC_HISTORY_REPEATED 50

/* Inside a transaction of the change that it is about. */
MC_NODISCARD bool mc_store_history_add(
    struct mc_store *s, const struct mc_history *h, struct mc_err *e);

/* Oldest first; h is lent for the call. */
MC_NODISCARD bool mc_store_history_list(struct mc_store *s, const char *serial,
    bool (*each)(void *ctx, const struct mc_history *h, struct mc_err *e),
    void *ctx, struct mc_err *e);

#endif
