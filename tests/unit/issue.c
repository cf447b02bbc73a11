/* SPDX-License-Identifier: ISC */
/* Issuing exactly once, whatever happens in between. */
#include "issue_help.h"

#include "ca/revoke.h"
#include "ca/succeed.h"

static struct peer alice, mallory;

static enum mc_verdict_code
enrol(const char *transaction, const struct peer *p, const struct mc_buf *der,
    struct answer *a)
{
	struct mc_issue_request r = { .transaction = transaction,
		.signer = p->cert,
		.csr = der,
		.source = "192.0.2.1" };

	return ask(NULL, &r, a);
}

/* What the finished certificate says. */
static void
content(X509 *cert)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	int64_t since, until;

	ok(mc_name_encode(X509_get_subject_name(cert), &text, &e) &&
	    mc_buf_is(&text, "/O=ACME/CN=Alice"));
	ok(X509_get_key_usage(cert) ==
	    (KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT));
	ok(X509_get_extended_key_usage(cert) == XKU_SSL_CLIENT);
	ok(!(X509_get_extension_flags(cert) & EXFLAG_CA));
	ok(X509_get_ext_count(cert) == 5);
	ok(X509_verify(cert, X509_get0_pubkey(ca->cert)) == 1);
	ok(mc_cert_validity(cert, &since, &until, &e) &&
	    until - mc_time_now() > MC_DAY * 365 - 60 &&
	    until - mc_time_now() <= MC_DAY * 365 &&
	    since <= mc_time_now() - MC_HOUR);
}

static void
on_record(const struct answer *a)
{
	AUTO_CERTIFICATE row = { 0 };
	struct mc_err e = MC_ERR_INIT;
	char key[MC_SHA256_HEX];

	ok(row_get(a->serial, &row));
	if (!row.subject)
		return;
	ok(row.state == MC_CERTIFICATE_VALID && row.told > 0);
	ok(strcmp(row.subject, "/O=ACME/CN=Alice") == 0 && !row.names);
	ok(row.owner && strcmp(row.owner, "owner-1") == 0);
	ok(row.user && strcmp(row.user, "alice") == 0);
	ok(strcmp(row.profile, "default") == 0);
	ok(strcmp(row.source, "192.0.2.1") == 0);
	ok(strcmp(row.transaction, "T1") == 0);
	ok(strcmp(row.issuer, ca->id) == 0);
	ok(mc_key_sha256(alice.key, key, &e) && strcmp(row.key, key) == 0);
	ok(row.way == MC_WAY_CHALLENGE && row.challenge[0]);
	ok(history_is(a->serial, "promised issued"));
}

static void
granted(void)
{
	const struct mc_challenge_spec spec = { .subject = "/O=ACME/CN=Alice",
		.owner = "owner-1",
		.user = "alice",
		.ttl = 60 };
	const struct mc_revocation why = { 0 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER first = { 0 }, again = { 0 };
	int before = count();

	ok(challenge(&spec, &secret) && secret.len == 32);
	/* the challenge's spelling is certified, not the request's */
	ok(csr(alice.key, "/O=acme/CN=ALICE", mc_buf_str(&secret), NULL,
	    &request));
	ok(enrol("T1", &alice, &request, &first) == MC_GRANTED);
	ok(!first.got.repeated && first.got.way == MC_WAY_CHALLENGE);
	if (!first.got.cert)
		return;
	content(first.got.cert);
	on_record(&first);

	/* the same again: to the byte; long after the challenge's end too */
	mc_time_set(mc_time_now() + MC_DAY);
	ok(enrol("T1", &alice, &request, &again) == MC_GRANTED);
	mc_time_set(0);
	ok(again.got.repeated && same(&first, &again));
	ok(count() == before + 1);
	ok(history_is(first.serial, "promised issued repeated"));

	/* anything different is a decision of its own */
	ok(enrol("T2", &alice, &request, &again) == MC_BAD_CHALLENGE);
	ok(enrol("T1", &mallory, &request, &again) == MC_BAD_CHALLENGE);
	ok(csr(alice.key, "/O=ACME/CN=Alice", mc_buf_str(&secret), NULL,
	    &request));
	ok(enrol("T1", &alice, &request, &again) == MC_BAD_CHALLENGE);
	ok(strstr(again.e.text, "used") != NULL);
	ok(count() == before + 1);

	/* a certificate that was taken back is not given out again */
	ok(csr(alice.key, "/O=acme/CN=ALICE", mc_buf_str(&secret), NULL,
	    &request));
	ok(mc_revoke(ca->store, first.serial, &why, &e));
	ok(enrol("T1", &alice, &request, &again) == MC_WITHDRAWN);
}

/* With a name of a kind that has no text: a registeredID. */
static bool
csr_odd(EVP_PKEY *key, const char *secret, struct mc_buf *to)
{
	AUTO(GENERAL_NAMES) *names = GENERAL_NAMES_new();
	GENERAL_NAME *id = GENERAL_NAME_new();

	if (!names || !id || sk_GENERAL_NAME_push(names, id) <= 0)
		return false;
	GENERAL_NAME_set0_value(id, GEN_RID, OBJ_txt2obj("1.2.3", 1));
	return csr(key, "/CN=Alice", secret, NULL, to) &&
	    csr_extend(key, names, to);
}

/* Promised near the end of the CA, it does not outlive it. */
static void
ending(void)
{
	const struct mc_challenge_spec spec = { .ttl = MC_DAY * 3650 };
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 };
	int64_t since, until, end = 0;

	ok(challenge(&spec, &secret));
	ok(csr(alice.key, "/CN=Late", mc_buf_str(&secret), NULL, &request));
	ok(mc_cert_validity(ca->cert, &since, &end, &a.e));
	mc_time_set(end - 2 * MC_HOUR);
	ok(enrol("E1", &alice, &request, &a) == MC_GRANTED);
	ok(a.got.cert && mc_cert_validity(a.got.cert, &since, &until, &a.e) &&
	    until == end && since == end - 3 * MC_HOUR);
	mc_time_set(0);
}

static void
refused(void)
{
	const struct mc_challenge_spec spec = { .subject = "/CN=Alice",
		.ttl = 60 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 };
	int before = count();

	ok(configure("challenge-failures = 0\nfailures = 0\n"));
	ok(csr(alice.key, "/CN=Alice", NULL, NULL, &request));
	ok(enrol("R1", &alice, &request, &a) == MC_BAD_CHALLENGE);
	ok(csr(alice.key, "/CN=Alice", "guess", NULL, &request));
	ok(enrol("R2", &alice, &request, &a) == MC_BAD_CHALLENGE);

	ok(challenge(&spec, &secret));
	ok(csr(alice.key, "/CN=Bob", mc_buf_str(&secret), NULL, &request));
	ok(enrol("R3", &alice, &request, &a) == MC_BAD_SUBJECT);
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&secret), "dns:a.example.com",
	    &request));
	ok(enrol("R3", &alice, &request, &a) == MC_BAD_NAMES);
	ok(csr_odd(alice.key, mc_buf_str(&secret), &request));
	ok(enrol("R3", &alice, &request, &a) == MC_BAD_NAMES);
	ok(csr(mallory.key, "/CN=Alice", mc_buf_str(&secret), NULL, &request));
	ok(enrol("R4", &alice, &request, &a) == MC_BAD_SIGNER);
	/* the last bit of the CSR's signature */
	request.data[request.len - 1] ^= 1;
	ok(enrol("R5", &mallory, &request, &a) == MC_BAD_CSR);
	request.data[request.len - 1] ^= 1;
	ok(mc_buf_add(&request, "", 1, &e));
	ok(enrol("R6", &mallory, &request, &a) == MC_BAD_CSR);
	mc_buf_clear(&request);
	ok(enrol("R7", &mallory, &request, &a) == MC_BAD_CSR);
	{
		AUTO(EVP_PKEY) *small = EVP_RSA_gen(1024);

		ok(csr(
		    small, "/CN=Alice", mc_buf_str(&secret), NULL, &request));
		ok(enrol("R8", &alice, &request, &a) == MC_BAD_KEY);
	}
	mc_time_set(mc_time_now() + 61);
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&secret), NULL, &request));
	ok(enrol("R9", &alice, &request, &a) == MC_BAD_CHALLENGE);
	mc_time_set(0);
	ok(count() == before);

	/* what would come of it has no effect */
	dry = true;
	ok(enrol("R9", &alice, &request, &a) == MC_GRANTED && !a.got.cert);
	ok(enrol("R9", &alice, &request, &a) == MC_GRANTED);
	dry = false;
	ok(count() == before);
	/* none of them has used it up */
	ok(enrol("R9", &alice, &request, &a) == MC_GRANTED);
	ok(count() == before + 1);
	dry = true;
	ok(enrol("R9", &alice, &request, &a) == MC_GRANTED && a.got.cert);
	ok(a.got.repeated);
	dry = false;
	ok(history_is(a.serial, "promised issued"));
	ok(configure(""));
}

/* A request whose name has parts of that type and value, as they are. */
static bool
csr_named(const char *type, const char *value, int parts, const char *secret,
    struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_NAME) *name = X509_NAME_new();

	mc_buf_clear(to);
	for (int i = 0; i < parts; i++)
		if (!name ||
		    X509_NAME_add_entry_by_txt(name, type, V_ASN1_UTF8STRING,
			(const unsigned char *)value, (int)strlen(value), -1,
			0) != 1)
			return false;
	return mc_csr_make(alice.key, name, secret, 0, to, &e);
}

/* What could not be spelled again must not use up anything. */
static void
unspellable(void)
{
	static const struct {
		const char *type, *value;
		int parts;
	} names[] = {
		{ "CN",
		    "12345678901234567890123456789012345678901234567890"
		    "123456789012345678901234567890",
		    1 },
		{ "CN", "", 1 },
		{ "CN", "a\nb", 1 },
		{ "C", "Germany", 1 },
		{ "OU", "x", 33 },
	};
	const struct mc_challenge_spec any = { 0 };
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 };
	int before = count();

	ok(configure("challenge-failures = 0\nfailures = 0\n"));
	ok(challenge(&any, &secret));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		ok(csr_named(names[i].type, names[i].value, names[i].parts,
		    mc_buf_str(&secret), &request));
		/* a retry is told the same */
		for (int n = 0; n < 2; n++) {
			ok(enrol("S1", &alice, &request, &a) == MC_BAD_CSR);
			ok(strncmp(a.e.text, "subject: ", 9) == 0);
		}
	}
	ok(count() == before);
	ok(csr_named("OU", "x", 32, mc_buf_str(&secret), &request));
	ok(enrol("S1", &alice, &request, &a) == MC_GRANTED);
	ok(count() == before + 1);
	ok(configure(""));
}

/* The CA's key fails between the two commits, as a crash would. */
static void
interrupted(void)
{
	const struct mc_challenge_spec spec = { .subject = "/CN=Alice" };
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 }, again = { 0 };
	EVP_PKEY *key = ca->key;
	int before = count();
	struct tally left;

	ok(challenge(&spec, &secret));
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&secret), NULL, &request));
	ca->key = mallory.key;
	ok(enrol("I1", &alice, &request, &a) == MC_GRANTED && !a.done);
	ca->key = key;
	left = tally(ca->store);
	ok(left.n == before + 1 && left.state == MC_CERTIFICATE_INTENT);

	/* the promise is this request's and nobody else's */
	ok(enrol("I2", &alice, &request, &a) == MC_BAD_CHALLENGE);
	mc_time_set(mc_time_now() + MC_DAY);
	ok(enrol("I1", &alice, &request, &a) == MC_GRANTED);
	mc_time_set(0);
	ok(strcmp(a.serial, left.serial) == 0);
	ok(enrol("I1", &alice, &request, &again) == MC_GRANTED);
	ok(same(&a, &again) && count() == before + 1);
}

/* Everything that a profile may say is in the certificate. */
static void
profiles(void)
{
	const struct mc_challenge_spec spec = { .subject = "/CN=Alice",
		.names = "email:a@example.com,dns:a.example.com",
		.profile = "full" };
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_BUF other = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 };
	AUTO_CERTIFICATE row = { 0 };
	struct peer ec = { 0 };
	struct mc_issue_request r = { .transaction = "P1", .csr = &request };
	int64_t since, until;

	ok(configure("[profile full]\n"
		     "lifetime = 2d\nbackdate = 5m\n"
		     "key-usage = digitalSignature keyEncipherment\n"
		     "extended-key-usage = clientAuth 1.3.6.1.5.5.7.3.17\n"
		     "crl-url = http://a.example/crl http://b.example/crl\n"
		     "ocsp-url = http://a.example/ocsp\n"
		     "issuer-url = http://a.example/ca.cer\n"
		     "[profile rsa]\nkeys = rsa\n"));
	ok(peer_new(MC_KEY_P256, &ec));
	ok(challenge(&spec, &secret));
	ok(csr(ec.key, "/CN=Alice", mc_buf_str(&secret),
	    "dns:a.example.com,email:a@example.com", &request));
	r.signer = ec.cert;
	/* it asks for what it may; and for something else */
	ok(csr(ec.key, "/CN=Alice", mc_buf_str(&secret), "dns:b.example.com",
	    &other));
	r.csr = &other;
	ok(ask("full", &r, &a) == MC_BAD_NAMES);
	r.csr = &request;
	/* it is for that profile and no other */
	ok(ask(NULL, &r, &a) == MC_BAD_CHALLENGE);
	ok(ask("rsa", &r, &a) == MC_BAD_KEY);
	ok(ask("full", &r, &a) == MC_GRANTED);
	if (!a.got.cert)
		return;
	ok(X509_get_ext_count(a.got.cert) == 8);
	ok(X509_get_key_usage(a.got.cert) == KU_DIGITAL_SIGNATURE);
	ok(mc_cert_validity(a.got.cert, &since, &until, &a.e) &&
	    until - since == 2 * MC_DAY + 5 * MC_MINUTE);
	ok(row_get(a.serial, &row) && row.names &&
	    strcmp(row.names, spec.names) == 0 &&
	    strcmp(row.profile, "full") == 0);
	peer_free(&ec);
	ok(configure(""));
}

/* The administrator's own: nothing vouches for it, and it is always new. */
static void
admin(void)
{
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 }, b = { 0 };
	AUTO_CERTIFICATE row = { 0 };
	struct mc_issue_request r = { .csr = &request,
		.subject = "/O=ACME/CN=www",
		.names = "dns:www.example.com",
		.user = "root" };

	ok(csr(alice.key, "/CN=whatever", NULL, "dns:x.example.com", &request));
	ok(ask(NULL, &r, &a) == MC_GRANTED && a.got.way == MC_WAY_ADMIN);
	ok(ask(NULL, &r, &b) == MC_GRANTED && !same(&a, &b));
	ok(row_get(a.serial, &row) &&
	    strcmp(row.subject, "/O=ACME/CN=www") == 0 &&
	    strcmp(row.names, "dns:www.example.com") == 0 &&
	    strcmp(row.user, "root") == 0 && row.way == MC_WAY_ADMIN);
	mc_certificate_clear(&row);
	r.subject = r.names = r.user = NULL;
	ok(ask(NULL, &r, &b) == MC_GRANTED);
	ok(row_get(b.serial, &row) &&
	    strcmp(row.subject, "/CN=whatever") == 0 &&
	    strcmp(row.names, "dns:x.example.com") == 0 && !row.user);
	r.subject = "nonsense";
	ok(ask(NULL, &r, &a) == MC_GRANTED && !a.done &&
	    a.e.code == MC_MALFORMED);
	/* rules are for him too */
	ok(configure("keys = ec\n"));
	r.subject = NULL;
	ok(ask(NULL, &r, &a) == MC_BAD_KEY);
	ok(configure(""));
}

/* Guessing: a source is refused after so many, a challenge is revoked. */
static void
budgets(void)
{
	const struct mc_challenge_spec spec = { .subject = "/CN=Alice" };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF secret = MC_BUF_INIT, good = MC_BUF_INIT, bad = MC_BUF_INIT;
	AUTO_BUF first = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 };
	struct mc_issue_request r = { .transaction = "B1",
		.signer = alice.cert,
		.csr = &bad,
		.source = "192.0.2.7" };
	bool left = false;

	ok(configure("failures = 3\nfailure-window = 10m\n"
		     "challenge-failures = 2\n"));
	ok(challenge(&spec, &secret));
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&secret), NULL, &first));
	r.csr = &first;
	ok(ask(NULL, &r, &a) == MC_GRANTED);
	ok(challenge(&spec, &secret));
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&secret), NULL, &good));
	ok(csr(alice.key, "/CN=Alice", "guess", NULL, &bad));
	r.csr = &bad;
	for (int i = 0; i < 3; i++) {
		ok(mc_issue_budget_check(ca, r.source, &left, &e) && left);
		ok(ask(NULL, &r, &a) == MC_BAD_CHALLENGE);
	}
	ok(mc_issue_budget_check(ca, r.source, &left, &e) && !left);
	ok(mc_issue_budget_check(ca, "192.0.2.8", &left, &e) && left);
	ok(mc_issue_budget_check(ca, NULL, &left, &e) && left);
	ok(ask(NULL, &r, &a) == MC_TOO_MANY);
	r.csr = &good;
	ok(ask(NULL, &r, &a) == MC_TOO_MANY);
	/* what is there already is given out again */
	r.csr = &first;
	ok(ask(NULL, &r, &a) == MC_GRANTED && a.got.repeated);
	r.csr = &good;
	mc_time_set(mc_time_now() + 11 * MC_MINUTE);
	ok(mc_issue_budget_check(ca, r.source, &left, &e) && left);
	ok(ask(NULL, &r, &a) == MC_GRANTED);
	mc_time_set(0);

	/* outside of mc_issue() */
	for (int i = 0; i < 3; i++)
		ok(mc_issue_budget_spend(ca, "192.0.2.9", &e));
	ok(mc_issue_budget_check(ca, "192.0.2.9", &left, &e) && !left);

	/* a good challenge with bad requests: revoked after two */
	r.source = NULL;
	ok(challenge(&spec, &secret));
	ok(csr(alice.key, "/CN=Bob", mc_buf_str(&secret), NULL, &bad));
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&secret), NULL, &good));
	r.csr = &bad;
	dry = true;
	ok(ask(NULL, &r, &a) == MC_BAD_SUBJECT);
	dry = false;
	ok(ask(NULL, &r, &a) == MC_BAD_SUBJECT);
	r.csr = &good;
	dry = true;
	ok(ask(NULL, &r, &a) == MC_GRANTED);
	dry = false;
	r.csr = &bad;
	ok(ask(NULL, &r, &a) == MC_BAD_SUBJECT);
	r.csr = &good;
	ok(ask(NULL, &r, &a) == MC_BAD_CHALLENGE);
	ok(strstr(a.e.text, "revoked") != NULL);
	ok(configure(""));
}

/* A promise of before the next CA took over; a renewal after it. */
static void
generations(void)
{
	const struct mc_challenge_spec spec = { .subject = "/CN=Alice",
		.uses = 2 };
	const struct mc_ca_spec next = { .dir = dir, .kind = MC_KEY_P256 };
	AUTO_BUF secret = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER old = { 0 }, kept = { 0 }, new = { 0 };
	struct mc_issue_request renewal = { .transaction = "G3",
		.csr = &request };
	struct tally left;
	struct mc_ca *after = NULL;
	struct mc_ca *before = ca;
	EVP_PKEY *key = ca->key;

	ok(challenge(&spec, &secret));
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&secret), NULL, &request));
	ok(enrol("G1", &alice, &request, &old) == MC_GRANTED);
	ca->key = mallory.key;
	ok(enrol("G2", &alice, &request, &kept) == MC_GRANTED && !kept.done);
	ca->key = key;
	left = tally(ca->store);
	ok(mc_ca_rollover(&next, mc_time_now() + MC_HOUR, &old.e));
	mc_time_set(mc_time_now() + 2 * MC_HOUR);
	ok(mc_ca_load(dir, MC_CA_ALL, &after, &old.e));
	if (!after) {
		printf("# %s\n", old.e.text);
		return;
	}
	ca = after;
	ok(ca->previous && strcmp(ca->id, before->id) != 0);
	ok(enrol("G2", &alice, &request, &kept) == MC_GRANTED);
	ok(kept.got.cert && strcmp(kept.serial, left.serial) == 0 &&
	    X509_verify(kept.got.cert, X509_get0_pubkey(before->cert)) == 1);
	ok(enrol("G1", &alice, &request, &kept) == MC_GRANTED &&
	    same(&old, &kept));
	renewal.signer = old.got.cert;
	ok(ask(NULL, &renewal, &new) == MC_GRANTED &&
	    new.got.way == MC_WAY_RENEWAL);
	ok(new.got.cert &&X509_verify(
	       new.got.cert, X509_get0_pubkey(ca->cert)) == 1);
	mc_ca_free(before);
	mc_time_set(0);
	ERR_clear_error(); /* X509_verify()'s */
}

int
main(void)
{
	ok(ca_make());
	ok(peer_new(MC_KEY_RSA, &alice) && peer_new(MC_KEY_RSA, &mallory));
	if (ca && mallory.cert) {
		granted();
		refused();
		unspellable();
		ending();
		interrupted();
		profiles();
		admin();
		budgets();
		generations();
	}
	peer_free(&alice);
	peer_free(&mallory);
	ok(ERR_peek_error() == 0);
	ca_unmake();
	return done();
}
