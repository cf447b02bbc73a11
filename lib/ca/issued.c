/* SPDX-License-Identifier: ISC */
#include "ca/issued.h"

#include "crypto/cert.h"

/* One that is cut would be another one. */
static bool
owner_copy(const char *from, char owner[static MC_OWNER_TEXT], struct mc_err *e)
{
	size_t n = strlen(from);

	if (n >= MC_OWNER_TEXT)
		return mc_fail(e, MC_INTERNAL,
		    "the owner on record has %zu characters; %d are possible",
		    n, MC_OWNER_TEXT - 1);
	memcpy(owner, from, n + 1);
	return true;
}

bool
mc_ca_issued_check(const char *dir, X509 *cert,
    char owner[static MC_OWNER_TEXT], struct mc_err *e)
{
	AUTO(mc_store) *store = NULL;
	AUTO_CERTIFICATE record = { 0 };
	AUTO_BUF der = MC_BUF_INIT;
	char serial[MC_SERIAL_TEXT];
	char when[MC_TIME_TEXT];
	bool found = false;

	if (!mc_cert_serial(cert, serial, e) ||
	    !mc_cert_encode(cert, &der, e) ||
	    !mc_ca_store_open(dir, &store, e) ||
	    !mc_store_certificate_find(store, serial, &record, &found, e))
		return false;
	/* an intent has no certificate yet: nothing compares equal to it */
	if (!found || record.der.len != der.len ||
	    memcmp(record.der.data, der.data, der.len) != 0)
		return mc_fail(e, MC_UNTRUSTED,
		    "%s has no record of issuing serial number %s", dir,
		    serial);
	if (record.state != MC_CERTIFICATE_VALID)
		return mc_fail(e, MC_REVOKED,
		    "the certificate with serial number %s was revoked at %s",
		    serial, mc_time_format(record.revoked_at, when));
	return owner_copy(record.owner ? record.owner : "", owner, e);
}
