/* SPDX-License-Identifier: ISC */
/* A record that does not hold together is found out, fault by fault. */
#include "ca/audit.h"

#include "ca/revoke.h"
#include "ca/succeed.h"
#include "record_help.h"
#include "store/challenge.h"

static char heard[8192];
static struct mc_ca *ca;
static int64_t seen, all;

static void
hear(const char *line)
{
	size_t n = strlen(heard);

	snprintf(heard + n, sizeof(heard) - n, "%s\n", line);
}

static void
watch(void *ctx, int64_t done, int64_t of)
{
	(void)ctx;
	seen = done;
	all = of;
}

static struct mc_audit
audit(void)
{
	static const struct mc_watch watching = { watch, NULL };
	struct mc_audit found = { -1, -1, -1 };
	struct mc_err e = MC_ERR_INIT;

	heard[0] = '\0';
	if (!mc_audit(ca, hear, &watching, &found, &e))
		printf("# %s\n", e.text);
	return found;
}

/* The last audit has said just this of it, and nothing else. */
static bool
only(const char *serial, const char *what)
{
	char want[512];

	snprintf(want, sizeof(want), "%s: %s\n", serial, what);
	if (strcmp(heard, want) == 0)
		return true;
	printf("# want %s# have %s\n", want, heard);
	return false;
}

/* On record as cert, but for what twist changes. */
static void
add(X509 *cert, void (*twist)(struct mc_certificate *))
{
	AUTO_CERTIFICATE c = { .state = MC_CERTIFICATE_VALID };

	works(mc_ca_row_parse(cert, &c, e) && mc_cert_encode(cert, &c.der, e) &&
	    mc_sha256_hex(c.serial, strlen(c.serial), c.request, e));
	snprintf(c.issuer, sizeof(c.issuer), "%s", ca->id);
	snprintf(c.csr, sizeof(c.csr), "csr");
	snprintf(c.signer, sizeof(c.signer), "signer");
	c.transaction = strdup("T");
	c.profile = strdup("default");
	c.created = mc_time_now();
	twist(&c);
	works(mc_store_certificate_import(ca->store, &c, e));
}

static const char *
number(X509 *cert)
{
	static char text[MC_SERIAL_TEXT];
	struct mc_err e = MC_ERR_INIT;

	return mc_cert_serial(cert, text, &e) ? text : "?";
}

/* A CA without a record.  Its keys take long: one is for most of the tests. */
static void
fresh(const char *name)
{
	bool first = !there(name);
	AUTO(mc_store) *s = NULL;

	if (ca)
		mc_ca_free(ca);
	mc_time_set(T0);
	if (first) {
		works(init(name, e));
	} else {
		(void)unlink(in("shared/store.db"));
		(void)unlink(in("shared/store.db-wal"));
		(void)unlink(in("shared/store.db-shm"));
		works(mc_store_open(in(name), true, &s, e));
	}
	ca = loaded(name, MC_CA_ALL);
	if (!ca)
		abort();
}

static void
a_good_record_has_no_fault(void)
{
	struct mc_audit found;
	AUTO(X509) *intent = NULL;
	const char *serial;

	fresh("good");
	found = audit();
	ok(found.certificates == 0 && found.intents == 0 && found.faults == 0);
	serial = recorded(ca->store, ca, "/O=A\\/B/CN=x", MC_DAY, "u");
	(void)recorded(ca->store, ca, "/CN=y", MC_DAY, "u");
	works(mc_revoke(
	    ca->store, serial, &(struct mc_revocation){ 1, NULL, NULL }, e));
	intent = leaf(ca, "/CN=z", MC_DAY);
	works(record_as(ca->store, ca, intent, MC_CERTIFICATE_INTENT, NULL, e));
	found = audit();
	ok(found.certificates == 2 && found.intents == 1 && found.faults == 0);
	ok(heard[0] == '\0' && seen == 3 && all == 3);
}

static void
other_subject(struct mc_certificate *c)
{
	free(c->subject);
	c->subject = strdup("/CN=some\x1b[2Jbody");
}
static void
other_names(struct mc_certificate *c)
{
	c->names = strdup("dns:a.example.com");
}
static void
other_key(struct mc_certificate *c)
{
	c->key[0] = c->key[0] == '0' ? '1' : '0';
}
static void
other_dates(struct mc_certificate *c)
{
	c->not_after++;
}
static void
other_serial(struct mc_certificate *c)
{
	snprintf(c->serial, sizeof(c->serial), "0102");
}
static void
other_issuer(struct mc_certificate *c)
{
	c->issuer[0] = c->issuer[0] == '0' ? '1' : '0';
}
static void
damaged(struct mc_certificate *c)
{
	c->der.data[c->der.len - 1] ^= 1; /* of the signature */
}
static void
cut_short(struct mc_certificate *c)
{
	c->der.len--;
}
static void
bad_reason(struct mc_certificate *c)
{
	c->state = MC_CERTIFICATE_REVOKED;
	c->revoked_at = T0;
	c->reason = 7;
}
static void
lost_before(struct mc_certificate *c)
{
	snprintf(c->replaces, sizeof(c->replaces), "0A0B");
}

static const struct {
	void (*twist)(struct mc_certificate *);
	const char *says;
} twists[] = {
	{ other_subject,
	    "the subject is /CN=some?[2Jbody, and the certificate's /CN=x" },
	{ other_names,
	    "the names are dns:a.example.com, and the certificate's " },
	{ other_key, "the certificate has another key" },
	{ other_dates, "the certificate has other dates" },
	{ other_issuer, "was not signed by the CA that the record names" },
	{ damaged, "was not signed by the CA that the record names" },
	{ bad_reason, "revoked without time or reason" },
	{ lost_before, "replaces 0A0B, which is not on record" },
};

static void
each_fault_is_named(void)
{
	struct mc_audit found;
	char want[512];

	for (size_t i = 0; i < sizeof(twists) / sizeof(*twists); i++) {
		AUTO(X509) *cert = NULL;

		fresh("shared");
		cert = leaf(ca, "/CN=x", MC_DAY);
		add(cert, twists[i].twist);
		found = audit();
		ok(found.faults == 1 && found.certificates == 1);
		ok(only(number(cert), twists[i].says));
	}
	{
		AUTO(X509) *cert = NULL;

		fresh("shared");
		cert = leaf(ca, "/CN=x", MC_DAY);
		add(cert, other_serial);
		(void)audit();
		snprintf(want, sizeof(want),
		    "the certificate's serial number is %s", number(cert));
		ok(only("0102", want));
	}
	{
		AUTO(X509) *cert = NULL;

		fresh("shared");
		cert = leaf(ca, "/CN=x", MC_DAY);
		add(cert, cut_short);
		found = audit();
		ok(found.faults == 1 && strstr(heard, number(cert)) == heard);
	}
}

static char hash[MC_SHA256_HEX];

static void
used(struct mc_certificate *c)
{
	snprintf(c->challenge, sizeof(c->challenge), "%s", hash);
}

static void
challenges_are_counted(void)
{
	struct mc_challenge c = { .created = T0, .expires = T0 + 9, .uses = 2 };
	struct mc_audit found;
	AUTO(X509) *last = NULL;

	fresh("shared");
	works(mc_sha256_hex("c", 1, hash, e));
	snprintf(c.hash, sizeof(c.hash), "%s", hash);
	works(mc_store_begin(ca->store, e) &&
	    mc_store_challenge_add(ca->store, &c, e) &&
	    mc_store_challenge_use(ca->store, hash, hash, e) &&
	    mc_store_challenge_use(ca->store, hash, hash, e) &&
	    mc_store_commit(ca->store, e));
	for (int i = 0; i < 2; i++) {
		AUTO(X509) *cert = leaf(ca, "/CN=x", MC_DAY);

		add(cert, used);
	}
	found = audit();
	ok(found.faults == 0);
	last = leaf(ca, "/CN=x", MC_DAY);
	add(last, used);
	found = audit();
	ok(found.faults == 1); /* once, and not for each of the three */
	ok(only(number(last),
	    "its challenge is good for 2, was used 2 times, and has 3 "
	    "certificates"));
}

/* The store is older than its last CRL: a backup was restored. */
static void
a_crl_remembers(void)
{
	AUTO_BUF der = MC_BUF_INIT;
	const char *a;
	char serial[MC_SERIAL_TEXT];

	fresh("crl");
	a = recorded(ca->store, ca, "/CN=a", MC_DAY, NULL);
	snprintf(serial, sizeof(serial), "%s", a);
	ok(copy("crl/store.db", "crl/backup") &&
	    copy("crl/store.db-wal", "crl/backup-wal"));
	works(mc_revoke(
	    ca->store, a, &(struct mc_revocation){ 1, NULL, NULL }, e));
	works(mc_crl_get(ca, false, &der, e));
	ok(audit().faults == 0);
	mc_ca_free(take(&ca));
	ok(copy("crl/backup", "crl/store.db"));
	(void)unlink(in("crl/store.db-shm"));
	ok(copy("crl/backup-wal", "crl/store.db-wal"));
	ca = loaded("crl", MC_CA_ALL);
	ok(ca && audit().faults == 1);
	ok(only(serial,
	    "is in crl.der, and not revoked on record: revoke it again"));
	ok(put("crl/crl.der", "nonsense", 0644) && audit().faults == 1);
	ok(strstr(heard, "crl.der: ") == heard);
}

static void
older_generations_are_known(void)
{
	struct mc_ca_spec spec = { .kind = MC_KEY_P256 };
	AUTO(X509) *lost = NULL;
	struct mc_audit found;

	fresh("old");
	spec.dir = in("old");
	(void)recorded(ca->store, ca, "/CN=a", MC_DAY * 90, NULL);
	works(mc_ca_rollover(&spec, T0 + MC_DAY, e));
	mc_ca_free(take(&ca));
	mc_time_set(T0 + MC_DAY + 1);
	ca = loaded("old", MC_CA_ALL);
	ok(ca && ca->previous);
	(void)recorded(ca->store, ca, "/CN=b", MC_DAY, NULL);
	found = audit();
	ok(found.certificates == 2 && found.faults == 0);
	/* of a CA that was put aside: until it has expired */
	{
		AUTO(mc_ca) *other = loaded("good", MC_CA_ALL);

		lost = leaf(other, "/CN=c", MC_DAY);
		works(record_as(
		    ca->store, other, lost, MC_CERTIFICATE_VALID, NULL, e));
	}
	ok(audit().faults == 1);
	ok(only(number(lost), "the CA that has signed it is not here"));
	mc_time_set(T0 + MC_DAY * 3);
	ok(audit().faults == 0);
}

static void
it_needs_the_store(void)
{
	AUTO(mc_ca) *bare = loaded("good", MC_CA_CERTS);
	struct mc_audit found;

	refuses(mc_audit(bare, hear, NULL, &found, e), MC_USAGE,
	    "an audit needs the store");
}

int
main(void)
{
	begin();
	a_good_record_has_no_fault();
	each_fault_is_named();
	challenges_are_counted();
	a_crl_remembers();
	older_generations_are_known();
	it_needs_the_store();
	if (ca)
		mc_ca_free(ca);
	EVP_PKEY_free(leaf_key());
	end();
	return done();
}
