/* SPDX-License-Identifier: ISC */
/*
 * A profile from a server (XML, its signature checked already): what passes a
 * phase's check has all that the phase then uses.
 */
#include "device/offer.h"

#include <stdlib.h>

#include "device/fetch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
refusal_check(bool passed, const struct mc_err *e)
{
	if (passed == (e->code == MC_MALFORMED))
		abort();
}

static void
try_service(const mc_plist *p)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_service s = { 0 };
	bool passed = mc_service_check(p, &s, &e);

	refusal_check(passed, &e);
	if (!passed)
		return;
	if (!mc_fetch_is_https(s.url))
		abort();
	for (size_t i = 0; i < mc_plist_len(s.attributes); i++)
		if (!mc_plist_str(mc_plist_at(s.attributes, i)))
			abort();
}

static void
try_offer(const mc_plist *p)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_OFFER o = { 0 };
	bool passed = mc_enrolment_offer_parse(p, &o, &e);

	refusal_check(passed, &e);
	if (passed != (o.subject != NULL))
		abort();
	if (passed &&
	    (!o.name || strchr(o.url, '?') || strlen(o.url) < 7 ||
		(o.bits != 1024 && o.bits != 2048 && o.bits != 4096) ||
		(o.fingerprint_len && !o.fingerprint)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO(mc_plist) *p = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&in, data, size, &e) ||
	    !mc_plist_parse(&in, MC_PLIST_DEPTH_FILE, &p, &e))
		return 0;
	try_service(p);
	try_offer(p);
	return 0;
}
