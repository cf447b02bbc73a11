/* SPDX-License-Identifier: ISC */
/* The record out and in, beside openssl's. */
#include "ca/transfer.h"

#include <time.h>

#include "ca/revoke.h"
#include "record_help.h"
#include "store/challenge.h"
#include "store/history.h"

/* A shell command in the folder of the test; true where it has succeeded. */
static bool
run(const char *command)
{
	char all[2048];

	snprintf(all, sizeof(all), "cd %s && { %s; } > out 2>&1 < /dev/null",
	    root, command);
	if (system(all) == 0)
		return true;
	snprintf(all, sizeof(all), "sed 's/^/# /' %s/out", root);
	printf("# %s\n", command);
	(void)!system(all);
	return false;
}

/* Another CA of the same key, without a record. */
static bool
sibling(const char *name)
{
	AUTO(mc_store) *s = NULL;
	struct mc_err e = MC_ERR_INIT;
	char command[256];

	snprintf(command, sizeof(command),
	    "mkdir %s && cp -p ca/*.pem ca/*.key %s", name, name);
	return run(command) && mc_store_open(in(name), true, &s, &e);
}

static bool export(
    struct mc_store *s, enum mc_transfer format, struct mc_buf *to)
{
	struct mc_certificate_filter f = { 0 };
	struct mc_err e = MC_ERR_INIT;

	mc_buf_clear(to);
	return mc_transfer_export(s, format, &f, NULL, to, &e);
}

static bool
import(const struct mc_ca *ca, const char *file, const char *index,
    unsigned *added, unsigned *known, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF x = MC_BUF_INIT;

	*added = *known = 99;
	return mc_file_load(in(file), &text, e) &&
	    (!index || mc_file_load(in(index), &x, e)) &&
	    mc_transfer_import(
		ca, &text, index ? &x : NULL, NULL, added, known, e);
}

static bool
same(const struct mc_buf *a, const struct mc_buf *b)
{
	if (mc_buf_is(a, mc_buf_str(b)))
		return true;
	printf("# have %.800s\n# want %.800s\n", mc_buf_str(a), mc_buf_str(b));
	return false;
}

/* Four certificates by "openssl ca", one of each kind. */
static const char openssl_ca[] =
    "mkdir certs && : > index.txt && echo 'unique_subject = no' > "
    "index.txt.attr && cat > ca.cnf << 'X'\n"
    "[ca]\n"
    "default_ca = c\n"
    "[c]\n"
    "database = index.txt\n"
    "new_certs_dir = certs\n"
    "certificate = ca/ca.pem\n"
    "private_key = ca/ca.key\n"
    "rand_serial = yes\n"
    "default_md = sha256\n"
    "default_days = 30\n"
    "policy = p\n"
    "x509_extensions = x\n"
    "email_in_dn = yes\n"
    "[p]\n"
    "organizationName = optional\n"
    "commonName = supplied\n"
    "emailAddress = optional\n"
    "[x]\n"
    "basicConstraints = CA:FALSE\n"
    "X\n"
    "one() { n=$1; s=$2; shift 2; openssl req -newkey ec -pkeyopt "
    "ec_paramgen_curve:P-256 -nodes -keyout k -utf8 -subj \"$s\" -out r && "
    "openssl ca -batch -notext -utf8 -config ca.cnf -in r -out $n.pem "
    "\"$@\"; }\n"
    "one good '/O=ACME/CN=Alice, \"the\" one' && "
    "one lost '/CN=B\xc3\xb6"
    "b/emailAddress=bob@example.com' && "
    "one late '/CN=Carol' -enddate 20550102030405Z && "
    "one past '/CN=Dave' -startdate 20200101000000Z -enddate "
    "20210101000000Z && "
    "one left '/CN=Eve' && "
    "openssl ca -config ca.cnf -revoke lost.pem -crl_reason keyCompromise && "
    "openssl ca -config ca.cnf -revoke left.pem && "
    "openssl ca -config ca.cnf -updatedb && "
    "cat good.pem lost.pem late.pem past.pem left.pem > all.pem";

static void
openssls_record_comes_in_and_out(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF theirs = MC_BUF_INIT;
	AUTO_BUF ours = MC_BUF_INIT;
	unsigned added;
	unsigned known;

	ok(run(openssl_ca));
	ca = loaded("ca", MC_CA_ALL);
	works(import(ca, "all.pem", "index.txt", &added, &known, e));
	ok(added == 5 && known == 0);
	works(mc_file_load(in("index.txt"), &theirs, e));
	ok(export(ca->store, MC_TRANSFER_INDEX, &ours) && same(&ours, &theirs));
	works(import(ca, "all.pem", "index.txt", &added, &known, e));
	ok(added == 0 && known == 5);
	works(import(ca, "all.pem", NULL, &added, &known, e));
	ok(added == 0 && known == 5);
	ok(export(ca->store, MC_TRANSFER_INDEX, &ours) && same(&ours, &theirs));
}

/* openssl as the responder, with our index. */
static void
openssl_serves_our_index(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL);
	AUTO_BUF index = MC_BUF_INIT;
	AUTO_BUF said = MC_BUF_INIT;
	AUTO(X509) *cert = leaf(ca, "/CN=ours", MC_DAY);
	AUTO(X509) *intent = leaf(ca, "/CN=intent", MC_DAY);
	AUTO_BUF pem = MC_BUF_INIT;
	char serial[MC_SERIAL_TEXT];

	works(record_as(ca->store, ca, cert, MC_CERTIFICATE_VALID, NULL, e));
	works(record_as(ca->store, ca, intent, MC_CERTIFICATE_INTENT, NULL, e));
	works(mc_cert_serial(cert, serial, e));
	works(mc_pem_cert_encode(cert, &pem, e));
	works(mc_file_save(in("ours.pem"), &pem, 0644, e));
	/* a reason that openssl's index has no word for */
	works(mc_revoke(
	    ca->store, serial, &(struct mc_revocation){ 9, NULL, NULL }, e));
	ok(export(ca->store, MC_TRANSFER_INDEX, &index));
	ok(strstr(mc_buf_str(&index), "\tunknown\t/CN=ours\n") != NULL);
	ok(strstr(mc_buf_str(&index), "intent") == NULL);
	works(mc_file_save(in("our.txt"), &index, 0644, e));
	ok(run("echo 'unique_subject = no' > our.txt.attr && "
	       "set -- -no_nonce -issuer ca/ca.pem -cert good.pem -cert "
	       "lost.pem -cert late.pem -cert left.pem -cert ours.pem -serial "
	       "0x77 && openssl ocsp \"$@\" -reqout q.der && openssl ocsp "
	       "-index our.txt -CA ca/ca.pem -rsigner ca/ocsp.pem -rkey "
	       "ca/ocsp.key -reqin q.der -respout r.der && openssl ocsp "
	       "\"$@\" -respin r.der -CAfile ca/ca.pem"));
	works(mc_file_load(in("out"), &said, e));
	ok(strstr(mc_buf_str(&said), "good.pem: good") &&
	    strstr(mc_buf_str(&said), "late.pem: good") &&
	    strstr(mc_buf_str(&said), "lost.pem: revoked") &&
	    strstr(mc_buf_str(&said), "Reason: keyCompromise") &&
	    strstr(mc_buf_str(&said), "left.pem: revoked") &&
	    strstr(mc_buf_str(&said), "ours.pem: revoked") &&
	    strstr(mc_buf_str(&said), "0x77: unknown"));
	/* and goes on with it as a CA */
	ok(run("sed 's/index.txt/our.txt/' ca.cnf > our.cnf && "
	       "openssl ca -config our.cnf -revoke good.pem && "
	       "openssl ca -config our.cnf -gencrl -crldays 3 -out c.pem && "
	       "openssl crl -in c.pem -noout -text | grep -c Serial | grep -x "
	       "4"));
}

static void
json_comes_back_to_the_byte(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_ALL);
	AUTO(mc_ca) *other = NULL;
	AUTO_BUF a = MC_BUF_INIT;
	AUTO_BUF b = MC_BUF_INIT;
	AUTO_BUF cut = MC_BUF_INIT;
	unsigned added;
	unsigned known;

	(void)recorded(ca->store, ca, "/O=\\/a\\\\b/CN=\xc3\xa4\"", MC_DAY,
	    "us er\xc3\xa9\"\\");
	ok(export(ca->store, MC_TRANSFER_JSON, &a));
	works(mc_file_save(in("a.json"), &a, 0600, e));
	ok(strstr(mc_buf_str(&a), "\xc3") == NULL); /* ASCII */
	ok(sibling("other"));
	other = loaded("other", MC_CA_ALL);
	works(import(other, "a.json", NULL, &added, &known, e));
	ok(added == 7 && known == 0);
	ok(export(other->store, MC_TRANSFER_JSON, &b) && same(&b, &a));
	works(import(other, "a.json", NULL, &added, &known, e));
	ok(added == 0 && known == 7);
	/* the last line without its end, blank ones, CRs */
	works(mc_buf_printf(&cut, e, "\r\n \n%s", mc_buf_str(&a)));
	cut.data[--cut.len] = '\0';
	works(mc_file_save(in("cut.json"), &cut, 0600, e));
	works(import(other, "cut.json", NULL, &added, &known, e));
	ok(added == 0 && known == 7);
	refuses(import(other, "a.json", "index.txt", &added, &known, e),
	    MC_USAGE, "leave the index out");
	ok(run("test $(jq -s 'map(select(.status == \"revoked\")) | length' "
	       "a.json) = 3 && jq -r 'select(.subject == "
	       "\"/CN=Dave\").certificate' a.json | base64 -d | openssl x509 "
	       "-inform DER -noout -subject | grep Dave"));
}

static bool
note(void *ctx, const struct mc_history *h, struct mc_err *e)
{
	(void)e;
	*(bool *)ctx = strcmp(h->what, "imported") == 0;
	return true;
}

static void
what_came_in_is_on_record(void)
{
	AUTO(mc_ca) *ca = loaded("ca", MC_CA_STORE);
	AUTO_BUF said = MC_BUF_INIT;
	AUTO_CERTIFICATE row = { 0 };
	char serial[MC_SERIAL_TEXT] = "";
	bool found = false;

	ok(run("openssl x509 -in lost.pem -noout -serial | sed s/serial=//"));
	works(mc_file_load(in("out"), &said, e));
	snprintf(serial, sizeof(serial), "%.*s",
	    (int)strcspn(mc_buf_str(&said), "\n"), mc_buf_str(&said));
	works(mc_store_certificate_find(ca->store, serial, &row, &found, e));
	ok(found && row.state == MC_CERTIFICATE_REVOKED && row.reason == 1);
	ok(row.way == MC_WAY_IMPORT && row.told && row.created);
	ok(strcmp(row.subject,
	       "/CN=B\xc3\xb6"
	       "b/emailAddress=bob@example.com") == 0);
	ok(strcmp(row.issuer, ca->id) == 0 &&
	    strcmp(row.profile, "default") == 0);
	found = false;
	works(mc_store_history_list(ca->store, serial, note, &found, e));
	ok(found);
}

static int
count(struct mc_store *s)
{
	AUTO_BUF b = MC_BUF_INIT;
	int n = 0;

	if (!export(s, MC_TRANSFER_JSON, &b))
		return -1;
	for (const char *p = mc_buf_str(&b); *p; p++)
		n += *p == '\n';
	return n;
}

static void
imports_are_all_or_nothing(void)
{
	AUTO(mc_ca) *ca = NULL;
	unsigned n;
	unsigned k;

	ok(sibling("third"));
	works(init("foreign", e));
	ca = loaded("third", MC_CA_ALL);
	ok(run("cat good.pem foreign/ra.pem > mixed.pem; cat good.pem "
	       "ca/ca.pem > withca.pem; cat good.pem k > withkey.pem; "
	       "{ cat good.pem; sed 5d late.pem; } > damaged.pem; "
	       "{ cat good.pem; sed '$d' late.pem; } > cut.pem; "
	       "sed 's/ CERT/ X509 CERT/' good.pem > old.pem; "
	       "grep -v Carol index.txt > short.txt; "
	       "sed 's/^R/X/' index.txt > flag.txt; "
	       "sed 's/keyCompromise/boredom/' index.txt > reason.txt; "
	       "sed '2s/Z/Q/' index.txt > time.txt; "
	       "cat index.txt index.txt > twice.txt; "
	       "{ cat index.txt; echo V; } > fields.txt; "
	       "cat good.pem late.pem past.pem left.pem > unlost.pem; "
	       "sed 's/revoked/valid/' a.json > state.json; "
	       "sed 's/\"status\":\"[a-z]*\",//' a.json > nostate.json; "
	       "sed '2s/{/x/' a.json > bad.json; "
	       "jq -c '.serial = \"0A\"' a.json > serial.json; "
	       "jq -c '.way = \"luck\"' a.json > way.json; "
	       "jq -c '.request = \"x\"' a.json > hash.json; "
	       "jq -c '.created = \"2026-1-1T00:00:00Z\"' a.json > time.json; "
	       "jq -c 'del(.certificate)' a.json > none.json; "
	       "jq -c '.user = \"a\\u001b[2J\"' a.json > escape.json; "
	       "jq -c 'if .reason then .reason = \"removeFromCRL\" else . end' "
	       "a.json > delta.json; : > empty; echo x > x"));
	refuses(import(ca, "mixed.pem", NULL, &n, &k, e), MC_UNTRUSTED,
	    "certificate 2: serial number ");
	refuses(import(ca, "withca.pem", NULL, &n, &k, e), MC_DENIED,
	    "is a CA's certificate");
	refuses(import(ca, "withkey.pem", NULL, &n, &k, e), MC_MALFORMED,
	    "block 2: is a PRIVATE KEY: want certificates only");
	refuses(import(ca, "damaged.pem", NULL, &n, &k, e), MC_MALFORMED,
	    "certificate 2: ");
	refuses(import(ca, "cut.pem", NULL, &n, &k, e), MC_MALFORMED,
	    "certificate 2: damaged PEM");
	refuses(import(ca, "all.pem", "short.txt", &n, &k, e), MC_DENIED,
	    ": is not in the index");
	refuses(import(ca, "all.pem", "flag.txt", &n, &k, e), MC_MALFORMED,
	    "index:2: \"X\": want V, R or E");
	refuses(import(ca, "all.pem", "reason.txt", &n, &k, e), MC_MALFORMED,
	    "index:2: \"boredom\": no such reason");
	refuses(import(ca, "all.pem", "time.txt", &n, &k, e), MC_MALFORMED,
	    ": not a time");
	refuses(import(ca, "all.pem", "twice.txt", &n, &k, e), MC_MALFORMED,
	    "is in it twice");
	refuses(import(ca, "all.pem", "fields.txt", &n, &k, e), MC_MALFORMED,
	    "index:6: want the six fields");
	refuses(import(ca, "unlost.pem", "index.txt", &n, &k, e), MC_DENIED,
	    "index:2: serial number ");
	refuses(import(ca, "state.json", NULL, &n, &k, e), MC_MALFORMED,
	    "line 2: serial number ");
	refuses(import(ca, "nostate.json", NULL, &n, &k, e), MC_MALFORMED,
	    "status: want valid, expired or revoked");
	refuses(import(ca, "bad.json", NULL, &n, &k, e), MC_MALFORMED,
	    "line 2: column 1: this is not JSON");
	refuses(import(ca, "serial.json", NULL, &n, &k, e), MC_MALFORMED,
	    "serial: 0A, and the certificate's is ");
	refuses(import(ca, "way.json", NULL, &n, &k, e), MC_MALFORMED,
	    "way: luck: no such way");
	refuses(import(ca, "hash.json", NULL, &n, &k, e), MC_MALFORMED,
	    "request: want SHA-256");
	refuses(import(ca, "time.json", NULL, &n, &k, e), MC_MALFORMED,
	    "created: want a time like ");
	refuses(import(ca, "none.json", NULL, &n, &k, e), MC_MALFORMED,
	    "certificate: is missing");
	refuses(import(ca, "escape.json", NULL, &n, &k, e), MC_MALFORMED,
	    "user: holds a control character");
	refuses(import(ca, "delta.json", NULL, &n, &k, e), MC_MALFORMED,
	    "revoked: want revoked_at and reason");
	refuses(import(ca, "empty", NULL, &n, &k, e), MC_MALFORMED,
	    "want certificates in PEM, or our JSON lines");
	refuses(import(ca, "x", NULL, &n, &k, e), MC_MALFORMED,
	    "want certificates in PEM, or our JSON lines");
	ok(n == 99 && k == 99);
	ok(count(ca->store) == 0);
	works(mc_store_begin(ca->store, e)); /* none is left open */
	mc_store_rollback(ca->store);
	/* what is revoked there must not be valid here */
	works(import(ca, "all.pem", NULL, &n, &k, e));
	ok(n == 5 && count(ca->store) == 5);
	refuses(import(ca, "all.pem", "index.txt", &n, &k, e), MC_DENIED,
	    "is revoked there, and valid here: revoke it first");
	ok(count(ca->store) == 5);
	/* the label that it had of old */
	works(import(ca, "old.pem", NULL, &n, &k, e));
	ok(n == 0 && k == 1);
}

/* What a row refers to may have stayed where it was. */
static void
references_are_kept_where_they_lead(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_challenge c = { .uses = 1 };
	unsigned n;
	unsigned k;

	ok(sibling("fourth"));
	ca = loaded("fourth", MC_CA_ALL);
	ok(run(
	    "first=$(jq -r .serial a.json | head -n 1) && h=$(printf c | "
	    "sha256sum | cut -c 1-64) && jq -c --arg s \"$first\" --arg h "
	    "$h 'if .serial == $s then . else .replaces = $s | .challenge "
	    "= $h end' a.json | head -n 2 > refers.json && jq -c '.challenge "
	    "= \"'$(printf 0%.0s $(seq 64))'\" | .replaces = \"0A\"' "
	    "a.json | tail -n +3 > stray.json"));
	works(mc_sha256_hex("c", 1, c.hash, e) &&
	    mc_store_begin(ca->store, e) &&
	    mc_store_challenge_add(ca->store, &c, e) &&
	    mc_store_commit(ca->store, e));
	works(import(ca, "refers.json", NULL, &n, &k, e));
	ok(n == 2 && export(ca->store, MC_TRANSFER_JSON, &b));
	ok(strstr(mc_buf_str(&b), "\"replaces\":\"") != NULL);
	ok(strstr(mc_buf_str(&b), "\"challenge\":\"") != NULL);
	works(import(ca, "stray.json", NULL, &n, &k, e));
	ok(n == 5 && export(ca->store, MC_TRANSFER_JSON, &b));
	ok(strstr(mc_buf_str(&b), "\"0A\"") == NULL);
	ok(strstr(mc_buf_str(&b), "\"challenge\":\"000") == NULL);
}

/* A spreadsheet's own formulas are a requester's to try. */
static void
csv_is_rfc_4180s(void)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF b = MC_BUF_INIT;
	AUTO_BUF want = MC_BUF_INIT;
	AUTO(X509) *cert = NULL;
	const char *a;

	mc_time_set(T0);
	works(init("csv", e));
	ca = loaded("csv", MC_CA_ALL);
	a = recorded(ca->store, ca, "/O=A, \"B\"/CN=x", MC_DAY, "=cmd()");
	cert = leaf(ca, "/CN=i", MC_DAY);
	works(record_as(ca->store, ca, cert, MC_CERTIFICATE_INTENT, NULL, e));
	works(mc_revoke(
	    ca->store, a, &(struct mc_revocation){ 5, NULL, NULL }, e));
	ok(export(ca->store, MC_TRANSFER_CSV, &b));
	works(mc_buf_printf(&want, e,
	    "serial,status,subject,names,not_before,not_after,profile,way,"
	    "user,owner,source,transaction,created,revoked_at,reason,replaces,"
	    "key\r\n%s,revoked,\"/O=A, \"\"B\"\"/CN=x\",,2027-01-15T07:59:50Z,"
	    "2027-01-16T08:00:00Z,default,challenge,'=cmd(),,,T 1,"
	    "2027-01-15T08:00:00Z,2027-01-15T08:00:00Z,cessationOfOperation,,",
	    a));
	ok(strncmp(mc_buf_str(&b), mc_buf_str(&want), want.len) == 0);
	ok(strstr(mc_buf_str(&b), ",intent,/CN=i,,") != NULL);
	ok(b.len > 2 && b.data[b.len - 1] == '\n' && b.data[b.len - 2] == '\r');
	works(mc_file_save(in("t.csv"), &b, 0600, e));
	ok(run("python3 -c 'import csv; r = list(csv.reader(open(\"t.csv\", "
	       "newline=\"\"), strict=True)); assert len(r) == 3 and {len(x) "
	       "for x in r} == {17} and r[1][2] == \"/O=A, \\\"B\\\"/CN=x\"'"));
}

/* A row's key is the hash that a request's is, whatever kind of key it is. */
static void
keys_are_hashed_alike(void)
{
	AUTO(mc_ca) *ca = loaded("csv", MC_CA_ALL);
	static const struct {
		enum mc_key_kind kind;
		unsigned bits;
		const char *form;
	} kinds[] = {
		{ MC_KEY_RSA, 2048, NULL },
		{ MC_KEY_P256, 0, NULL },
		{ MC_KEY_P384, 0, NULL },
		{ MC_KEY_P256, 0, "compressed" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		AUTO(EVP_PKEY) *key = NULL;
		AUTO(X509_NAME) *name = NULL;
		AUTO(X509) *cert = NULL;
		AUTO_CERTIFICATE row = { 0 };
		char hash[MC_SHA256_HEX];
		struct mc_cert_spec spec = {
			.issuer = ca->cert,
			.issuer_key = ca->key,
			.not_before = T0,
			.not_after = T0 + MC_DAY,
		};

		works(mc_key_new(kinds[i].kind, kinds[i].bits, &key, e));
		ok(!kinds[i].form ||
		    EVP_PKEY_set_utf8_string_param(
			key, "point-format", kinds[i].form) == 1);
		works(mc_name_parse("/CN=k", &name, e));
		spec.key = key;
		spec.subject = name;
		works(mc_cert_issue(&spec, &cert, e));
		works(mc_ca_row_parse(cert, &row, e));
		works(mc_key_sha256(X509_get0_pubkey(cert), hash, e));
		ok(strcmp(row.key, hash) == 0);
	}
}

static void
filters_choose(void)
{
	AUTO(mc_ca) *ca = loaded("csv", MC_CA_STORE);
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_certificate_filter f = { .user = "nobody" };

	works(mc_transfer_export(ca->store, MC_TRANSFER_JSON, &f, NULL, &b, e));
	ok(b.len == 0);
	f = (struct mc_certificate_filter){ .status = MC_STATUS_REVOKED };
	works(
	    mc_transfer_export(ca->store, MC_TRANSFER_INDEX, &f, NULL, &b, e));
	ok(strncmp(mc_buf_str(&b),
	       "R\t270116080000Z\t270115080000Z,"
	       "cessationOfOperation\t",
	       50) == 0);
	b.limit = b.len + 10;
	refuses(
	    mc_transfer_export(ca->store, MC_TRANSFER_JSON, &f, NULL, &b, e),
	    MC_MALFORMED, "more than ");
}

int
main(void)
{
	begin();
	mc_time_set(0); /* openssl has the real time */
	works(init("ca", e));
	openssls_record_comes_in_and_out();
	openssl_serves_our_index();
	json_comes_back_to_the_byte();
	what_came_in_is_on_record();
	imports_are_all_or_nothing();
	references_are_kept_where_they_lead();
	csv_is_rfc_4180s();
	keys_are_hashed_alike();
	filters_choose();
	EVP_PKEY_free(leaf_key());
	end();
	return done();
}
