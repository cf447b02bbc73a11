/* SPDX-License-Identifier: ISC */
#include "ca/ca.h"

#include <errno.h>
#include <unistd.h>

#include "base/fd.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "store/certificate.h"

#define LIFETIME_MIN MC_DAY
#define LIFETIME_MAX (MC_DAY * 365 * 50)
#define CN_MAX 64 /* characters, X.520 */

static bool
spec_check(const struct mc_ca_spec *spec, struct mc_err *e)
{
	if (spec->lifetime &&
	    (spec->lifetime < LIFETIME_MIN || spec->lifetime > LIFETIME_MAX))
		return mc_fail(e, MC_USAGE,
		    "a CA lives for a day at least and 50 years "
		    "at most");
	return true;
}

/* "CN=ACME CA" -> "CN=ACME CA RA"; a name without room for it gets its own. */
static bool
ra_name(const X509_NAME *ca, X509_NAME **out, struct mc_err *e)
{
	AUTO(X509_NAME) *name = X509_NAME_dup(ca);
	AUTO_BUF cn = MC_BUF_INIT;
	X509_NAME_ENTRY *last;
	int at = -1, next;

	if (!name)
		return mc_fail_memory(e);
	while (
	    (next = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0)
		at = next;
	if (at >= 0) {
		last = X509_NAME_delete_entry(name, at);
		if (!mc_asn1_text(X509_NAME_ENTRY_get_data(last), &cn, e)) {
			X509_NAME_ENTRY_free(last);
			return false;
		}
		X509_NAME_ENTRY_free(last);
	}
	if (cn.len == 0 || cn.len > CN_MAX - strlen(" RA")) {
		mc_buf_clear(&cn);
		at = -1;
	}
	if (!mc_buf_puts(&cn, cn.len ? " RA" : "SCEP RA", e))
		return false;
	if (X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
		cn.data, (int)cn.len, at, 0) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "the RA's name");
	*out = take(&name);
	return true;
}

static bool
ca_issue(const struct mc_ca_spec *spec, const X509_NAME *name, struct mc_ca *ca,
    struct mc_err *e)
{
	int64_t now = mc_time_now();
	int64_t lifetime = spec->lifetime ? spec->lifetime : MC_CA_LIFETIME;
	struct mc_cert_spec root = {
		.subject = name,
		.key = ca->key,
		.issuer_key = ca->key,
		.not_before = now - MC_CA_BACKDATE,
		.not_after = now + lifetime,
		.ca = true,
		.path_len = 0,
		.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN,
	};

	return mc_cert_issue(&root, &ca->cert, e);
}

static bool
ra_issue(const X509_NAME *name, struct mc_ca *ca, struct mc_err *e)
{
	AUTO(X509_NAME) *own = NULL;
	struct mc_cert_spec leaf = {
		.key = ca->ra_key,
		.issuer = ca->cert,
		.issuer_key = ca->key,
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
	};

	if (!ra_name(name, &own, e) ||
	    !mc_cert_validity(ca->cert, &leaf.not_before, &leaf.not_after, e))
		return false;
	leaf.subject = own;
	return mc_cert_issue(&leaf, &ca->ra, e);
}

static bool
make(const struct mc_ca_spec *spec, const X509_NAME *name, struct mc_ca *ca,
    struct mc_err *e)
{
	return mc_key_new_rsa(
		   spec->bits ? spec->bits : MC_CA_BITS, &ca->key, e) &&
	    mc_key_new_rsa(
		spec->ra_bits ? spec->ra_bits : MC_RA_BITS, &ca->ra_key, e) &&
	    ca_issue(spec, name, ca, e) && ra_issue(name, ca, e);
}

static bool
save_key(const char *dir, const char *name, EVP_PKEY *key, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;

	return mc_path_join(dir, name, &path, e) &&
	    mc_pem_key_encode(key, &pem, e) &&
	    mc_file_save(mc_buf_str(&path), &pem, 0600, e);
}

static bool
save_cert(const char *dir, const char *name, X509 *cert, bool create,
    struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;

	if (!mc_path_join(dir, name, &path, e) ||
	    !mc_pem_cert_encode(cert, &pem, e))
		return false;
	return create ? mc_file_create(mc_buf_str(&path), &pem, 0644, e)
		      : mc_file_save(mc_buf_str(&path), &pem, 0644, e);
}

static bool
save(const char *dir, const struct mc_ca *ca, struct mc_err *e)
{
	return save_key(dir, "ca.key", ca->key, e) &&
	    save_key(dir, "ra.key", ca->ra_key, e) &&
	    save_cert(dir, "ra.pem", ca->ra, false, e) &&
	    save_cert(dir, "ca.pem", ca->cert, true, e);
}

static bool
refuse_any(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	(void)c;
	return mc_fail(e, MC_DENIED,
	    "%s: its store has issued certificates, but there is no ca.pem; "
	    "restore it from a backup",
	    (const char *)ctx);
}

static bool
vacant_check(const char *dir, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (!mc_path_join(dir, "ca.pem", &path, e))
		return false;
	if (access(mc_buf_str(&path), F_OK) == 0)
		return mc_fail(e, MC_DENIED, "%s: holds a CA already", dir);
	return errno == ENOENT || errno == ENOTDIR ||
	    mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&path));
}

bool
mc_ca_init(const struct mc_ca_spec *spec, struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO(X509_NAME) *name = NULL;
	AUTO_BUF dir = MC_BUF_INIT;

	if (!spec_check(spec, e) || !vacant_check(spec->dir, e) ||
	    !mc_ca_new(&ca, e))
		return false;
	if (!mc_name_parse(spec->subject, &name, e))
		return mc_note(e, "subject");
	/* the store's lock keeps a second init out until this one is whole */
	return mc_buf_puts(&dir, spec->dir, e) && make(spec, name, ca, e) &&
	    mc_store_open(spec->dir, true, &ca->store, e) &&
	    mc_store_begin(ca->store, e) && vacant_check(spec->dir, e) &&
	    mc_store_certificate_list(ca->store, 1, refuse_any, dir.data, e) &&
	    save(spec->dir, ca, e) && mc_store_commit(ca->store, e);
}
