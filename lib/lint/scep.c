/* SPDX-License-Identifier: ISC */
#include "lint/names.h"
#include "lint/parts.h"
#include "lint/variables.h"

#include <ctype.h>
#include <inttypes.h>
#include <strings.h>

struct scep {
	const struct mc_lint *l;
	const mc_plist *content; /* a dict */
	struct mc_path path;     /* its own */
};

static bool
check_url(const struct scep *s, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->content, "URL");
	struct mc_path path = { &s->path, "URL", 0 };
	const char *url = mc_plist_str(node);
	const char *name = mc_plist_get_str(s->content, "Name");
	const char *at;

	if (!url || (mc_variable_find(url, &at) && at == url))
		return true;
	if (strncasecmp(url, "http://", 7) != 0 && !mc_lint_is_https(url))
		return mc_lint_tell(s->l,
		    MC_ABOUT(.code = 1413, .path = &path, .node = node,
			.expected = "an http or https URL"),
		    e, "the URL is neither http nor https");
	if (strpbrk(url, "?#") &&
	    !mc_lint_tell(s->l,
		MC_ABOUT(.code = 1412, .path = &path, .node = node,
		    .suggestion = "put what must come back into the path"),
		e, "devices drop what follows the \"%c\" of this URL",
		*strpbrk(url, "?#")))
		return false;
	/* Microsoft's server answers for several CAs */
	if (!strcasestr(url, "mscep") || (name && *name))
		return true;
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1417, .path = &path, .node = node,
		.suggestion = "give the CA's name as Name"),
	    e, "no Name, which this kind of server asks for");
}

static bool
check_size(const struct scep *s, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->content, "Keysize");
	struct mc_path path = { &s->path, "Keysize", 0 };
	struct mc_about about = {
		.code = 1410,
		.path = node ? &path : &s->path,
		.node = node ? node : s->content,
		.expected = "2048 or 4096",
	};
	int64_t n;

	if (!node) {
		about.severity = MC_AS(MC_NOTICE);
		return mc_lint_tell(s->l, &about, e,
		    "no Keysize, which means 1024 to older devices");
	}
	if (!mc_plist_int(node, &n) || n > 1024)
		return true;
	return mc_lint_tell(
	    s->l, &about, e, "an RSA key of %" PRId64 " bits is weak", n);
}

static bool
check_usage(const struct scep *s, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->content, "Key Usage");
	struct mc_path path = { &s->path, "Key Usage", 0 };
	int64_t n;

	if (!mc_plist_int(node, &n) || n == 0 || n == 1 || n == 4 || n == 5)
		return true;
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1411, .path = &path, .node = node,
		.expected = "1 to sign, 4 to encrypt, 5 for both"),
	    e, "no Key Usage %" PRId64, n);
}

static bool
check_key_type(const struct scep *s, struct mc_err *e)
{
	struct mc_path path = { &s->path, "Key Type", 0 };
	const mc_plist *node = mc_plist_get(s->content, "Key Type");
	const char *type = mc_plist_str(node);
	char shown[MC_QUOTE_TEXT];

	if (!type || strcmp(type, "RSA") == 0)
		return true;
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1415, .path = &path, .node = node,
		.expected = "RSA"),
	    e, "devices make no %s key for SCEP", mc_path_quote(type, shown));
}

static bool
is_hex(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isxdigit(data[i]) && data[i] != ':' && data[i] != ' ')
			return false;
	return true;
}

static bool
check_fingerprint(const struct scep *s, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->content, "CAFingerprint");
	struct mc_path path = { &s->path, "CAFingerprint", 0 };
	struct mc_about about = {
		.code = 1416,
		.path = &path,
		.node = node,
		.expected = "20 bytes (SHA-1), 32 (SHA-256) or 64 (SHA-512)",
	};
	const uint8_t *data;
	size_t len;

	if (!mc_plist_data(node, &data, &len))
		return true;
	if (len >= 32 && is_hex(data, len)) {
		about.suggestion = "base64 of the bytes, not of their "
				   "hexadecimal digits";
		return mc_lint_tell(s->l, &about, e,
		    "a fingerprint in hexadecimal, where bytes are wanted");
	}
	if (len == 20 || len == 32 || len == 48 || len == 64)
		return true;
	if (len == 16) {
		about.severity = MC_AS(MC_WARNING);
		return mc_lint_tell(
		    s->l, &about, e, "16 bytes, those of MD5, can be forged");
	}
	return mc_lint_tell(s->l, &about, e, "no digest has %zu bytes", len);
}

static bool
check_challenge(const struct scep *s, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->content, "Challenge");
	const char *text = mc_plist_str(node);
	struct mc_path path = { &s->path, "Challenge", 0 };

	if (text ? *text != '\0' : node != NULL)
		return true;
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1418, .path = node ? &path : &s->path,
		.node = node ? node : s->content),
	    e, "no Challenge: the user is asked for one");
}

bool
mc_part_scep(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_payload_iter it;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		struct scep s = { .l = l };

		if (strcmp(it.type, "com.apple.security.scep") != 0)
			continue;
		s.content = mc_plist_get(it.payload, "PayloadContent");
		s.path = (struct mc_path){ &it.item, "PayloadContent", 0 };
		/* another type is the schema's business */
		if (mc_plist_type(s.content) != MC_PLIST_DICT)
			continue;
		if (!check_url(&s, e) || !check_size(&s, e) ||
		    !check_usage(&s, e) || !check_key_type(&s, e) ||
		    !check_fingerprint(&s, e) || !check_challenge(&s, e) ||
		    !mc_lint_names_check(l, s.content, &s.path, e))
			return false;
	}
	return true;
}
