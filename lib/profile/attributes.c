/* SPDX-License-Identifier: ISC */
#include "profile/attributes.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "base/udid.h"
#include "plist/plist.h"

static const struct {
	const char *key;
	const char *fact;
} known[] = {
	{ "UDID", "UDID" },
	{ "PRODUCT", "PRODUCT" },
	{ "VERSION", "VERSION" },
	{ "SERIAL", "SERIAL" },
	{ "IMEI", "IMEI" },
	{ "MEID", "MEID" },
	{ "ICCID", "ICCID" },
	{ "MAC_ADDRESS_EN0", "MAC_ADDRESS_EN0" },
	{ "DEVICE_NAME", "DEVICE_NAME" },
	{ "LANGUAGE", "LANGUAGE" },
	{ "OS_VERSION", "OS_VERSION" },
	{ "COMPROMISED", "COMPROMISED" },
	{ "NotOnConsole", "NOTONCONSOLE" },
	{ "UserID", "USERID" },
	{ "UserLongName", "USERLONGNAME" },
	{ "UserShortName", "USERSHORTNAME" },
};

/* A value as text, lent from the node or written into number. */
static const char *
text_of(const mc_plist *node, char number[static 24])
{
	int64_t i;
	bool b;

	if (mc_plist_bool(node, &b))
		return b ? "true" : "false";
	if (mc_plist_int(node, &i)) {
		snprintf(number, 24, "%" PRId64, i);
		return number;
	}
	return mc_plist_str(node);
}

static bool
take_attribute(const mc_plist *node, const char *key, const char *fact,
    struct mc_facts *facts, struct mc_err *e)
{
	char number[24];
	const char *text = text_of(node, number);
	const char *why;

	if (!text)
		return mc_fail(e, MC_MALFORMED, "%s: of type %s; want a string",
		    key, mc_plist_type_name(mc_plist_type(node)));
	if (strlen(text) > MC_ATTRIBUTE_LIMIT)
		return mc_fail(e, MC_MALFORMED, "%s: longer than %d bytes", key,
		    MC_ATTRIBUTE_LIMIT);
	if (!mc_text_check(text, strlen(text), &why))
		return mc_fail(e, MC_MALFORMED, "%s: %s", key, why);
	return mc_facts_set(facts, fact, text, e);
}

static bool
take_challenge(const mc_plist *node, struct mc_buf *to, struct mc_err *e)
{
	const char *text = mc_plist_str(node);
	const uint8_t *data;
	size_t len;

	if (text)
		return mc_buf_puts(to, text, e);
	if (!mc_plist_data(node, &data, &len))
		return mc_fail(e, MC_MALFORMED,
		    "CHALLENGE: of type %s; want a string or data",
		    mc_plist_type_name(mc_plist_type(node)));
	if (len > 0 && memchr(data, 0, len))
		return mc_fail(e, MC_MALFORMED, "CHALLENGE: holds a NUL");
	return mc_buf_add(to, data, len, e);
}

static bool
check_udid(const mc_plist *dict, struct mc_err *e)
{
	const char *udid = mc_plist_get_str(dict, "UDID");

	if (!udid)
		return mc_fail(e, MC_MALFORMED, "no UDID");
	return mc_udid_check(udid) ||
	    mc_fail(e, MC_MALFORMED,
		"UDID: want 1 to %d letters, digits and dashes", MC_UDID_MAX);
}

bool
mc_attributes_parse(const struct mc_buf *message, struct mc_facts *facts,
    struct mc_buf *challenge, struct mc_err *e)
{
	AUTO(mc_plist) *dict = NULL;
	const mc_plist *node;

	if (!mc_plist_parse(message, MC_PLIST_DEPTH_NET, &dict, e))
		return mc_note(e, "device's message");
	if (mc_plist_type(dict) != MC_PLIST_DICT)
		return mc_fail(e, MC_MALFORMED,
		    "device's message: of type %s; want a dict",
		    mc_plist_type_name(mc_plist_type(dict)));
	if (!check_udid(dict, e))
		return mc_note(e, "device's message");
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		node = mc_plist_get(dict, known[i].key);
		if (node &&
		    !take_attribute(
			node, known[i].key, known[i].fact, facts, e))
			return mc_note(e, "device's message");
	}
	node = mc_plist_get(dict, "CHALLENGE");
	if (node && !take_challenge(node, challenge, e))
		return mc_note(e, "device's message");
	return true;
}

void
mc_attributes_describe(
    const struct mc_facts *facts, char to[static MC_ATTRIBUTES_WORDS])
{
	static const char *const names[] = { "PRODUCT", "VERSION", "SERIAL" };
	const char *value;
	size_t n = 0;

	to[0] = '\0';
	for (size_t i = 0; i < 3; i++) {
		value = mc_facts_get(facts, names[i]);
		if (!value || n >= MC_ATTRIBUTES_WORDS - 1)
			continue;
		snprintf(to + n, MC_ATTRIBUTES_WORDS - n, "%s%s", n ? " " : "",
		    value);
		n = strlen(to);
	}
	if (n < MC_ATTRIBUTES_WORDS - 1)
		return;
	while (n > 0 && ((unsigned char)to[n - 1] & 0xc0) == 0x80)
		n--;
	to[n > 0 ? n - 1 : 0] = '\0';
}
