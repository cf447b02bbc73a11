/* SPDX-License-Identifier: ISC */
#include "crypto/names.h"

#include "tap.h"

static bool
refused(const char *text)
{
	AUTO(GENERAL_NAMES) *names = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (mc_names_parse(text, &names, &e))
		return false;
	printf("# %s\n", e.text);
	return e.code == MC_MALFORMED && !names && ERR_peek_error() == 0;
}

/* Reads as n names, and is written as want. */
static bool
reads(const char *text, int n, const char *want)
{
	AUTO(GENERAL_NAMES) *names = NULL;
	AUTO_BUF back = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_names_parse(text, &names, &e) ||
	    !mc_names_encode(names, &back, &e)) {
		printf("# %s\n", e.text);
		return false;
	}
	if (!mc_buf_is(&back, want))
		printf("# %s\n", mc_buf_str(&back));
	return sk_GENERAL_NAME_num(names) == n && mc_buf_is(&back, want) &&
	    mc_names_equal(text, want);
}

static void
forms(void)
{
	static const char *const same[] = { "dns:host.example.com", "dns:a",
		"dns:*.example.com", "dns:1.2-3.example",
		"dns:xn--bcher-kva.ch", "email:alice@example.com",
		"email:a.b+c=d@example.com", "uri:https://x/",
		"uri:urn:uuid:6e5f-1", "uri:https://[::1]:8/%2F", "ip:10.0.0.1",
		"ip:2001:db8::1", "upn:alice@EXAMPLE", "uri:x:a\\,b" };

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		ok(reads(same[i], 1, same[i]));
	ok(reads("ip:2001:DB8:0::0001", 1, "ip:2001:db8::1"));
	ok(reads("dns:b,email:a@b.c,uri:https://x/?a=1\\,2,ip:10.0.0.1,upn:u@v",
	    5, "dns:b,email:a@b.c,uri:https://x/?a=1\\,2,ip:10.0.0.1,upn:u@v"));
}

static void
refusals(void)
{
	static const char *const bad[] = { "", "dns:", ",", "host", "DNS:a",
		"dns:a,", ",dns:a", "dns:a,,dns:b", "dns:a, dns:b", "dns: a",
		"dns:-a", "dns:a-", "dns:a..b", "dns:.a", "dns:a.", "dns:*",
		"dns:*.", "dns:a.*.b", "dns:*a.b", "dns:**.b", "dns:*.*.b",
		"dns:a_b", "dns:a b", "dns:b\xc3\xbc.de", "dns:a\\", "dns:\\a",
		"dns:a\nb", "email:a", "email:@b", "email:a@", "email:a@b@c",
		"email:.a@b", "email:a.@b", "email:a..b@c", "email:a b@c",
		"email:\"a\"@b", "email:a@*.b", "email:a\\,b@c",
		"uri:", "uri:x", "uri:/x", "uri:://x", "uri:1x:y",
		"uri:https://", "uri:https:///x", "uri:https://a b/",
		"uri:https://a/%2", "uri:https://a/%zz", "uri:https://a/<",
		"uri:https://a/\\\\", "ip:", "ip:10.0.0", "ip:10.0.0.256",
		"ip:10.0.0.01", "ip:10.0.0.1/8", "ip:1::2::3",
		"ip::", "ip:fe80::1%eth0", "upn:alice", "upn:@x", "dir:CN=x",
		"dns:a,dns:A", "ip:::1,ip:0:0::1", "email:a@b,email:a@B" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(refused(bad[i]));
	/* the part before the at-sign is its host's business */
	ok(reads("email:a@b,email:A@b", 2, "email:a@b,email:A@b"));
}

static void
limits(void)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF label = MC_BUF_INIT;
	AUTO_BUF uri = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	for (int i = 0; i < MC_NAMES_MAX; i++)
		ok(mc_buf_printf(&text, &e, "%sdns:h%d", i ? "," : "", i));
	ok(reads(mc_buf_str(&text), MC_NAMES_MAX, mc_buf_str(&text)));
	ok(mc_buf_puts(&text, ",dns:one-more", &e));
	ok(refused(mc_buf_str(&text)));

	ok(mc_buf_printf(&label, &e, "dns:%063d", 0));
	ok(reads(mc_buf_str(&label), 1, mc_buf_str(&label)));
	for (int i = 1; i < 3; i++)
		ok(mc_buf_printf(&label, &e, ".%063d", 0));
	ok(mc_buf_printf(&label, &e, ".%061d", 0));
	ok(label.len == 4 + 253 &&
	    reads(mc_buf_str(&label), 1, mc_buf_str(&label)));
	ok(mc_buf_puts(&label, "0", &e));
	ok(refused(mc_buf_str(&label)));
	mc_buf_clear(&label);
	ok(mc_buf_printf(&label, &e, "dns:%064d", 0));
	ok(refused(mc_buf_str(&label)));

	ok(mc_buf_printf(&uri, &e, "uri:x:%01021d", 0));
	ok(reads(mc_buf_str(&uri), 1, mc_buf_str(&uri)));
	ok(mc_buf_puts(&uri, "0", &e));
	ok(refused(mc_buf_str(&uri)));
	mc_buf_clear(&uri);
	for (int i = 0; i < 5; i++)
		ok(mc_buf_printf(
		    &uri, &e, "%suri:x%d:%01000d", i ? "," : "", i, 0));
	ok(refused(mc_buf_str(&uri)));
}

/* One name of this type and these bytes. */
static bool
encodes(int type, int tag, const char *data, int len, const char *want)
{
	AUTO(GENERAL_NAMES) *names = GENERAL_NAMES_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	ASN1_STRING *s = ASN1_STRING_type_new(tag);
	bool done;

	ASN1_STRING_set(s, data, len);
	GENERAL_NAME_set0_value(name, type, s);
	sk_GENERAL_NAME_push(names, name);
	done = mc_names_encode(names, &text, &e);
	return want ? done && mc_buf_is(&text, want)
		    : !done && e.code == MC_MALFORMED && text.len == 0;
}

static void
hostile(void)
{
	AUTO(GENERAL_NAMES) *none = GENERAL_NAMES_new();
	AUTO(GENERAL_NAMES) *twice = NULL;
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	const int ia5 = V_ASN1_IA5STRING;

	ok(encodes(GEN_DNS, ia5, "a.b", 3, "dns:a.b"));
	ok(encodes(GEN_DNS, ia5, "a\0.b", 4, NULL));
	ok(encodes(GEN_DNS, ia5, "a.b\0", 4, NULL));
	ok(encodes(GEN_DNS, ia5, "a,dns:b", 7, NULL));
	ok(encodes(GEN_DNS, ia5, "", 0, NULL));
	ok(encodes(GEN_URI, ia5, "x:a,dns:b", 9, "uri:x:a\\,dns:b"));
	ok(encodes(
	    GEN_IPADD, V_ASN1_OCTET_STRING, "\x0a\0\0\1", 4, "ip:10.0.0.1"));
	ok(encodes(GEN_IPADD, V_ASN1_OCTET_STRING, "\x0a\0\0\1\xff", 5, NULL));
	ok(encodes(
	    GEN_IPADD, V_ASN1_OCTET_STRING, "\x0a\0\0\1\xff\0\0\0", 8, NULL));
	ok(!mc_names_encode(none, &text, &e) && e.code == MC_MALFORMED);
	/* asked for twice is asked for once */
	ok(mc_names_parse("dns:a.b,ip:::1", &twice, &e));
	for (int i = 0; i < 2; i++)
		sk_GENERAL_NAME_push(
		    twice, GENERAL_NAME_dup(sk_GENERAL_NAME_value(twice, i)));
	ok(mc_names_encode(twice, &text, &e) &&
	    mc_buf_is(&text, "dns:a.b,ip:::1"));
}

static void
equal(void)
{
	ok(mc_names_equal(NULL, NULL) && mc_names_equal("", NULL));
	ok(mc_names_equal("dns:a,dns:b", "dns:B,dns:a"));
	ok(mc_names_equal("ip:::1", "ip:0:0:0:0:0:0:0:1"));
	ok(mc_names_equal("email:a@B", "email:a@b"));
	ok(!mc_names_equal("email:A@b", "email:a@b"));
	ok(!mc_names_equal("uri:https://X/", "uri:https://x/"));
	ok(!mc_names_equal("dns:a", NULL) && !mc_names_equal(NULL, "dns:a"));
	ok(!mc_names_equal("dns:a,dns:b", "dns:a"));
	ok(!mc_names_equal("dns:a", "dns:a,dns:b"));
	ok(!mc_names_equal("email:a@b", "upn:a@b"));
	ok(!mc_names_equal("bad", "bad"));
}

static bool
matches(const char *text, const char *patterns)
{
	struct mc_err e = MC_ERR_INIT;
	bool does = mc_names_match(text, patterns, &e);

	if (!does)
		printf("# %s\n", e.text);
	return does || e.code != MC_DENIED;
}

static void
match(void)
{
	struct mc_err e = MC_ERR_INIT;

	ok(matches("dns:a.example.com", "dns:*.example.com"));
	ok(matches("dns:A.Example.com", "dns:*.eXample.COM"));
	ok(!matches("dns:a.b.example.com", "dns:*.example.com"));
	ok(matches("dns:a.b.example.com", "dns:*.*.example.com"));
	ok(!matches("dns:example.com", "dns:*.example.com"));
	ok(!matches("dns:evil.com", "dns:*.example.com"));
	ok(!matches("dns:a.example.com.evil.com", "dns:*.example.com"));
	ok(matches("dns:web-12.x", "dns:web-*.x"));
	ok(matches("dns:aab.x", "dns:*ab.x") &&
	    matches("dns:abab.x", "dns:*ab.x"));
	ok(!matches("dns:abac.x", "dns:*ab.x"));
	/* a wildcard certificate has to be meant */
	ok(!matches("dns:*.example.com", "dns:*.example.com"));
	ok(matches("dns:*.example.com", "dns:\\*.example.com"));
	ok(!matches("dns:a.example.com", "dns:\\*.example.com"));
	ok(matches("email:alice@example.com", "email:*@example.com"));
	ok(!matches("email:alice@evil.com", "email:*@example.com"));
	ok(!matches("upn:alice@example.com", "email:*@example.com"));
	ok(matches("email:a.b@example.com", "email:*@example.com"));
	ok(!matches("email:a.b@c.example.com", "email:*@*.com"));
	ok(matches("uri:https://a.x/1", "uri:https://*.x/*"));
	ok(!matches("uri:https://evil/.x/1", "uri:https://*.x/*"));
	ok(!matches("uri:https://evil:1.x/1", "uri:https://*.x/*"));
	ok(matches("ip:10.0.0.7", "ip:10.0.0.*"));
	ok(matches("ip:2001:db8::1", "ip:2001:DB8::*"));
	ok(!matches("ip:10.0.1.7", "ip:10.0.0.*"));
	/* each name needs one, and any will do */
	ok(matches("dns:a.x,ip:::1", "ip:*::*  dns:*.x\t"));
	ok(!matches("dns:a.x,dns:a.y", "dns:*.x dns:*.z"));
	ok(!matches("dns:a.x", "") && !matches("dns:a.x", "  "));
	ok(matches(NULL, "dns:*.x") && matches("", "dns:*.x"));
	ok(!mc_names_match("dns:a.x,dns:a.y", "dns:*.x", &e) &&
	    strcmp(e.text, "dns:a.y: matches no pattern") == 0);
	ok(!mc_names_match(NULL, "dns:*.x *.y", &e) && e.code == MC_MALFORMED);
	ok(!mc_names_match(NULL, "dns:", &e) && e.code == MC_MALFORMED);
	ok(!mc_names_match("nonsense", "dns:*.x", &e) &&
	    e.code == MC_MALFORMED);
}

int
main(void)
{
	forms();
	refusals();
	limits();
	hostile();
	equal();
	match();
	return done();
}
