/* SPDX-License-Identifier: ISC */
#include "crypto/complete.h"

#include <stdio.h>

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/path.h"

/* How a fault counts where paths are compared: less is better. */
#define WEIGHT_NONE 0
#define WEIGHT_PASSED 1
#define WEIGHT_FAULT 2

/* A path, and the first thing wrong with it that is not let pass. */
struct judged {
	mc_certs *path; /* leaf first; NULL: none yet */
	bool root;
	unsigned weight;
	unsigned fault;
	struct mc_err why;
};

struct judge {
	X509 *signer;
	const struct mc_complete_spec *spec;
	struct judged one; /* is being judged */
	struct judged best;
	bool memory; /* out of it */
};

static void
judge_clear(struct judge *j)
{
	mc_certs_free(j->one.path);
	mc_certs_free(j->best.path);
}
#define AUTO_JUDGE __attribute__((cleanup(judge_clear))) struct judge

void
mc_completed_clear(struct mc_completed *c)
{
	mc_certs_free(c->chain);
	*c = (struct mc_completed){ 0 };
}

/* The first fault that is not let pass is the one that is told. */
static void
fault_add(struct judge *j, unsigned fault, const struct mc_err *why)
{
	bool passed = fault & j->spec->pass;
	unsigned weight = passed ? WEIGHT_PASSED : WEIGHT_FAULT;

	if (weight > j->one.weight)
		j->one.weight = weight;
	if (!passed && j->one.why.code == MC_OK) {
		j->one.fault = fault;
		j->one.why = *why;
	}
}

/* Which option would let pass what libcrypto found; 0: none. */
static unsigned
fault_of(int why)
{
	switch (why) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return MC_PASS_DATES;
	case X509_V_ERR_INVALID_CA:
	case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
		return MC_PASS_USAGE;
	case X509_V_ERR_CA_MD_TOO_WEAK:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_EE_KEY_TOO_SMALL:
		return MC_PASS_WEAK;
	default:
		return 0;
	}
}

static bool
fault_tell(X509 *at, int why, struct mc_err *e)
{
	char subject[MC_NAME_TEXT];

	mc_name_show(X509_get_subject_name(at), subject);
	switch (why) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return mc_path_fail_date(
		    at, why == X509_V_ERR_CERT_HAS_EXPIRED, e);
	case X509_V_ERR_INVALID_CA:
		return mc_fail(e, MC_UNTRUSTED,
		    "\"%s\": issued a certificate of the chain, and is no CA",
		    subject);
	case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
		return mc_fail(e, MC_UNTRUSTED,
		    "\"%s\": issued a certificate of the chain, and its key "
		    "usage does not allow that",
		    subject);
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return mc_fail(e, MC_UNTRUSTED,
		    "\"%s\": is signed with a weak digest", subject);
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_EE_KEY_TOO_SMALL:
		return mc_fail(
		    e, MC_UNTRUSTED, "\"%s\": its key is too small", subject);
	default:
		return mc_fail(e, MC_UNTRUSTED, "\"%s\": %s", subject,
		    X509_verify_cert_error_string(why));
	}
}

/* Every fault is noted, and none ends the search for more. */
static int
go_on(int good, X509_STORE_CTX *ctx)
{
	struct judge *j = X509_STORE_CTX_get_app_data(ctx);
	int why = X509_STORE_CTX_get_error(ctx);
	X509 *at = X509_STORE_CTX_get_current_cert(ctx);
	struct mc_err e = MC_ERR_INIT;

	if (good)
		return 1;
	(void)fault_tell(at ? at : j->signer, why, &e);
	fault_add(j, fault_of(why), &e);
	X509_STORE_CTX_set_error(ctx, X509_V_OK);
	return 1;
}

/* What libcrypto says of this path, its last one taken for an anchor. */
static bool
path_verify(struct judge *j, const mc_certs_lent *path)
{
	AUTO(X509_STORE) *store = X509_STORE_new();
	AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
	AUTO(mc_certs_lent) *helpers = sk_X509_dup(path);
	struct mc_err e = MC_ERR_INIT;

	if (!store || !ctx || !helpers ||
	    X509_STORE_add_cert(
		store, sk_X509_value(path, sk_X509_num(path) - 1)) != 1 ||
	    X509_STORE_CTX_init(ctx, store, j->signer, helpers) != 1 ||
	    X509_STORE_CTX_set_app_data(ctx, j) != 1)
		return false;
	X509_STORE_CTX_set_verify_cb(ctx, go_on);
	mc_path_params_set(ctx, j->spec->at, 2);
	if (X509_verify_cert(ctx) != 1) {
		(void)fault_tell(j->signer, X509_STORE_CTX_get_error(ctx), &e);
		fault_add(j, 0, &e);
	}
	ERR_clear_error();
	return true;
}

static void
ends_check(struct judge *j, const mc_certs_lent *path)
{
	X509 *last = sk_X509_value(path, sk_X509_num(path) - 1);
	char subject[MC_NAME_TEXT];
	char issuer[MC_NAME_TEXT];
	struct mc_err e = MC_ERR_INIT;

	j->one.root = mc_path_is_root(last);
	if (!mc_path_signs(j->signer)) {
		(void)mc_fail(&e, MC_USAGE,
		    "\"%s\": its key usage does not allow signatures",
		    mc_name_show(X509_get_subject_name(j->signer), subject));
		fault_add(j, MC_PASS_USAGE, &e);
	}
	if (!j->one.root) {
		(void)mc_fail(&e, MC_UNTRUSTED,
		    "\"%s\": its issuer \"%s\" is not at hand",
		    mc_name_show(X509_get_subject_name(last), subject),
		    mc_name_show(X509_get_issuer_name(last), issuer));
		fault_add(j, MC_PASS_INCOMPLETE, &e);
	}
}

/* With fewer faults; else with a root; else the one that came first. */
static bool
is_better(const struct judged *a, const struct judged *b)
{
	if (!b->path)
		return true;
	return a->weight != b->weight ? a->weight < b->weight
				      : a->root && !b->root;
}

static bool
path_judge(const mc_certs_lent *path, void *arg)
{
	struct judge *j = arg;
	AUTO(mc_certs_lent) *copy = sk_X509_dup(path);

	mc_certs_free(j->one.path);
	j->one = (struct judged){ .path = NULL };
	ends_check(j, path);
	if (copy)
		j->one.path = X509_chain_up_ref(copy);
	if (!j->one.path || !path_verify(j, path)) {
		j->memory = true;
		return false;
	}
	if (is_better(&j->one, &j->best)) {
		struct judged worse = j->best;

		j->best = j->one;
		j->one = worse;
	}
	return j->best.weight != WEIGHT_NONE;
}

/* The anchor's dates are for whoever trusts it to look at. */
static bool
first_get(const struct judged *best, struct mc_completed *out, struct mc_err *e)
{
	int n = sk_X509_num(best->path);
	int64_t from;
	int64_t to;

	for (int i = 0; i < n && (i == 0 || i < n - best->root); i++) {
		X509 *cert = sk_X509_value(best->path, i);

		if (!mc_cert_validity(cert, &from, &to, e))
			return false;
		if (i > 0 && to >= out->not_after)
			continue;
		out->not_after = to;
		mc_name_show(X509_get_subject_name(cert), out->first);
	}
	return true;
}

static bool
find(X509 *signer, const struct mc_complete_spec *spec, struct judge *j,
    struct mc_err *e)
{
	AUTO(X509_STORE) *store = NULL;
	AUTO(mc_certs_lent) *helpers = sk_X509_new_null();
	struct mc_path_spec paths = { .leaf = signer, .to_root = true };

	if (!spec->system)
		store = X509_STORE_new();
	else if (!mc_system_store_new(&store, e))
		return false;
	if (!store || !helpers)
		return mc_fail_memory(e);
	if (!mc_path_helpers_add(helpers, spec->certs, e))
		return false;
	paths.helpers = helpers;
	paths.anchors = store;
	if (!mc_path_list(&paths, path_judge, j, e))
		return false;
	if (j->memory)
		return mc_fail_memory(e);
	return j->best.path ||
	    mc_fail(e, MC_UNTRUSTED, "a chain of more than %d certificates",
		MC_CHAIN_MAX);
}

bool
mc_complete_find(X509 *signer, const struct mc_complete_spec *spec,
    struct mc_completed *out, unsigned *fault, struct mc_err *e)
{
	AUTO_JUDGE j = { .signer = signer, .spec = spec };
	AUTO_COMPLETED found = { .chain = NULL };

	if (fault)
		*fault = 0;
	if (!mc_key_check(X509_get0_pubkey(signer), MC_RSA_OLD, e) ||
	    !find(signer, spec, &j, e))
		return false;
	if (j.best.why.code != MC_OK) {
		*e = j.best.why;
		if (fault)
			*fault = j.best.fault;
		return false;
	}
	if (!first_get(&j.best, &found, e))
		return false;
	found.root = j.best.root;
	found.chain = take(&j.best.path);
	X509_free(sk_X509_shift(found.chain));
	mc_completed_clear(out);
	*out = found;
	found.chain = NULL;
	return true;
}
