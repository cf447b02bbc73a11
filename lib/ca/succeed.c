/* SPDX-License-Identifier: ISC */
#include "ca/succeed.h"

#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "ca/make.h"
#include "crypto/cert.h"
#include "crypto/keyref.h"

/* A folder that is being changed: nobody else issues or changes meanwhile. */
struct change {
	mc_store *lock;
	struct mc_ca_place place;
	struct mc_ca *ca;
	struct mc_keyring ring;
	struct mc_ca_secrets secrets;
	const char *at; /* where the current generation is */
};
#define AUTO_CHANGE __attribute__((cleanup(change_clear))) struct change

static void
change_clear(struct change *c)
{
	mc_keyring_clear(&c->ring);
	mc_ca_secrets_clear(&c->secrets);
	mc_ca_place_clear(&c->place);
	if (c->ca)
		mc_ca_free(c->ca);
	if (c->lock)
		mc_store_free(c->lock);
	*c = (struct change){ 0 };
}

/* With the CA's own key, for what it is to certify. */
static bool
change_begin(struct change *c, const char *dir, struct mc_err *e)
{
	if (!mc_ca_store_open(dir, &c->lock, e) ||
	    !mc_store_begin(c->lock, e) ||
	    !mc_ca_load(dir, MC_CA_CERTS, &c->ca, e) ||
	    !mc_ca_place_load(dir, &c->place, e))
		return false;
	c->at = c->place.taken_over ? mc_buf_str(&c->place.next_dir) : dir;
	c->ring.dir = dir;
	c->ring.conf = c->ca->conf;
	c->ring.secrets = &c->secrets;
	return true;
}

static bool
ca_key_find(struct change *c, struct mc_err *e)
{
	return mc_ca_key_load(&c->ring, MC_ROLE_CA, c->at, "ca", c->ca->cert,
	    NULL, &c->ca->key, e);
}

static bool
file_name(
    struct mc_buf *to, const char *base, const char *end, struct mc_err *e)
{
	mc_buf_clear(to);
	return mc_buf_printf(to, e, "%s%s", base, end);
}

/*
 * A place for the RA that is current now: a free one, one whose RA has
 * expired, or the one that an interrupted call has given it already.
 */
static bool
place_find(const struct change *c, const char **out, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;

	for (const char *const *base = mc_ca_older; *base; base++) {
		AUTO(X509) *cert = NULL;

		if (!file_name(&name, *base, ".pem", e) ||
		    !mc_ca_cert_find(c->at, mc_buf_str(&name), &cert, e))
			return false;
		if (!cert || X509_cmp(cert, c->ca->ra[0].cert) == 0 ||
		    !mc_cert_dates_check(cert, mc_time_now(), e)) {
			*out = *base;
			return true;
		}
	}
	return mc_fail(e, MC_DENIED,
	    "%s: has %d RAs already; retire the older ones first", c->ring.dir,
	    MC_CA_RAS);
}

/* One whose key is nowhere opens nothing, and is not kept. */
static bool
ra_key_lost(const struct change *c, const struct mc_err *why)
{
	AUTO_BUF path = MC_BUF_INIT;
	struct mc_err unused = MC_ERR_INIT;

	return why->code == MC_NOINPUT ||
	    (why->code == MC_MALFORMED &&
		mc_path_join(c->at, "ra.key", &path, &unused) &&
		access(mc_buf_str(&path), F_OK) == -1);
}

/* The current RA under its new name: key, then certificate. */
static bool
current_keep(
    struct change *c, const char *base, struct mc_buf *from, struct mc_err *e)
{
	AUTO_BUF key = MC_BUF_INIT;
	AUTO_BUF cert = MC_BUF_INIT;
	struct mc_ra *ra = &c->ca->ra[0];

	if (!file_name(&key, base, ".key", e) ||
	    !file_name(&cert, base, ".pem", e))
		return false;
	if (!mc_ca_key_load(
		&c->ring, MC_ROLE_RA, c->at, "ra", ra->cert, from, &ra->key, e))
		return ra_key_lost(c, e);
	/* an old certificate may be in the way of the new key */
	return mc_ca_file_remove(c->at, mc_buf_str(&cert), e) &&
	    (mc_keyref_is_uri(mc_buf_str(from))
		    ? mc_ca_reference_save(
			  c->at, mc_buf_str(&key), mc_buf_str(from), e)
		    : mc_ca_key_copy(
			  mc_buf_str(from), c->at, mc_buf_str(&key), e)) &&
	    mc_ca_cert_save(c->at, mc_buf_str(&cert), ra->cert, false, e);
}

/* Where ca.conf names the key, ra.key tells the next renewal which it was. */
static bool
ra_key_note(const struct change *c, struct mc_err *e)
{
	const char *ref = mc_role_key(c->ca->conf, MC_ROLE_RA);

	return !mc_keyref_is_uri(ref) ||
	    mc_ca_reference_save(c->at, "ra.key", ref, e);
}

static bool
helper_renew(struct change *c, enum mc_role role, unsigned bits,
    int64_t lifetime, struct mc_err *e)
{
	AUTO(EVP_PKEY) *named = NULL;
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(X509) *cert = NULL;
	const struct mc_buf *passphrase;
	int64_t now = mc_time_now();
	const struct mc_ca_span span = { now - MC_CA_BACKDATE,
		lifetime ? now + lifetime : 0 };

	if (!mc_ca_helper_key(&c->ring, c->ca, role, &named, e))
		return false;
	if (!named &&
	    !(role == MC_ROLE_OCSP ? mc_ca_ocsp_key_new(c->ca, &key, e)
				   : mc_key_new_rsa(bits, &key, e)))
		return false;
	return mc_ca_secret_get(&c->secrets,
		   mc_role_passphrase(c->ca->conf, role), &passphrase, e) &&
	    mc_ca_helper_issue(
		c->ca, role, named ? named : key, &span, &cert, e) &&
	    mc_ca_pair_save(
		c->at, mc_role_name(role), cert, key, passphrase, e) &&
	    (!named || role != MC_ROLE_RA || ra_key_note(c, e));
}

/* A key that an interrupted renewal has left beside its place. */
static bool
new_key_settle(const struct change *c, const char *base,
    const struct mc_buf *from, struct mc_err *e)
{
	AUTO_BUF fresh = MC_BUF_INIT;
	AUTO_BUF path = MC_BUF_INIT;

	if (!mc_buf_printf(&fresh, e, "%s/%s-new.key", c->at, base) ||
	    !mc_buf_printf(&path, e, "%s/%s.key", c->at, base))
		return false;
	if (!mc_buf_is(from, mc_buf_str(&fresh)))
		return true;
	return rename(mc_buf_str(&fresh), mc_buf_str(&path)) == 0 ||
	    mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&fresh));
}

bool
mc_ca_ra_renew(const char *dir, unsigned bits, struct mc_err *e)
{
	AUTO_CHANGE c = { 0 };
	AUTO_BUF from = MC_BUF_INIT;
	const char *base;

	return change_begin(&c, dir, e) && ca_key_find(&c, e) &&
	    place_find(&c, &base, e) && current_keep(&c, base, &from, e) &&
	    new_key_settle(&c, "ra", &from, e) &&
	    helper_renew(&c, MC_ROLE_RA, bits ? bits : MC_RA_BITS, 0, e) &&
	    mc_store_commit(c.lock, e);
}

bool
mc_ca_ra_retire(const char *dir, unsigned *n, struct mc_err *e)
{
	AUTO_CHANGE c = { 0 };
	AUTO_BUF name = MC_BUF_INIT;
	unsigned gone = 0;

	if (!change_begin(&c, dir, e))
		return false;
	for (const char *const *base = mc_ca_older; *base; base++) {
		AUTO(X509) *cert = NULL;

		if (!file_name(&name, *base, ".pem", e) ||
		    !mc_ca_cert_find(c.at, mc_buf_str(&name), &cert, e) ||
		    !mc_ca_file_remove(c.at, mc_buf_str(&name), e) ||
		    !file_name(&name, *base, ".key", e) ||
		    !mc_ca_file_remove(c.at, mc_buf_str(&name), e))
			return false;
		gone += cert != NULL;
	}
	*n = gone;
	return mc_store_commit(c.lock, e);
}

/* The key of a responder that is there, so that a new one gets its place. */
static bool
ocsp_settle(struct change *c, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;
	AUTO(EVP_PKEY) *key = NULL;
	AUTO_BUF from = MC_BUF_INIT;

	if (!mc_ca_cert_find(c->at, "ocsp.pem", &cert, e))
		return false;
	if (!cert)
		return true;
	/* one that cannot be read is about to be replaced */
	return !mc_ca_key_load(&c->ring, MC_ROLE_OCSP, c->at, "ocsp", cert,
		   &from, &key, e) ||
	    new_key_settle(c, "ocsp", &from, e);
}

bool
mc_ca_ocsp_renew(const char *dir, int64_t lifetime, struct mc_err *e)
{
	AUTO_CHANGE c = { 0 };

	if (lifetime < 0 || (lifetime > 0 && lifetime < MC_HOUR))
		return mc_fail(e, MC_USAGE,
		    "an OCSP responder's certificate lives for an hour at "
		    "least");
	return change_begin(&c, dir, e) && ca_key_find(&c, e) &&
	    ocsp_settle(&c, e) &&
	    helper_renew(&c, MC_ROLE_OCSP, 0, lifetime, e) &&
	    mc_store_commit(c.lock, e);
}
