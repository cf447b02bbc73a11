/* SPDX-License-Identifier: ISC */
#include "profile/scep_payload.h"

#include "profile/url.h"

/* How often, and how many seconds apart, a device asks a CA that decides
 * later: Apple's own defaults, written out. */
#define RETRIES 3
#define RETRY_DELAY 10

static bool
check_url(const char *url, struct mc_err *e)
{
	if (!mc_url_check(url, e))
		return false;
	if (strchr(url, '?'))
		return mc_fail(e, MC_USAGE,
		    "%s: want no query: devices drop it; what must come back"
		    " belongs into the path",
		    url);
	return true;
}

static bool
set_int(mc_plist *dict, const char *key, int64_t n, struct mc_err *e)
{
	return mc_payload_set(dict, key, mc_plist_new_int(n), e);
}

static bool
content_new(const struct mc_scep_payload *p, mc_plist *subject, mc_plist **out,
    struct mc_err *e)
{
	AUTO(mc_plist) *names = subject;
	AUTO(mc_plist) *dict = mc_plist_new_dict();

	if (!mc_payload_set_text(dict, "URL", p->url, e) ||
	    !mc_payload_set_text(dict, "Name", p->name, e) ||
	    !mc_payload_set(dict, "Subject", take(&names), e) ||
	    !mc_payload_set_text(dict, "Challenge", p->challenge, e) ||
	    !set_int(dict, "Keysize", p->key_size, e) ||
	    !mc_payload_set_text(dict, "Key Type", "RSA", e) ||
	    !set_int(dict, "Key Usage", p->key_usage, e) ||
	    !set_int(dict, "Retries", RETRIES, e) ||
	    !set_int(dict, "RetryDelay", RETRY_DELAY, e))
		return false;
	if (p->fingerprint &&
	    !mc_payload_set(dict, "CAFingerprint",
		mc_plist_new_data(p->fingerprint, p->fingerprint_len), e))
		return false;
	*out = take(&dict);
	return true;
}

/* The payload around content, which it takes in any case. */
static bool
payload_new(const struct mc_scep_payload *from, mc_plist *content,
    mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *own = content;
	AUTO(mc_plist) *dict = NULL;
	AUTO_BUF identifier = MC_BUF_INIT;
	struct mc_payload p = from->common;
	char uuid[MC_UUID_TEXT];

	if (!mc_buf_printf(&identifier, e, "%s.scep", p.identifier) ||
	    !mc_payload_uuid(
		from->way, p.identifier, mc_buf_str(&identifier), uuid, e))
		return false;
	p.type = "com.apple.security.scep";
	p.identifier = mc_buf_str(&identifier);
	p.uuid = uuid;
	if (!mc_payload_new(&p, &dict, e) ||
	    !mc_payload_set(dict, "PayloadContent", take(&own), e))
		return false;
	*out = take(&dict);
	return true;
}

bool
mc_scep_payload_new(const struct mc_scep_payload *p, mc_plist *subject,
    mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *names = subject;
	AUTO(mc_plist) *content = NULL;
	AUTO(mc_plist) *payload = NULL;
	AUTO(mc_plist) *array = mc_plist_new_array();
	AUTO(mc_plist) *profile = NULL;
	struct mc_payload common = p->common;
	char uuid[MC_UUID_TEXT];

	common.type = "Configuration";
	common.uuid = uuid;
	if (!check_url(p->url, e) ||
	    !content_new(p, take(&names), &content, e) ||
	    !mc_payload_uuid(p->way, common.identifier, NULL, uuid, e) ||
	    !mc_payload_new(&common, &profile, e) ||
	    !payload_new(p, take(&content), &payload, e))
		return false;
	if (!mc_plist_append(array, take(&payload)))
		return mc_fail_memory(e);
	if (!mc_payload_set(profile, "PayloadContent", take(&array), e))
		return false;
	*out = take(&profile);
	return true;
}
