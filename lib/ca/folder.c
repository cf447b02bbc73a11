/* SPDX-License-Identifier: ISC */
#include "ca/folder.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "crypto/cert.h"
#include "crypto/keyref.h"
#include "crypto/pem.h"

const char *const mc_ca_older[] = { "ra-1", "ra-2", "ra-3", NULL };
_Static_assert(sizeof(mc_ca_older) / sizeof(*mc_ca_older) == MC_CA_RAS,
    "a name for each older RA");

const char *const mc_ca_files[] = { "ca.key", "ra.key", "ra-new.key", "ra.pem",
	"ra-1.key", "ra-1.pem", "ra-2.key", "ra-2.pem", "ra-3.key", "ra-3.pem",
	"ocsp.key", "ocsp-new.key", "ocsp.pem", "chain.pem", "ca.pem", NULL };

static bool
is_key(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, ".key") == 0;
}

static bool
save(const char *at, const char *name, const struct mc_buf *b, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	return mc_path_join(at, name, &path, e) &&
	    mc_file_save(mc_buf_str(&path), b, is_key(name) ? 0600 : 0644, e);
}

bool
mc_ca_cert_find(const char *at, const char *name, X509 **out, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	*out = NULL;
	return mc_path_join(at, name, &path, e) &&
	    (mc_pem_cert_load(mc_buf_str(&path), out, e) ||
		e->code == MC_NOINPUT);
}

bool
mc_ca_cert_save(
    const char *at, const char *name, X509 *cert, bool create, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;

	if (!mc_path_join(at, name, &path, e) ||
	    !mc_pem_cert_encode(cert, &pem, e))
		return false;
	return create ? mc_file_create(mc_buf_str(&path), &pem, 0644, e)
		      : mc_file_save(mc_buf_str(&path), &pem, 0644, e);
}

bool
mc_ca_chain_save(const char *at, const mc_certs *chain, struct mc_err *e)
{
	AUTO_BUF pem = MC_BUF_INIT;

	if (!chain || sk_X509_num(chain) <= 0)
		return mc_ca_file_remove(at, "chain.pem", e);
	for (int i = 0; i < sk_X509_num(chain); i++)
		if (!mc_pem_cert_encode(sk_X509_value(chain, i), &pem, e))
			return false;
	return save(at, "chain.pem", &pem, e);
}

bool
mc_ca_key_save(const char *at, const char *name, EVP_PKEY *key,
    const struct mc_buf *passphrase, struct mc_err *e)
{
	AUTO_BUF pem = MC_BUF_INIT;

	return (passphrase ? mc_keyref_encrypt(key, passphrase, &pem, e)
			   : mc_pem_key_encode(key, &pem, e)) &&
	    save(at, name, &pem, e);
}

bool
mc_ca_key_copy(
    const char *path, const char *at, const char *name, struct mc_err *e)
{
	AUTO_BUF file = { .limit = MC_SECRET_LIMIT };

	return mc_file_load(path, &file, e) && save(at, name, &file, e);
}

bool
mc_ca_reference_save(
    const char *at, const char *name, const char *uri, struct mc_err *e)
{
	AUTO_BUF line = MC_BUF_INIT;

	return mc_buf_printf(&line, e, "%s\n", uri) && save(at, name, &line, e);
}

/*
 * The new key waits beside the old one; the certificate's rename makes it
 * count; then it gets its place.
 */
bool
mc_ca_pair_save(const char *at, const char *base, X509 *cert, EVP_PKEY *key,
    const struct mc_buf *passphrase, struct mc_err *e)
{
	AUTO_BUF fresh = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;
	AUTO_BUF path = MC_BUF_INIT;

	if (!mc_buf_printf(&fresh, e, "%s-new.key", base) ||
	    !mc_buf_printf(&pem, e, "%s.pem", base))
		return false;
	if (key && !mc_ca_key_save(at, mc_buf_str(&fresh), key, passphrase, e))
		return false;
	if (!mc_ca_cert_save(at, mc_buf_str(&pem), cert, false, e))
		return false;
	if (!key)
		return true;
	mc_buf_clear(&pem);
	if (!mc_buf_printf(&pem, e, "%s/%s.key", at, base) ||
	    !mc_path_join(at, mc_buf_str(&fresh), &path, e))
		return false;
	/* not on the disk after a power cut?  Then it is where it was. */
	return rename(mc_buf_str(&path), mc_buf_str(&pem)) == 0 ||
	    mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&path));
}

bool
mc_ca_file_remove(const char *at, const char *name, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	return mc_path_join(at, name, &path, e) &&
	    (unlink(mc_buf_str(&path)) == 0 || errno == ENOENT ||
		errno == ENOTDIR ||
		mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&path)));
}

bool
mc_ca_file_copy(
    const char *from, const char *to, const char *name, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF file = { .limit = MC_CONF_LIMIT };

	if (!mc_path_join(from, name, &path, e))
		return false;
	if (mc_file_load(mc_buf_str(&path), &file, e))
		return save(to, name, &file, e);
	return e->code == MC_NOINPUT && mc_ca_file_remove(to, name, e);
}

void
mc_ca_place_clear(struct mc_ca_place *p)
{
	X509_free(p->top);
	X509_free(p->next);
	mc_buf_clear(&p->next_dir);
	*p = (struct mc_ca_place){ 0 };
}

bool
mc_ca_place_load(const char *dir, struct mc_ca_place *out, struct mc_err *e)
{
	AUTO_CA_PLACE p = { 0 };
	int64_t since, until;

	if (!mc_path_join(dir, MC_CA_NEXT, &p.next_dir, e) ||
	    !mc_ca_cert_find(dir, "ca.pem", &p.top, e))
		return false;
	if (!p.top)
		return mc_fail(e, MC_NOINPUT,
		    "%s: no CA here; scep-ca init makes one", dir);
	if (!mc_ca_cert_find(mc_buf_str(&p.next_dir), "ca.pem", &p.next, e))
		return false;
	if (p.next) {
		if (!mc_cert_validity(p.next, &since, &until, e))
			return mc_note(e, "%s/ca.pem", mc_buf_str(&p.next_dir));
		p.settling = X509_cmp(p.top, p.next) == 0;
		p.taken_over = p.settling || since <= mc_time_now();
	}
	*out = p;
	memset(&p, 0, sizeof(p)); /* it is out's now */
	return true;
}

bool
mc_ca_cert_check(X509 *cert, struct mc_err *e)
{
	/* all bits set where the certificate has no keyUsage */
	uint32_t usage = X509_get_key_usage(cert);
	int ca = X509_check_ca(cert);

	ERR_clear_error();
	if (!(usage & KU_KEY_CERT_SIGN))
		return mc_fail(
		    e, MC_MALFORMED, "its keyUsage lacks keyCertSign");
	if (!(usage & KU_CRL_SIGN))
		return mc_fail(e, MC_MALFORMED, "its keyUsage lacks cRLSign");
	if (ca != 1)
		return mc_fail(e, MC_MALFORMED, "not a CA's certificate");
	return true;
}
