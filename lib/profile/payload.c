/* SPDX-License-Identifier: ISC */
#include "profile/payload.h"

#define PAYLOAD_VERSION 1 /* of the format; Apple has no other */
#define APPLE "com.apple."

bool
mc_payload_set(
    mc_plist *dict, const char *key, mc_plist *node, struct mc_err *e)
{
	return mc_plist_set(dict, key, node) || mc_fail_memory(e);
}

bool
mc_payload_may_refer(const char *key, const char *text)
{
	size_t n = key ? strlen(key) : 0;

	return (n >= 4 && strcmp(key + n - 4, "UUID") == 0) ||
	    mc_uuid_check(text);
}

const char *
mc_payload_stem(const char *type)
{
	const size_t n = strlen(APPLE);

	if (strncmp(type, APPLE, n) == 0 && type[n])
		type += n;
	return type[0] == '.' && type[1] ? type + 1 : type;
}

bool
mc_payload_identifier(const char *profile, const char *type, size_t nth,
    struct mc_buf *to, struct mc_err *e)
{
	return mc_buf_printf(to, e, "%s.%s", profile, mc_payload_stem(type)) &&
	    (nth < 2 || mc_buf_printf(to, e, ".%zu", nth));
}

bool
mc_payload_set_text(
    mc_plist *dict, const char *key, const char *text, struct mc_err *e)
{
	if (!text)
		return true;
	if (!mc_plist_text_check(text))
		return mc_fail(e, MC_MALFORMED,
		    "%s: want UTF-8 without control characters", key);
	return mc_payload_set(dict, key, mc_plist_new_str(text), e);
}

bool
mc_payload_uuid(enum mc_uuid_way way, const char *profile, const char *payload,
    char out[static MC_UUID_TEXT], struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;

	if (way == MC_UUID_RANDOM) {
		mc_uuid_new(out);
		return true;
	}
	if (!mc_buf_puts(&name, profile, e) ||
	    (payload &&
		(!mc_buf_add(&name, "", 1, e) ||
		    !mc_buf_puts(&name, payload, e))))
		return false;
	mc_uuid_named(mc_buf_str(&name), name.len, out);
	return true;
}

bool
mc_payload_new(const struct mc_payload *p, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *dict = mc_plist_new_dict();

	if (!*p->identifier)
		return mc_fail(e, MC_USAGE,
		    "PayloadIdentifier: is empty; want one like com.acme.wifi");
	if (!mc_payload_set_text(dict, "PayloadType", p->type, e) ||
	    !mc_payload_set(
		dict, "PayloadVersion", mc_plist_new_int(PAYLOAD_VERSION), e) ||
	    !mc_payload_set_text(dict, "PayloadIdentifier", p->identifier, e) ||
	    !mc_payload_set_text(dict, "PayloadUUID", p->uuid, e) ||
	    !mc_payload_set_text(
		dict, "PayloadOrganization", p->organization, e) ||
	    !mc_payload_set_text(
		dict, "PayloadDisplayName", p->display_name, e) ||
	    !mc_payload_set_text(dict, "PayloadDescription", p->description, e))
		return false;
	*out = take(&dict);
	return true;
}
