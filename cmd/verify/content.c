/* SPDX-License-Identifier: ISC */
#include "crypto/digest.h"
#include "profile/describe.h"
#include "verify/profile.h"

#define SEALED "EncryptedPayloadContent"
/* Payloads that are told one by one. */
#define PAYLOADS_MAX 1000

bool
mc_content_describe(const struct mc_buf *content, const char *indent,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_plist) *profile = NULL;
	AUTO_BUF envelope = MC_BUF_INIT;
	struct mc_err why = MC_ERR_INIT;
	const uint8_t *data;
	size_t len;

	if (mc_sealed_is(content))
		return mc_buf_printf(to, e,
			   "%zu bytes\n%sencrypted, no profile: ", content->len,
			   indent) &&
		    mc_sealed_describe(content, indent, to, e);
	if (!mc_profile_describe(content, indent, to, e))
		return false;
	if (!mc_plist_read(content, NULL, &profile, &why) ||
	    !mc_plist_data(mc_plist_get(profile, SEALED), &data, &len))
		return true;
	return mc_buf_add(&envelope, data, len, e) &&
	    mc_buf_printf(to, e, "%sencrypted: ", indent) &&
	    mc_sealed_describe(&envelope, indent, to, e);
}

static bool
names_json(const mc_plist *p, json_t *to, struct mc_err *e)
{
	static const char *const keys[][2] = {
		{ "type", "PayloadType" },
		{ "identifier", "PayloadIdentifier" },
		{ "uuid", "PayloadUUID" },
		{ "display_name", "PayloadDisplayName" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!mc_json_set_text(
			to, keys[i][0], mc_plist_get_str(p, keys[i][1]), e))
			return false;
	return true;
}

static bool
payloads_json(const mc_plist *profile, json_t *to, struct mc_err *e)
{
	const mc_plist *list = mc_plist_get(profile, "PayloadContent");
	size_t n = mc_plist_type(list) == MC_PLIST_ARRAY ? mc_plist_len(list)
							 : 0;

	for (size_t i = 0; i < n && i < PAYLOADS_MAX; i++) {
		AUTO(json_t) *o = json_object();

		if (!o)
			return mc_fail_memory(e);
		if (!names_json(mc_plist_at(list, i), o, e) ||
		    !mc_json_add(to, take(&o), e))
			return false;
	}
	return true;
}

static bool
sealed_json(const mc_plist *profile, json_t *to, struct mc_err *e)
{
	AUTO_BUF envelope = MC_BUF_INIT;
	AUTO(json_t) *sealed = NULL;
	const uint8_t *data;
	size_t len;

	if (!mc_plist_data(mc_plist_get(profile, SEALED), &data, &len))
		return mc_json_set(to, "encrypted", json_null(), e);
	return mc_buf_add(&envelope, data, len, e) &&
	    mc_sealed_json(&envelope, &sealed, e) &&
	    mc_json_set(to, "encrypted", take(&sealed), e);
}

static const char *
form(const struct mc_buf *content, const mc_plist *profile)
{
	if (profile)
		return mc_plist_is_binary(content) ? "binary" : "xml";
	return mc_sealed_is(content) ? "envelope" : NULL;
}

bool
mc_content_json(const struct mc_buf *content, json_t *to, struct mc_err *e)
{
	AUTO(mc_plist) *profile = NULL;
	AUTO(json_t) *payloads = json_array();
	char sha256[MC_SHA256_HEX];
	struct mc_err why = MC_ERR_INIT;

	if (!payloads)
		return mc_fail_memory(e);
	if (!mc_plist_read(content, NULL, &profile, &why) &&
	    why.code != MC_MALFORMED) {
		*e = why;
		return false;
	}
	return mc_sha256_hex(content->data, content->len, sha256, e) &&
	    mc_json_set_number(to, "size", (int64_t)content->len, e) &&
	    mc_json_set_text(to, "sha256", sha256, e) &&
	    mc_json_set_text(to, "form", form(content, profile), e) &&
	    names_json(profile, to, e) &&
	    mc_json_set_text(to, "organization",
		mc_plist_get_str(profile, "PayloadOrganization"), e) &&
	    payloads_json(profile, payloads, e) &&
	    mc_json_set(to, "payloads", take(&payloads), e) &&
	    sealed_json(profile, to, e);
}
