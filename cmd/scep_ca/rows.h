/* SPDX-License-Identifier: ISC */
/*
 * The lines of "scep-ca explain" as they grow: what, the section of RFC 8894
 * that speaks of it, and what is there.
 *
 * The first failure is kept and what comes after it is dropped, so that who
 * tells of a message need not look after each line.
 */
#ifndef MC_CA_ROWS_H
#define MC_CA_ROWS_H

#include "crypto/ossl.h"

struct mc_rows {
	struct mc_buf text; /* tab-separated, for base/table.h */
	struct mc_err e;
	bool failed;
};

void mc_rows_clear(struct mc_rows *r);
#define AUTO_ROWS __attribute__((cleanup(mc_rows_clear))) struct mc_rows

/* A line; section is "" where the RFC has none. */
void mc_row(struct mc_rows *r, const char *what, const char *section,
    const char *fmt, ...) MC_PRINTF(4, 5);

/* A line that has no more to say than its heading, after an empty one. */
void mc_row_heading(struct mc_rows *r, const char *what);

/* "4A01…", 16 octets at most. */
#define MC_ROW_HEX 40
const char *
mc_row_hex(const void *data, size_t len, char text[static MC_ROW_HEX]);

/* "RSA of 2048 bits", "EC on P-256". */
#define MC_ROW_KEY 64
const char *mc_row_key(const EVP_PKEY *key, char text[static MC_ROW_KEY]);

/* Subject, issuer, serial number, dates, key; each name begins with indent. */
void mc_row_cert(struct mc_rows *r, const char *indent, X509 *cert);

#endif
