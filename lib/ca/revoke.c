/* SPDX-License-Identifier: ISC */
#include "ca/revoke.h"

#include <ctype.h>

#include "base/time.h"
#include "store/certificate.h"

#define UNSPECIFIED 0 /* CRLReason, RFC 5280 section 5.3.1 */

static bool
fail_none(struct mc_store *s, const char *serial, struct mc_err *e)
{
	AUTO_CERTIFICATE record = { 0 };
	char when[MC_TIME_TEXT];
	bool found = false;

	if (!mc_store_certificate_find(s, serial, &record, &found, e))
		return false;
	if (found && record.state == MC_CERTIFICATE_REVOKED)
		return mc_fail(e, MC_DENIED, "%s: already revoked at %s",
		    serial, mc_time_format(record.revoked_at, when));
	return mc_fail(e, MC_DENIED,
	    "%s: no valid certificate has this serial number", serial);
}

bool
mc_revoke(struct mc_store *s, const char *serial, struct mc_err *e)
{
	char upper[MC_SERIAL_TEXT] = "";
	bool revoked = false;
	size_t n = strlen(serial);

	if (n == 0 || n >= sizeof(upper) ||
	    strspn(serial, "0123456789abcdefABCDEF") != n)
		return mc_fail(e, MC_USAGE,
		    "%.64s: not a serial number in hexadecimal", serial);
	for (size_t i = 0; i < n; i++)
		upper[i] = (char)toupper((unsigned char)serial[i]);
	if (!mc_store_certificate_revoke(
		s, upper, mc_time_now(), UNSPECIFIED, &revoked, e))
		return false;
	return revoked || fail_none(s, upper, e);
}
