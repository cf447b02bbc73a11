/* SPDX-License-Identifier: ISC */
/*
 * One request on its way through issue.c: what is known of it so far, and the
 * steps that other files do.  Nothing outside of ca/issue.h's files includes
 * this.
 *
 * Whatever is slow or needs the requester's bytes only is done by
 * mc_job_read(), before the transaction; what is in the store is looked at
 * inside of it.
 */
#ifndef MC_CA_JOB_H
#define MC_CA_JOB_H

#include "ca/issue.h"
#include "ca/spell.h"
#include "crypto/cert.h"
#include "store/certificate.h"
#include "store/challenge.h"
#include "store/history.h"
#include "store/request.h"

struct mc_job {
	const struct mc_ca *ca;
	const struct mc_issue_request *asked;
	const struct mc_issue_hooks *hooks; /* or NULL */
	bool dry; /* mc_issue_check(): without any effect */

	/* who may say yes is of the profile that was asked; what is issued, of
	   the one in effect: a renewal's is its certificate's, and a program
	   may choose another */
	const struct mc_ca_profile *at;
	const struct mc_ca_profile *profile;

	/* from the request, by mc_job_read() */
	EVP_PKEY *key; /* to certify */
	X509_REQ *csr;
	X509_NAME *name;     /* instead of the request's; NULL: as it asks */
	struct mc_buf names; /* subjectAltName that is asked; empty: none */
	bool names_odd;      /* asks for some that have no text */
	bool brought;        /* a challenge that is not empty */
	bool has_mac;        /* it has the form of one that is signed */
	bool genuine;        /* and is signed by our secret */
	char hash[MC_SHA256_HEX]; /* of it */
	bool renewal;             /* the signer's certificate is ours */
	struct mc_buf old_names;  /* that it has */

	/* from the store */
	int64_t now;
	struct mc_challenge challenge; /* on record, or from its own words */
	bool found, on_record;
	struct mc_certificate old; /* that is renewed */
	bool old_found;
	int64_t successors;        /* that it has already */
	struct mc_request waiting; /* id 0: it does not wait */
	struct mc_certificate row; /* the intent, or what is on record */

	/* what is to be done */
	bool ask;  /* the program, which has not been asked yet */
	bool hold; /* a person decides */
	bool decided;
	struct mc_decision decision;
	bool repeated;
	bool guessed; /* a refusal that counts although its code does not */
	struct mc_verdict verdict;
};

void mc_job_clear(struct mc_job *j);
#define AUTO_JOB __attribute__((cleanup(mc_job_clear))) struct mc_job

/* A refusal: false, with why in e; or with what e says already. */
bool mc_job_refuse(struct mc_job *j, enum mc_verdict_code code, const char *why,
    struct mc_err *e);
bool mc_job_refuse_noted(struct mc_job *j, enum mc_verdict_code code);

/* Inside a transaction: a line of the certificate's history. */
MC_NODISCARD bool mc_job_note(const struct mc_job *j, const char *serial,
    const char *what, const char *note, struct mc_err *e);

/* read.c: the request's own bytes, and what can be told from them alone. */
MC_NODISCARD bool mc_job_read(struct mc_job *j, struct mc_err *e);
/*
 * What this request's key would be: with this hash of the CSR, at this
 * profile, or renewing the certificate of this serial number ("": none).
 */
MC_NODISCARD bool
mc_job_key(const struct mc_job *j, const char *csr, const char *profile,
    const char *renews, char out[static MC_SHA256_HEX], struct mc_err *e);

/*
 * vouch.c, in a transaction: what vouches for it, and whether the rules allow
 * it.  Then the row says what is to be certified, or ask or hold is set.
 */
MC_NODISCARD bool mc_job_vouch(struct mc_job *j, struct mc_err *e);
/* Put a good challenge on record that is not there yet: one with a MAC. */
MC_NODISCARD bool mc_job_challenge_keep(struct mc_job *j, struct mc_err *e);

/* decide.c, outside of any transaction: ask the program. */
MC_NODISCARD bool mc_job_ask(struct mc_job *j, struct mc_err *e);

/*
 * intend.c, in a transaction, which it commits: use the challenge up and
 * promise the serial number.
 */
MC_NODISCARD bool mc_job_intend(struct mc_job *j, struct mc_err *e);

/*
 * pending.c, in a transaction: which request a poll is about; is this one
 * waiting, and what came of it (approved: the row says what is to be
 * certified); let it wait, which commits.
 */
MC_NODISCARD bool mc_job_poll(struct mc_job *j, struct mc_err *e);
/* Refuse what is on record, or waits, at another profile than this. */
MC_NODISCARD bool mc_job_elsewhere(struct mc_job *j, struct mc_err *e);
MC_NODISCARD bool mc_job_waits(struct mc_job *j, bool *found, struct mc_err *e);
MC_NODISCARD bool mc_job_wait(struct mc_job *j, struct mc_err *e);

/* draft.c: make and sign what the row promises, and check it. */
MC_NODISCARD bool
mc_job_sign(const struct mc_job *j, struct mc_buf *der, struct mc_err *e);

/*
 * compare.c: the certificate in these bytes, read again, says what spec says,
 * value by value, and no more.  names is the text of its subjectAltName, or
 * NULL.  MC_INTERNAL, naming what differs.
 */
MC_NODISCARD bool mc_job_compare(const struct mc_buf *der,
    const struct mc_cert_spec *spec, const char *names, struct mc_err *e);

/*
 * record.c, transactions of its own: put the certificate into the intent;
 * have everybody told who is to know before it leaves.
 */
MC_NODISCARD bool
mc_job_record(struct mc_job *j, const struct mc_buf *der, struct mc_err *e);
MC_NODISCARD bool mc_job_tell(struct mc_job *j, struct mc_err *e);
/* In a transaction: take over what is on record about this request. */
MC_NODISCARD bool mc_job_known(struct mc_job *j, bool *found, struct mc_err *e);
/* In a transaction, which it commits: the same request came again. */
void mc_job_repeat(struct mc_job *j);

/* budget.c: count the refusal, in a transaction of its own. */
void mc_job_failed(struct mc_job *j);
/* In a transaction: refuse a source that has failed too often. */
MC_NODISCARD bool mc_job_budget(struct mc_job *j, struct mc_err *e);

#endif
