/* SPDX-License-Identifier: ISC */
/*
 * What is said to one pkiMessage: a CertRep, with its facts for the log and
 * its place in the counters.
 */
#ifndef MC_CA_CERTREP_H
#define MC_CA_CERTREP_H

#include "ca/budget.h"
#include "ca/issue.h"
#include "scep/scep.h"
#include "scep_ca/decide.h"
#include "stage/stage.h"

/* One message being answered. */
struct mc_exchange {
	const struct mc_ca *ca;
	const struct mc_ca_profile *profile;
	struct mc_io *io;
	const char *source;      /* the address that asks, or NULL */
	char who[MC_BUDGET_WHO]; /* whose failures are counted, or "" */
	struct mc_scep_request request;
	const struct mc_ra *ra; /* that it is encrypted to, and that signs;
				   NULL: the first */
	bool renewal;
	struct mc_buf content;  /* of its envelope */
	struct mc_buf password; /* of the reply's, or empty */
	struct mc_ca_programs programs;
	/*
	 * Where it is not NULL, nothing has any effect: the answer that would
	 * be given is put here, and none is made.
	 */
	struct mc_scep_answer *said;
};
void mc_exchange_clear(struct mc_exchange *x);
#define AUTO_EXCHANGE                                                          \
	__attribute__((cleanup(mc_exchange_clear))) struct mc_exchange

/* SUCCESS, FAILURE or PENDING as answer says; its RA and password are x's. */
MC_NODISCARD bool mc_certrep(const struct mc_exchange *x,
    struct mc_scep_answer *answer, struct mc_err *e);
MC_NODISCARD bool
mc_certrep_grant(const struct mc_exchange *x, X509 *cert, struct mc_err *e);
MC_NODISCARD bool
mc_certrep_wait(const struct mc_exchange *x, int64_t number, struct mc_err *e);

/*
 * A refusal is an answer: a signed FAILURE, true, and e, which says why, goes
 * to the log.  It stays an error where nobody can be answered, and where it is
 * our own failure.
 */
MC_NODISCARD bool mc_certrep_refuse(const struct mc_exchange *x,
    const struct mc_scep_refusal *why, struct mc_err *e);
/* Requester and log are told the same. */
MC_NODISCARD bool mc_certrep_refuse_as(
    const struct mc_exchange *x, int fail, const char *text, struct mc_err *e);
MC_NODISCARD bool mc_certrep_refuse_verdict(const struct mc_exchange *x,
    const struct mc_verdict *verdict, struct mc_err *e);
/* Somebody may be guessing: it costs him one of his failures. */
MC_NODISCARD bool mc_certrep_refuse_guess(const struct mc_exchange *x,
    const struct mc_scep_refusal *why, struct mc_err *e);

#endif
