/* SPDX-License-Identifier: ISC */
/*
 * Whatever a device says, only facts from the closed list come of it, each on
 * one line, with a UDID among them; a refusal is one line too.
 */
#include <stdlib.h>

#include "profile/attributes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_known(const char *name)
{
	static const char *const known[] = { "UDID", "PRODUCT", "VERSION",
		"SERIAL", "IMEI", "MEID", "ICCID", "MAC_ADDRESS_EN0",
		"DEVICE_NAME", "LANGUAGE", "OS_VERSION", "COMPROMISED",
		"NOTONCONSOLE", "USERID", "USERLONGNAME", "USERSHORTNAME" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

static bool
is_line(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF challenge = MC_BUF_INIT;
	AUTO_FACTS facts = { 0 };
	struct mc_err e = MC_ERR_INIT;
	const char *udid;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	if (!mc_attributes_parse(&in, &facts, &challenge, &e)) {
		if (e.code != MC_MALFORMED || !is_line(e.text))
			abort();
		return 0;
	}
	udid = mc_facts_get(&facts, "UDID");
	if (!udid || !*udid || strpbrk(udid, " /\\$%."))
		abort();
	for (size_t i = 0; i < facts.n; i++)
		if (!is_known(facts.v[i].name) || !is_line(facts.v[i].value) ||
		    strlen(facts.v[i].value) > MC_ATTRIBUTE_LIMIT)
			abort();
	if (strlen(mc_buf_str(&challenge)) != challenge.len)
		abort();
	return 0;
}
