/* SPDX-License-Identifier: ISC */
/* The record against itself, and against the certificates in it. */
#ifndef MC_CA_AUDIT_H
#define MC_CA_AUDIT_H

#include "ca/ca.h"
#include "store/copy.h"

struct mc_audit {
	int64_t certificates; /* read, parsed, verified */
	int64_t intents;
	int64_t faults;
};

/*
 * The store's own check, then every certificate: parsed, signed by the CA
 * that the row names, and serial number, dates, subject, key and names as the
 * row has them; a challenge used by no more certificates than it may; a
 * replaced one is there.  say is called with a line for each fault.  False is
 * a failure of the check itself.
 */
MC_NODISCARD bool mc_audit(const struct mc_ca *ca, void (*say)(const char *),
    const struct mc_watch *watch, struct mc_audit *out, struct mc_err *e);

#endif
