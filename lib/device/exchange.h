/* SPDX-License-Identifier: ISC */
/*
 * One exchange told to people and kept, and what its HTTP status means.
 *
 * Only the body of a 200 counts for a device.
 */
#ifndef MC_EXCHANGE_H
#define MC_EXCHANGE_H

#include "device/fetch.h"
#include "device/tell.h"

/*
 * Fetch, telling what goes out (what: a few words, may be NULL) and what
 * comes back, and keep the body of a 200 as file (may be NULL).
 */
MC_NODISCARD bool
mc_exchange(const struct mc_fetch *ask, const char *what, const char *file,
    const struct mc_tell *tell, struct mc_fetched *out, struct mc_err *e);

/* 200, or what else it means: MC_DENIED, MC_NOINPUT, MC_RETRY or MC_IO. */
MC_NODISCARD bool mc_exchange_check(
    const struct mc_fetch *ask, const struct mc_fetched *f, struct mc_err *e);

#endif
