/* SPDX-License-Identifier: ISC */
#include "device/device.h"

#include <stdio.h>

#include "base/fd.h"
#include "crypto/digest.h"
#include "device/factory.h"

#define DEVICE_FILE "device.plist"
#define ENROLMENT_FILE "enrolment.plist"

static bool
plist_load(const char *dir, const char *name, mc_plist **out, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF xml = MC_BUF_INIT;

	xml.limit = MC_CONF_LIMIT;
	if (!mc_path_join(dir, name, &path, e) ||
	    !mc_file_load(mc_buf_str(&path), &xml, e))
		return false;
	if (!mc_plist_parse(&xml, MC_PLIST_DEPTH_NET, out, e))
		return mc_note(e, "%s", mc_buf_str(&path));
	return true;
}

static bool
plist_save(
    const char *dir, const char *name, const mc_plist *p, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF xml = MC_BUF_INIT;

	return mc_dir_make(dir, 0700, e) && mc_path_join(dir, name, &path, e) &&
	    mc_plist_encode(p, &xml, e) &&
	    mc_file_save(mc_buf_str(&path), &xml, 0600, e);
}

/* A serial number's worth of characters that nobody mistakes for others. */
static bool
random_text(const char *alphabet, size_t n, char *out, struct mc_err *e)
{
	size_t letters = strlen(alphabet);
	uint8_t bytes[32];

	if (!mc_rand_bytes(bytes, n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = alphabet[bytes[i] % letters];
	out[n] = '\0';
	return true;
}

static bool
attributes_new(mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *dict = mc_plist_new_dict();
	char udid[32] = "00008101-";
	char serial[16];

	if (!random_text("0123456789ABCDEF", 16, udid + 9, e) ||
	    !random_text("CDFGHJKLMNPQRTVWXY0123456789", 10, serial, e))
		return false;
	if (!mc_plist_set(dict, "UDID", mc_plist_new_str(udid)) ||
	    !mc_plist_set(dict, "SERIAL", mc_plist_new_str(serial)) ||
	    !mc_plist_set(dict, "PRODUCT", mc_plist_new_str("iPhone15,2")) ||
	    !mc_plist_set(dict, "VERSION", mc_plist_new_str("21A329")))
		return mc_fail_memory(e);
	*out = take(&dict);
	return true;
}

bool
mc_device_attributes(const char *memory, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *dict = NULL;
	AUTO_PLIST_ITER it = { 0 };

	if (!memory)
		return attributes_new(out, e);
	if (!plist_load(memory, DEVICE_FILE, &dict, e)) {
		if (e->code != MC_NOINPUT)
			return false;
		*e = (struct mc_err)MC_ERR_INIT;
		return attributes_new(out, e);
	}
	it.in = dict;
	while (mc_plist_iter_next(&it))
		if (!mc_plist_str(it.value))
			return mc_fail(e, MC_MALFORMED,
			    "%s/" DEVICE_FILE ": %s: is not a string", memory,
			    it.key);
	if (it.failed)
		return mc_fail_memory(e);
	*out = take(&dict);
	return true;
}

bool
mc_device_attributes_save(
    const char *memory, const mc_plist *attributes, struct mc_err *e)
{
	return !memory || plist_save(memory, DEVICE_FILE, attributes, e);
}

bool
mc_device_factory_check(
    const char *memory, const char *factory, struct mc_err *e)
{
	AUTO_IDENTITY id = { 0 };

	if (factory)
		return true;
	if (memory && mc_identity_dir_load(memory, "device", &id, e))
		return true;
	if (memory && e->code != MC_NOINPUT)
		return false;
	return mc_fail(e, MC_USAGE,
	    "--factory is required: this device has no certificate of its"
	    " factory yet");
}

bool
mc_device_factory(const char *memory, const char *factory, unsigned bits,
    struct mc_identity *out, struct mc_err *e)
{
	AUTO_IDENTITY made = { 0 };

	if (memory) {
		if (mc_identity_dir_load(memory, "device", out, e))
			return true;
		if (e->code != MC_NOINPUT)
			return false;
		*e = (struct mc_err)MC_ERR_INIT;
	}
	if (!mc_device_factory_check(NULL, factory, e) ||
	    !mc_factory_issue(factory, bits, &made, e))
		return false;
	if (memory &&
	    (!mc_dir_make(memory, 0700, e) ||
		!mc_identity_dir_save(memory, "device", &made, e)))
		return false;
	*out = mc_identity_take(&made);
	return true;
}

void
mc_enrolled_clear(struct mc_enrolled *m)
{
	mc_plist_free(m->dict);
	mc_identity_clear(&m->id);
	*m = (struct mc_enrolled){ 0 };
}

static bool
names_copy(const mc_plist *from, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *to = mc_plist_new_array();

	for (size_t i = 0; i < mc_plist_len(from); i++) {
		const char *name = mc_plist_str(mc_plist_at(from, i));

		if (!mc_plist_append(to, mc_plist_new_str(name)))
			return mc_fail_memory(e);
	}
	*out = take(&to);
	return true;
}

bool
mc_enrolled_save(const char *memory, const char *url,
    const mc_plist *attributes, const struct mc_identity *id, struct mc_err *e)
{
	AUTO(mc_plist) *dict = mc_plist_new_dict();
	AUTO(mc_plist) *names = NULL;

	if (!memory)
		return true;
	if (!names_copy(attributes, &names, e))
		return false;
	if (!mc_plist_set(dict, "URL", mc_plist_new_str(url)) ||
	    !mc_plist_set(dict, "DeviceAttributes", take(&names)))
		return mc_fail_memory(e);
	return mc_identity_dir_save(memory, "identity", id, e) &&
	    plist_save(memory, ENROLMENT_FILE, dict, e);
}

bool
mc_enrolled_load(const char *memory, struct mc_enrolled *out, struct mc_err *e)
{
	AUTO_ENROLLED m = { 0 };

	if (!plist_load(memory, ENROLMENT_FILE, &m.dict, e) ||
	    !mc_identity_dir_load(memory, "identity", &m.id, e))
		return mc_note(e, "this device has not enrolled");
	m.url = mc_plist_get_str(m.dict, "URL");
	m.attributes = mc_plist_get(m.dict, "DeviceAttributes");
	if (!m.url || mc_plist_type(m.attributes) != MC_PLIST_ARRAY)
		return mc_fail(e, MC_MALFORMED,
		    "%s/" ENROLMENT_FILE ": wants URL and DeviceAttributes",
		    memory);
	out->url = m.url;
	out->attributes = m.attributes;
	out->id = mc_identity_take(&m.id);
	out->dict = take(&m.dict);
	return true;
}
