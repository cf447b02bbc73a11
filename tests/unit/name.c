/* SPDX-License-Identifier: ISC */
#include "crypto/name.h"

#include "tap.h"

/* Parses, and comes back as want. */
static bool
is(const char *text, const char *want)
{
	AUTO(X509_NAME) *name = NULL;
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_name_parse(text, &name, &e) &&
	    mc_name_encode(name, &out, &e) && mc_buf_is(&out, want);
}

static bool
refused(const char *text)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_err e = MC_ERR_INIT;

	return !mc_name_parse(text, &name, &e) && !name &&
	    e.code == MC_MALFORMED && *e.text && ERR_peek_error() == 0;
}

static void
forms(void)
{
	ok(is("/CN=Alice", "/CN=Alice"));
	ok(is("/C=DE/O=ACME Inc./OU=x/CN=Alice's phone",
	    "/C=DE/O=ACME Inc./OU=x/CN=Alice's phone"));
	ok(is("/2.5.4.3=Alice", "/CN=Alice"));
	ok(is("/1.2.3.4.5=odd", "/1.2.3.4.5=odd"));
	ok(is("/O=a\\/b\\\\c/CN=d", "/O=a\\/b\\\\c/CN=d"));
	ok(is("/O=a\\bc", "/O=abc"));
	ok(is("/CN=a=b+O=c", "/CN=a=b+O=c"));
	ok(is("/CN=\xc3\xa4\xe2\x82\xac\xf0\x9f\x8d\x8f",
	    "/CN=\xc3\xa4\xe2\x82\xac\xf0\x9f\x8d\x8f"));
	ok(is("/CN=a/CN=b", "/CN=a/CN=b"));
}

static void
refusals(void)
{
	char text[3000] = "/CN=";

	ok(refused(""));
	ok(refused("CN=Alice"));
	ok(refused("/"));
	ok(refused("/CN"));
	ok(refused("/CN="));
	ok(refused("/CN=a/"));
	ok(refused("/=a"));
	ok(refused("/CN=a//O=b"));
	ok(refused("/commonName=a"));
	ok(refused("/NOSUCH=a"));
	ok(refused("/1.2.3.=a"));
	ok(refused("/C=Germany"));
	ok(refused("/CN=a\nb"));
	ok(refused("/CN=a\x7f"));
	ok(refused("/CN=a\xc2\x9b"));
	ok(refused("/CN=a\\"));
	ok(refused("/CN=\xff\xfe"));
	ok(refused("/CN=\xc0\x80"));
	memset(text + 4, 'x', 65);
	ok(refused(text));
	text[0] = '\0';
	for (int i = 0; i < 33; i++)
		strcat(text, "/OU=x");
	ok(refused(text));
}

/* Like what a hostile certificate holds: built without our parser. */
static bool
text_of(int type, const char *data, int len, struct mc_buf *out)
{
	ASN1_STRING *s = ASN1_STRING_type_new(type);
	struct mc_err e = MC_ERR_INIT;
	bool good = s && ASN1_STRING_set(s, data, len) == 1 &&
	    mc_asn1_text(s, out, &e);

	ASN1_STRING_free(s);
	return good;
}

static void
strings(void)
{
	AUTO_BUF out = MC_BUF_INIT;

	ok(text_of(V_ASN1_BMPSTRING, "\0A\0\xe4", 4, &out));
	ok(mc_buf_is(&out, "A\xc3\xa4"));
	mc_buf_clear(&out);
	ok(text_of(V_ASN1_T61STRING, "\xe4", 1, &out));
	ok(mc_buf_is(&out, "\xc3\xa4"));
	mc_buf_clear(&out);
	ok(!text_of(V_ASN1_UTF8STRING, "a\0b", 3, &out));
	ok(!text_of(V_ASN1_UTF8STRING, "a\x1b[1m", 5, &out));
	ok(!text_of(V_ASN1_UTF8STRING, "a\xc2\x9b", 3, &out));
	ok(!text_of(V_ASN1_UTF8STRING, "\xed\xa0\x80", 3, &out));
	ok(!text_of(V_ASN1_BMPSTRING, "\0A\0", 3, &out));
	ok(!text_of(V_ASN1_OCTET_STRING, "a", 1, &out));
	ok(out.len == 0);
}

static void
many_in_one(void)
{
	AUTO(X509_NAME) *two = X509_NAME_new();
	AUTO(X509_NAME) *one = X509_NAME_new();
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	char text[MC_NAME_TEXT];
	const unsigned char *a = (const unsigned char *)"a\xc2\x9b";
	const unsigned char *b = (const unsigned char *)"b";

	/* one RDN of two types is not the one value that it would read like */
	ok(X509_NAME_add_entry_by_NID(
	       two, NID_commonName, V_ASN1_UTF8STRING, a, 1, -1, 0) == 1);
	ok(X509_NAME_add_entry_by_NID(two, NID_organizationName,
	       V_ASN1_UTF8STRING, b, 1, -1, -1) == 1);
	ok(!mc_name_encode(two, &out, &e) && e.code == MC_MALFORMED);
	ok(strcmp(e.text, "a name with two types in one part") == 0);
	ok(strcmp(mc_name_show(two, text), "CN=a + O=b") == 0);
	/* a value that no terminal should see */
	ok(X509_NAME_add_entry_by_NID(
	       one, NID_commonName, V_ASN1_UTF8STRING, a, 3, -1, 0) == 1);
	mc_buf_clear(&out);
	ok(!mc_name_encode(one, &out, &e) && e.code == MC_MALFORMED);
	ok(strcmp(e.text, "control character in a text") == 0);
	ok(strcmp(mc_name_show(one, text), "CN=a\\C2\\9B") == 0);
	mc_buf_clear(&out);
	/* one that turns around what stands behind it: issued as it is */
	X509_NAME_ENTRY_free(X509_NAME_delete_entry(one, 0));
	ok(X509_NAME_add_entry_by_NID(one, NID_commonName, V_ASN1_UTF8STRING,
	       (const unsigned char *)"a\xe2\x80\xae", 4, -1, 0) == 1);
	ok(mc_name_encode(one, &out, &e) &&
	    mc_buf_is(&out, "/CN=a\xe2\x80\xae"));
	ok(strcmp(mc_name_show(one, text), "CN=a\\E2\\80\\AE") == 0);
}

int
main(void)
{
	forms();
	refusals();
	strings();
	many_in_one();
	return done();
}
