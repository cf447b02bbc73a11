/* SPDX-License-Identifier: ISC */
#include "ca/budget.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "ca/job.h"

/*
 * What a guesser sees.  A poll that goes on after a rejection, a repetition
 * whose certificate was revoked and a client with too small a key guess
 * nothing, and may share their address with others.
 */
static bool
is_guess(const struct mc_job *j)
{
	switch (j->verdict.code) {
	case MC_BAD_CHALLENGE:
	case MC_BAD_SUBJECT:
	case MC_BAD_NAMES:
	case MC_BAD_CSR:
	case MC_BAD_SIGNER:
	case MC_BAD_RENEWAL:
		return true;
	case MC_GRANTED:
	case MC_WAITING:
	case MC_BAD_KEY:
	case MC_WITHDRAWN:
	case MC_REJECTED:
	case MC_TOO_MANY:
	case MC_NO_REQUEST:
		break;
	}
	return j->guessed;
}

void
mc_budget_address(const char *source, char out[static MC_BUDGET_WHO])
{
	char text[INET6_ADDRSTRLEN] = "";
	struct in6_addr six;
	struct in_addr four;

	/* a link-local one may name its interface */
	if (source)
		snprintf(text, sizeof(text), "%.*s", (int)strcspn(source, "%"),
		    source);
	if (inet_pton(AF_INET6, text, &six) != 1) {
		snprintf(out, MC_BUDGET_WHO, "%s", source ? source : "");
		return;
	}
	if (IN6_IS_ADDR_V4MAPPED(&six)) {
		memcpy(&four, six.s6_addr + 12, sizeof(four));
		(void)inet_ntop(AF_INET, &four, out, MC_BUDGET_WHO);
		return;
	}
	memset(six.s6_addr + 8, 0, 8);
	(void)inet_ntop(AF_INET6, &six, text, sizeof(text));
	snprintf(out, MC_BUDGET_WHO, "%s/64", text);
}

/* Ours, on record to the byte, not revoked, and in date. */
static bool
is_good(const struct mc_ca *ca, X509 *cert, bool *good, struct mc_err *e)
{
	struct mc_err odd = MC_ERR_INIT;
	AUTO_CERTIFICATE row = { 0 };
	AUTO_BUF der = MC_BUF_INIT;
	char serial[MC_SERIAL_TEXT];
	bool found = false;

	*good = false;
	if (!mc_ca_issuer_find(ca, cert) ||
	    !mc_cert_dates_check(cert, mc_time_now(), &odd) ||
	    !mc_cert_serial(cert, serial, &odd))
		return true;
	if (!mc_cert_encode(cert, &der, e) ||
	    !mc_store_certificate_find(ca->store, serial, &row, &found, e))
		return false;
	*good = found && row.state == MC_CERTIFICATE_VALID &&
	    row.der.len == der.len &&
	    memcmp(row.der.data, der.data, der.len) == 0;
	return true;
}

static void
who_key(const char *hash, char who[static MC_BUDGET_WHO])
{
	snprintf(who, MC_BUDGET_WHO, "key:%s", hash);
}

struct repeat {
	const char *signer;
	bool found;
};

static bool
repeat_find(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct repeat *r = ctx;

	(void)e;
	r->found = r->found || strcmp(c->signer, r->signer) == 0;
	return true;
}

bool
mc_budget_repeats(const struct mc_ca *ca, const struct mc_issue_request *r,
    char who[static MC_BUDGET_WHO], bool *repeats, struct mc_err *e)
{
	const struct mc_certificate_filter filter = { .now = mc_time_now(),
		.transaction = r->transaction };
	char signer[MC_SHA256_HEX];
	struct repeat seen = { signer, false };
	AUTO_REQUEST waiting = { 0 };

	*repeats = false;
	if (!r->transaction || !r->signer)
		return true;
	if (!mc_key_sha256(X509_get0_pubkey(r->signer), signer, e) ||
	    !mc_store_certificate_list(
		ca->store, &filter, repeat_find, &seen, e))
		return false;
	*repeats = seen.found;
	if (!*repeats &&
	    !mc_store_request_find_poll(
		ca->store, r->transaction, signer, &waiting, repeats, e))
		return false;
	if (*repeats)
		who_key(signer, who);
	return true;
}

bool
mc_budget_who(const struct mc_ca *ca, const struct mc_issue_request *r,
    char out[static MC_BUDGET_WHO], struct mc_err *e)
{
	char key[MC_SHA256_HEX];
	bool good = false;

	mc_budget_address(r->source, out);
	if (!*out || !r->signer)
		return true;
	if (!is_good(ca, r->signer, &good, e))
		return false;
	if (!good)
		return true;
	if (!mc_key_sha256(X509_get0_pubkey(r->signer), key, e))
		return false;
	who_key(key, out);
	return true;
}

static bool
limited(const struct mc_ca *ca, const char *who)
{
	return who && *who && ca->conf->budget.failures > 0;
}

bool
mc_job_budget(struct mc_job *j, struct mc_err *e)
{
	char who[MC_BUDGET_WHO];
	bool left = true;

	if (!mc_budget_who(j->ca, j->asked, who, e) ||
	    (limited(j->ca, who) &&
		!mc_store_budget_check(
		    j->ca->store, who, &j->ca->conf->budget, j->now, &left, e)))
		return false;
	return left ||
	    mc_job_refuse(
		j, MC_TOO_MANY, "too many failures from this source", e);
}

/* Whoever brings a good challenge with bad requests is counted too. */
static bool
challenge_spend(struct mc_job *j, struct mc_err *e)
{
	unsigned most = j->ca->conf->challenge_failures;
	struct mc_store *s = j->ca->store;
	AUTO_CHALLENGE row = { 0 };
	unsigned failures = 0, n;

	if (!j->found || most == 0)
		return true;
	if (!mc_store_challenge_find(s, j->hash, &row, &j->on_record, e))
		return false;
	if (!mc_job_challenge_keep(j, e) ||
	    !mc_store_challenge_fail(s, j->hash, &failures, e))
		return false;
	return failures < most ||
	    mc_store_challenge_revoke(s, j->hash, NULL, NULL, j->now, &n, e);
}

static bool
spend(struct mc_job *j, struct mc_err *e)
{
	char who[MC_BUDGET_WHO];

	return mc_budget_who(j->ca, j->asked, who, e) &&
	    (!limited(j->ca, who) ||
		mc_store_budget_spend(
		    j->ca->store, who, &j->ca->conf->budget, j->now, e)) &&
	    challenge_spend(j, e);
}

void
mc_job_failed(struct mc_job *j)
{
	struct mc_store *s = j->ca->store;
	struct mc_err unused = MC_ERR_INIT;

	if (j->dry || !is_guess(j))
		return;
	j->now = mc_time_now();
	/* a store that cannot count cannot grant either: no guess helps */
	(void)!(mc_store_begin(s, &unused) && spend(j, &unused) &&
	    mc_store_commit(s, &unused));
	mc_store_rollback(s);
}

bool
mc_issue_budget_check(
    const struct mc_ca *ca, const char *who, bool *left, struct mc_err *e)
{
	*left = true;
	return !limited(ca, who) ||
	    mc_store_budget_check(
		ca->store, who, &ca->conf->budget, mc_time_now(), left, e);
}

bool
mc_budget_take(
    const struct mc_ca *ca, const char *who, bool *left, struct mc_err *e)
{
	bool done;

	*left = true;
	if (!limited(ca, who))
		return true;
	done = mc_store_begin(ca->store, e) &&
	    mc_issue_budget_check(ca, who, left, e) &&
	    (!*left ||
		(mc_store_budget_spend(
		     ca->store, who, &ca->conf->budget, mc_time_now(), e) &&
		    mc_store_commit(ca->store, e)));
	mc_store_rollback(ca->store);
	return done;
}

bool
mc_budget_return(const struct mc_ca *ca, const char *who, struct mc_err *e)
{
	return !limited(ca, who) || mc_store_budget_refund(ca->store, who, e);
}

bool
mc_issue_budget_spend(const struct mc_ca *ca, const char *who, struct mc_err *e)
{
	return !limited(ca, who) ||
	    mc_store_budget_spend(
		ca->store, who, &ca->conf->budget, mc_time_now(), e);
}
