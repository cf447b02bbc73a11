/* SPDX-License-Identifier: ISC */
/*
 * The challenge that an envelope is sealed with (RFC 8894 section 3.1, for
 * keys that cannot decrypt).  The envelope does not say which one it is, so
 * they are tried one by one, and each try costs as many rounds of PBKDF2 as
 * the sender likes, who need not be anybody.
 *
 * So a search is bounded: MC_PBKDF2_SEARCH rounds for all tries together, the
 * newest open challenges first; one search at a time in a CA's folder; and it
 * costs its sender one of his failures, which he gets back where it finds what
 * he has sealed with.
 */
#ifndef MC_CA_PASSWORD_H
#define MC_CA_PASSWORD_H

#include "ca/issue.h"

struct mc_password_search {
	const struct mc_issue_request *asked; /* without its csr */
	const char *who; /* whose failure it may be (ca/budget.h), or NULL */
	unsigned rounds; /* of one try, 1 or more */
	bool dry;        /* without any effect: nothing is counted or locked */
	bool (*try)(void *ctx, const struct mc_buf *password);
	void *ctx;
};

enum mc_password_outcome {
	MC_PASSWORD_FOUND,
	MC_PASSWORD_NONE,     /* the failure is counted */
	MC_PASSWORD_TOO_MANY, /* failures already: nothing was tried */
};

/*
 * The challenge for which try returns true, appended to text: of those that
 * open envelopes (mc_challenge_spec.ra) and are open, or that this sender's
 * request, on record or waiting, has used.  MC_RETRY where another search does
 * not end.
 */
MC_NODISCARD bool mc_issue_password_find(const struct mc_ca *ca,
    const struct mc_password_search *search, struct mc_buf *text,
    enum mc_password_outcome *out, struct mc_err *e);

#endif
