/* SPDX-License-Identifier: ISC */
#include "profile/payload.h"

#include "base/uuid.h"

#define PAYLOAD_VERSION 1 /* of the format; Apple has no other */

bool
mc_payload_set(
    mc_plist *dict, const char *key, mc_plist *node, struct mc_err *e)
{
	return mc_plist_set(dict, key, node) || mc_fail_memory(e);
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
mc_payload_new(const struct mc_payload *p, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *dict = mc_plist_new_dict();
	char fresh[MC_UUID_TEXT];

	if (!*p->identifier)
		return mc_fail(e, MC_USAGE,
		    "PayloadIdentifier: is empty; want one like com.acme.wifi");
	mc_uuid_new(fresh);
	if (!mc_payload_set_text(dict, "PayloadType", p->type, e) ||
	    !mc_payload_set(
		dict, "PayloadVersion", mc_plist_new_int(PAYLOAD_VERSION), e) ||
	    !mc_payload_set_text(dict, "PayloadIdentifier", p->identifier, e) ||
	    !mc_payload_set_text(
		dict, "PayloadUUID", p->uuid ? p->uuid : fresh, e) ||
	    !mc_payload_set_text(
		dict, "PayloadOrganization", p->organization, e) ||
	    !mc_payload_set_text(
		dict, "PayloadDisplayName", p->display_name, e) ||
	    !mc_payload_set_text(dict, "PayloadDescription", p->description, e))
		return false;
	*out = take(&dict);
	return true;
}
