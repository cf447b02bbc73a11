/* SPDX-License-Identifier: ISC */
#include "ca/folder.h"

#include <sys/stat.h>

#include "base/fd.h"
#include "crypto/cert.h"
#include "crypto/pem.h"

/* A call that changes the folder may be caught in the act so many times. */
#define TRIES 4

enum generation { CURRENT, PREVIOUS, NEXT };

struct loading {
	struct mc_keyring ring;
	const char *at; /* folder of this generation */
	enum generation which;
	unsigned parts;
	struct mc_ca *ca;
};

static bool
ra_usage_check(X509 *cert, struct mc_err *e)
{
	uint32_t usage = X509_get_key_usage(cert);

	ERR_clear_error();
	if (!(usage & KU_DIGITAL_SIGNATURE))
		return mc_fail(
		    e, MC_MALFORMED, "its keyUsage lacks digitalSignature");
	if (!(usage & KU_KEY_ENCIPHERMENT))
		return mc_fail(
		    e, MC_MALFORMED, "its keyUsage lacks keyEncipherment");
	return true;
}

static bool
own_work_check(const struct mc_ca *ca, X509 *cert, struct mc_err *e)
{
	if (mc_key_equal(X509_get0_pubkey(cert), X509_get0_pubkey(ca->cert)))
		return mc_fail(e, MC_MALFORMED,
		    "has the CA's own key; it needs another one");
	if (X509_verify(cert, X509_get0_pubkey(ca->cert)) != 1) {
		ERR_clear_error();
		return mc_fail(
		    e, MC_MALFORMED, "was not issued by the CA beside it");
	}
	return true;
}

static bool
ra_check(const struct mc_ca *ca, X509 *cert, struct mc_err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);

	if (!ra_usage_check(cert, e))
		return false;
	if (!key || !mc_key_encrypts(key))
		return mc_fail(e, MC_MALFORMED,
		    "not an RSA certificate: devices encrypt to it");
	return own_work_check(ca, cert, e);
}

static bool
ocsp_check(const struct mc_ca *ca, X509 *cert, struct mc_err *e)
{
	uint32_t purposes = X509_get_extended_key_usage(cert);

	ERR_clear_error();
	/* all bits set where the certificate has no such extension */
	if (purposes == UINT32_MAX || !(purposes & XKU_OCSP_SIGN))
		return mc_fail(
		    e, MC_MALFORMED, "its extendedKeyUsage lacks OCSPSigning");
	return own_work_check(ca, cert, e);
}

/* The next CA is not yet valid, the previous one need not be any more. */
static bool
dates_check(const struct loading *l, const X509 *cert, struct mc_err *e)
{
	int64_t since, until;

	if (l->which == CURRENT)
		return mc_cert_dates_check(cert, mc_time_now(), e);
	return l->which == PREVIOUS ||
	    mc_cert_validity(cert, &since, &until, e);
}

static bool
expired(const X509 *cert)
{
	struct mc_err e = MC_ERR_INIT;

	return !mc_cert_dates_check(cert, mc_time_now(), &e) &&
	    e.code == MC_OUTOFDATE;
}

static bool
chain_load(const struct loading *l, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	X509 *below = l->ca->cert;

	l->ca->chain = sk_X509_new_null();
	if (!l->ca->chain)
		return mc_fail_memory(e);
	if (!mc_path_join(l->at, "chain.pem", &path, e))
		return false;
	if (!mc_pem_certs_load(mc_buf_str(&path), l->ca->chain, e))
		return e->code == MC_NOINPUT;
	for (int i = 0; i < sk_X509_num(l->ca->chain); i++) {
		X509 *above = sk_X509_value(l->ca->chain, i);

		if (X509_verify(below, X509_get0_pubkey(above)) != 1) {
			ERR_clear_error();
			return mc_fail(e, MC_MALFORMED,
			    "%s: certificate %d did not issue the one below it",
			    mc_buf_str(&path), i + 1);
		}
		if (!dates_check(l, above, e))
			return mc_note(
			    e, "%s: certificate %d", mc_buf_str(&path), i + 1);
		below = above;
	}
	return true;
}

/* One more RA; it has to work, but for dates of one that is history. */
static bool
ra_load(struct loading *l, const char *base, X509 *cert, struct mc_err *e)
{
	struct mc_ra *ra = &l->ca->ra[l->ca->ras++];

	ra->cert = cert;
	if (!ra_check(l->ca, cert, e) ||
	    (l->ca->ras == 1 && !dates_check(l, cert, e)))
		return mc_note(e, "%s/%s.pem", l->at, base);
	return !(l->parts & MC_CA_RA_KEYS) ||
	    mc_ca_key_load(
		&l->ring, MC_ROLE_RA, l->at, base, cert, NULL, &ra->key, e);
}

/* An interrupted renewal leaves the current one twice. */
static bool
is_history(const struct loading *l, const X509 *cert)
{
	return expired(cert) ||
	    (l->ca->ras > 0 && X509_cmp(l->ca->ra[0].cert, cert) == 0);
}

static bool
ras_load(struct loading *l, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;
	AUTO(X509) *current = NULL;

	if (!mc_ca_cert_find(l->at, "ra.pem", &current, e))
		return false;
	if (!current)
		return mc_fail(e, MC_NOINPUT,
		    "%s/ra.pem: No such file or directory", l->at);
	if ((l->which != PREVIOUS || !expired(current)) &&
	    !ra_load(l, "ra", take(&current), e))
		return false;
	for (const char *const *base = mc_ca_older; *base; base++) {
		AUTO(X509) *cert = NULL;

		mc_buf_clear(&name);
		if (!mc_buf_printf(&name, e, "%s.pem", *base) ||
		    !mc_ca_cert_find(l->at, mc_buf_str(&name), &cert, e))
			return false;
		if (cert && !is_history(l, cert) &&
		    !ra_load(l, *base, take(&cert), e))
			return false;
	}
	return true;
}

/* For those who do not answer by it, its certificate is news, no more. */
static bool
ocsp_load(struct loading *l, struct mc_err *e)
{
	struct mc_ra *ocsp = &l->ca->ocsp;
	bool wanted = l->parts & MC_CA_OCSP;

	if (!mc_ca_cert_find(l->at, "ocsp.pem", &ocsp->cert, e))
		return !wanted;
	if (!ocsp->cert || !wanted)
		return true;
	if (l->which == PREVIOUS && expired(ocsp->cert)) {
		X509_free(ocsp->cert);
		ocsp->cert = NULL;
		return true;
	}
	if (!ocsp_check(l->ca, ocsp->cert, e) || !dates_check(l, ocsp->cert, e))
		return mc_note(e, "%s/ocsp.pem", l->at);
	return mc_ca_key_load(&l->ring, MC_ROLE_OCSP, l->at, "ocsp", ocsp->cert,
	    NULL, &ocsp->key, e);
}

/* What is in l->at, into l->ca, which is empty. */
static bool
generation_load(struct loading *l, struct mc_err *e)
{
	struct mc_ca *ca = l->ca;

	if (!mc_ca_cert_find(l->at, "ca.pem", &ca->cert, e))
		return false;
	if (!ca->cert)
		return mc_fail(e, MC_NOINPUT, "%s/ca.pem: is gone", l->at);
	if (!mc_ca_cert_check(ca->cert, e) || !dates_check(l, ca->cert, e) ||
	    !mc_key_sha256(X509_get0_pubkey(ca->cert), ca->id, e))
		return mc_note(e, "%s/ca.pem", l->at);
	/* a CA that has expired signs nothing, not even its CRL */
	if (l->which == PREVIOUS && expired(ca->cert))
		l->parts = MC_CA_CERTS;
	return chain_load(l, e) && ras_load(l, e) &&
	    (!(l->parts & MC_CA_KEY) ||
		mc_ca_key_load(&l->ring, MC_ROLE_CA, l->at, "ca", ca->cert,
		    NULL, &ca->key, e)) &&
	    ocsp_load(l, e);
}

static bool
beside_load(struct loading *l, const char *at, enum generation which,
    unsigned parts, struct mc_ca **out, struct mc_err *e)
{
	if (!mc_ca_new(out, e))
		return false;
	l->at = at;
	l->which = which;
	l->parts = parts;
	l->ca = *out;
	return generation_load(l, e);
}

static bool
load(const char *dir, unsigned parts, struct mc_ca_secrets *secrets,
    struct mc_ca **out, struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_CA_PLACE p = { 0 };
	struct loading l = { 0 };
	bool done;

	if (!mc_ca_new(&ca, e) || !mc_ca_place_load(dir, &p, e) ||
	    !mc_ca_conf_load(dir, &ca->conf, e))
		return false;
	l = (struct loading){
		.ring = { .dir = dir, .conf = ca->conf, .secrets = secrets },
		.at = p.taken_over ? mc_buf_str(&p.next_dir) : dir,
		.which = CURRENT,
		.parts = parts,
		.ca = ca,
	};
	done = generation_load(&l, e);
	if (done && p.taken_over && !p.settling)
		done = beside_load(&l, dir, PREVIOUS, parts, &ca->previous, e);
	else if (done && p.next && !p.taken_over)
		done = beside_load(&l, mc_buf_str(&p.next_dir), NEXT,
		    MC_CA_CERTS, &ca->next, e);
	mc_keyring_clear(&l.ring);
	if (!done ||
	    ((parts & MC_CA_STORE) && !mc_ca_store_open(dir, &ca->store, e)))
		return false;
	*out = take(&ca);
	return true;
}

/* What changes when the folder does: files are replaced, never written to. */
struct stamp {
	struct stat st[8 + 4 * (MC_CA_RAS - 1)];
	size_t n;
};

static bool
stamp_add(struct stamp *s, const char *dir, const char *name, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	struct stat *st = &s->st[s->n++];

	if (!mc_path_join(dir, name, &path, e))
		return false;
	if (stat(mc_buf_str(&path), st) == -1)
		memset(st, 0, sizeof(*st));
	/* reading changes this one */
	memset(&st->st_atim, 0, sizeof(st->st_atim));
	return true;
}

/* An older RA, in both places where it may be. */
static bool
stamp_older(
    struct stamp *s, const char *dir, const char *base, struct mc_err *e)
{
	static const char *const at[] = { "", MC_CA_NEXT "/" };
	static const char *const ends[] = { ".pem", ".key" };
	AUTO_BUF name = MC_BUF_INIT;

	for (size_t i = 0; i < 4; i++) {
		mc_buf_clear(&name);
		if (!mc_buf_printf(
			&name, e, "%s%s%s", at[i / 2], base, ends[i % 2]) ||
		    !stamp_add(s, dir, mc_buf_str(&name), e))
			return false;
	}
	return true;
}

static bool
stamp(const char *dir, struct stamp *out, struct mc_err *e)
{
	static const char *const names[] = { "ca.pem", "ra.pem", "ra.key",
		"ocsp.pem", "ocsp.key", MC_CA_NEXT "/ca.pem",
		MC_CA_NEXT "/ra.pem", MC_CA_NEXT "/ra.key" };

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!stamp_add(out, dir, names[i], e))
			return false;
	for (const char *const *base = mc_ca_older; *base; base++)
		if (!stamp_older(out, dir, *base, e))
			return false;
	return true;
}

/*
 * Readers take no lock: one who finds what does not fit together looks again,
 * if the folder has changed since he began.
 */
bool
mc_ca_load(
    const char *dir, unsigned parts, struct mc_ca **out, struct mc_err *e)
{
	AUTO_SECRETS secrets = { 0 };
	struct stamp before, after;

	for (int i = 1;; i++) {
		if (!stamp(dir, &before, e))
			return false;
		if (load(dir, parts, &secrets, out, e))
			return true;
		if (i == TRIES || e->code == MC_DENIED)
			return false;
		if (!stamp(dir, &after, &(struct mc_err)MC_ERR_INIT) ||
		    memcmp(&before, &after, sizeof(before)) == 0)
			return false;
	}
}

/* Keys without their store are no reason to make new ones. */
static bool
fail_no_store(const char *dir, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF store = MC_BUF_INIT;
	struct stat st;

	if (!mc_path_join(dir, "ca.pem", &path, e) ||
	    !mc_path_join(dir, "store.db", &store, e))
		return false;
	if (stat(mc_buf_str(&path), &st) == -1)
		return mc_fail(e, MC_NOINPUT,
		    "%s: no CA here; scep-ca init makes one", dir);
	return mc_fail(e, MC_NOINPUT,
	    "%s: is %s, though the CA's keys are here; scep-ca restore brings "
	    "back a backup",
	    mc_buf_str(&store),
	    stat(mc_buf_str(&store), &st) == -1 ? "missing" : "empty");
}

bool
mc_ca_store_open(const char *dir, struct mc_store **out, struct mc_err *e)
{
	return mc_store_open(dir, false, out, e) ||
	    (e->code == MC_NOINPUT && fail_no_store(dir, e));
}
