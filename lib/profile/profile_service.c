/* SPDX-License-Identifier: ISC */
#include "profile/profile_service.h"

#include "profile/url.h"

/* What devices answer to; the last four are a Mac's. */
static const char *const known[] = { "UDID", "VERSION", "PRODUCT", "SERIAL",
	"IMEI", "MEID", "ICCID", "MAC_ADDRESS_EN0", "DEVICE_NAME",
	"COMPROMISED", "LANGUAGE", "OS_VERSION", "NotOnConsole", "UserID",
	"UserLongName", "UserShortName" };
#define KNOWN_N (sizeof(known) / sizeof(*known))
#define DEFAULT_N 4

#define TYPE "Profile Service"

static bool
is_known(const char *name)
{
	for (size_t i = 0; i < KNOWN_N; i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

static bool
refuse_unknown(const char *name, struct mc_err *e)
{
	AUTO_BUF list = MC_BUF_INIT;

	for (size_t i = 0; i < KNOWN_N; i++)
		if (!mc_buf_printf(&list, e, " %s", known[i]))
			return false;
	return mc_fail(e, MC_USAGE,
	    "attribute %.40s: devices have no such one, but%s", name,
	    mc_buf_str(&list));
}

static bool
check_attributes(const char *const *v, size_t n, struct mc_err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_known(v[i]))
			return refuse_unknown(v[i], e);
		for (size_t j = 0; j < i; j++)
			if (strcmp(v[i], v[j]) == 0)
				return mc_fail(e, MC_USAGE,
				    "attribute %s: is there twice", v[i]);
	}
	return true;
}

static bool
attributes_new(const char *const *v, size_t n, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *array = mc_plist_new_array();

	if (n == 0) {
		v = known;
		n = DEFAULT_N;
	}
	for (size_t i = 0; i < n; i++)
		if (!mc_plist_append(array, mc_plist_new_str(v[i])))
			return mc_fail_memory(e);
	*out = take(&array);
	return true;
}

bool
mc_profile_service_new(
    const struct mc_profile_service *p, mc_plist **out, struct mc_err *e)
{
	struct mc_payload common = p->common;
	AUTO(mc_plist) *profile = NULL;
	AUTO(mc_plist) *content = mc_plist_new_dict();
	AUTO(mc_plist) *attributes = NULL;
	char uuid[MC_UUID_TEXT];

	/*
	 * The profiles of an enrolment may share an identifier.  This one is
	 * no version of those that come after it, so its type is in its name.
	 */
	common.type = TYPE;
	common.uuid = uuid;
	if (!mc_url_check_https(p->url, e) ||
	    !check_attributes(p->attributes, p->n, e) ||
	    !attributes_new(p->attributes, p->n, &attributes, e) ||
	    !mc_payload_set_text(content, "URL", p->url, e) ||
	    !mc_payload_set(
		content, "DeviceAttributes", take(&attributes), e) ||
	    !mc_payload_set_text(content, "Challenge", p->challenge, e) ||
	    !mc_payload_uuid(p->way, common.identifier, TYPE, uuid, e) ||
	    !mc_payload_new(&common, &profile, e) ||
	    !mc_payload_set(profile, "PayloadContent", take(&content), e))
		return false;
	*out = take(&profile);
	return true;
}
