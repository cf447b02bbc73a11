/* SPDX-License-Identifier: ISC */
#include "device/received.h"

#include <stdio.h>
#include <strings.h>

#include "crypto/cms.h"
#include "crypto/envelope.h"
#include "crypto/name.h"
#include "crypto/trust.h"

#define PROFILE_TYPE "application/x-apple-aspen-config"

void
mc_received_clear(struct mc_received *r)
{
	mc_plist_free(r->profile);
	*r = (struct mc_received){ 0 };
}

const char *
mc_received_kind(const mc_plist *p)
{
	return p ? mc_plist_type_name(mc_plist_type(p)) : "nothing";
}

static bool
subject_text(const X509 *cert, char *out, size_t len, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	if (!mc_name_encode(X509_get_subject_name(cert), &text, e))
		return false;
	snprintf(out, len, "%s", mc_buf_str(&text));
	return true;
}

/* The content of a signed message, once its signer chains to an anchor. */
static bool
verify(const struct mc_buf *msg, const char *anchors, struct mc_received *out,
    struct mc_buf *content, struct mc_err *e)
{
	AUTO(mc_trust) *trust = NULL;
	AUTO(mc_signed) *cms = NULL;
	AUTO(mc_certs) *chain = NULL;

	if (!mc_trust_new(&trust, e) ||
	    !mc_trust_anchors_load(trust, anchors, e))
		return false;
	if (!mc_signed_parse(msg, MC_GATE_FILE, NULL, &cms, e) ||
	    !mc_trust_check(trust, mc_signed_signer(cms), mc_signed_bag(cms), 0,
		&chain, e) ||
	    !mc_signed_content(cms, content, e))
		return mc_note(e, "the profile's signature");
	snprintf(out->digest, sizeof(out->digest), "%s", mc_signed_digest(cms));
	return subject_text(sk_X509_value(chain, 0), out->signer,
		   sizeof(out->signer), e) &&
	    subject_text(sk_X509_value(chain, sk_X509_num(chain) - 1),
		out->anchor, sizeof(out->anchor), e);
}

static bool
top_check(const mc_plist *p, struct mc_err *e)
{
	static const char *const strings[] = { "PayloadType",
		"PayloadIdentifier", "PayloadUUID", NULL };
	const char *s;
	int64_t version;

	if (mc_plist_type(p) != MC_PLIST_DICT)
		return mc_fail(e, MC_MALFORMED, "a profile is a dict, not %s",
		    mc_received_kind(p));
	for (size_t i = 0; strings[i]; i++) {
		s = mc_plist_get_str(p, strings[i]);
		if (!s || !*s)
			return mc_fail(e, MC_MALFORMED,
			    "%s: a device wants a string here, not %s",
			    strings[i],
			    s ? "an empty one"
			      : mc_received_kind(mc_plist_get(p, strings[i])));
	}
	if (!mc_plist_int(mc_plist_get(p, "PayloadVersion"), &version) ||
	    version != 1)
		return mc_fail(
		    e, MC_MALFORMED, "PayloadVersion: a device wants 1 here");
	return true;
}

bool
mc_received_parse(const struct mc_fetched *f, const char *anchors,
    struct mc_received *out, struct mc_err *e)
{
	AUTO_RECEIVED got = { 0 };
	AUTO_BUF xml = MC_BUF_INIT;

	if (strcasecmp(f->type, PROFILE_TYPE) != 0)
		return mc_fail(e, MC_MALFORMED,
		    "Content-Type: a device wants exactly %s, not %s",
		    PROFILE_TYPE, f->type[0] ? f->type : "none at all");
	if (!verify(&f->body, anchors, &got, &xml, e))
		return false;
	if (!mc_plist_parse(&xml, MC_PLIST_DEPTH_FILE, &got.profile, e) ||
	    !top_check(got.profile, e))
		return mc_note(e, "the profile");
	*out = got;
	got = (struct mc_received){ 0 };
	return true;
}

bool
mc_received_type_check(
    const mc_plist *profile, const char *want, struct mc_err *e)
{
	const char *type = mc_plist_get_str(profile, "PayloadType");

	if (type && strcmp(type, want) == 0)
		return true;
	return mc_fail(e, MC_MALFORMED,
	    "PayloadType: a device wants %s at this step, not %.80s", want,
	    type ? type : "nothing");
}

/* A copy of profile, PayloadContent standing where its ciphertext stands. */
static bool
put_back(const mc_plist *profile, mc_plist **content, mc_plist **out,
    struct mc_err *e)
{
	AUTO(mc_plist) *whole = mc_plist_new_dict();
	AUTO_PLIST_ITER it = { .in = profile };
	bool done = true;

	while (done && mc_plist_iter_next(&it))
		done = strcmp(it.key, "EncryptedPayloadContent") == 0
		    ? mc_plist_set(whole, "PayloadContent", take(content))
		    : mc_plist_set(whole, it.key, mc_plist_dup(it.value));
	if (!done || it.failed)
		return mc_fail_memory(e);
	*out = take(&whole);
	return true;
}

bool
mc_configuration_open(mc_plist **profile, X509 *cert, EVP_PKEY *key,
    bool *encrypted, struct mc_err *e)
{
	const mc_plist *box = mc_plist_get(*profile, "EncryptedPayloadContent");
	AUTO(mc_plist) *content = NULL;
	AUTO_BUF cms = MC_BUF_INIT;
	AUTO_BUF xml = MC_BUF_INIT;
	mc_plist *whole = NULL;
	const uint8_t *data;
	size_t len;

	*encrypted = box != NULL;
	if (!mc_received_type_check(*profile, "Configuration", e))
		return false;
	if (!box &&
	    mc_plist_type(mc_plist_get(*profile, "PayloadContent")) !=
		MC_PLIST_ARRAY)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent: a device wants an array here");
	if (!box)
		return true;
	if (mc_plist_get(*profile, "PayloadContent"))
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent and EncryptedPayloadContent exclude each"
		    " other");
	if (!mc_plist_data(box, &data, &len))
		return mc_fail(e, MC_MALFORMED,
		    "EncryptedPayloadContent: want data, not %s",
		    mc_received_kind(box));
	if (!mc_buf_add(&cms, data, len, e) ||
	    !mc_envelope_open(&cms, cert, key, true, &xml, e) ||
	    !mc_plist_parse(&xml, MC_PLIST_DEPTH_FILE, &content, e))
		return mc_note(e, "EncryptedPayloadContent");
	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return mc_fail(e, MC_MALFORMED,
		    "EncryptedPayloadContent: holds %s; a device wants the"
		    " array of payloads itself",
		    mc_received_kind(content));
	if (!put_back(*profile, &content, &whole, e))
		return false;
	mc_plist_free(*profile);
	*profile = whole;
	return true;
}
