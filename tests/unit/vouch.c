/* SPDX-License-Identifier: ISC */
/* What may vouch for a request besides a challenge, and what follows. */
#include "issue_help.h"

#include "ca/budget.h"
#include "ca/password.h"
#include "ca/revoke.h"
#include "crypto/envelope.h"

static struct peer alice, bob;
static struct mc_buf shared; /* the secret that signs challenges */

/* What the programs were asked, and what they are to say. */
static struct programs {
	int asked, told;
	struct mc_decision say;
	bool deaf;   /* notify fails */
	bool broken; /* decide fails */
	char subject[64], profile[40], serial[MC_SERIAL_TEXT];
	void (*meanwhile)(void);
} programs;

static char *
copy_of(const char *text)
{
	return text ? strdup(text) : NULL;
}

static bool
decide(void *ctx, const struct mc_issue_facts *f, struct mc_decision *out,
    struct mc_err *e)
{
	struct programs *p = ctx;

	p->asked++;
	ok(f->way == MC_WAY_PROGRAM && !f->cert && f->asked->csr);
	snprintf(p->subject, sizeof(p->subject), "%s", f->subject);
	snprintf(p->profile, sizeof(p->profile), "%s", f->profile->name);
	/* no transaction is open: somebody else may write */
	ok(mc_store_begin(ca->store, e));
	mc_store_rollback(ca->store);
	if (p->broken)
		return mc_fail(e, MC_IO, "the program is broken");
	*out = p->say;
	out->subject = copy_of(p->say.subject);
	out->names = copy_of(p->say.names);
	out->owner = copy_of(p->say.owner);
	out->user = copy_of(p->say.user);
	out->profile = copy_of(p->say.profile);
	return true;
}

static bool
notify(void *ctx, const struct mc_issue_facts *f, struct mc_err *e)
{
	struct programs *p = ctx;

	p->told++;
	ok(f->cert && mc_cert_serial(f->cert, p->serial, e));
	snprintf(p->subject, sizeof(p->subject), "%s", f->subject);
	ok(mc_store_begin(ca->store, e));
	mc_store_rollback(ca->store);
	if (p->meanwhile) {
		void (*once)(void) = p->meanwhile;

		p->meanwhile = NULL;
		once();
	}
	return !p->deaf || mc_fail(e, MC_IO, "nobody listens");
}

static const struct mc_issue_hooks both = { decide, notify, &programs };

static enum mc_verdict_code
enrol(const char *profile, const char *transaction, X509 *signer,
    const struct mc_buf *der, struct answer *a)
{
	struct mc_issue_request r = { .transaction = transaction,
		.signer = signer,
		.csr = der,
		.source = "192.0.2.1" };

	return ask(profile, &r, a);
}

static bool
mint(const struct mc_challenge_spec *spec, struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;

	mc_buf_clear(to);
	return mc_challenge_mint(&shared, spec, to, &e);
}

/* One that was taken back after its first use, in either case. */
static void
revoked_mac(void)
{
	const struct mc_challenge_spec three = { .profile = "mac", .uses = 3 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 };
	AUTO_CERTIFICATE row = { 0 };
	unsigned n = 0;

	ok(mint(&three, &text));
	ok(csr(alice.key, "/CN=R", mc_buf_str(&text), NULL, &request));
	ok(enrol("mac", "R1", alice.cert, &request, &a) == MC_GRANTED);
	ok(row_get(a.serial, &row));
	ok(mc_store_begin(ca->store, &e) &&
	    mc_store_challenge_revoke(
		ca->store, row.challenge, NULL, NULL, mc_time_now(), &n, &e) &&
	    mc_store_commit(ca->store, &e) && n == 1);
	ok(enrol("mac", "R2", alice.cert, &request, &a) == MC_BAD_CHALLENGE &&
	    strstr(a.e.text, "revoked"));
	for (size_t i = text.len - 64; i < text.len; i++)
		if (text.data[i] >= 'a')
			text.data[i] ^= 0x20;
	ok(csr(alice.key, "/CN=R", mc_buf_str(&text), NULL, &request));
	ok(enrol("mac", "R3", alice.cert, &request, &a) == MC_BAD_CHALLENGE);
}

static void
macs(void)
{
	const struct mc_challenge_spec two = { .subject = "/CN=Alice",
		.names = "dns:a.example.com",
		.owner = "o1",
		.user = "alice",
		.profile = "mac",
		.ttl = 60,
		.uses = 2 };
	AUTO_BUF text = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 }, b = { 0 };
	AUTO_CERTIFICATE row = { 0 };
	AUTO_CHALLENGE kept = { 0 };
	bool found = false;

	ok(mint(&two, &text));
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&text), NULL, &request));
	/* only where the profile takes them */
	ok(enrol(NULL, "M0", alice.cert, &request, &a) == MC_BAD_CHALLENGE);
	ok(enrol("mac", "M1", alice.cert, &request, &a) == MC_GRANTED);
	ok(a.got.way == MC_WAY_HMAC);
	ok(row_get(a.serial, &row) && strcmp(row.owner, "o1") == 0 &&
	    strcmp(row.user, "alice") == 0 &&
	    strcmp(row.names, "dns:a.example.com") == 0);
	/* its row does not make it one of the store's */
	ok(enrol(NULL, "M2", alice.cert, &request, &b) == MC_BAD_CHALLENGE);
	ok(enrol("mac", "M1", alice.cert, &request, &b) == MC_GRANTED);
	ok(same(&a, &b));
	ok(enrol("mac", "M3", alice.cert, &request, &b) == MC_GRANTED);
	ok(!same(&a, &b));
	ok(enrol("mac", "M4", alice.cert, &request, &b) == MC_BAD_CHALLENGE);
	ok(strstr(b.e.text, "used") != NULL);
	ok(mc_store_challenge_find(
	       ca->store, row.challenge, &kept, &found, &a.e) &&
	    found && kept.used == 2 && kept.uses == 2 &&
	    strcmp(kept.user, "alice") == 0);

	/* the same MAC in other letters is not another challenge */
	for (size_t i = text.len - 64; i < text.len; i++) {
		if (text.data[i] < 'a')
			continue;
		text.data[i] ^= 0x20;
		ok(csr(
		    alice.key, "/CN=Alice", mc_buf_str(&text), NULL, &request));
		ok(enrol("mac", "M4", alice.cert, &request, &b) ==
		    MC_BAD_CHALLENGE);
	}
	revoked_mac();

	/* another's MAC; another subject; after its end */
	ok(mint(&two, &text));
	text.data[text.len - 1] ^= 1;
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&text), NULL, &request));
	ok(enrol("mac", "M5", alice.cert, &request, &a) == MC_BAD_CHALLENGE);
	text.data[text.len - 1] ^= 1;
	ok(csr(alice.key, "/CN=Bob", mc_buf_str(&text), NULL, &request));
	ok(enrol("mac", "M6", alice.cert, &request, &a) == MC_BAD_SUBJECT);
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&text), NULL, &request));
	mc_time_set(mc_time_now() + 61);
	ok(enrol("mac", "M7", alice.cert, &request, &a) == MC_BAD_CHALLENGE);
	mc_time_set(0);
	/* one of the store's is none here */
	ok(challenge(&(struct mc_challenge_spec){ 0 }, &text));
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&text), NULL, &request));
	ok(enrol("mac", "M8", alice.cert, &request, &a) == MC_BAD_CHALLENGE);
}

/* A first certificate for p, of this profile. */
static bool
first(const char *profile, const char *transaction, struct peer *p,
    struct answer *a)
{
	const struct mc_challenge_spec spec = { .subject = "/CN=Renew",
		.names = "dns:r.example.com",
		.owner = "o2",
		.user = "renate",
		.profile = profile };
	AUTO_BUF text = MC_BUF_INIT, request = MC_BUF_INIT;

	return challenge(&spec, &text) &&
	    csr(p->key, "/CN=Renew", mc_buf_str(&text), NULL, &request) &&
	    enrol(profile, transaction, p->cert, &request, a) == MC_GRANTED;
}

static void
renewals(void)
{
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_ANSWER old = { 0 }, new = { 0 }, again = { 0 };
	AUTO_CERTIFICATE row = { 0 };
	struct mc_err e = MC_ERR_INIT;
	const struct mc_revocation why = { .reason = 1 };

	ok(first("replace", "N1", &alice, &old));
	/* a challenge is not looked at, wherever it is sent to */
	ok(csr(bob.key, "/CN=Renew", "guess", "dns:r.example.com", &request));
	dry = true;
	ok(enrol(NULL, "N1", old.got.cert, &request, &new) == MC_GRANTED);
	dry = false;
	ok(enrol(NULL, "N1", old.got.cert, &request, &new) == MC_GRANTED);
	ok(new.got.way == MC_WAY_RENEWAL);
	ok(row_get(new.serial, &row) && strcmp(row.replaces, old.serial) == 0 &&
	    strcmp(row.owner, "o2") == 0 && strcmp(row.user, "renate") == 0 &&
	    strcmp(row.names, "dns:r.example.com") == 0 &&
	    strcmp(row.profile, "replace") == 0);
	/* that profile revokes what was replaced */
	mc_certificate_clear(&row);
	ok(row_get(old.serial, &row) && row.state == MC_CERTIFICATE_REVOKED &&
	    row.reason == 4);
	ok(history_is(old.serial, "promised issued renewed revoked"));
	/* the answer was lost: the same again, although */
	ok(enrol(NULL, "N1", old.got.cert, &request, &again) == MC_GRANTED);
	ok(same(&new, &again));
	ok(enrol(NULL, "N2", old.got.cert, &request, &again) == MC_BAD_RENEWAL);

	/* the same key and transaction, and so the same bytes as before */
	mc_certificate_clear(&row);
	ok(first("default", "N3", &alice, &old));
	ok(csr(alice.key, "/CN=Renew", NULL, NULL, &request));
	ok(enrol(NULL, "N3", old.got.cert, &request, &new) == MC_GRANTED);
	ok(row_get(old.serial, &row) && row.state == MC_CERTIFICATE_VALID);
	ok(enrol(NULL, "N3", new.got.cert, &request, &again) == MC_GRANTED);
	ok(!same(&new, &again) && !again.got.repeated);

	ok(csr(bob.key, "/CN=Other", NULL, NULL, &request));
	ok(enrol(NULL, "N4", new.got.cert, &request, &again) == MC_BAD_SUBJECT);
	ok(csr(bob.key, "/CN=Renew", NULL, "dns:x.example.com", &request));
	ok(enrol(NULL, "N4", new.got.cert, &request, &again) == MC_BAD_NAMES);
	ok(csr(bob.key, "/CN=Renew", NULL, NULL, &request));
	mc_time_set(mc_time_now() + 366 * MC_DAY);
	ok(enrol(NULL, "N4", new.got.cert, &request, &again) == MC_BAD_RENEWAL);
	mc_time_set(0);
	ok(mc_revoke(ca->store, new.serial, &why, &e));
	ok(enrol(NULL, "N4", new.got.cert, &request, &again) == MC_BAD_RENEWAL);
	/* signed by the CA's key, but issued to nobody */
	ok(enrol(NULL, "N5", ca->ra[0].cert, &request, &again) ==
	    MC_BAD_RENEWAL);
	/* of the CA's name only: no renewal at all */
	ok(enrol(NULL, "N6", bob.cert, &request, &again) == MC_BAD_CHALLENGE);
}

static void
decisions(void)
{
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 };
	AUTO_CERTIFICATE row = { 0 };

	memset(&programs, 0, sizeof(programs));
	ok(csr(alice.key, "/CN=Asked", "ticket", NULL, &request));
	dry = true;
	ok(enrol("asks", "D1", alice.cert, &request, &a) == MC_WAITING);
	dry = false;
	ok(programs.asked == 0);
	ok(enrol("asks", "D1", alice.cert, &request, &a) == MC_GRANTED);
	ok(programs.asked == 1 && a.got.way == MC_WAY_PROGRAM);
	ok(strcmp(programs.subject, "/CN=Asked") == 0 &&
	    strcmp(programs.profile, "asks") == 0);
	ok(enrol("asks", "D1", alice.cert, &request, &a) == MC_GRANTED);
	ok(programs.asked == 1 && a.got.repeated);

	/* it says what is certified, and by which rules */
	programs.say = (struct mc_decision){ .subject = (char[]){ "/CN=Said" },
		.names = (char[]){ "dns:s.example.com" },
		.owner = (char[]){ "o3" },
		.user = (char[]){ "sarah" },
		.profile = (char[]){ "short" } };
	ok(enrol("asks", "D2", alice.cert, &request, &a) == MC_GRANTED);
	ok(row_get(a.serial, &row) && strcmp(row.subject, "/CN=Said") == 0 &&
	    strcmp(row.names, "dns:s.example.com") == 0 &&
	    strcmp(row.owner, "o3") == 0 && strcmp(row.user, "sarah") == 0 &&
	    strcmp(row.profile, "short") == 0 &&
	    row.not_after - row.created == MC_DAY);
	programs.say.subject = (char[]){ "/CN=Refused" };
	ok(enrol("asks", "D3", alice.cert, &request, &a) == MC_BAD_SUBJECT);
	programs.say.subject = (char[]){ "no name" };
	ok(enrol("asks", "D3", alice.cert, &request, &a) == MC_GRANTED &&
	    !a.done && a.e.code == MC_RETRY);
	programs.say.subject = NULL;
	programs.say.profile = (char[]){ "nowhere" };
	ok(enrol("asks", "D3", alice.cert, &request, &a) == MC_GRANTED &&
	    !a.done && strstr(a.e.text, "nowhere"));
	programs.say = (struct mc_decision){ .code = MC_DECIDED_NO };
	ok(enrol("asks", "D3", alice.cert, &request, &a) == MC_REJECTED);
	programs.broken = true;
	ok(enrol("asks", "D3", alice.cert, &request, &a) == MC_GRANTED &&
	    !a.done && a.e.code == MC_IO);
	programs.broken = false;
	programs.say.code = MC_DECIDED_WAIT;
	ok(enrol("asks", "D4", alice.cert, &request, &a) == MC_WAITING);
	/* from now on a person is asked */
	programs.asked = 0;
	ok(enrol("asks", "D4", alice.cert, &request, &a) == MC_WAITING);
	ok(programs.asked == 0);
	/* a challenge of the store needs no program */
	programs.say.code = MC_DECIDED_NO;
	ok(first("asks", "D5", &alice, &a) && programs.asked == 0);
}

/* With a challengePassword of no characters, as clients send that have none. */
static bool
csr_empty(struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_REQ) *req = NULL;
	const unsigned char *at;
	unsigned char *out = NULL;
	bool done;
	int n;

	if (!csr(alice.key, "/CN=Alice", NULL, NULL, to))
		return false;
	at = to->data;
	req = d2i_X509_REQ(NULL, &at, (long)to->len);
	n = req &&
		X509_REQ_add1_attr_by_NID(req, NID_pkcs9_challengePassword,
		    V_ASN1_UTF8STRING, (const unsigned char *)"", 0) == 1 &&
		X509_REQ_sign(req, alice.key, EVP_sha256()) > 0
	    ? i2d_X509_REQ(req, &out)
	    : 0;
	mc_buf_clear(to);
	done = n > 0 && mc_buf_add(to, out, (size_t)n, &e);
	OPENSSL_free(out);
	return done;
}

static enum mc_verdict_code
poll_at(const char *profile, const char *transaction, X509 *signer,
    struct answer *a)
{
	return enrol(profile, transaction, signer, NULL, a);
}

static enum mc_verdict_code
poll(const char *transaction, X509 *signer, struct answer *a)
{
	return poll_at("people", transaction, signer, a);
}

static void
approvals(void)
{
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 }, b = { 0 };
	AUTO_CERTIFICATE row = { 0 };
	struct mc_err e = MC_ERR_INIT;
	int before = count();
	int64_t id, pending = 0;

	ok(csr(alice.key, "/CN=Alice", NULL, "dns:a.example.com", &request));
	ok(poll("A1", alice.cert, &a) == MC_NO_REQUEST);
	dry = true;
	ok(enrol("people", "A1", alice.cert, &request, &a) == MC_WAITING);
	dry = false;
	ok(mc_store_request_count(ca->store, mc_time_now(), &pending, &e));
	id = pending;
	ok(enrol("people", "A1", alice.cert, &request, &a) == MC_WAITING);
	ok(enrol("people", "A1", alice.cert, &request, &b) == MC_WAITING &&
	    b.got.waiting == a.got.waiting);
	ok(poll("A1", alice.cert, &b) == MC_WAITING &&
	    b.got.waiting == a.got.waiting);
	ok(mc_store_request_count(ca->store, mc_time_now(), &pending, &e) &&
	    pending == id + 1);
	id = a.got.waiting;
	/* nobody else's */
	ok(poll("A1", bob.cert, &b) == MC_NO_REQUEST);
	ok(poll("A2", alice.cert, &b) == MC_NO_REQUEST);
	ok(count() == before);

	ok(!mc_issue_decide(ca->store, id + 1000, true, "root", NULL, &e) &&
	    e.code == MC_NOINPUT);
	ok(mc_issue_decide(ca->store, id, true, "root", NULL, &e));
	ok(!mc_issue_decide(ca->store, id, false, "root", NULL, &e) &&
	    e.code == MC_DENIED);
	ok(poll("A1", alice.cert, &a) == MC_GRANTED);
	ok(a.got.way == MC_WAY_APPROVAL);
	ok(row_get(a.serial, &row) &&
	    strcmp(row.names, "dns:a.example.com") == 0);
	ok(history_is(a.serial, "approved promised issued"));
	ok(poll("A1", alice.cert, &b) == MC_GRANTED && same(&a, &b));
	ok(enrol("people", "A1", alice.cert, &request, &b) == MC_GRANTED &&
	    same(&a, &b));
	ok(count() == before + 1);

	/* rejected; too late; the message itself after the approval */
	ok(enrol("people", "A3", alice.cert, &request, &a) == MC_WAITING);
	ok(mc_issue_decide(ca->store, a.got.waiting, false, "root", "no", &e));
	ok(poll("A3", alice.cert, &b) == MC_REJECTED);
	ok(enrol("people", "A3", alice.cert, &request, &b) == MC_REJECTED);
	ok(enrol("people", "A4", alice.cert, &request, &a) == MC_WAITING);
	mc_time_set(mc_time_now() + 8 * MC_DAY);
	ok(poll("A4", alice.cert, &b) == MC_REJECTED);
	ok(!mc_issue_decide(ca->store, a.got.waiting, true, "root", NULL, &e) &&
	    e.code == MC_DENIED);
	mc_time_set(0);
	ok(mc_issue_decide(ca->store, a.got.waiting, true, "root", NULL, &e));
	ok(enrol("people", "A4", alice.cert, &request, &b) == MC_GRANTED);
	/* who brings a challenge must have a good one */
	ok(csr(alice.key, "/CN=Alice", "guess", NULL, &request));
	ok(enrol("people", "A5", alice.cert, &request, &a) == MC_BAD_CHALLENGE);
	ok(csr_empty(&request));
	ok(enrol("people", "A5", alice.cert, &request, &a) == MC_WAITING);
	ok(enrol("people", "A6", bob.cert, &request, &a) == MC_BAD_SIGNER);
}

/* What is proven waits too, and uses its challenge up while it does. */
static void
held(void)
{
	const struct mc_challenge_spec spec = { .subject = "/CN=Held",
		.profile = "held" };
	AUTO_BUF text = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 }, b = { 0 };
	AUTO_CERTIFICATE row = { 0 };
	struct mc_err e = MC_ERR_INIT;
	const struct mc_revocation why = { 0 };

	ok(challenge(&spec, &text));
	ok(csr(alice.key, "/CN=Held", mc_buf_str(&text), NULL, &request));
	ok(enrol("held", "H1", alice.cert, &request, &a) == MC_WAITING);
	ok(enrol("held", "H2", alice.cert, &request, &b) == MC_BAD_CHALLENGE);
	ok(mc_issue_decide(ca->store, a.got.waiting, true, "root", NULL, &e));
	ok(poll_at("held", "H1", alice.cert, &a) == MC_GRANTED);
	ok(row_get(a.serial, &row) && row.challenge[0]);

	/* a renewal too; not of what was revoked in the meantime */
	ok(csr(bob.key, "/CN=Held", NULL, NULL, &request));
	ok(enrol("held", "H3", a.got.cert, &request, &b) == MC_WAITING);
	ok(mc_issue_decide(ca->store, b.got.waiting, true, "root", NULL, &e));
	ok(poll_at("held", "H3", a.got.cert, &b) == MC_GRANTED);
	mc_certificate_clear(&row);
	ok(row_get(b.serial, &row) && strcmp(row.replaces, a.serial) == 0);
	ok(enrol("held", "H4", a.got.cert, &request, &b) == MC_WAITING);
	ok(mc_issue_decide(ca->store, b.got.waiting, true, "root", NULL, &e));
	ok(mc_revoke(ca->store, a.serial, &why, &e));
	ok(poll_at("held", "H4", a.got.cert, &b) == MC_BAD_RENEWAL);
}

/* A renewal that waited is judged when it leaves, too. */
static void
late(void)
{
	const struct mc_challenge_spec spec = { .subject = "/CN=Late",
		.profile = "late" };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 }, b = { 0 };

	ok(challenge(&spec, &text));
	ok(csr(bob.key, "/CN=Late", mc_buf_str(&text), NULL, &request));
	ok(enrol("late", "L1", bob.cert, &request, &a) == MC_WAITING);
	ok(mc_issue_decide(ca->store, a.got.waiting, true, "root", NULL, &e));
	ok(poll_at("late", "L1", bob.cert, &a) == MC_GRANTED);
	ok(csr(bob.key, "/CN=Late", NULL, NULL, &request));
	ok(enrol("late", "L2", a.got.cert, &request, &b) == MC_WAITING);
	ok(mc_issue_decide(ca->store, b.got.waiting, true, "root", NULL, &e));
	/* the profile's certificates live for an hour */
	mc_time_set(mc_time_now() + 2 * MC_HOUR);
	ok(poll_at("late", "L2", a.got.cert, &b) == MC_BAD_RENEWAL &&
	    strstr(b.e.text, "ended"));
	mc_time_set(0);
	ok(poll_at("late", "L2", a.got.cert, &b) == MC_GRANTED);
}

/* No certificate has any number of successors at a time. */
static void
clones(void)
{
	const struct mc_revocation why = { 0 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_ANSWER old = { 0 }, one = { 0 }, a = { 0 };
	char transaction[8];

	ok(first("default", "C0", &alice, &old));
	ok(csr(bob.key, "/CN=Renew", NULL, NULL, &request));
	for (int i = 1; i <= 3; i++) {
		snprintf(transaction, sizeof(transaction), "C%d", i);
		ok(enrol(NULL, transaction, old.got.cert, &request, &one) ==
		    MC_GRANTED);
	}
	ok(enrol(NULL, "C4", old.got.cert, &request, &a) == MC_BAD_RENEWAL &&
	    strstr(a.e.text, "too often"));
	/* an answer that was lost is no new one */
	ok(enrol(NULL, "C3", old.got.cert, &request, &a) == MC_GRANTED &&
	    same(&one, &a));
	/* one that was taken back, and one that was renewed, make room */
	ok(mc_revoke(ca->store, one.serial, &why, &e));
	ok(enrol(NULL, "C5", old.got.cert, &request, &one) == MC_GRANTED);
	ok(enrol(NULL, "C6", old.got.cert, &request, &a) == MC_BAD_RENEWAL);
	ok(enrol(NULL, "C7", one.got.cert, &request, &a) == MC_GRANTED);
	ok(enrol(NULL, "C8", old.got.cert, &request, &a) == MC_GRANTED);
	ok(enrol(NULL, "C9", old.got.cert, &request, &a) == MC_BAD_RENEWAL);
}

/* The path chooses the profile, so a request is one of that path's. */
static void
elsewhere(void)
{
	const struct mc_challenge_spec plain = { 0 };
	const struct mc_challenge_spec any = { .profile = MC_CHALLENGE_ANY,
		.uses = 2 };
	AUTO_BUF text = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 }, b = { 0 };

	/* without a profile it is no key to every one */
	ok(challenge(&plain, &text));
	ok(csr(alice.key, "/CN=S", mc_buf_str(&text), NULL, &request));
	ok(enrol("short", "E0", alice.cert, &request, &a) == MC_BAD_CHALLENGE &&
	    strstr(a.e.text, "another profile"));
	ok(enrol(NULL, "E0", alice.cert, &request, &a) == MC_GRANTED);
	ok(enrol("short", "E0", alice.cert, &request, &b) == MC_BAD_CSR);
	ok(enrol(NULL, "E0", alice.cert, &request, &b) == MC_GRANTED &&
	    same(&a, &b));

	ok(challenge(&any, &text));
	ok(csr(alice.key, "/CN=S", mc_buf_str(&text), NULL, &request));
	ok(enrol("short", "E1", alice.cert, &request, &a) == MC_GRANTED);
	ok(enrol(NULL, "E1", alice.cert, &request, &b) == MC_BAD_CSR);
	ok(enrol("people", "E1", alice.cert, &request, &b) == MC_BAD_CSR);
	ok(enrol("short", "E1", alice.cert, &request, &b) == MC_GRANTED &&
	    same(&a, &b));
	/* as another request it is good for the second use */
	ok(enrol(NULL, "E2", alice.cert, &request, &b) == MC_GRANTED);

	/* what waits, and who polls */
	ok(csr(bob.key, "/CN=S", NULL, NULL, &request));
	ok(enrol("people", "E3", bob.cert, &request, &a) == MC_WAITING);
	ok(enrol("other", "E3", bob.cert, &request, &b) == MC_BAD_CSR);
	ok(poll_at("other", "E3", bob.cert, &b) == MC_BAD_CSR);
	ok(poll_at("people", "E3", bob.cert, &b) == MC_WAITING &&
	    a.got.waiting == b.got.waiting);
	ok(mc_issue_decide(ca->store, a.got.waiting, true, "root", NULL, &b.e));
	ok(enrol("other", "E3", bob.cert, &request, &b) == MC_BAD_CSR);
	ok(poll_at("people", "E3", bob.cert, &b) == MC_GRANTED);
	ok(poll_at("other", "E3", bob.cert, &b) == MC_BAD_CSR);
}

static enum mc_verdict_code
from(const char *source, struct peer *p, const char *transaction,
    const struct mc_buf *der, struct answer *a)
{
	struct mc_issue_request r = { .transaction = transaction,
		.signer = p->cert,
		.csr = der,
		.source = source };

	return ask("people", &r, a);
}

/* Three of a key, and pending-limit of a source, which is 4 here. */
static void
flood(void)
{
	AUTO_BUF request = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 };
	struct peer carol = { 0 }, dora = { 0 };
	struct mc_err e = MC_ERR_INIT;
	int64_t late = mc_time_now() + 15 * MC_DAY, n = 0;

	ok(peer_new(MC_KEY_P256, &carol) && peer_new(MC_KEY_P256, &dora));
	ok(csr(carol.key, "/CN=C", NULL, NULL, &request));
	ok(from("192.0.2.7", &carol, "F1", &request, &a) == MC_WAITING);
	ok(from("192.0.2.8", &carol, "F2", &request, &a) == MC_WAITING);
	ok(from("192.0.2.8", &carol, "F3", &request, &a) == MC_WAITING);
	ok(from("192.0.2.9", &carol, "F4", &request, &a) == MC_TOO_MANY &&
	    strstr(a.e.text, "key"));
	/* one of them comes again */
	ok(from("192.0.2.9", &carol, "F1", &request, &a) == MC_WAITING);
	ok(csr(dora.key, "/CN=D", NULL, NULL, &request));
	ok(from("192.0.2.8", &dora, "F5", &request, &a) == MC_WAITING);
	ok(from("192.0.2.8", &dora, "F6", &request, &a) == MC_WAITING);
	ok(from("192.0.2.8", &dora, "F7", &request, &a) == MC_TOO_MANY &&
	    strstr(a.e.text, "source"));
	ok(from("192.0.2.7", &dora, "F7", &request, &a) == MC_WAITING);

	/* those that are over make room, and are forgotten in the end */
	mc_time_set(mc_time_now() + 8 * MC_DAY);
	ok(from("192.0.2.8", &dora, "F8", &request, &a) == MC_WAITING);
	ok(from("192.0.2.8", &dora, "F5", &request, &a) == MC_REJECTED);
	mc_time_set(late);
	ok(from("192.0.2.8", &dora, "F9", &request, &a) == MC_WAITING);
	ok(poll("F5", dora.cert, &a) == MC_NO_REQUEST);
	ok(poll("F8", dora.cert, &a) == MC_WAITING ||
	    a.got.verdict.code == MC_REJECTED);
	ok(mc_store_request_count_signer(ca->store, 0, "nobody", &n, &e) &&
	    n == 0);
	mc_time_set(0);
	peer_free(&carol);
	peer_free(&dora);
}

/* What a person or a program would be shown has an end. */
static void
too_long(void)
{
	static const char more[] =
	    "/OU=0123456789012345678901234567890123456789012345678901234567";
	AUTO_BUF subject = MC_BUF_INIT, request = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 };
	const struct mc_challenge_spec spec = { .profile = MC_CHALLENGE_ANY,
		.uses = 9 };

	for (int i = 0; i < 29; i++)
		ok(mc_buf_puts(&subject, more, &a.e));
	ok(challenge(&spec, &text));
	ok(csr(
	    bob.key, mc_buf_str(&subject), mc_buf_str(&text), NULL, &request));
	ok(enrol(NULL, "B1", bob.cert, &request, &a) == MC_GRANTED);
	ok(mc_buf_puts(&subject, more, &a.e));
	ok(csr(
	    bob.key, mc_buf_str(&subject), mc_buf_str(&text), NULL, &request));
	ok(enrol(NULL, "B2", bob.cert, &request, &a) == MC_BAD_SUBJECT &&
	    strstr(a.e.text, "too long"));
	ok(enrol("asks", "B2", bob.cert, &request, &a) == MC_BAD_SUBJECT);
	ok(csr(bob.key, mc_buf_str(&subject), NULL, NULL, &request));
	ok(enrol("people", "B3", bob.cert, &request, &a) == MC_BAD_SUBJECT);
	ok(enrol("asks", "B4", bob.cert, &request, &a) == MC_BAD_SUBJECT);
}

static struct mc_buf twice;

/* Another process has told and given it out before we came back. */
static void
other_tells(void)
{
	AUTO_ANSWER a = { 0 };

	programs.deaf = false;
	ok(enrol("tells", "W4", alice.cert, &twice, &a) == MC_GRANTED);
	programs.deaf = true;
}

static void
notified(void)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_ANSWER a = { 0 }, b = { 0 };
	AUTO_CERTIFICATE row = { 0 };
	const struct mc_challenge_spec spec = { .profile = "tells", .uses = 9 };

	memset(&programs, 0, sizeof(programs));
	ok(challenge(&spec, &text));
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&text), NULL, &twice));
	ok(enrol("tells", "W1", alice.cert, &twice, &a) == MC_GRANTED);
	ok(programs.told == 1 && strcmp(programs.serial, a.serial) == 0 &&
	    strcmp(programs.subject, "/CN=Alice") == 0);
	ok(history_is(a.serial, "promised issued told"));
	ok(enrol("tells", "W1", alice.cert, &twice, &b) == MC_GRANTED);
	ok(programs.told == 1 && same(&a, &b));

	/* it does not leave, and the retry hears so */
	programs.deaf = true;
	ok(enrol("tells", "W2", alice.cert, &twice, &a) == MC_REJECTED);
	ok(strstr(a.e.text, "nobody listens") != NULL);
	ok(row_get(programs.serial, &row) &&
	    row.state == MC_CERTIFICATE_REVOKED && row.reason == 5 &&
	    row.told == 0);
	ok(history_is(programs.serial, "promised issued revoked"));
	ok(enrol("tells", "W2", alice.cert, &twice, &a) == MC_WITHDRAWN);
	/* one that has left is not taken back by a second opinion */
	programs.meanwhile = other_tells;
	ok(enrol("tells", "W4", alice.cert, &twice, &a) == MC_GRANTED);
	programs.deaf = false;
	ok(history_is(a.serial, "promised issued repeated told"));
	mc_buf_clear(&twice);
	/* nobody to run it: a failure, no refusal */
	hooks = NULL;
	ok(csr(alice.key, "/CN=Alice", mc_buf_str(&text), NULL, &twice));
	ok(enrol("tells", "W5", alice.cert, &twice, &a) == MC_GRANTED &&
	    !a.done);
	hooks = &both;
	ok(enrol("tells", "W5", alice.cert, &twice, &a) == MC_GRANTED);
	mc_buf_clear(&twice);
}

static bool
try(void *ctx, const struct mc_buf *password)
{
	const struct mc_buf *want = ctx;

	return want->len == password->len &&
	    CRYPTO_memcmp(want->data, password->data, want->len) == 0;
}

static enum mc_password_outcome
password(const struct mc_password_search *like, struct mc_buf *want,
    struct mc_buf *text)
{
	struct mc_password_search s = *like;
	enum mc_password_outcome outcome = MC_PASSWORD_TOO_MANY;
	struct mc_err e = MC_ERR_INIT;

	s.try = try;
	s.ctx = want;
	ok(mc_issue_password_find(ca, &s, text, &outcome, &e));
	return outcome;
}

static void
passwords(void)
{
	const struct mc_challenge_spec open = { .ra = ca->ra[0].cert };
	const struct mc_challenge_spec closed = { 0 };
	const struct mc_issue_request asked = { .transaction = "PW",
		.signer = alice.cert };
	const struct mc_password_search s = { .asked = &asked, .rounds = 1 };
	AUTO_BUF one = MC_BUF_INIT, two = MC_BUF_INIT, shut = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;

	ok(challenge(&open, &one) && challenge(&open, &two) &&
	    challenge(&closed, &shut));
	ok(password(&s, &one, &text) == MC_PASSWORD_FOUND);
	ok(text.len == one.len && memcmp(text.data, one.data, one.len) == 0);
	ok(password(&s, &two, &text) == MC_PASSWORD_FOUND);
	ok(password(&s, &shut, &text) == MC_PASSWORD_NONE);
	ok(text.len == one.len + two.len);
	mc_time_set(mc_time_now() + 2 * MC_HOUR);
	ok(password(&s, &one, &text) == MC_PASSWORD_NONE);
	mc_time_set(0);
}

static bool
tried(void *ctx, const struct mc_buf *password)
{
	(void)password;
	++*(unsigned *)ctx;
	return false;
}

/* The dearer a try, the fewer there are. */
static void
password_rounds(void)
{
	static const struct {
		unsigned rounds, tries;
	} t[] = { { MC_PBKDF2_MAX, 2 }, { 40000, 5 }, { 20000, 10 },
		{ 1, 12 } };
	const struct mc_challenge_spec open = { .ra = ca->ra[0].cert };
	const struct mc_issue_request asked = { .transaction = "PW",
		.signer = alice.cert };
	struct mc_err e = MC_ERR_INIT;
	enum mc_password_outcome outcome;
	AUTO_BUF text = MC_BUF_INIT;

	for (int i = 0; i < 10; i++)
		ok(challenge(&open, &text));
	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		unsigned n = 0;
		const struct mc_password_search s = { .asked = &asked,
			.rounds = t[i].rounds,
			.try = tried,
			.ctx = &n };

		ok(mc_issue_password_find(ca, &s, &text, &outcome, &e) &&
		    outcome == MC_PASSWORD_NONE && n == t[i].tries);
	}
}

/* A search that fails costs a failure; one that finds costs none. */
static void
password_budget(void)
{
	const struct mc_challenge_spec open = { .ra = ca->ra[0].cert };
	const struct mc_issue_request asked = { .transaction = "PB",
		.signer = alice.cert };
	struct mc_password_search s = {
		.asked = &asked, .rounds = 1, .who = "198.51.100.9"
	};
	const unsigned most = ca->conf->budget.failures;
	AUTO_BUF one = MC_BUF_INIT, none = MC_BUF_INIT, text = MC_BUF_INIT;

	ca->conf->budget.failures = 2;
	ok(challenge(&open, &one));
	for (int i = 0; i < 4; i++)
		ok(password(&s, &one, &text) == MC_PASSWORD_FOUND);
	ok(password(&s, &none, &text) == MC_PASSWORD_NONE);
	ok(password(&s, &none, &text) == MC_PASSWORD_NONE);
	ok(password(&s, &one, &text) == MC_PASSWORD_TOO_MANY);
	s.dry = true;
	ok(password(&s, &one, &text) == MC_PASSWORD_FOUND);
	ca->conf->budget.failures = most;
}

/* One that is used up opens nothing but the request that used it. */
static void
password_used(void)
{
	const struct mc_challenge_spec open = { .ra = ca->ra[0].cert };
	struct mc_issue_request asked = { .transaction = "PU",
		.signer = alice.cert };
	const struct mc_password_search s = { .asked = &asked, .rounds = 1 };
	AUTO_BUF one = MC_BUF_INIT, req = MC_BUF_INIT, text = MC_BUF_INIT;
	struct mc_issued got = { 0 };
	struct mc_issue_request r = asked;
	struct mc_err e = MC_ERR_INIT;

	ok(challenge(&open, &one) &&
	    csr(alice.key, "/CN=Alice", mc_buf_str(&one), NULL, &req));
	r.csr = &req;
	ok(mc_issue(
	    ca, mc_ca_conf_profile_find(ca->conf, NULL), &r, NULL, &got, &e));
	X509_free(got.cert);
	ok(password(&s, &one, &text) == MC_PASSWORD_FOUND);
	asked.transaction = "PV";
	ok(password(&s, &one, &text) == MC_PASSWORD_NONE);
}

/* Who is behind an address, and who is known by his key. */
static void
whose(void)
{
	static const char *const t[][2] = {
		{ "192.0.2.7", "192.0.2.7" },
		{ "::ffff:192.0.2.7", "192.0.2.7" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64" },
		{ "2001:DB8:1:2::ffff", "2001:db8:1:2::/64" },
		{ "2001:db8:1:3::1", "2001:db8:1:3::/64" },
		{ "fe80::1%eth0", "fe80::/64" },
		{ "a pipe", "a pipe" },
		{ "", "" },
		{ NULL, "" },
	};
	char who[MC_BUDGET_WHO];

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		mc_budget_address(t[i][0], who);
		ok(strcmp(who, t[i][1]) == 0);
	}
}

static bool
secret_write(struct mc_buf *conf)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF path = MC_BUF_INIT;
	FILE *f;
	bool done;

	if (!mc_buf_printf(&path, &e, "%s/secret", dir) ||
	    !mc_buf_puts(&shared, "0123456789abcdef0123", &e))
		return false;
	f = fopen(mc_buf_str(&path), "w");
	done = f && fputs(mc_buf_str(&shared), f) >= 0;
	if (f)
		done &= fclose(f) == 0;
	return done &&
	    mc_buf_printf(conf, &e,
		"failures = 0\nchallenge-failures = 0\n"
		"pending-lifetime = 7d\npending-limit = 4\n"
		"[profile mac]\naccept = hmac\nhmac-secret = file:%s\n"
		"[profile replace]\nrevoke-replaced = yes\n"
		"[profile asks]\naccept = challenge program\n"
		"decide = /bin/true\n"
		"[profile short]\nlifetime = 1d\nsubject-match = /CN=S*\n"
		"[profile people]\naccept = challenge approval\n"
		"[profile other]\naccept = approval\n"
		"[profile held]\nhold = yes\n"
		"[profile late]\nhold = yes\nlifetime = 1h\n"
		"[profile tells]\nnotify = /bin/true\n",
		mc_buf_str(&path));
}

int
main(void)
{
	AUTO_BUF conf = MC_BUF_INIT;

	ok(ca_make());
	ok(peer_new(MC_KEY_RSA, &alice) && peer_new(MC_KEY_P256, &bob));
	if (ca && bob.cert) {
		hooks = &both;
		ok(secret_write(&conf) && configure(mc_buf_str(&conf)));
		macs();
		renewals();
		decisions();
		approvals();
		held();
		late();
		clones();
		elsewhere();
		flood();
		too_long();
		notified();
		passwords();
		password_rounds();
		password_budget();
		password_used();
		whose();
	}
	peer_free(&alice);
	peer_free(&bob);
	mc_buf_clear(&shared);
	ok(ERR_peek_error() == 0);
	ca_unmake();
	return done();
}
