/* SPDX-License-Identifier: ISC */
/*
 * A user's name is one value of the subject, whatever is in it; and any
 * pattern gives a name that reads back as itself, or is refused.
 */
#include <stdlib.h>

#include "crypto/name.h"
#include "track/subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const char *pattern, const char *user, int parts)
{
	const struct mc_subject_values values = { "U-1", user, "UDID" };
	AUTO_BUF once = MC_BUF_INIT;
	AUTO_BUF twice = MC_BUF_INIT;
	AUTO(X509_NAME) *name = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_subject_make(pattern, &values, &once, &e)) {
		if (once.len && e.code == MC_OK)
			abort();
		return;
	}
	if (!mc_name_parse(mc_buf_str(&once), &name, &e) ||
	    !mc_name_encode(name, &twice, &e) ||
	    !mc_buf_is(&twice, mc_buf_str(&once)))
		abort();
	if (parts && X509_NAME_entry_count(name) != parts)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	check("/O=ACME/CN=${user} ${uuid}", mc_buf_str(&in), 2);
	check(mc_buf_str(&in), "x/O=Evil\\", 0);
	return 0;
}
