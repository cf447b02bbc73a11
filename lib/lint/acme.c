/* SPDX-License-Identifier: ISC */
#include "lint/names.h"
#include "lint/parts.h"
#include "lint/variables.h"

#include <inttypes.h>

struct acme {
	const struct mc_lint *l;
	const mc_plist *payload;
	const struct mc_path *path;
};

static bool
flag(const struct acme *a, const char *key)
{
	bool on;

	return mc_plist_bool(mc_plist_get(a->payload, key), &on) && on;
}

static bool
tell(const struct acme *a, unsigned code, const char *key, const char *expected,
    const char *what, struct mc_err *e)
{
	struct mc_path path = { a->path, key, 0 };

	return mc_lint_tell(a->l,
	    MC_ABOUT(.code = code, .path = &path,
		.node = mc_plist_get(a->payload, key), .expected = expected),
	    e, "%s", what);
}

static bool
check_url(const struct acme *a, struct mc_err *e)
{
	const char *url = mc_plist_get_str(a->payload, "DirectoryURL");
	const char *at;

	if (!url || mc_lint_is_https(url) ||
	    (mc_variable_find(url, &at) && at == url))
		return true;
	return tell(a, 1440, "DirectoryURL", "an https URL",
	    "the DirectoryURL is not https", e);
}

/* RSA in steps of 8; of curves there are four, two of them in hardware. */
static bool
check_key(const struct acme *a, struct mc_err *e)
{
	const char *type = mc_plist_get_str(a->payload, "KeyType");
	bool bound = flag(a, "HardwareBound");
	int64_t n;

	if (!type || !mc_plist_int(mc_plist_get(a->payload, "KeySize"), &n))
		return true;
	if (strcmp(type, "RSA") == 0) {
		if (bound)
			return tell(a, 1441, "KeyType", "ECSECPrimeRandom",
			    "the hardware holds no RSA keys (HardwareBound)",
			    e);
		return (n >= 1024 && n <= 4096 && n % 8 == 0) ||
		    tell(a, 1442, "KeySize",
			"1024 to 4096 in steps of 8; 2048 is usual",
			"no device makes an RSA key of this size", e);
	}
	if (strcmp(type, "ECSECPrimeRandom") != 0)
		return true;
	if (bound && n != 256 && n != 384)
		return tell(a, 1442, "KeySize", "256 or 384",
		    "the hardware holds no EC keys of this size", e);
	return n == 192 || n == 256 || n == 384 || n == 521 ||
	    tell(a, 1442, "KeySize", "256, 384 or 521",
		"there is no curve of this size", e);
}

static bool
check_attestation(const struct acme *a, struct mc_err *e)
{
	bool bound;

	if (!flag(a, "Attest") ||
	    !mc_plist_bool(mc_plist_get(a->payload, "HardwareBound"), &bound) ||
	    bound)
		return true;
	return tell(a, 1443, "Attest", "HardwareBound true beside it",
	    "only a key that is bound to the hardware can be attested", e);
}

bool
mc_part_acme(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_payload_iter it;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		struct acme a = { l, it.payload, &it.item };

		if (strcmp(it.type, "com.apple.security.acme") != 0)
			continue;
		if (!check_url(&a, e) || !check_key(&a, e) ||
		    !check_attestation(&a, e) ||
		    !mc_lint_names_check(l, it.payload, &it.item, e))
			return false;
	}
	return true;
}
