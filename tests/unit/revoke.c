/* SPDX-License-Identifier: ISC */
/* Certificates taken back, and the CRLs that say so. */
#include "ca/revoke.h"

#include "ca/succeed.h"
#include "crypto/crl.h"
#include "record_help.h"
#include "store/history.h"
#include "store/number.h"

static const struct mc_revocation lost = { 1, "admin", "laptop stolen" };
static const struct mc_revocation plain = { 0, NULL, NULL };

struct told {
	char text[512];
};

static bool
tell(void *ctx, const struct mc_history *h, struct mc_err *e)
{
	struct told *t = ctx;
	size_t n = strlen(t->text);

	(void)e;
	snprintf(t->text + n, sizeof(t->text) - n, "%s %s (%s);", h->what,
	    h->who ? h->who : "-", h->note ? h->note : "-");
	return true;
}

static bool
has_history(struct mc_store *s, const char *serial, const char *want)
{
	struct told t = { "" };
	struct mc_err e = MC_ERR_INIT;

	if (mc_store_history_list(s, serial, tell, &t, &e) &&
	    strcmp(t.text, want) == 0)
		return true;
	printf("# %s\n", t.text);
	return false;
}

static enum mc_certificate_state
state_of(struct mc_store *s, const char *serial, struct mc_certificate *row)
{
	struct mc_err e = MC_ERR_INIT;
	bool found = false;

	mc_certificate_clear(row);
	*row = (struct mc_certificate){ 0 };
	if (!mc_store_certificate_find(s, serial, row, &found, &e) || !found)
		return MC_CERTIFICATE_INTENT;
	return row->state;
}

static void
one_is_revoked_by_its_number(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL);
	const char *serial = recorded(ca->store, ca, "/CN=a", MC_DAY, NULL);
	const char *other = recorded(ca->store, ca, "/CN=b", MC_DAY, NULL);
	AUTO_CERTIFICATE row = { 0 };
	char colons[80] = "";
	char lower[MC_SERIAL_TEXT] = "";
	size_t n = 0;

	for (size_t i = 0; serial[i]; i++) {
		char c = serial[i];

		lower[i] = c >= 'A' ? (char)(c - 'A' + 'a') : c;
		if (i > 0 && i % 2 == 0)
			colons[n++] = ':';
		colons[n++] = lower[i];
	}
	works(mc_revoke(ca->store, colons, &lost, e));
	ok(state_of(ca->store, serial, &row) == MC_CERTIFICATE_REVOKED);
	ok(row.revoked_at == T0 && row.reason == 1);
	ok(has_history(ca->store, serial,
	    "revoked admin (keyCompromise: laptop stolen);"));
	refuses(mc_revoke(ca->store, lower, &plain, e), MC_DENIED,
	    ": already revoked at 2027-01-15T08:00:00Z");
	ok(has_history(ca->store, serial,
	    "revoked admin (keyCompromise: laptop stolen);"));
	ok(state_of(ca->store, other, &row) == MC_CERTIFICATE_VALID);
	works(mc_revoke(ca->store, other, &plain, e));
	ok(has_history(ca->store, other, "revoked - (unspecified);"));
}

static void
numbers_that_are_none_are_refused(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_STORE);
	static const char *const bad[] = { "", "g", ":", "a:", ":a", "a::b",
		"-1", "0x", "0x0x1", "1 2", "1\n" };
	char number[MC_SERIAL_TEXT];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		refuses(mc_revoke(ca->store, bad[i], &plain, e), MC_USAGE,
		    ": not a serial number in hexadecimal");
	refuses(mc_revoke(ca->store,
		    "111111111111111111111111111111111111111111", &plain, e),
	    MC_USAGE, ": longer than 20 octets: no serial number");
	/* in one way of writing, whatever the user's */
	refuses(mc_revoke(ca->store, "a", &plain, e), MC_DENIED,
	    "0A: no valid certificate has this serial number");
	refuses(mc_revoke(ca->store, "00:0a", &plain, e), MC_DENIED,
	    "0A: no valid certificate has this serial number");
	works(mc_ca_serial_parse("0000:0A:bc", number, e));
	ok(strcmp(number, "0ABC") == 0);
	works(mc_ca_serial_parse("0000", number, e));
	ok(strcmp(number, "00") == 0);
	works(mc_ca_serial_parse(
	    "00:00:f0123456789012345678901234567890123456f9", number, e));
	ok(strcmp(number, "F0123456789012345678901234567890123456F9") == 0);
}

static void
reasons_are_those_that_last(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_STORE);
	static const int64_t bad[] = { -1, 6, 7, 8, 10, 11 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		refuses(mc_revoke(ca->store, "0A",
			    &(struct mc_revocation){ bad[i], NULL, NULL }, e),
		    MC_USAGE, "not a reason for which a certificate is");
	refuses(mc_revoke(ca->store, "0A",
		    &(struct mc_revocation){ 9, NULL, NULL }, e),
	    MC_DENIED, "no valid certificate");
}

/* One certificate that another one was renewed from. */
static const char *
renewed(const struct mc_ca *ca, const char *from)
{
	AUTO(X509) *cert = leaf(ca, "/CN=r", MC_DAY);
	AUTO_CERTIFICATE row = { 0 };
	static char serials[4][MC_SERIAL_TEXT];
	static unsigned turn;
	char *serial = serials[turn++ % 4];
	struct mc_err e = MC_ERR_INIT;

	if (!mc_ca_row_parse(cert, &row, &e) ||
	    !mc_cert_encode(cert, &row.der, &e))
		abort();
	row.transaction = strdup("T");
	row.profile = strdup("default");
	row.state = MC_CERTIFICATE_VALID;
	row.created = T0;
	snprintf(row.issuer, sizeof(row.issuer), "%s", ca->id);
	snprintf(row.replaces, sizeof(row.replaces), "%s", from);
	ok(mc_store_certificate_import(ca->store, &row, &e));
	snprintf(serial, MC_SERIAL_TEXT, "%s", row.serial);
	return serial;
}

static void
renewals_go_with_what_they_renew(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL);
	AUTO_CERTIFICATE row = { 0 };
	const char *stolen = recorded(ca->store, ca, "/CN=s", MC_DAY, NULL);
	const char *other = recorded(ca->store, ca, "/CN=o", MC_DAY, NULL);
	const char *clone = renewed(ca, stolen);
	const char *second = renewed(ca, clone);
	const char *good = renewed(ca, other);
	const struct mc_certificate_filter f = { .line = stolen };
	unsigned n = 0;

	/* the number alone leaves what was made of it */
	works(mc_revoke(ca->store, stolen, &lost, e));
	ok(state_of(ca->store, clone, &row) == MC_CERTIFICATE_VALID);
	works(mc_revoke_all(ca->store, &f, &lost, &n, e));
	ok(n == 2);
	ok(state_of(ca->store, clone, &row) == MC_CERTIFICATE_REVOKED);
	ok(state_of(ca->store, second, &row) == MC_CERTIFICATE_REVOKED);
	ok(has_history(ca->store, second,
	    "revoked admin (keyCompromise: laptop stolen);"));
	ok(state_of(ca->store, other, &row) == MC_CERTIFICATE_VALID);
	ok(state_of(ca->store, good, &row) == MC_CERTIFICATE_VALID);
}

static void
many_are_revoked_at_once(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL);
	AUTO_CERTIFICATE row = { 0 };
	struct mc_certificate_filter f = { .user = "alice" };
	const char *mine;
	const char *his;
	unsigned n = 99;

	for (int i = 0; i < 5; i++)
		(void)recorded(ca->store, ca, "/CN=x", MC_DAY, "alice");
	mine = recorded(ca->store, ca, "/CN=x", MC_DAY, "alice");
	his = recorded(ca->store, ca, "/CN=x", MC_DAY, "bob");
	refuses(mc_revoke_all(ca->store, &(struct mc_certificate_filter){ 0 },
		    &lost, &n, e),
	    MC_USAGE, "all would be revoked");
	refuses(mc_revoke_all(ca->store, &f,
		    &(struct mc_revocation){ 6, NULL, NULL }, &n, e),
	    MC_USAGE, "not a reason");
	ok(n == 99 && state_of(ca->store, mine, &row) == MC_CERTIFICATE_VALID);
	f.limit = 2;
	works(mc_revoke_all(ca->store, &f, &lost, &n, e));
	ok(n == 2);
	f.limit = 0;
	works(mc_revoke_all(ca->store, &f, &lost, &n, e));
	ok(n == 4);
	ok(state_of(ca->store, mine, &row) == MC_CERTIFICATE_REVOKED);
	ok(has_history(
	    ca->store, mine, "revoked admin (keyCompromise: laptop stolen);"));
	ok(state_of(ca->store, his, &row) == MC_CERTIFICATE_VALID);
	works(mc_revoke_all(ca->store, &f, &lost, &n, e));
	ok(n == 0);
}

/* More than one statement reads, in one transaction. */
static void
very_many_too(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL);
	struct mc_certificate_filter f = { .user = "carol" };
	unsigned n = 0;

	works(mc_store_begin(ca->store, e));
	for (int i = 0; i < 1001; i++)
		(void)recorded(ca->store, ca, "/CN=x", MC_DAY, "carol");
	works(mc_store_commit(ca->store, e));
	works(mc_revoke_all(ca->store, &f, &plain, &n, e));
	ok(n == 1001);
}

/* A CRL's facts, and its verdict on a serial number. */
static struct mc_crl_facts
facts_of(const struct mc_buf *der, X509 *issuer)
{
	struct mc_crl_facts f = { 0 };
	struct mc_err e = MC_ERR_INIT;

	if (!mc_crl_parse(der, issuer, &f, &e))
		printf("# %s\n", e.text);
	return f;
}

static bool
lists(const struct mc_buf *der, const char *serial)
{
	const unsigned char *p = der->data;
	AUTO(X509_CRL) *crl = d2i_X509_CRL(NULL, &p, (long)der->len);
	AUTO(ASN1_INTEGER) *number = NULL;
	X509_REVOKED *entry = NULL;
	struct mc_err e = MC_ERR_INIT;

	return crl && mc_serial_parse(serial, &number, &e) &&
	    X509_CRL_get0_by_serial(crl, &entry, number) == 1;
}

/* CRL number, made now. */
static int64_t
made(const struct mc_ca *ca, const struct mc_buf *published)
{
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (mc_crl_make(ca, false, published, &der, &e))
		return facts_of(&der, ca->cert).number;
	printf("# %s\n", e.text);
	return -1;
}

static void
crl_numbers_only_grow(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF old = MC_BUF_INIT;
	AUTO_BUF later = MC_BUF_INIT;
	AUTO_BUF bad = MC_BUF_INIT;
	int64_t n;

	works(init("numbers", e));
	ca = loaded("numbers", MC_CA_ALL);
	ok(made(ca, NULL) == T0); /* the seconds since 1970 */
	ok(made(ca, NULL) == T0 + 1);
	works(mc_crl_make(ca, false, NULL, &old, e));
	ok(facts_of(&old, ca->cert).number == T0 + 2);
	mc_time_set(T0 - MC_DAY); /* a clock that was set back */
	ok(made(ca, NULL) == T0 + 3);
	mc_time_set(T0 + MC_DAY);
	works(mc_crl_make(ca, false, NULL, &later, e));
	ok(facts_of(&later, ca->cert).number == T0 + MC_DAY);
	mc_time_set(T0);
	/* the store forgets: the file beside it does not */
	mc_ca_free(take(&ca));
	ok(unlink(in("numbers/store.db")) == 0);
	(void)unlink(in("numbers/store.db-wal"));
	(void)unlink(in("numbers/store.db-shm"));
	{
		AUTO(mc_store) *s = NULL;

		works(mc_store_open(in("numbers"), true, &s, e));
	}
	ca = loaded("numbers", MC_CA_ALL);
	n = made(ca, NULL);
	ok(n == T0 + MC_DAY + 1);
	/* nor does the published one, where the file is gone, too */
	ok(unlink(in("numbers/crl.der")) == 0);
	works(mc_store_number_raise(ca->store, "crl", n, e));
	ok(made(ca, &later) == n + 1);
	works(mc_buf_puts(&bad, "-----BEGIN X509 CRL-----\n", e));
	refuses(mc_crl_make(ca, false, &bad, &old, e), MC_MALFORMED,
	    "the CRL that is published: ");
}

static void
the_published_number_counts(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF far = MC_BUF_INIT;
	AUTO(mc_crl_draft) *draft = NULL;

	works(init("published", e));
	ca = loaded("published", MC_CA_ALL);
	works(mc_crl_new(ca->cert, T0 * 10, T0, T0 + MC_DAY, &draft, e) &&
	    mc_crl_sign(draft, ca->key, &far, e));
	ok(made(ca, &far) == T0 * 10 + 1);
	ok(made(ca, NULL) == T0 * 10 + 2);
}

static void
a_crl_is_kept_while_it_is_good(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF first = MC_BUF_INIT;
	AUTO_BUF again = MC_BUF_INIT;
	AUTO_BUF file = MC_BUF_INIT;
	const char *a;
	const char *b;
	struct stat st;

	mc_time_set(T0);
	works(init("kept", e));
	ca = loaded("kept", MC_CA_ALL);
	a = recorded(ca->store, ca, "/CN=a", MC_DAY * 90, NULL);
	b = recorded(ca->store, ca, "/CN=b", MC_DAY * 90, NULL);
	works(mc_revoke(ca->store, a, &lost, e));
	works(mc_crl_get(ca, false, &first, e));
	ok(lists(&first, a) && !lists(&first, b));
	ok(facts_of(&first, ca->cert).this_update == T0);
	ok(facts_of(&first, ca->cert).next_update == T0 + MC_DAY * 7);
	works(mc_file_load(in("kept/crl.der"), &file, e));
	ok(file.len == first.len &&
	    memcmp(file.data, first.data, file.len) == 0);
	ok(stat(in("kept/crl.der"), &st) == 0 && (st.st_mode & 0777) == 0644);
	works(mc_crl_get(ca, false, &again, e));
	ok(again.len == first.len &&
	    memcmp(again.data, first.data, again.len) == 0);
	/* in this very second */
	works(mc_revoke(ca->store, b, &plain, e));
	mc_buf_clear(&again);
	works(mc_crl_get(ca, false, &again, e));
	ok(lists(&again, a) && lists(&again, b));
	ok(facts_of(&again, ca->cert).number == T0 + 1);
	/* up to half of its time */
	mc_time_set(T0 + MC_DAY * 7 / 2);
	mc_buf_clear(&again);
	works(mc_crl_get(ca, false, &again, e));
	ok(facts_of(&again, ca->cert).number == T0 + 1);
	mc_time_set(T0 + MC_DAY * 7 / 2 + 1);
	mc_buf_clear(&again);
	works(mc_crl_get(ca, false, &again, e));
	ok(facts_of(&again, ca->cert).number == T0 + MC_DAY * 7 / 2 + 1);
	/* one from the future is not given to those who have the time */
	mc_time_set(T0);
	mc_buf_clear(&again);
	works(mc_crl_get(ca, false, &again, e));
	ok(facts_of(&again, ca->cert).this_update == T0);
	ok(facts_of(&again, ca->cert).number == T0 + MC_DAY * 7 / 2 + 2);
	/* a file that is none is replaced */
	works(put("kept/crl.der", "nonsense", 0644));
	mc_buf_clear(&again);
	works(mc_crl_get(ca, false, &again, e));
	ok(facts_of(&again, ca->cert).entries == 2);
	mc_buf_clear(&file);
	works(mc_file_load(in("kept/crl.der"), &file, e));
	ok(facts_of(&file, ca->cert).entries == 2);
}

/* RFC 5280 section 3.3: on one that comes after its end, and then no more. */
static void
expired_entries_leave_late(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	const char *a;

	mc_time_set(T0);
	works(init("late", e));
	ca = loaded("late", MC_CA_ALL);
	a = recorded(ca->store, ca, "/CN=a", MC_DAY, NULL);
	works(mc_revoke(ca->store, a, &lost, e));
	works(mc_crl_make(ca, false, NULL, &der, e));
	ok(lists(&der, a));
	mc_time_set(T0 + MC_DAY * 100); /* no CRL for long: still once more */
	mc_buf_clear(&der);
	works(mc_crl_make(ca, false, NULL, &der, e));
	ok(lists(&der, a));
	mc_time_set(T0 + MC_DAY * 101);
	mc_buf_clear(&der);
	works(mc_crl_make(ca, false, NULL, &der, e));
	ok(!lists(&der, a));
	ok(facts_of(&der, ca->cert).entries == 0);
}

static void
what_it_needs_is_said(void)
{
	AUTO(mc_ca) *ca = loaded("kept", MC_CA_STORE);
	AUTO_BUF der = MC_BUF_INIT;

	refuses(mc_crl_make(ca, true, NULL, &der, e), MC_NOINPUT,
	    "this CA has no previous generation");
	refuses(mc_crl_get(ca, true, &der, e), MC_NOINPUT,
	    "this CA has no previous generation");
	refuses(mc_crl_make(ca, false, NULL, &der, e), MC_USAGE,
	    "a CRL needs the CA's key");
	ok(der.len == 0);
}

/* Where it cannot be kept it is not given out, and no number is lost. */
static void
what_cannot_be_kept_is_not_made(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	int64_t before = 0;
	int64_t after = 0;

	mc_time_set(T0);
	ca = loaded("published", MC_CA_ALL);
	works(mc_store_number_get(ca->store, "crl", &before, e));
	(void)unlink(in("published/crl.der"));
	works(mc_dir_make(in("published/crl.der"), 0700, e));
	ok(put("published/crl.der/x", "x", 0600));
	{
		struct mc_err e = MC_ERR_INIT;

		ok(!mc_crl_make(ca, false, NULL, &der, &e) && der.len == 0);
		ok(e.code == MC_IO || e.code == MC_MALFORMED);
	}
	works(mc_store_number_get(ca->store, "crl", &after, e));
	ok(after == before);
	works(mc_store_begin(ca->store, e)); /* none is left open */
	mc_store_rollback(ca->store);
}

static void
generations_have_their_own(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF old = MC_BUF_INIT;
	AUTO_BUF now = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_ca_spec spec = { .dir = in("two"), .kind = MC_KEY_P256 };
	const char *a;
	const char *b;

	mc_time_set(T0);
	works(init("two", e));
	ca = loaded("two", MC_CA_ALL);
	a = recorded(ca->store, ca, "/CN=a", MC_DAY * 90, NULL);
	works(mc_revoke(ca->store, a, &lost, e));
	works(mc_crl_get(ca, false, &old, e));
	works(mc_ca_rollover(&spec, T0 + MC_DAY, e));
	mc_time_set(T0 + MC_DAY + 1);
	mc_ca_free(take(&ca));
	ca = loaded("two", MC_CA_ALL);
	ok(ca && ca->previous);
	if (!ca || !ca->previous)
		return;
	b = recorded(ca->store, ca, "/CN=b", MC_DAY * 90, NULL);
	works(mc_revoke(ca->store, b, &lost, e));
	works(mc_crl_get(
	    ca, false, &now, e)); /* the file is the other one's still */
	ok(lists(&now, b) && !lists(&now, a));
	ok(facts_of(&now, ca->cert).number >
	    facts_of(&old, ca->previous->cert).number);
	works(mc_crl_make(ca, true, NULL, &der, e));
	ok(lists(&der, a) && !lists(&der, b));
	ok(facts_of(&der, ca->previous->cert).number >
	    facts_of(&now, ca->cert).number);
	ok(there("two/crl.der") && there("two/crl-previous.der"));
	mc_buf_clear(&old);
	works(mc_crl_get(ca, true, &old, e));
	ok(old.len == der.len && memcmp(old.data, der.data, old.len) == 0);
	a = recorded(ca->store, ca->previous, "/CN=c", MC_DAY * 90, NULL);
	works(mc_revoke(ca->store, a, &lost, e));
	mc_buf_clear(&old);
	works(mc_crl_get(ca, true, &old, e));
	ok(lists(&old, a) && !lists(&old, b));
}

/* A shell command in the folder of the test. */
static bool
run(const char *command)
{
	char all[1024];

	snprintf(
	    all, sizeof(all), "cd %s && { %s; } > out 2>&1", root, command);
	if (system(all) == 0)
		return true;
	snprintf(all, sizeof(all), "sed 's/^/# /' %s/out", root);
	(void)!system(all);
	return false;
}

static bool
save(const char *name, X509 *cert)
{
	AUTO_BUF pem = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_pem_cert_encode(cert, &pem, &e) &&
	    mc_file_save(in(name), &pem, 0644, &e);
}

static void
openssl_agrees(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO(X509) *good = NULL;
	AUTO(X509) *bad = NULL;
	AUTO_BUF der = MC_BUF_INIT;
	char serial[MC_SERIAL_TEXT];

	mc_time_set(T0);
	works(init("openssl", e));
	ca = loaded("openssl", MC_CA_ALL);
	good = leaf(ca, "/CN=good", MC_DAY);
	bad = leaf(ca, "/CN=bad", MC_DAY);
	ok(save("good.pem", good) && save("bad.pem", bad));
	works(record_as(ca->store, ca, good, MC_CERTIFICATE_VALID, NULL, e));
	works(record_as(ca->store, ca, bad, MC_CERTIFICATE_VALID, NULL, e));
	works(mc_cert_serial(bad, serial, e) &&
	    mc_revoke(ca->store, serial, &lost, e) &&
	    mc_crl_get(ca, false, &der, e));
	ok(run("openssl crl -inform DER -in openssl/crl.der -CAfile "
	       "openssl/ca.pem -noout -text > t 2>&1 && grep 'verify OK' t && "
	       "grep 'Key Compromise' t && openssl crl -inform DER -in "
	       "openssl/crl.der -out crl.pem"));
	ok(run("openssl verify -attime 1800000000 -crl_check -CAfile "
	       "openssl/ca.pem -CRLfile crl.pem good.pem"));
	ok(run("! openssl verify -attime 1800000000 -crl_check -CAfile "
	       "openssl/ca.pem -CRLfile crl.pem bad.pem 2> t && grep "
	       "'certificate revoked' t"));
}

int
main(void)
{
	begin();
	works(init("ca", e));
	one_is_revoked_by_its_number();
	numbers_that_are_none_are_refused();
	reasons_are_those_that_last();
	renewals_go_with_what_they_renew();
	many_are_revoked_at_once();
	very_many_too();
	crl_numbers_only_grow();
	the_published_number_counts();
	a_crl_is_kept_while_it_is_good();
	expired_entries_leave_late();
	what_it_needs_is_said();
	what_cannot_be_kept_is_not_made();
	generations_have_their_own();
	openssl_agrees();
	EVP_PKEY_free(leaf_key());
	end();
	return done();
}
