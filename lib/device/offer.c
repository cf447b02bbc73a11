/* SPDX-License-Identifier: ISC */
#include "device/offer.h"

#include <strings.h>

#include "device/fetch.h"
#include "device/received.h"

static bool
strings_only(const mc_plist *array)
{
	if (mc_plist_type(array) != MC_PLIST_ARRAY)
		return false;
	for (size_t i = 0; i < mc_plist_len(array); i++)
		if (!mc_plist_str(mc_plist_at(array, i)))
			return false;
	return true;
}

bool
mc_service_check(
    const mc_plist *profile, struct mc_service *out, struct mc_err *e)
{
	const mc_plist *content = mc_plist_get(profile, "PayloadContent");
	const mc_plist *challenge = mc_plist_get(content, "Challenge");
	enum mc_plist_type type = mc_plist_type(challenge);

	if (!mc_received_type_check(profile, "Profile Service", e))
		return false;
	if (mc_plist_type(content) != MC_PLIST_DICT)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent: a device wants a dict in this profile,"
		    " not %s",
		    mc_received_kind(content));
	out->url = mc_plist_get_str(content, "URL");
	if (!out->url || !mc_fetch_is_https(out->url))
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent.URL: a device posts to https only, not to"
		    " %.200s",
		    out->url ? out->url : "nothing");
	out->attributes = mc_plist_get(content, "DeviceAttributes");
	if (!strings_only(out->attributes))
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent.DeviceAttributes: a device wants an array"
		    " of strings here");
	if (challenge && type != MC_PLIST_STRING && type != MC_PLIST_DATA)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent.Challenge: string or data, not %s",
		    mc_received_kind(challenge));
	out->challenge = challenge;
	return true;
}

void
mc_enrolment_offer_clear(struct mc_enrolment_offer *o)
{
	X509_NAME_free(o->subject);
	*o = (struct mc_enrolment_offer){ 0 };
}

/* iOS drops the query of the URL; so what comes back must be in its path. */
static bool
url_parse(
    const mc_plist *content, struct mc_enrolment_offer *out, struct mc_err *e)
{
	const char *url = mc_plist_get_str(content, "URL");
	size_t n = url ? strcspn(url, "?") : 0;

	if (!url ||
	    (!mc_fetch_is_https(url) && strncasecmp(url, "http://", 7) != 0))
		return mc_fail(e, MC_MALFORMED,
		    "URL: want the http or https address of a CA, not %.200s",
		    url ? url : "nothing");
	if (n >= sizeof(out->url))
		return mc_fail(e, MC_MALFORMED, "URL: is %zu bytes long", n);
	memcpy(out->url, url, n);
	out->url[n] = '\0';
	out->had_query = url[n] != '\0';
	return true;
}

/* Subject: an array of RDNs, each an array of [type, value] pairs. */
static bool
rdn_add(const mc_plist *rdn, X509_NAME *name, struct mc_err *e)
{
	for (size_t i = 0; i < mc_plist_len(rdn); i++) {
		const mc_plist *pair = mc_plist_at(rdn, i);
		const char *type = mc_plist_str(mc_plist_at(pair, 0));
		const char *value = mc_plist_str(mc_plist_at(pair, 1));

		if (!type || !value || mc_plist_len(pair) != 2)
			return mc_fail(e, MC_MALFORMED,
			    "Subject: want arrays of arrays of [type, value]");
		if (!X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8,
			(const unsigned char *)value, -1, -1, i ? -1 : 0)) {
			ERR_clear_error();
			return mc_fail(e, MC_MALFORMED,
			    "Subject: no name can hold %.80s=%.80s", type,
			    value);
		}
	}
	return true;
}

static bool
subject_parse(const mc_plist *subject, X509_NAME **out, struct mc_err *e)
{
	AUTO(X509_NAME) *name = X509_NAME_new();

	if (!name)
		return mc_fail_memory(e);
	if (mc_plist_type(subject) != MC_PLIST_ARRAY)
		return mc_fail(e, MC_MALFORMED,
		    "Subject: want an array, not %s",
		    mc_received_kind(subject));
	for (size_t i = 0; i < mc_plist_len(subject); i++) {
		const mc_plist *rdn = mc_plist_at(subject, i);

		if (mc_plist_type(rdn) != MC_PLIST_ARRAY)
			return mc_fail(e, MC_MALFORMED,
			    "Subject: want arrays of arrays of [type, value]");
		if (!rdn_add(rdn, name, e))
			return false;
	}
	*out = take(&name);
	return true;
}

/* An absent number is the standard's: 1024 bits of old, no key usage. */
static bool
number(const mc_plist *content, const char *key, int64_t absent, int64_t *out,
    struct mc_err *e)
{
	const mc_plist *p = mc_plist_get(content, key);

	*out = absent;
	if (p && !mc_plist_int(p, out))
		return mc_fail(e, MC_MALFORMED, "%s: want an integer, not %s",
		    key, mc_received_kind(p));
	return true;
}

static bool
key_parse(
    const mc_plist *content, struct mc_enrolment_offer *out, struct mc_err *e)
{
	const char *type = mc_plist_get_str(content, "Key Type");
	int64_t bits, usage;

	if (!number(content, "Keysize", 1024, &bits, e) ||
	    !number(content, "Key Usage", 0, &usage, e))
		return false;
	if (type && strcmp(type, "RSA") != 0)
		return mc_fail(
		    e, MC_MALFORMED, "Key Type: want RSA, not %.40s", type);
	if (bits != 1024 && bits != 2048 && bits != 4096)
		return mc_fail(e, MC_MALFORMED,
		    "Keysize: devices make keys of 1024, 2048 or 4096 bits,"
		    " not %lld",
		    (long long)bits);
	if (usage < 0 || usage > 5 || (usage & 2))
		return mc_fail(e, MC_MALFORMED,
		    "Key Usage: want 1 (sign), 4 (encrypt) or 5 (both), not"
		    " %lld",
		    (long long)usage);
	out->bits = (unsigned)bits;
	out->usage = (usage & 1 ? KU_DIGITAL_SIGNATURE : 0u) |
	    (usage & 4 ? KU_KEY_ENCIPHERMENT : 0u);
	return true;
}

static bool
fingerprint_parse(
    const mc_plist *content, struct mc_enrolment_offer *out, struct mc_err *e)
{
	const mc_plist *p = mc_plist_get(content, "CAFingerprint");
	size_t n;

	if (!p)
		return true;
	if (!mc_plist_data(p, &out->fingerprint, &out->fingerprint_len))
		return mc_fail(e, MC_MALFORMED,
		    "CAFingerprint: want data, not %s", mc_received_kind(p));
	n = out->fingerprint_len;
	if (n != 16 && n != 20 && n != 32 && n != 64)
		return mc_fail(e, MC_MALFORMED,
		    "CAFingerprint: %zu bytes are no MD5, SHA-1, SHA-256 or"
		    " SHA-512",
		    n);
	return true;
}

/* The one payload of the second profile, which must be an identity. */
static bool
only_payload(const mc_plist *profile, const mc_plist **out, struct mc_err *e)
{
	const mc_plist *list = mc_plist_get(profile, "PayloadContent");
	const char *type;

	if (!mc_received_type_check(profile, "Configuration", e))
		return false;
	if (mc_plist_type(list) != MC_PLIST_ARRAY || mc_plist_len(list) != 1)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent: a device wants exactly one payload at"
		    " this step, an identity; there are %zu",
		    mc_plist_len(list));
	*out = mc_plist_at(list, 0);
	type = mc_plist_get_str(*out, "PayloadType");
	if (type && strcmp(type, "com.apple.security.pkcs12") == 0)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent.0: a device may take a pkcs12 identity,"
		    " this one takes com.apple.security.scep only");
	if (!type || strcmp(type, "com.apple.security.scep") != 0)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent.0: a device wants an identity here"
		    " (com.apple.security.scep), not %.80s",
		    type ? type : "a payload without a type");
	return true;
}

bool
mc_enrolment_offer_parse(
    const mc_plist *profile, struct mc_enrolment_offer *out, struct mc_err *e)
{
	AUTO_OFFER o = { 0 };
	const mc_plist *payload = NULL;
	const mc_plist *content;

	if (!only_payload(profile, &payload, e))
		return false;
	content = mc_plist_get(payload, "PayloadContent");
	if (mc_plist_type(content) != MC_PLIST_DICT)
		return mc_fail(e, MC_MALFORMED,
		    "PayloadContent.0.PayloadContent: want a dict, not %s",
		    mc_received_kind(content));
	o.name = mc_plist_get_str(content, "Name");
	o.name = o.name ? o.name : "";
	o.challenge = mc_plist_get_str(content, "Challenge");
	o.wants_names = mc_plist_get(content, "SubjectAltName") != NULL;
	if (!url_parse(content, &o, e) || !key_parse(content, &o, e) ||
	    !fingerprint_parse(content, &o, e) ||
	    !subject_parse(mc_plist_get(content, "Subject"), &o.subject, e))
		return mc_note(e, "PayloadContent.0.PayloadContent");
	*out = o;
	o = (struct mc_enrolment_offer){ 0 };
	return true;
}
