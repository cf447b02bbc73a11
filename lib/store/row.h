/* SPDX-License-Identifier: ISC */
/* A certificate's row, for the files of this folder that read one. */
#ifndef MC_STORE_ROW_H
#define MC_STORE_ROW_H

#include "store/certificate.h"
#include "store/db.h"

/* In the order that mc_certificate_read() knows. */
#define MC_CERTIFICATE_COLUMNS                                                 \
	"id, serial, request, txn, signer, csr, key, issuer, way, profile,"    \
	" subject, names, owner, user, source, challenge, replaces,"           \
	" not_before, not_after, state, der, created, told, revoked_at,"       \
	" reason"

/*
 * What the search for a part of a text looks at, as an SQL expression.  The
 * two line ends let its last characters begin three, as every other does.
 */
#define MC_CERTIFICATE_TEXT(subject, names, user, owner)                       \
	subject " || char(10) || ifnull(" names ", '') || char(10)"            \
		" || ifnull(" user ", '') || char(10) || ifnull(" owner        \
		", '') || char(10, 10)"

MC_NODISCARD bool mc_certificate_read(
    sqlite3_stmt *st, struct mc_certificate *c, struct mc_err *e);

/* A part of a text, of any length, and how the engine finds it. */
struct mc_pattern {
	bool text;         /* by match, a full-text expression */
	bool serial;       /* serial numbers from low on, below high */
	const char *whole; /* and this one; lent; or NULL */
	struct mc_buf match;
	char low[MC_SERIAL_TEXT], high[MC_SERIAL_TEXT + 1];
};

void mc_pattern_clear(struct mc_pattern *p);

/* Neither text nor serial: nothing has it in it. */
MC_NODISCARD bool mc_pattern_parse(struct mc_store *s, const char *pattern,
    struct mc_pattern *out, struct mc_err *e);

#endif
