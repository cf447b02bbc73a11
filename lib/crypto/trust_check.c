/* SPDX-License-Identifier: ISC */
#include "crypto/trust_part.h"

#include "base/time.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/path.h"

/* A pinned certificate is an anchor, wherever it comes from. */
static bool
pinned_add(const struct mc_trust *t, const mc_certs *from, X509_STORE *store,
    struct mc_err *e)
{
	for (int i = 0; i < sk_X509_num(from); i++) {
		X509 *cert = sk_X509_value(from, i);
		bool pinned = false;

		if (!mc_pins_find(&t->pins, cert, &pinned, e))
			return false;
		/* add_cert takes its own reference, in spite of the name */
		if (pinned && X509_STORE_add_cert(store, cert) != 1)
			return mc_fail_memory(e);
	}
	return true;
}

/* The system's store is kept: what it has read need not be read again. */
static bool
anchors_get(const struct mc_trust *t, const mc_certs *bag, X509_STORE **out,
    struct mc_err *e)
{
	AUTO(X509_STORE) *store = t->system;

	if (!store)
		store = X509_STORE_new();
	else
		X509_STORE_up_ref(store);
	if (!store)
		return mc_fail_memory(e);
	if (t->factory &&
	    (!pinned_add(t, t->certs, store, e) ||
		!pinned_add(t, bag, store, e)))
		return false;
	for (int i = 0; i < sk_X509_num(t->anchors); i++)
		if (X509_STORE_add_cert(store, sk_X509_value(t->anchors, i)) !=
		    1)
			return mc_fail_memory(e);
	*out = take(&store);
	return true;
}

/* The first certificate of a chain, from its anchor, that is out of date. */
struct dates {
	X509 *at; /* lent by the chain */
	bool expired;
};

/* What came of one try. */
struct outcome {
	mc_certs *chain;   /* NULL: none that holds */
	struct mc_err why; /* MC_OK, or MC_OUTOFDATE with a chain */
};

static void
outcome_clear(struct outcome *o)
{
	mc_certs_free(o->chain);
}
#define AUTO_OUTCOME __attribute__((cleanup(outcome_clear))) struct outcome

/* Is a certificate of this name at hand, whatever its key? */
static bool
at_hand(X509_STORE_CTX *ctx, const X509_NAME *name)
{
	const mc_certs_lent *all = X509_STORE_CTX_get0_untrusted(ctx);

	for (int i = 0; i < sk_X509_num(all); i++)
		if (X509_NAME_cmp(X509_get_subject_name(sk_X509_value(all, i)),
			name) == 0)
			return true;
	return false;
}

static bool
fail_issuer(X509_STORE_CTX *ctx, X509 *cert, struct mc_err *e)
{
	char subject[MC_NAME_TEXT];
	char issuer[MC_NAME_TEXT];
	const X509_NAME *by = X509_get_issuer_name(cert);

	mc_name_show(X509_get_subject_name(cert), subject);
	if (X509_NAME_cmp(X509_get_subject_name(cert), by) == 0)
		return mc_fail(e, MC_UNTRUSTED,
		    "\"%s\": self-signed, and not one of the anchors", subject);
	return mc_fail(e, MC_UNTRUSTED,
	    "\"%s\": issued by \"%s\", which is neither an anchor nor leads "
	    "to one%s",
	    subject, mc_name_show(by, issuer),
	    at_hand(ctx, by) ? "" : "; --chain FILE may complete it");
}

/*
 * libcrypto stops at the first certificate that is out of date, before it has
 * looked at the signatures below.  "Out of date" is only said of a chain that
 * has no other fault.
 */
static int
go_on(int good, X509_STORE_CTX *ctx)
{
	int why = X509_STORE_CTX_get_error(ctx);
	struct dates *dates = X509_STORE_CTX_get_app_data(ctx);

	if (good)
		return 1;
	if (why != X509_V_ERR_CERT_HAS_EXPIRED &&
	    why != X509_V_ERR_CERT_NOT_YET_VALID)
		return 0;
	if (!dates->at) {
		dates->at = X509_STORE_CTX_get_current_cert(ctx);
		dates->expired = why == X509_V_ERR_CERT_HAS_EXPIRED;
	}
	X509_STORE_CTX_set_error(ctx, X509_V_OK);
	return 1;
}

/* What X509_verify_cert() found, in words that say which certificate. */
static bool
fail_chain(X509_STORE_CTX *ctx, X509 *leaf, struct mc_err *e)
{
	X509 *at = X509_STORE_CTX_get_current_cert(ctx);
	int why = X509_STORE_CTX_get_error(ctx);
	char subject[MC_NAME_TEXT];

	at = at ? at : leaf;
	switch (why) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return fail_issuer(ctx, at, e);
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		return mc_fail(e, MC_UNTRUSTED,
		    "\"%s\": was not signed by the issuer that it names",
		    mc_name_show(X509_get_subject_name(at), subject));
	default:
		return mc_fail(e, MC_UNTRUSTED, "\"%s\": %s",
		    mc_name_show(X509_get_subject_name(at), subject),
		    X509_verify_cert_error_string(why));
	}
}

static bool
leaf_check(X509 *cert, struct mc_err *e)
{
	char subject[MC_NAME_TEXT];

	if (mc_key_check(X509_get0_pubkey(cert), MC_RSA_OLD, e))
		return true;
	e->code = MC_UNTRUSTED;
	return mc_note(
	    e, "\"%s\"", mc_name_show(X509_get_subject_name(cert), subject));
}

/* Of what does chain to a pin: a stranger is told that it does not. */
static bool
device_check(const struct mc_trust *t, const X509 *cert, struct mc_err *e)
{
	char subject[MC_NAME_TEXT];

	if (!t->factory || mc_pins_extension_check(&t->pins, cert))
		return true;
	return mc_fail(e, MC_UNTRUSTED,
	    "\"%s\": has no extension that marks a device",
	    mc_name_show(X509_get_subject_name(cert), subject));
}

/* Of ordinary trust: may it sign messages (RFC 5280 section 4.2.1.3)? */
static bool
usage_check(const struct mc_trust *t, X509 *cert, struct mc_err *e)
{
	char subject[MC_NAME_TEXT];

	return t->factory || mc_path_signs(cert) ||
	    mc_fail(e, MC_UNTRUSTED,
		"\"%s\": its key usage does not allow signatures",
		mc_name_show(X509_get_subject_name(cert), subject));
}

/* anyExtendedKeyUsage names no purpose (RFC 5280 section 4.2.1.12). */
static bool
eku_check(const struct mc_trust *t, const X509 *cert, struct mc_err *e)
{
	AUTO(EXTENDED_KEY_USAGE) *all = NULL;
	char subject[MC_NAME_TEXT];
	char purpose[80] = "";

	if (!t->eku)
		return true;
	all = X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
	ERR_clear_error();
	for (int i = 0; i < sk_ASN1_OBJECT_num(all); i++)
		if (OBJ_cmp(sk_ASN1_OBJECT_value(all, i), t->eku) == 0)
			return true;
	(void)OBJ_obj2txt(purpose, sizeof(purpose), t->eku, 0);
	return mc_fail(e, MC_UNTRUSTED,
	    "\"%s\": its extended key usage does not name %s",
	    mc_name_show(X509_get_subject_name(cert), subject), purpose);
}

static bool
verify(const struct mc_trust *t, X509_STORE_CTX *ctx, X509 *cert, int64_t at,
    struct dates *dates, struct mc_err *e)
{
	X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(ctx);
	bool good;

	if (X509_STORE_CTX_set_app_data(ctx, dates) != 1)
		return mc_fail_memory(e);
	X509_STORE_CTX_set_verify_cb(ctx, go_on);
	mc_path_params_set(ctx, at, t->factory ? 0 : 2);
	if (t->factory) {
		X509_VERIFY_PARAM_clear_flags(
		    p, X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_USE_CHECK_TIME);
		X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_NO_CHECK_TIME);
	}
	good = X509_verify_cert(ctx) == 1;
	ERR_clear_error();
	return good || fail_chain(ctx, cert, e);
}

/* One try: whatever path libcrypto takes from these. */
static bool
try(const struct mc_trust *t, X509_STORE *store, const mc_certs_lent *helpers,
    X509 *cert, int64_t at, struct outcome *out)
{
	AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
	AUTO(mc_certs_lent) *untrusted = sk_X509_dup(helpers);
	AUTO(mc_certs) *chain = NULL;
	struct dates dates = { NULL, false };
	struct mc_err *e = &out->why;

	if (!ctx || !untrusted ||
	    X509_STORE_CTX_init(ctx, store, cert, untrusted) != 1)
		return mc_fail_memory(e);
	if (!verify(t, ctx, cert, at, &dates, e))
		return false;
	chain = X509_STORE_CTX_get1_chain(ctx);
	if (!chain)
		return mc_fail_memory(e);
	out->chain = take(&chain);
	return !dates.at || mc_path_fail_date(dates.at, dates.expired, e);
}

struct others {
	const struct mc_trust *t;
	X509 *cert;
	int64_t at;
	struct outcome *best;
};

/* Another path, by itself; it counts where it is better. */
static bool
path_try(const mc_certs_lent *path, void *arg)
{
	struct others *o = arg;
	X509 *anchor = sk_X509_value(path, sk_X509_num(path) - 1);
	AUTO(X509_STORE) *store = X509_STORE_new();
	AUTO_OUTCOME found = { .why = MC_ERR_INIT };

	if (!store || X509_STORE_add_cert(store, anchor) != 1) {
		ERR_clear_error();
		return false;
	}
	(void)try(o->t, store, path, o->cert, o->at, &found);
	if (found.chain && (!o->best->chain || found.why.code == MC_OK)) {
		outcome_clear(o->best);
		*o->best = found;
		found.chain = NULL;
	}
	return o->best->why.code != MC_OK;
}

bool
mc_trust_check(const struct mc_trust *t, X509 *cert, const mc_certs *bag,
    int64_t at, mc_certs **chain, struct mc_err *e)
{
	AUTO(X509_STORE) *store = NULL;
	AUTO(mc_certs_lent) *helpers = sk_X509_new_null();
	AUTO_OUTCOME best = { .why = MC_ERR_INIT };
	struct others o = { t, cert, at ? at : mc_time_now(), &best };

	if (!helpers)
		return mc_fail_memory(e);
	if (!leaf_check(cert, e) || !anchors_get(t, bag, &store, e) ||
	    !mc_path_helpers_add(helpers, bag, e) ||
	    !mc_path_helpers_add(helpers, t->certs, e))
		return false;
	if (!try(t, store, helpers, cert, o.at, &best) && !t->factory &&
	    !mc_path_list(
		&(struct mc_path_spec){
		    .leaf = cert, .helpers = helpers, .anchors = store },
		path_try, &o, e))
		return false;
	if (best.chain &&
	    (!device_check(t, cert, e) || !usage_check(t, cert, e) ||
		!eku_check(t, cert, e)))
		return false;
	if (chain)
		*chain = take(&best.chain);
	if (best.why.code != MC_OK)
		*e = best.why;
	return best.why.code == MC_OK;
}
