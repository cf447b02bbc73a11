/* SPDX-License-Identifier: ISC */
/*
 * Networks that cannot be joined as they are written: Wi-Fi, and 802.1X on
 * either kind of network.
 */
#include "lint/parts.h"
#include "lint/variables.h"

#include <ctype.h>

#define SSID_MAX 32 /* bytes: IEEE 802.11 */
#define EAP_TLS 13

/* The payload that is looked at. */
struct network {
	const struct mc_lint *l;
	const mc_plist *payload;
	const struct mc_path *path;
	bool wifi;
};

/* Text that stands for itself; NULL where a server fills it in. */
static const char *
text_of(const mc_plist *payload, const char *key)
{
	const char *s = mc_plist_get_str(payload, key);
	const char *at;

	return s && !mc_variable_find(s, &at) ? s : NULL;
}

static bool
is_one_of(const char *s, const char *const *list)
{
	for (; s && *list; list++)
		if (strcmp(s, *list) == 0)
			return true;
	return false;
}

/* What a device knows a network by. */
static bool
is_named(const mc_plist *payload)
{
	static const char *const keys[] = { "SSID_STR", "DomainName", "HESSID",
		"RoamingConsortiumOIs", "NAIRealmNames", "MCCAndMNCs", NULL };

	for (size_t i = 0; keys[i]; i++)
		if (mc_plist_get(payload, keys[i]))
			return true;
	return false;
}

static bool
check_name(const struct network *n, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(n->payload, "SSID_STR");
	const char *interface = mc_plist_get_str(n->payload, "Interface");
	const char *ssid = text_of(n->payload, "SSID_STR");
	struct mc_path path = { n->path, "SSID_STR", 0 };

	/* how Macs were told of 802.1X on Ethernet once */
	if (interface && strstr(interface, "Ethernet"))
		return true;
	if (!is_named(n->payload))
		return mc_lint_tell(n->l,
		    MC_ABOUT(.code = 1260, .path = n->path, .node = n->payload,
			.expected = "SSID_STR, or DomainName for Passpoint"),
		    e,
		    "a Wi-Fi network without SSID_STR: no device can join it");
	if (node && mc_plist_str(node) && !*mc_plist_str(node) &&
	    !mc_plist_get(n->payload, "DomainName"))
		return mc_lint_tell(n->l,
		    MC_ABOUT(.code = 1260, .path = &path, .node = node,
			.expected = "the name of the network"),
		    e, "SSID_STR is empty: no device can join the network");
	if (!ssid || strlen(ssid) <= SSID_MAX)
		return true;
	return mc_lint_tell(n->l,
	    MC_ABOUT(.code = 1261, .path = &path, .node = node,
		.expected = "32 bytes of UTF-8 or less"),
	    e, "an SSID of %zu bytes: no network has such a name",
	    strlen(ssid));
}

static bool
is_hex(const char *s)
{
	while (isxdigit((unsigned char)*s))
		s++;
	return !*s;
}

/* WPA3's may be of any length, WEP's is something else. */
static bool
check_passphrase(const struct network *n, struct mc_err *e)
{
	static const char *const wpa[] = { "WPA", "WPA2", NULL };
	const char *kind = mc_plist_get_str(n->payload, "EncryptionType");
	const char *s = text_of(n->payload, "Password");
	struct mc_path path = { n->path, "Password", 0 };
	size_t len = s ? strlen(s) : 0;

	/* of an empty one the device asks its user */
	if (!len || !is_one_of(kind, wpa) ||
	    mc_plist_get(n->payload, "EAPClientConfiguration"))
		return true;
	if ((len >= 8 && len <= 63) || (len == 64 && is_hex(s)))
		return true;
	return mc_lint_tell(n->l,
	    MC_ABOUT(.code = 1262, .path = &path,
		.node = mc_plist_get(n->payload, "Password"),
		.expected = "8 to 63 characters, or 64 hexadecimal digits"),
	    e, "a passphrase of %zu byte%s, which %s does not have", len,
	    len == 1 ? "" : "s", kind);
}

static bool
check_open(const struct network *n, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(n->payload, "EncryptionType");
	struct mc_path path = { n->path, "EncryptionType", 0 };

	if (!mc_plist_str(node) || strcmp(mc_plist_str(node), "None") != 0 ||
	    !mc_plist_get(n->payload, "EAPClientConfiguration"))
		return true;
	return mc_lint_tell(n->l,
	    MC_ABOUT(.code = 1263, .path = &path, .node = node,
		.expected = "WPA, WPA2, WPA3 or Any",
		.suggestion = "or leave EAPClientConfiguration out"),
	    e,
	    "EncryptionType is None, so EAPClientConfiguration does nothing");
}

/* EAP-TLS is all that it takes. */
static bool
is_tls_only(const mc_plist *types)
{
	AUTO_PLIST_ITER it = { .in = types };
	int64_t type;

	while (mc_plist_iter_next(&it))
		if (!mc_plist_int(it.value, &type) || type != EAP_TLS)
			return false;
	return mc_plist_type(types) == MC_PLIST_ARRAY && mc_plist_len(types);
}

static bool
check_identity(const struct network *n, struct mc_err *e)
{
	const mc_plist *eap = mc_plist_get(
	    n->payload, "EAPClientConfiguration");
	const mc_plist *types = mc_plist_get(eap, "AcceptEAPTypes");
	struct mc_path above = { n->path, "EAPClientConfiguration", 0 };
	struct mc_path path = { &above, "AcceptEAPTypes", 0 };

	if (mc_plist_get(n->payload, "PayloadCertificateUUID") ||
	    !is_tls_only(types))
		return true;
	return mc_lint_tell(n->l,
	    MC_ABOUT(.code = 1264, .path = &path, .node = types,
		.expected = "PayloadCertificateUUID beside "
			    "EAPClientConfiguration"),
	    e,
	    "EAP-TLS without PayloadCertificateUUID: there is no identity to "
	    "log in with");
}

/* "com.apple.firstactiveethernet.managed" and its like. */
static bool
is_ethernet(const char *type)
{
	const char *end = "ethernet.managed";
	size_t n = strlen(type);

	return n > strlen(end) && strcmp(type + n - strlen(end), end) == 0;
}

bool
mc_rule_wifi(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_payload_iter it;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		const struct network n = { l, it.payload, &it.item,
			strcmp(it.type, "com.apple.wifi.managed") == 0 };

		if (n.wifi &&
		    (!check_name(&n, e) || !check_passphrase(&n, e) ||
			!check_open(&n, e)))
			return false;
		if ((n.wifi || is_ethernet(it.type)) && !check_identity(&n, e))
			return false;
	}
	return true;
}
