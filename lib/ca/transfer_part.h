/* SPDX-License-Identifier: ISC */
/* What lib/ca/transfer*.c have between them. */
#ifndef MC_CA_TRANSFER_PART_H
#define MC_CA_TRANSFER_PART_H

#include "ca/transfer.h"

/* A line for a row, appended; transfer_json.c. */
MC_NODISCARD bool mc_transfer_json_encode(const struct mc_certificate *c,
    int64_t now, struct mc_buf *to, struct mc_err *e);

/*
 * A line back to a row, which is empty before: what the certificate says is
 * from the certificate, which is the caller's.  MC_MALFORMED, naming the
 * member.
 */
MC_NODISCARD bool mc_transfer_json_parse(const char *line, size_t len,
    struct mc_certificate *out, X509 **cert, struct mc_err *e);

/* openssl's index, sorted by serial number; transfer_index.c. */
struct mc_transfer_entry {
	char serial[MC_SERIAL_TEXT];
	char flag; /* 'V', 'R', 'E' */
	bool used; /* a certificate was found for it */
	unsigned line;
	int64_t expires;
	int64_t revoked_at;
	int64_t reason;
};

struct mc_transfer_index {
	struct mc_transfer_entry *v;
	size_t n;
};
#define AUTO_INDEX                                                             \
	__attribute__((                                                        \
	    cleanup(mc_transfer_index_clear))) struct mc_transfer_index
void mc_transfer_index_clear(struct mc_transfer_index *x);

/* MC_MALFORMED as "index:LINE: ...". */
MC_NODISCARD bool mc_transfer_index_parse(
    const struct mc_buf *text, struct mc_transfer_index *out, struct mc_err *e);
struct mc_transfer_entry *
mc_transfer_index_find(const struct mc_transfer_index *x, const char *serial);

/* A line for a row that has a certificate, appended. */
MC_NODISCARD bool mc_transfer_index_encode(const struct mc_certificate *c,
    int64_t now, struct mc_buf *to, struct mc_err *e);

#endif
