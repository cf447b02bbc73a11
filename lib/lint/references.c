/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"
#include "lint/variables.h"

#include <stdlib.h>

#include "base/uuid.h"

/* Whose identity is optional, so that it still resolves names. */
#define DNS_SETTINGS "com.apple.dnsSettings.managed"

/* What a reference may point at. */
enum target {
	IDENTITY,    /* a certificate with its private key */
	CERTIFICATE, /* a certificate; one with a key is odd */
	EITHER,
	APP_VPN, /* the VPNUUID, not the PayloadUUID, of a per-app VPN */
};

/*
 * The keys of Apple's schema that mean another payload, of a string or of an
 * array of strings, at any depth.  The first row that fits counts.
 */
static const struct {
	const char *type; /* of the payload; NULL: any */
	const char *key;
	enum target target;
} keys[] = {
	{ "com.apple.MCX.FileVault2", "PayloadCertificateUUID", EITHER },
	{ "com.apple.security.certificatepreference", "PayloadCertificateUUID",
	    EITHER },
	{ "com.apple.education", "ResourcePayloadCertificateUUID", EITHER },
	{ NULL, "PayloadCertificateUUID", IDENTITY },
	{ NULL, "IdentityCertificateUUID", IDENTITY },
	{ NULL, "AuthenticationCertificateUUID", IDENTITY },
	{ NULL, "SMIMESigningCertificateUUID", IDENTITY },
	{ NULL, "SMIMEEncryptionCertificateUUID", IDENTITY },
	{ "com.apple.lom", "DeviceCertificateUUID", IDENTITY },
	{ "com.apple.lom", "ControllerCertificateUUID", IDENTITY },
	{ "com.apple.lom", "DeviceCACertificateUUIDs", CERTIFICATE },
	{ "com.apple.lom", "ControllerCACertificateUUIDs", CERTIFICATE },
	{ NULL, "PayloadCertificateAnchorUUID", CERTIFICATE },
	{ "com.apple.education", "LeaderPayloadCertificateAnchorUUID",
	    CERTIFICATE },
	{ "com.apple.education", "MemberPayloadCertificateAnchorUUID",
	    CERTIFICATE },
	{ NULL, "ServerURLPinningCertificateUUIDs", CERTIFICATE },
	{ NULL, "CheckInURLPinningCertificateUUIDs", CERTIFICATE },
	{ NULL, "EncryptCertPayloadUUID", EITHER },
	{ NULL, "TLSTrustedCertificates", CERTIFICATE },
	{ NULL, "VPNUUID", APP_VPN },
};
#define KEYS_N (sizeof(keys) / sizeof(*keys))

struct walk {
	const struct mc_lint *l;
	const struct mc_payloads *payloads;
	const struct mc_payload_ref *in; /* the payload that is walked */
	const char **vpns; /* the VPNUUIDs of per-app VPNs, sorted */
	size_t n;
};

static void
walk_clear(struct walk *w)
{
	free(w->vpns);
}
#define AUTO_WALK __attribute__((cleanup(walk_clear))) struct walk

static int
compare_texts(const void *a, const void *b)
{
	const char *const *left = a;
	const char *const *right = b;

	return strcmp(*left, *right);
}

static bool
find_vpns(struct walk *w, struct mc_err *e)
{
	static const char type[] = "com.apple.vpn.managed";

	w->vpns = calloc(w->payloads->n + 1, sizeof(*w->vpns));
	if (!w->vpns)
		return mc_fail_memory(e);
	for (size_t i = 0; i < w->payloads->n; i++) {
		const struct mc_payload_ref *p = &w->payloads->v[i];
		const char *uuid = mc_plist_get_str(p->dict, "VPNUUID");

		if (uuid && strncmp(p->type, type, sizeof(type) - 1) == 0)
			w->vpns[w->n++] = uuid;
	}
	qsort(w->vpns, w->n, sizeof(*w->vpns), compare_texts);
	return true;
}

/* The per-app VPN itself, whose VPNUUID is its name, not a reference. */
static bool
is_own_name(const struct walk *w, const char *key)
{
	return strcmp(key, "VPNUUID") == 0 &&
	    (strcmp(w->in->type, "com.apple.vpn.managed.applayer") == 0 ||
		strcmp(w->in->type, "com.apple.vpn.managed") == 0);
}

/* The Kerberos extension's; what others have there is theirs. */
static bool
is_kerberos(const struct walk *w, const char *key)
{
	const char *id = mc_plist_get_str(w->in->dict, "ExtensionIdentifier");

	return strcmp(key, "certificateUUID") == 0 && id &&
	    strcmp(id, "com.apple.AppSSOKerberos.KerberosExtension") == 0;
}

static bool
find_key(const struct walk *w, const char *key, enum target *target)
{
	if (is_own_name(w, key))
		return false;
	*target = IDENTITY;
	if (is_kerberos(w, key))
		return true;
	for (size_t i = 0; i < KEYS_N; i++) {
		if (strcmp(keys[i].key, key) != 0 ||
		    (keys[i].type && strcmp(keys[i].type, w->in->type) != 0))
			continue;
		*target = keys[i].target;
		return true;
	}
	return false;
}

static const char *
wanted(enum target target)
{
	return target == IDENTITY
	    ? "the PayloadUUID of an identity: pkcs12, scep, acme or "
	      "ADCertificate"
	    : target == CERTIFICATE
	    ? "the PayloadUUID of a certificate: root, pkcs1 or pem"
	    : "the PayloadUUID of a certificate";
}

static bool
check_kind(const struct walk *w, const struct mc_payload_ref *found,
    enum target target, const struct mc_about *about, struct mc_err *e)
{
	bool identity = mc_lint_is_identity(found->type);
	bool certificate = mc_lint_is_certificate(found->type);
	struct mc_about mine = *about;
	char shown[MC_QUOTE_TEXT];

	if ((identity && target != CERTIFICATE) ||
	    (certificate && target != IDENTITY))
		return true;
	mine.code = 1206;
	/* an identity holds a certificate too, and such profiles do work */
	if (identity)
		mine.severity = MC_AS(MC_NOTICE);
	else if (certificate && strcmp(w->in->type, DNS_SETTINGS) == 0)
		mine.severity = MC_AS(MC_WARNING);
	return mc_lint_tell(w->l, &mine, e,
	    "%s means PayloadContent[%zu], %s, which is %s",
	    about->path->key ? about->path->key : about->path->up->key,
	    found->i, mc_path_quote(found->type, shown),
	    identity          ? "an identity, not a certificate to trust"
		: certificate ? "a certificate without its private key"
			      : "no certificate at all");
}

static bool
check_uuid(const struct walk *w, const char *uuid, enum target target,
    const struct mc_about *about, struct mc_err *e)
{
	const struct mc_payload_ref *found = mc_payloads_uuid_find(
	    w->payloads, uuid);
	struct mc_about mine = *about;
	char shown[MC_QUOTE_TEXT];

	if (found && strcmp(found->uuid, uuid) != 0) {
		mine.code = 1207;
		mine.expected = found->uuid;
		if (!mc_lint_tell(w->l, &mine, e,
			"%s is that of PayloadContent[%zu] but for its case",
			mc_path_quote(uuid, shown), found->i))
			return false;
	}
	if (found)
		return check_kind(w, found, target, about, e);
	mine.code = 1205;
	/* tools write what was left empty */
	if (!*uuid)
		mine.severity = MC_AS(MC_NOTICE);
	return mc_lint_tell(w->l, &mine, e,
	    *uuid ? "no payload of this profile has the PayloadUUID %s"
		  : "it is empty%s",
	    mc_path_quote(uuid, shown));
}

/* Is there a per-app VPN of this name in the profile? */
static bool
has_app_vpn(const struct walk *w, const char *uuid)
{
	return w->n &&
	    bsearch(&uuid, w->vpns, w->n, sizeof(*w->vpns), compare_texts);
}

static bool
check_value(const struct walk *w, const mc_plist *node, enum target target,
    const struct mc_path *path, struct mc_err *e)
{
	const char *uuid = mc_plist_str(node);
	const char *at;
	char shown[MC_QUOTE_TEXT];
	struct mc_about about = {
		.path = path, .node = node, .expected = wanted(target)
	};

	if (!uuid || mc_variable_find(uuid, &at))
		return true;
	/* strings in it have no other meaning, but data is what it is for */
	if (path->up->key &&
	    strcmp(path->up->key, "TLSTrustedCertificates") == 0 &&
	    !mc_uuid_check(uuid))
		return true;
	if (target != APP_VPN)
		return check_uuid(w, uuid, target, &about, e);
	if (!*uuid || has_app_vpn(w, uuid))
		return true;
	about.code = 1208;
	about.expected = NULL;
	return mc_lint_tell(w->l, &about, e,
	    "no per-app VPN of this profile has the VPNUUID %s",
	    mc_path_quote(uuid, shown));
}

static bool
check_values(const struct walk *w, const mc_plist *node, enum target target,
    const struct mc_path *path, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = node };

	if (mc_plist_type(node) != MC_PLIST_ARRAY)
		return check_value(w, node, target, path, e);
	while (mc_plist_iter_next(&it)) {
		struct mc_path item = { path, NULL, it.i };

		if (!check_value(w, it.value, target, &item, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

/* Depth is bounded by the reader. */
static bool
walk(const struct walk *w, const mc_plist *node, const struct mc_path *above,
    struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = node };

	while (mc_plist_iter_next(&it)) {
		struct mc_path path = { above, it.key, it.i };
		enum target target;

		if (it.key && find_key(w, it.key, &target)) {
			if (!check_values(w, it.value, target, &path, e))
				return false;
		} else if (!walk(w, it.value, &path, e)) {
			return false;
		}
	}
	return !it.failed || mc_fail_memory(e);
}

/* In another vendor's payload the same word may mean something else. */
static bool
is_apples(const struct mc_lint *l, const char *type)
{
	size_t at;

	return mc_schema_find(l->options->schema, type, &at) > 0;
}

bool
mc_rule_references(const struct mc_lint *l, struct mc_err *e)
{
	AUTO_PAYLOADS payloads = { 0 };
	AUTO_WALK w = { .l = l, .payloads = &payloads };

	if (!mc_payloads_init(&payloads, l->profile, e) || !find_vpns(&w, e))
		return false;
	for (size_t i = 0; i < payloads.n; i++) {
		struct mc_payload_path at;

		w.in = &payloads.v[i];
		if (is_apples(l, w.in->type) &&
		    !walk(&w, w.in->dict,
			mc_payload_path_init(&at, w.in->i, NULL), e))
			return false;
	}
	return true;
}
