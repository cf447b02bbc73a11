/* SPDX-License-Identifier: ISC */
#include "scep_ca/lookup.h"

#include <limits.h>

#include "ca/revoke.h"
#include "crypto/cert.h"

/* Is the issuer called so? */
static bool
is_named(const X509 *issuer, const struct mc_scep_id *id)
{
	const unsigned char *p = id->issuer.data;
	AUTO(X509_NAME) *name = NULL;
	bool same;

	if (id->issuer.len <= LONG_MAX)
		name = d2i_X509_NAME(NULL, &p, (long)id->issuer.len);
	same = name && p == id->issuer.data + id->issuer.len &&
	    X509_NAME_cmp(name, X509_get_subject_name(issuer)) == 0;
	ERR_clear_error();
	return same;
}

/* The generation whose key has signed what is on record. */
static bool
on_record(const struct mc_ca *ca, const struct mc_scep_id *id,
    struct mc_certificate *row, const struct mc_ca **by, struct mc_err *e)
{
	bool found = false;

	*by = NULL;
	if (!mc_store_certificate_find(ca->store, id->serial, row, &found, e))
		return false;
	if (!found)
		return true;
	do {
		if (strcmp(row->issuer, ca->id) == 0 && is_named(ca->cert, id))
			*by = ca;
		ca = ca->previous;
	} while (ca && !*by);
	return true;
}

static bool
has_serial(const X509 *cert, const char *serial)
{
	struct mc_err unused = MC_ERR_INIT;
	char own[MC_SERIAL_TEXT];

	return mc_cert_serial(cert, own, &unused) && strcmp(own, serial) == 0;
}

/* Of what every client holds: a root of its own, and its RAs. */
static bool
is_own(const struct mc_ca *ca, const struct mc_scep_id *id)
{
	if (!is_named(ca->cert, id))
		return false;
	if (has_serial(ca->cert, id->serial) &&
	    X509_NAME_cmp(X509_get_issuer_name(ca->cert),
		X509_get_subject_name(ca->cert)) == 0)
		return true;
	for (size_t i = 0; i < ca->ras; i++)
		if (has_serial(ca->ra[i].cert, id->serial))
			return true;
	return false;
}

bool
mc_ca_lookup_cert(const struct mc_ca *ca, const struct mc_scep_id *id,
    X509 **out, struct mc_err *e)
{
	AUTO_CERTIFICATE row = { 0 };
	const struct mc_ca *by;

	if (!on_record(ca, id, &row, &by, e))
		return false;
	/* nobody may have what those were not told of who are to know */
	if (!by || row.der.len == 0 || row.told == 0)
		return mc_fail(e, MC_DENIED, MC_SCEP_NO_CERT);
	if (mc_cert_parse(row.der.data, row.der.len, out, e))
		return true;
	e->code = MC_INTERNAL;
	return mc_note(e, "certificate %s", id->serial);
}

bool
mc_ca_lookup_crl(const struct mc_ca *ca, const struct mc_scep_id *id,
    struct mc_buf *crl, struct mc_err *e)
{
	AUTO_CERTIFICATE row = { 0 };
	const struct mc_ca *by;

	if (!on_record(ca, id, &row, &by, e))
		return false;
	if (!by) {
		if (is_own(ca, id))
			by = ca;
		else if (ca->previous && is_own(ca->previous, id))
			by = ca->previous;
		else
			return mc_fail(e, MC_DENIED, MC_SCEP_NO_CERT);
	}
	return !crl || mc_crl_get(ca, by != ca, crl, e);
}
