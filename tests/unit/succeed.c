/* SPDX-License-Identifier: ISC */
/* What follows on what, and what an interrupted call leaves of it. */
#include "folder_help.h"

#include "ca/succeed.h"
#include "crypto/keyref.h"

static bool
same(const X509 *a, const X509 *b)
{
	return a && b && X509_cmp(a, b) == 0;
}

static bool
cert_is(const char *name, const X509 *cert)
{
	AUTO(X509) *it = NULL;
	struct mc_err e = MC_ERR_INIT;

	return mc_pem_cert_load(in(name), &it, &e) && same(it, cert);
}

static void
test_ra_renew(void)
{
	AUTO(mc_ca) *one = loaded("ca", MC_CA_ALL);
	AUTO(mc_ca) *two = NULL;
	AUTO(mc_ca) *four = NULL;
	unsigned n = 9;

	works(mc_ca_ra_renew(in("ca"), 3072, e));
	two = loaded("ca", MC_CA_ALL);
	ok(two && two->ras == 2 && two->ra[0].key && two->ra[1].key);
	ok(!same(two->ra[0].cert, one->ra[0].cert));
	ok(EVP_PKEY_get_bits(two->ra[0].key) == 3072);
	ok(same(two->ra[1].cert, one->ra[0].cert));
	ok(mc_key_equal(two->ra[1].key, one->ra[0].key));
	ok(X509_NAME_cmp(X509_get_subject_name(two->ra[0].cert),
	       X509_get_subject_name(one->ra[0].cert)) == 0);
	ok(!there("ca/ra-new.key") && there("ca/ra-1.key"));
	works(mc_ca_ra_renew(in("ca"), 0, e));
	works(mc_ca_ra_renew(in("ca"), 0, e));
	four = loaded("ca", MC_CA_ALL);
	ok(four && four->ras == MC_CA_RAS && four->ra[3].key);
	refuses(mc_ca_ra_renew(in("ca"), 0, e), MC_DENIED,
	    "has 4 RAs already; retire the older ones first");
	works(mc_ca_ra_retire(in("ca"), &n, e));
	ok(n == 3);
	drop(&two);
	two = loaded("ca", MC_CA_ALL);
	ok(two && two->ras == 1 && same(two->ra[0].cert, four->ra[0].cert));
	ok(!there("ca/ra-1.key") && !there("ca/ra-1.pem"));
	works(mc_ca_ra_retire(in("ca"), &n, e));
	ok(n == 0);
	refuses(mc_ca_ra_renew(in("ca"), 1024, e), MC_USAGE, "of 1024 bits");
	refuses(mc_ca_ra_renew(in("none"), 0, e), MC_NOINPUT, "no CA here");
}

/* Each state that a renewal goes through loads, and can be renewed again. */
static void
test_ra_interrupted(void)
{
	AUTO(mc_ca) *old = NULL;
	AUTO(mc_ca) *ca = NULL;
	unsigned n;

	works(mc_ca_ra_retire(in("ca"), &n, e));
	old = loaded("ca", MC_CA_ALL);
	/* the old one under both names, and a new key that does not count */
	ok(copy("ca/ra.key", "ca/ra-1.key") &&
	    copy("ca/ra.pem", "ca/ra-1.pem"));
	ok(copy("ca/ocsp.key", "ca/ra-new.key"));
	ca = loaded("ca", MC_CA_ALL);
	ok(ca && ca->ras == 1 && same(ca->ra[0].cert, old->ra[0].cert));
	works(mc_ca_ra_renew(in("ca"), 0, e));
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL);
	ok(ca && ca->ras == 2 && !there("ca/ra-2.pem"));
	/* the certificate counts, its key is not yet in its place */
	ok(rename(in("ca/ra.key"), in("ca/ra-new.key")) == 0);
	ok(copy("ca/ra-1.key", "ca/ra.key"));
	drop(&old);
	old = ca;
	ca = NULL;
	ca = loaded("ca", MC_CA_ALL);
	ok(ca && ca->ras == 2 && mc_key_equal(ca->ra[0].key, old->ra[0].key));
	works(mc_ca_ra_renew(in("ca"), 0, e));
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL);
	ok(ca && ca->ras == 3);
	ok(mc_key_equal(ca->ra[2].key, old->ra[0].key) ||
	    mc_key_equal(ca->ra[1].key, old->ra[0].key));
	ok(!there("ca/ra-new.key"));
	/* a key that is lost is no reason not to have another one */
	works(mc_ca_ra_retire(in("ca"), &n, e));
	ok(unlink(in("ca/ra.key")) == 0);
	refuses(load("ca", MC_CA_ALL, e), MC_NOINPUT, "/ca/ra.key: ");
	works(mc_ca_ra_renew(in("ca"), 0, e));
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL);
	ok(ca && ca->ras == 1);
}

/* ca.conf names another key: the old one works until the RA is renewed. */
static void
test_ra_named(void)
{
	AUTO(mc_ca) *old = loaded("ca", MC_CA_ALL);
	AUTO(mc_ca) *ca = NULL;
	AUTO(EVP_PKEY) *key = NULL;
	AUTO_BUF pem = MC_BUF_INIT;

	works(mc_key_new(MC_KEY_RSA, 2048, &key, e));
	works(mc_pem_key_encode(key, &pem, e));
	works(mc_file_save(in("ca/mine.key"), &pem, 0600, e));
	ok(put("ca/ca.conf", "ra-key = mine.key\n", 0600));
	ca = loaded("ca", MC_CA_ALL);
	ok(ca && mc_key_equal(ca->ra[0].key, old->ra[0].key));
	works(mc_ca_ra_renew(in("ca"), 0, e));
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL);
	ok(ca && ca->ras == 2 && mc_key_equal(ca->ra[0].key, key) &&
	    mc_key_equal(ca->ra[1].key, old->ra[0].key));
	ok(copy("ca/ca.key", "ca/mine.key"));
	refuses(mc_ca_ra_renew(in("ca"), 0, e), MC_MALFORMED,
	    "/ca/ra.key: not the key of the certificate beside it");
	ok(unlink(in("ca/ra.key")) == 0);
	refuses(mc_ca_ra_renew(in("ca"), 0, e), MC_USAGE,
	    "/ca/ca.conf: ra-key: not an RSA key: devices encrypt to it");
	ok(unlink(in("ca/ca.conf")) == 0);
	works(mc_ca_ra_renew(in("ca"), 0, e));
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL);
}

static void
test_ocsp(void)
{
	AUTO(mc_ca) *old = loaded("ca", MC_CA_OCSP);
	AUTO(mc_ca) *ca = NULL;
	int64_t since, until;

	works(mc_ca_ocsp_renew(in("ca"), 7 * MC_DAY, e));
	ca = loaded("ca", MC_CA_OCSP);
	ok(ca && ca->ocsp.key && !mc_key_equal(ca->ocsp.key, old->ocsp.key));
	works(mc_cert_validity(ca->ocsp.cert, &since, &until, e));
	ok(since == T0 - MC_CA_BACKDATE && until == T0 + 7 * MC_DAY);
	/* an expired responder is no obstacle, to SCEP or to a new one */
	mc_time_set(T0 + 8 * MC_DAY);
	refuses(load("ca", MC_CA_OCSP, e), MC_OUTOFDATE,
	    "/ca/ocsp.pem: expired at ");
	works(load("ca", MC_CA_ALL, e));
	works(mc_ca_ocsp_renew(in("ca"), 0, e));
	works(load("ca", MC_CA_OCSP, e));
	mc_time_set(T0);
	/* interrupted, and a folder that never had one */
	ok(rename(in("ca/ocsp.key"), in("ca/ocsp-new.key")) == 0);
	works(mc_ca_ocsp_renew(in("ca"), MC_DAY, e));
	works(load("ca", MC_CA_OCSP, e));
	ok(!there("ca/ocsp-new.key"));
	ok(unlink(in("ca/ocsp.key")) == 0 && unlink(in("ca/ocsp.pem")) == 0);
	works(mc_ca_ocsp_renew(in("ca"), MC_DAY, e));
	works(load("ca", MC_CA_OCSP, e));
	works(mc_ca_ocsp_renew(in("ca"), 0, e));
	refuses(mc_ca_ocsp_renew(in("ca"), 60, e), MC_USAGE,
	    "lives for an hour at least");
}

static bool
rollover(const char *dir, int64_t at, const char *subject, struct mc_err *e)
{
	struct mc_ca_spec spec = {
		.dir = in(dir),
		.subject = subject,
		.kind = MC_KEY_P256,
	};

	return mc_ca_rollover(&spec, at, e);
}

static void
test_rollover_refused(void)
{
	struct mc_ca_spec spec = { .dir = in("ca"), .kind = MC_KEY_P256 };

	refuses(rollover("none", T0 + 1, NULL, e), MC_NOINPUT, "no CA here");
	refuses(rollover("ca", T0 - 1, NULL, e), MC_USAGE,
	    "the next CA cannot take over in the past");
	refuses(rollover("ca", T0 + MC_CA_LIFETIME + 1, NULL, e), MC_USAGE,
	    "the next CA has to take over before this one expires, ");
	refuses(mc_ca_rollover_cancel(in("ca"), e), MC_NOINPUT,
	    "/ca: no next CA is announced");
	spec.ca_key = in("ca/ca.key");
	refuses(mc_ca_rollover(&spec, T0 + 1, e), MC_USAGE,
	    "the next CA needs a key of its own, not the one that is in use");
	spec.ca_cert = in("ca/ca.pem");
	refuses(mc_ca_rollover(&spec, T0 + 1, e), MC_USAGE,
	    "a CA that exists takes over when its certificate says");
	ok(!there("ca/next/ca.pem"));
}

static void
test_rollover(void)
{
	AUTO(mc_ca) *old = loaded("ca", MC_CA_ALL);
	AUTO(mc_ca) *ca = NULL;
	AUTO(X509) *before = issued(old);
	AUTO(X509) *after = NULL;
	AUTO(mc_certs_lent) *certs = NULL;
	const int64_t at = T0 + 30 * MC_DAY;
	int64_t since, until;

	works(rollover("ca", at, NULL, e));
	refuses(rollover("ca", at, NULL, e), MC_DENIED,
	    "a next CA is announced already, and takes over at 2027-02-14");
	/* before */
	mc_time_set(at - 1);
	ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->next && !ca->previous && same(ca->cert, old->cert));
	ok(ca->store && ca->key && !ca->next->key && !ca->next->ra[0].key);
	ok(strcmp(ca->id, ca->next->id) != 0);
	ok(X509_NAME_cmp(X509_get_subject_name(ca->next->cert),
	       X509_get_subject_name(ca->cert)) == 0);
	works(mc_cert_validity(ca->next->cert, &since, &until, e));
	ok(since == at && until == at + MC_CA_LIFETIME);
	works(mc_ca_certs_get(ca->next, MC_ORDER_RA, &certs, e));
	ok(sk_X509_num(certs) == 2);
	ok(mc_ca_issuer_find(ca, before) == ca);
	/* at */
	mc_time_set(at);
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->previous && !ca->next && !same(ca->cert, old->cert));
	ok(same(ca->previous->cert, old->cert));
	ok(ca->key && ca->ra[0].key && ca->ocsp.key && ca->store);
	ok(ca->previous->key && ca->previous->ra[0].key);
	ok(!ca->previous->store && !ca->previous->conf);
	ok(strcmp(ca->previous->id, old->id) == 0);
	after = issued(ca);
	ok(mc_ca_issuer_find(ca, before) == ca->previous);
	ok(mc_ca_issuer_find(ca, after) == ca);
	refuses(mc_ca_rollover_cancel(in("ca"), e), MC_DENIED,
	    "/ca: the next CA has taken over");
	/* the RA and the responder that are renewed are those in next/ */
	works(mc_ca_ra_renew(in("ca"), 0, e));
	works(mc_ca_ocsp_renew(in("ca"), 0, e));
	ok(there("ca/next/ra-1.pem"));
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->ras == 2);
	/* after the old one's end: known still, but it signs nothing */
	mc_time_set(T0 + MC_CA_LIFETIME + 1);
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->previous && !ca->previous->key && ca->previous->ras == 0);
	ok(ca && mc_ca_issuer_find(ca, before) == ca->previous);
	mc_time_set(at + 1);
}

static void
test_cancel(void)
{
	AUTO(mc_ca) *ca = NULL;

	works(init("c", e));
	works(rollover("c", T0 + 9 * MC_DAY + MC_DAY * 60, "/CN=Next", e));
	ca = loaded("c", MC_CA_CERTS);
	ok(ca && ca->next);
	works(mc_ca_rollover_cancel(in("c"), e));
	ok(!there("c/next"));
	drop(&ca);
	ca = loaded("c", MC_CA_CERTS);
	ok(ca && !ca->next);
	/* half made, half taken back: nothing is announced */
	ok(mkdir(in("c/next"), 0700) == 0 &&
	    copy("c/ra.pem", "c/next/ra.pem") &&
	    copy("c/ra.pem", "c/next/ra-3.pem"));
	works(load("c", MC_CA_ALL, e));
	works(rollover("c", T0 + 99 * MC_DAY, "/CN=Next", e));
	works(load("c", MC_CA_ALL, e));
	ok(!there("c/next/ra-3.pem"));
}

/* A third generation: the first is put aside, the second gets its place. */
static void
test_settle(void)
{
	AUTO(mc_ca) *two = loaded("ca", MC_CA_ALL);
	AUTO(mc_ca) *ca = NULL;
	char serial[MC_SERIAL_TEXT];
	char name[128];

	ok(two && two->previous);
	works(mc_cert_serial(two->previous->cert, serial, e));
	works(rollover("ca", T0 + 60 * MC_DAY, "/CN=Third", e));
	ok(cert_is("ca/ca.pem", two->cert));
	ok(there("ca/ra-1.pem"));
	snprintf(name, sizeof(name), "ca/old-%s/ca.pem", serial);
	ok(cert_is(name, two->previous->cert));
	snprintf(name, sizeof(name), "ca/old-%s", serial);
	works(load(name, MC_CA_KEY | MC_CA_RA_KEYS | MC_CA_OCSP, e));
	ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && same(ca->cert, two->cert) && !ca->previous && ca->next);
	ok(ca && ca->ras == two->ras && mc_key_equal(ca->key, two->key));
	mc_time_set(T0 + 60 * MC_DAY);
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && ca->previous && same(ca->previous->cert, two->cert));
}

/* The moments of settling: whatever was copied, what is in next/ counts. */
static void
test_settle_interrupted(void)
{
	AUTO(mc_ca) *now = loaded("ca", MC_CA_ALL);
	AUTO(mc_ca) *ca = NULL;
	char serial[MC_SERIAL_TEXT];
	char name[128];

	ok(copy("ca/next/ca.pem", "ca/ca.pem"));
	ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && same(ca->cert, now->cert) && ca->key && !ca->previous);
	ok(copy("ca/next/ca.key", "ca/ca.key") && unlink(in("ca/ra.key")) == 0);
	works(load("ca", MC_CA_ALL | MC_CA_OCSP, e));
	refuses(mc_ca_rollover_cancel(in("ca"), e), MC_DENIED,
	    "the next CA has taken over");
	/* the next call finishes it */
	works(rollover("ca", T0 + 90 * MC_DAY, NULL, e));
	drop(&ca);
	ca = loaded("ca", MC_CA_ALL | MC_CA_OCSP);
	ok(ca && same(ca->cert, now->cert) && ca->next && !ca->previous);
	ok(ca && !same(ca->next->cert, ca->cert));
	ok(!there("ca/ra-1.pem"));
	/* the one that is in use was not put aside */
	works(mc_cert_serial(now->cert, serial, e));
	snprintf(name, sizeof(name), "ca/old-%s", serial);
	ok(!there(name));
	works(mc_ca_rollover_cancel(in("ca"), e));
	works(load("ca", MC_CA_ALL | MC_CA_OCSP, e));
}

/* One passphrase for the keys of both. */
static void
test_locked(void)
{
	char spec_text[600], other[600];
	struct mc_ca_spec spec = {
		.dir = in("l"),
		.subject = "/CN=L",
		.kind = MC_KEY_P256,
		.passphrase = spec_text,
	};

	ok(put("pass", "correct horse\n", 0600) && put("pass2", "x\n", 0600));
	snprintf(spec_text, sizeof(spec_text), "file:%s", in("pass"));
	snprintf(other, sizeof(other), "file:%s", in("pass2"));
	works(mc_ca_init(&spec, e));
	works(mc_ca_ra_renew(in("l"), 0, e));
	ok(file_has("l/ra.key", "ENCRYPTED") && file_has("l/ra-1.key", "ENC"));
	works(mc_ca_ocsp_renew(in("l"), 0, e));
	ok(file_has("l/ocsp.key", "ENCRYPTED"));
	spec.passphrase = other;
	refuses(mc_ca_rollover(&spec, mc_time_now() + MC_DAY, e), MC_USAGE,
	    "/l/ca.conf: ca-passphrase is for the keys of both CAs; ");
	spec.passphrase = NULL;
	works(mc_ca_rollover(&spec, mc_time_now() + MC_DAY, e));
	ok(file_has("l/next/ca.key", "ENCRYPTED"));
	works(load("l", MC_CA_ALL | MC_CA_OCSP, e));
	mc_time_set(mc_time_now() + 2 * MC_DAY);
	works(load("l", MC_CA_ALL | MC_CA_OCSP, e));
}

/* Nobody changes the folder while somebody else does. */
static void
test_lock(void)
{
	AUTO(mc_store) *s = NULL;

	works(mc_ca_store_open(in("c"), &s, e));
	works(mc_store_begin(s, e));
	refuses(mc_ca_rollover_cancel(in("c"), e), MC_RETRY, "");
	mc_store_rollback(s);
	works(mc_ca_rollover_cancel(in("c"), e));
}

int
main(void)
{
	begin();
	works(init("ca", e));
	test_ra_renew();
	test_ra_interrupted();
	test_ra_named();
	test_ocsp();
	test_rollover_refused();
	test_rollover();
	test_cancel();
	test_settle();
	test_settle_interrupted();
	test_locked();
	test_lock();
	end();
	return done();
}
