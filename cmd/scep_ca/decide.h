/* SPDX-License-Identifier: ISC */
/*
 * The programs of a profile, "decide" and "notify", as mc_issue()'s hooks.
 *
 * They are started without a shell, under the contract of stage/spawn.h:
 * decide reads the certification request in PEM, notify the certificate, and
 * both know the rest from MCPROFILE_* variables.  A challenge is not among
 * them.
 */
#ifndef MC_CA_DECIDE_H
#define MC_CA_DECIDE_H

#include "ca/issue.h"

struct mc_ca_programs {
	int64_t seconds; /* a program's time */
	/* the first line of the program that said no, "" where none did */
	struct mc_err words;
};

/* p is lent and must outlive them. */
struct mc_issue_hooks mc_ca_hooks(struct mc_ca_programs *p);

#endif
