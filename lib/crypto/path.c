/* SPDX-License-Identifier: ISC */
#include "crypto/path.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"

/* Signatures that are checked, and paths that are told, in one search. */
#define SIGNATURES_MAX 128
#define PATHS_MAX 32
/* A leaf, intermediates, an anchor. */
#define LENGTH_MAX (MC_CHAIN_MAX + 2)

struct search {
	const struct mc_path_spec *spec;
	X509_STORE_CTX *ctx; /* to ask the store with */
	mc_certs_lent *path;
	mc_path_visit *visit;
	void *arg;
	unsigned signatures;
	unsigned paths;
	bool memory; /* out of it */
	bool enough;
};

bool
mc_path_is_root(X509 *cert)
{
	bool is = X509_self_signed(cert, 1) == 1;

	ERR_clear_error();
	return is;
}

static bool
in_path(const mc_certs_lent *path, const X509 *cert)
{
	for (int i = 0; i < sk_X509_num(path); i++) {
		const X509 *other = sk_X509_value(path, i);

		/* the same name and key once more adds nothing but a detour */
		if (X509_cmp(other, cert) == 0 ||
		    (X509_NAME_cmp(X509_get_subject_name(other),
			 X509_get_subject_name(cert)) == 0 &&
			mc_key_equal(
			    X509_get0_pubkey(other), X509_get0_pubkey(cert))))
			return true;
	}
	return false;
}

static bool
signed_by(struct search *s, X509 *cert, X509 *issuer)
{
	bool holds;

	if (X509_NAME_cmp(X509_get_issuer_name(cert),
		X509_get_subject_name(issuer)) != 0 ||
	    in_path(s->path, issuer))
		return false;
	if (++s->signatures > SIGNATURES_MAX) {
		s->enough = true;
		return false;
	}
	holds = X509_verify(cert, X509_get0_pubkey(issuer)) == 1;
	ERR_clear_error();
	return holds;
}

static void
tell(struct search *s)
{
	if (++s->paths > PATHS_MAX || !s->visit(s->path, s->arg))
		s->enough = true;
}

static void extend(struct search *s, bool anchored);

/* Go on through those of a list that signed the last one; were there any? */
static bool
through(struct search *s, const mc_certs_lent *list, bool anchors)
{
	X509 *last = sk_X509_value(s->path, sk_X509_num(s->path) - 1);
	bool any = false;

	for (int i = 0; i < sk_X509_num(list) && !s->enough; i++) {
		X509 *issuer = sk_X509_value(list, i);

		if (!signed_by(s, last, issuer))
			continue;
		if (sk_X509_push(s->path, issuer) <= 0) {
			s->memory = s->enough = true;
			return any;
		}
		extend(s, anchors);
		(void)sk_X509_pop(s->path);
		any = true;
	}
	return any;
}

/*
 * It recurses, LENGTH_MAX deep at most: a search by depth is told best so.
 */
static void
extend(struct search *s, bool anchored)
{
	X509 *last = sk_X509_value(s->path, sk_X509_num(s->path) - 1);
	AUTO(mc_certs) *anchors = NULL;
	bool any;

	if (s->spec->to_root ? mc_path_is_root(last) : anchored) {
		tell(s);
		return;
	}
	if (sk_X509_num(s->path) >= LENGTH_MAX)
		return;
	anchors = X509_STORE_CTX_get1_certs(s->ctx, X509_get_issuer_name(last));
	ERR_clear_error();
	any = through(s, anchors, true);
	any |= through(s, s->spec->helpers, false);
	if (!any && s->spec->to_root && !s->enough)
		tell(s);
}

bool
mc_path_list(const struct mc_path_spec *spec, mc_path_visit *visit, void *arg,
    struct mc_err *e)
{
	AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
	AUTO(mc_certs_lent) *path = sk_X509_new_null();
	struct search s = {
		.spec = spec,
		.ctx = ctx,
		.path = path,
		.visit = visit,
		.arg = arg,
	};

	if (!ctx || !path ||
	    X509_STORE_CTX_init(ctx, spec->anchors, NULL, NULL) != 1 ||
	    sk_X509_push(path, spec->leaf) <= 0)
		return mc_fail_memory(e);
	extend(&s, false);
	return !s.memory || mc_fail_memory(e);
}

bool
mc_path_helpers_add(mc_certs_lent *to, const mc_certs *from, struct mc_err *e)
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

void
mc_path_params_set(X509_STORE_CTX *ctx, int64_t at, int level)
{
	X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_flags(p,
	    X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST |
		X509_V_FLAG_POLICY_CHECK);
	/* none demanded is "any" (RFC 5280 section 6.1.1, c), and to OpenSSL
	 * nothing at all; for want of memory it is refused then */
	(void)X509_VERIFY_PARAM_add0_policy(p, OBJ_nid2obj(NID_any_policy));
	X509_VERIFY_PARAM_set_time(p, (time_t)at);
	/* OpenSSL's own default, S/MIME signing, refuses devices */
	X509_VERIFY_PARAM_set_purpose(p, X509_PURPOSE_ANY);
	X509_VERIFY_PARAM_set_depth(p, MC_CHAIN_MAX);
	X509_VERIFY_PARAM_set_auth_level(p, level);
}

bool
mc_path_signs(X509 *cert)
{
	/* all bits where there is no such extension */
	return X509_get_key_usage(cert) &
	    (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
}

bool
mc_path_fail_date(X509 *cert, bool expired, struct mc_err *e)
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

/* libcrypto says nothing of a file or a folder that is not there. */
static bool
named_check(const char *variable, struct mc_err *e)
{
	const char *path = secure_getenv(variable);

	return !path || !*path || access(path, R_OK) == 0 ||
	    mc_fail_errno(e, MC_NOINPUT, "%s: %s", variable, path);
}

bool
mc_system_store_new(X509_STORE **out, struct mc_err *e)
{
	AUTO(X509_STORE) *store = X509_STORE_new();

	if (!store)
		return mc_fail_memory(e);
	if (!named_check(X509_get_default_cert_file_env(), e) ||
	    !named_check(X509_get_default_cert_dir_env(), e))
		return false;
	if (X509_STORE_set_default_paths(store) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "the system's store");
	ERR_clear_error();
	*out = take(&store);
	return true;
}
