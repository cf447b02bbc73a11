/* SPDX-License-Identifier: ISC */
/*
 * Where a secret comes from: "file:PATH", "fd:N" or "env:NAME".
 *
 * Never from argv itself.  "env:MCPROFILE_X" is the fact X, so the same words
 * work as a process and inside the driver.  Any other variable is wiped and
 * taken out of the environment once it is read.
 */
#ifndef MC_SECRET_H
#define MC_SECRET_H

#include "base/fact.h"

/*
 * Append the secret that spec names; one line end at its end is dropped.
 * facts may be NULL.  MC_USAGE for a spec of another form, MC_NOINPUT where
 * the place does not exist, MC_MALFORMED for an empty secret.
 */
MC_NODISCARD bool mc_secret_load(const char *spec, const struct mc_facts *facts,
    struct mc_buf *to, struct mc_err *e);

/* Every byte of it, such as a PKCS #12 file's; up to MC_BUF_LIMIT of them. */
MC_NODISCARD bool mc_secret_load_exact(const char *spec,
    const struct mc_facts *facts, struct mc_buf *to, struct mc_err *e);

/* As mc_secret_load(), for text: a NUL is MC_MALFORMED too. */
MC_NODISCARD bool mc_secret_load_text(const char *spec,
    const struct mc_facts *facts, struct mc_buf *to, struct mc_err *e);

/* No core dumps, no ptrace by others: main calls it first. */
void mc_secret_harden(void);

#endif
