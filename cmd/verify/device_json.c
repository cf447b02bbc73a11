/* SPDX-License-Identifier: ISC */
#include "verify/device.h"

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/name.h"
#include "device/answer.h"
#include "verify/sent.h"

/* A value that is no string, boolean or integer is null, and wrong. */
static bool
attribute_set(
    json_t *to, const char *key, const mc_plist *node, struct mc_err *e)
{
	const char *text = mc_plist_str(node);
	int64_t n;
	bool b;

	if (mc_plist_bool(node, &b))
		return mc_json_set(to, key, json_boolean(b), e);
	if (mc_plist_int(node, &n))
		return mc_json_set(to, key, json_integer(n), e);
	/* an empty one is not an absent one */
	if (text && !*text)
		return mc_json_set(to, key, json_string(""), e);
	return mc_json_set_text(to, key, text, e);
}

static bool
attributes_set(const struct mc_sent *s, json_t *to, struct mc_err *e)
{
	const mc_plist *dict = mc_sent_attributes(s);
	AUTO_PLIST_ITER it = { .in = dict };
	json_t *all = dict ? json_object() : json_null();
	json_t *others = dict ? json_array() : json_null();

	/* each is to's from here on; null where there is nothing to walk */
	if (!mc_json_set(to, "attributes", all, e) ||
	    !mc_json_set(to, "undocumented", others, e))
		return false;
	while (mc_plist_iter_next(&it)) {
		if (strcmp(it.key, "CHALLENGE") == 0)
			continue;
		if (!attribute_set(all, it.key, it.value, e) ||
		    (!mc_answer_known(it.key) &&
			!mc_json_add(others, json_string(it.key), e)))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

static bool
challenge_set(const struct mc_sent *s, json_t *to, struct mc_err *e)
{
	json_t *o = s->challenged ? json_object() : json_null();

	return mc_json_set(to, "challenge", o, e) &&
	    (!s->challenged ||
		mc_json_set_number(o, "bytes", (int64_t)s->challenge, e));
}

static bool
anchor_set(const struct mc_verdict *v, json_t *o, struct mc_err *e)
{
	int n = sk_X509_num(v->chain);
	char name[MC_NAME_TEXT];

	if (n <= 0)
		return mc_json_set(o, "anchor", json_null(), e) &&
		    mc_json_set(o, "expired", json_null(), e);
	mc_name_show(
	    X509_get_subject_name(sk_X509_value(v->chain, n - 1)), name);
	return mc_json_set_text(o, "anchor", name, e) &&
	    mc_json_set_number(o, "expired", mc_sent_expired(v), e);
}

static bool
factory_set(const struct mc_verdict *v, const struct mc_sent *s, json_t *to,
    struct mc_err *e)
{
	X509 *signer = v->message ? mc_signed_signer(v->message) : NULL;
	bool there = signer && (s->phase == 2 || *s->mark);
	json_t *o = there ? json_object() : json_null();
	char name[MC_NAME_TEXT];
	struct mc_err none = MC_ERR_INIT;
	int64_t from = 0;
	int64_t until = 0;

	if (!mc_json_set(to, "factory", o, e))
		return false;
	if (!there)
		return true;
	mc_name_show(X509_get_issuer_name(signer), name);
	if (!mc_cert_validity(signer, &from, &until, &none))
		from = until = 0; /* never: null */
	return mc_json_set_text(o, "issuer", name, e) &&
	    mc_json_set_text(o, "extension", s->mark, e) &&
	    mc_json_set_text(o, "seen_in", mc_sent_seen(s), e) &&
	    mc_json_set_time(o, "not_before", from, e) &&
	    mc_json_set_time(o, "not_after", until, e) && anchor_set(v, o, e);
}

static bool
wrong_set(const struct mc_sent *s, json_t *to, struct mc_err *e)
{
	json_t *all = json_array();

	if (!mc_json_set(to, "wrong", all, e))
		return false;
	for (size_t i = 0; i < s->wrongs; i++) {
		const struct mc_sent_wrong *w = &s->wrong[i];
		json_t *o = json_object();

		if (!mc_json_add(all, o, e) ||
		    !mc_json_set_text(o, "code", mc_wrong_name(w->kind), e) ||
		    !mc_json_set_text(o, "key", w->key, e) ||
		    !mc_json_set_text(o, "text", w->text, e))
			return false;
	}
	return true;
}

bool
mc_device_json(const struct mc_verdict *v, json_t *to, struct mc_err *e)
{
	AUTO_SENT s = { 0 };

	if (!mc_sent_init(&s, v, e))
		return false;
	return mc_json_set(to, "phase",
		   s.phase ? json_integer(s.phase) : json_null(), e) &&
	    challenge_set(&s, to, e) && attributes_set(&s, to, e) &&
	    factory_set(v, &s, to, e) &&
	    mc_json_set(
		to, "skew", s.timed ? json_integer(s.skew) : json_null(), e) &&
	    wrong_set(&s, to, e);
}
