/* SPDX-License-Identifier: ISC */
#include "ca/job.h"

#include "crypto/name.h"
#include "crypto/names.h"

#define SERIAL_OCTETS 16

/* A promise is kept by the generation that made it, though it be the last. */
static const struct mc_ca *
promiser(const struct mc_job *j)
{
	const struct mc_ca *ca = j->ca;

	if (strcmp(ca->id, j->row.issuer) != 0)
		ca = ca->previous;
	return ca && ca->key && strcmp(ca->id, j->row.issuer) == 0 ? ca : NULL;
}

/* An EC key enciphers no keys (RFC 5480 section 3). */
static unsigned
usage(const struct mc_ca_profile *p, const EVP_PKEY *key)
{
	return mc_key_encrypts(key)
	    ? p->key_usage
	    : p->key_usage & ~(unsigned)KU_KEY_ENCIPHERMENT;
}

static bool
subject_parse(const char *text, X509_NAME **out, struct mc_err *e)
{
	if (*text)
		return mc_name_parse(text, out, e) || mc_note(e, "subject");
	*out = X509_NAME_new();
	return *out || mc_fail_memory(e);
}

static bool
sign(const struct mc_cert_spec *spec, struct mc_buf *der, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;

	return mc_cert_issue(spec, &cert, e) && mc_cert_encode(cert, der, e);
}

bool
mc_job_sign(const struct mc_job *j, struct mc_buf *der, struct mc_err *e)
{
	const struct mc_ca_profile *p = mc_ca_conf_profile_find(
	    j->ca->conf, j->row.profile);
	const struct mc_ca *ca = promiser(j);
	AUTO(X509_NAME) *subject = NULL;
	AUTO(GENERAL_NAMES) *names = NULL;
	uint8_t serial[SERIAL_OCTETS];
	struct mc_cert_spec spec = { .serial = serial, .path_len = -1 };

	if (!p)
		return mc_fail(e, MC_USAGE,
		    "certificate %s is promised with the profile %.64s, which "
		    "ca.conf has no more",
		    j->row.serial, j->row.profile);
	if (!ca)
		return mc_fail(e, MC_INTERNAL,
		    "certificate %s is promised by a CA whose key is not here",
		    j->row.serial);
	if (!mc_hex_parse(j->row.serial, serial, sizeof(serial)))
		return mc_fail(e, MC_INTERNAL, "serial %s", j->row.serial);
	if (!subject_parse(j->row.subject, &subject, e) ||
	    (j->row.names && !mc_names_parse(j->row.names, &names, e)))
		return false;
	spec.subject = subject;
	spec.names = names;
	spec.key = j->key;
	spec.issuer = ca->cert;
	spec.issuer_key = ca->key;
	spec.not_before = j->row.not_before;
	spec.not_after = j->row.not_after;
	spec.key_usage = usage(p, j->key);
	spec.eku = p->eku.v;
	spec.crl_urls = p->crl_url.v;
	spec.ocsp_urls = p->ocsp_url.v;
	spec.issuer_urls = p->issuer_url.v;
	return sign(&spec, der, e) &&
	    mc_job_compare(der, &spec, j->row.names, e);
}
