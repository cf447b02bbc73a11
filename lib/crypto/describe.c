/* SPDX-License-Identifier: ISC */
#include "crypto/describe.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/name.h"

/* A begun day counts: one hour left is "1 day". */
static bool
days(int64_t seconds, const char *fmt, struct mc_buf *to, struct mc_err *e)
{
	int64_t n = (seconds + MC_DAY - 1) / MC_DAY;
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64 " day%s", n, n == 1 ? "" : "s");
	return mc_buf_printf(to, e, fmt, text);
}

bool
mc_cert_days(const X509 *cert, int64_t now, struct mc_buf *to, struct mc_err *e)
{
	int64_t from;
	int64_t until;

	if (!mc_cert_validity(cert, &from, &until, e))
		return false;
	if (now < from)
		return days(from - now, "not valid for %s yet", to, e);
	if (now > until)
		return days(now - until, "expired %s ago", to, e);
	return days(until - now, "%s left", to, e);
}

bool
mc_chain_show(const mc_certs *chain, int64_t now, const char *indent,
    struct mc_buf *to, struct mc_err *e)
{
	char name[MC_NAME_TEXT];
	int n = sk_X509_num(chain);

	for (int i = 0; i < n; i++) {
		const X509 *cert = sk_X509_value(chain, n - 1 - i);

		if (!mc_buf_printf(to, e, "%s%*s%s, ", i ? indent : "", 2 * i,
			"", mc_name_show(X509_get_subject_name(cert), name)) ||
		    !mc_cert_days(cert, now, to, e) ||
		    !mc_buf_puts(to, "\n", e))
			return false;
	}
	return true;
}
