/* SPDX-License-Identifier: ISC */
#include "ca/ca.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/pem.h"

static bool
cert_load(const char *dir, const char *name, X509 **out, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	return mc_path_join(dir, name, &path, e) &&
	    mc_pem_cert_load(mc_buf_str(&path), out, e);
}

/* A key of ours is ours alone; one of root's may be our group's. */
static bool
mode_check(const char *path, struct mc_err *e)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return mc_fail_errno(
		    e, errno == ENOENT ? MC_NOINPUT : MC_IO, "%s", path);
	if (st.st_mode & (st.st_uid == geteuid() ? 077U : 007U))
		return mc_fail(e, MC_USAGE,
		    "%s: others may read it or write to it: chmod 600 %s", path,
		    path);
	return true;
}

static bool
key_load(const char *dir, const char *name, const X509 *cert, EVP_PKEY **out,
    struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (!mc_path_join(dir, name, &path, e) ||
	    !mode_check(mc_buf_str(&path), e) ||
	    !mc_pem_key_load(mc_buf_str(&path), NULL, out, e))
		return false;
	if (!mc_key_equal(*out, X509_get0_pubkey(cert)))
		return mc_fail(e, MC_MALFORMED,
		    "%s: not the key of the certificate beside it",
		    mc_buf_str(&path));
	return true;
}

static bool
usage_check(X509 *cert, bool ca, struct mc_err *e)
{
	/* all bits set where the certificate has no keyUsage */
	uint32_t usage = X509_get_key_usage(cert);

	ERR_clear_error();
	if (ca && !(usage & KU_KEY_CERT_SIGN))
		return mc_fail(
		    e, MC_MALFORMED, "its keyUsage lacks keyCertSign");
	if (ca && X509_check_ca(cert) != 1)
		return mc_fail(e, MC_MALFORMED, "not a CA's certificate");
	if (!ca && !(usage & KU_DIGITAL_SIGNATURE))
		return mc_fail(
		    e, MC_MALFORMED, "its keyUsage lacks digitalSignature");
	if (!ca && !(usage & KU_KEY_ENCIPHERMENT))
		return mc_fail(
		    e, MC_MALFORMED, "its keyUsage lacks keyEncipherment");
	return true;
}

static bool
ra_check(const struct mc_ca *ca, struct mc_err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(ca->ra);

	if (!key || !EVP_PKEY_is_a(key, "RSA"))
		return mc_fail(e, MC_MALFORMED,
		    "not an RSA certificate: devices encrypt to it");
	if (mc_key_equal(key, X509_get0_pubkey(ca->cert)))
		return mc_fail(e, MC_MALFORMED,
		    "has the CA's own key; it needs another one");
	if (X509_verify(ca->ra, X509_get0_pubkey(ca->cert)) != 1) {
		ERR_clear_error();
		return mc_fail(
		    e, MC_MALFORMED, "was not issued by the CA beside it");
	}
	return true;
}

static bool
check(const struct mc_ca *ca, const char *dir, struct mc_err *e)
{
	int64_t now = mc_time_now();

	if (!usage_check(ca->cert, true, e) ||
	    !mc_cert_dates_check(ca->cert, now, e))
		return mc_note(e, "%s/ca.pem", dir);
	if (!usage_check(ca->ra, false, e) ||
	    !mc_cert_dates_check(ca->ra, now, e) || !ra_check(ca, e))
		return mc_note(e, "%s/ra.pem", dir);
	return true;
}

static bool
no_ca(const char *dir, struct mc_err *e)
{
	return mc_fail(
	    e, MC_NOINPUT, "%s: no CA here; scep-ca init makes one", dir);
}

bool
mc_ca_load(const char *dir, enum mc_ca_parts parts, struct mc_ca **out,
    struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;

	if (!mc_ca_new(&ca, e))
		return false;
	if (!cert_load(dir, "ca.pem", &ca->cert, e)) {
		if (e->code == MC_NOINPUT)
			no_ca(dir, e);
		return false;
	}
	if (!cert_load(dir, "ra.pem", &ca->ra, e) || !check(ca, dir, e))
		return false;
	if (parts == MC_CA_ALL &&
	    (!key_load(dir, "ca.key", ca->cert, &ca->key, e) ||
		!key_load(dir, "ra.key", ca->ra, &ca->ra_key, e) ||
		!mc_store_open(dir, false, &ca->store, e)))
		return false;
	*out = take(&ca);
	return true;
}

bool
mc_ca_store_open(const char *dir, struct mc_store **out, struct mc_err *e)
{
	if (mc_store_open(dir, false, out, e))
		return true;
	return e->code == MC_NOINPUT ? no_ca(dir, e) : false;
}
