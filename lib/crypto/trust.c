/* SPDX-License-Identifier: ISC */
#include "crypto/trust.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/fd.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "crypto/pins.h"

/* Certificates in all the files of one trust. */
#define CERTS_MAX 1024

struct mc_trust {
	mc_certs *anchors;
	mc_certs *certs; /* these, the anchors and what completes chains */
	struct mc_pins pins;
	bool factory;
};

bool
mc_trust_new(struct mc_trust **out, struct mc_err *e)
{
	AUTO(mc_trust) *t = calloc(1, sizeof(*t));

	if (!t)
		return mc_fail_memory(e);
	t->anchors = sk_X509_new_null();
	t->certs = sk_X509_new_null();
	if (!t->anchors || !t->certs)
		return mc_fail_memory(e);
	*out = take(&t);
	return true;
}

void
mc_trust_free(struct mc_trust *t)
{
	mc_certs_free(t->anchors);
	mc_certs_free(t->certs);
	free(t);
}

bool
mc_trust_chain_load(struct mc_trust *t, const char *path, struct mc_err *e)
{
	if (!mc_pem_certs_load(path, t->certs, e))
		return false;
	if (sk_X509_num(t->certs) > CERTS_MAX)
		return mc_fail(e, MC_MALFORMED, "%s: more than %d certificates",
		    path, CERTS_MAX);
	return true;
}

bool
mc_trust_anchors_load(struct mc_trust *t, const char *path, struct mc_err *e)
{
	int n = sk_X509_num(t->certs);

	if (t->factory)
		return mc_fail(
		    e, MC_USAGE, "%s: a factory leg has only pins", path);
	if (!mc_trust_chain_load(t, path, e))
		return false;
	for (; n < sk_X509_num(t->certs); n++)
		if (!mc_certs_add(t->anchors, sk_X509_value(t->certs, n), e))
			return false;
	return true;
}

static int
is_cert_file(const struct dirent *f)
{
	const char *dot = strrchr(f->d_name, '.');

	return f->d_name[0] != '.' && dot &&
	    (strcmp(dot, ".pem") == 0 || strcmp(dot, ".cer") == 0 ||
		strcmp(dot, ".der") == 0 || strcmp(dot, ".crt") == 0);
}

static bool
folder_load(struct mc_trust *t, const char *dir, struct mc_err *e)
{
	struct dirent **files = NULL;
	AUTO_BUF path = MC_BUF_INIT;
	/* sorted, so that a folder means the same on every machine */
	int n = scandir(dir, &files, is_cert_file, alphasort);
	bool done = n >= 0 || mc_fail_errno(e, MC_IO, "%s", dir);

	for (int i = 0; i < n; i++) {
		done = done && mc_path_join(dir, files[i]->d_name, &path, e) &&
		    mc_trust_chain_load(t, mc_buf_str(&path), e);
		free(files[i]);
	}
	free(files);
	return done;
}

bool
mc_trust_device_load(struct mc_trust *t, const char *dir, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (sk_X509_num(t->anchors) > 0)
		return mc_fail(
		    e, MC_USAGE, "%s: a factory leg has only pins", dir);
	if (!mc_path_join(dir, "pins", &path, e) ||
	    !mc_pins_load(&t->pins, mc_buf_str(&path), e))
		return false;
	t->factory = true;
	return folder_load(t, dir, e);
}

const mc_certs *
mc_trust_certs(const struct mc_trust *t)
{
	return t->certs;
}

bool
mc_trust_factory(const struct mc_trust *t)
{
	return t->factory;
}

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

static bool
anchors_add(const struct mc_trust *t, const mc_certs *bag, X509_STORE *store,
    struct mc_err *e)
{
	if (t->factory)
		return pinned_add(t, t->certs, store, e) &&
		    pinned_add(t, bag, store, e);
	for (int i = 0; i < sk_X509_num(t->anchors); i++)
		if (X509_STORE_add_cert(store, sk_X509_value(t->anchors, i)) !=
		    1)
			return mc_fail_memory(e);
	return true;
}

/* No arithmetic is done with a stranger's absurd key: it is left out. */
static bool
helpers_add(mc_certs_lent *to, const mc_certs *from, struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;

	for (int i = 0; i < sk_X509_num(from); i++) {
		X509 *cert = sk_X509_value(from, i);

		if (mc_key_check(X509_get0_pubkey(cert), MC_RSA_OLD, &why) &&
		    sk_X509_push(to, cert) <= 0)
			return mc_fail_memory(e);
	}
	return true;
}

static void
params_set(const struct mc_trust *t, X509_STORE_CTX *ctx, int64_t at)
{
	X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(ctx);
	unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN |
	    X509_V_FLAG_TRUSTED_FIRST;

	if (t->factory)
		flags |= X509_V_FLAG_NO_CHECK_TIME;
	else
		X509_VERIFY_PARAM_set_time(p, (time_t)at);
	X509_VERIFY_PARAM_set_flags(p, flags);
	/* OpenSSL's own default, S/MIME signing, refuses devices */
	X509_VERIFY_PARAM_set_purpose(p, X509_PURPOSE_ANY);
	X509_VERIFY_PARAM_set_depth(p, MC_CHAIN_MAX);
	X509_VERIFY_PARAM_set_auth_level(p, t->factory ? 0 : 2);
}

/* The first certificate of a chain, from its anchor, that is out of date. */
struct dates {
	X509 *at; /* lent by the chain */
	bool expired;
};

static bool
fail_date(X509 *cert, bool expired, struct mc_err *e)
{
	char subject[MC_NAME_TEXT];
	char when[MC_TIME_TEXT];
	int64_t from;
	int64_t to;

	if (!mc_cert_validity(cert, &from, &to, e))
		return false;
	return mc_fail(e, MC_OUTOFDATE, "\"%s\": %s %s",
	    mc_name_show(X509_get_subject_name(cert), subject),
	    expired ? "expired at" : "not valid before",
	    mc_time_format(expired ? to : from, when));
}

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

bool
mc_trust_check(const struct mc_trust *t, X509 *cert, const mc_certs *bag,
    int64_t at, mc_certs **chain, struct mc_err *e)
{
	AUTO(X509_STORE) *store = X509_STORE_new();
	AUTO(mc_certs_lent) *helpers = sk_X509_new_null();
	AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
	struct dates dates = { NULL, false };
	bool good;

	if (!store || !helpers || !ctx)
		return mc_fail_memory(e);
	if (!leaf_check(cert, e) || !anchors_add(t, bag, store, e) ||
	    !helpers_add(helpers, bag, e) || !helpers_add(helpers, t->certs, e))
		return false;
	if (X509_STORE_CTX_init(ctx, store, cert, helpers) != 1 ||
	    X509_STORE_CTX_set_app_data(ctx, &dates) != 1)
		return mc_fail_memory(e);
	X509_STORE_CTX_set_verify_cb(ctx, go_on);
	params_set(t, ctx, at ? at : mc_time_now());
	good = X509_verify_cert(ctx) == 1;
	ERR_clear_error();
	if (!good)
		return fail_chain(ctx, cert, e);
	if (!device_check(t, cert, e))
		return false;
	if (chain) {
		*chain = X509_STORE_CTX_get1_chain(ctx);
		if (!*chain)
			return mc_fail_memory(e);
	}
	return !dates.at || fail_date(dates.at, dates.expired, e);
}
