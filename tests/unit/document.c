/* SPDX-License-Identifier: ISC */
/* Profiles in all their wrappings. */
#include "profile/document.h"

#include "crypto/cert.h"
#include "crypto/cms.h"
#include "tool.h"

#include "tap.h"

static const char profile[] =
    "<?xml version=\"1.0\"?>\n<plist version=\"1.0\">\n<dict>\n"
    "\t<key>PayloadType</key>\n\t<string>Configuration</string>\n"
    "\t<key>Pem</key>\n\t<string>-----BEGIN PKCS7-----</string>\n"
    "</dict>\n</plist>\n";

static X509 *cert;
static EVP_PKEY *key;

static const char *
vector(const char *name, char path[static 256])
{
	const char *src = getenv("SRC");

	snprintf(path, 256, "%s/tests/vectors/%s", src ? src : ".", name);
	return path;
}

static void
add(struct mc_buf *b, const void *p, size_t n)
{
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(b, p, n, &e))
		abort();
}

static void
sign(const void *p, size_t n, struct mc_buf *der)
{
	struct mc_cms_sign_spec spec = { .cert = cert, .key = key };
	AUTO_BUF content = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	add(&content, p, n);
	if (!mc_cms_sign(&spec, &content, der, &e))
		abort();
}

/* It is the profile above, and what is told of its wrapping is so. */
static bool
reads(const struct mc_buf *in, bool is_signed, bool binary)
{
	AUTO_DOCUMENT d = { 0 };
	struct mc_err e = MC_ERR_INIT;
	const char *type;
	char sha256[MC_SHA256_HEX];

	if (!mc_document_parse(in, NULL, &d, &e)) {
		printf("# %s\n", e.text);
		return false;
	}
	type = mc_plist_get_str(d.root, "PayloadType");
	if (!mc_cert_sha256(cert, sha256, &e))
		abort();
	return type && strcmp(type, "Configuration") == 0 &&
	    d.is_signed == is_signed && d.binary == binary && d.marks &&
	    (is_signed ? strcmp(d.signer, sha256) == 0 : !d.signer) &&
	    mc_marks_key(d.marks, mc_plist_get(d.root, "PayloadType")).line ==
	    (binary ? 0 : 4);
}

static bool
refuses(const struct mc_buf *in, enum mc_code code, const char *why)
{
	AUTO_DOCUMENT d = { 0 };
	struct mc_err e = MC_ERR_INIT;

	if (!mc_document_parse(in, NULL, &d, &e) && !d.root && e.code == code &&
	    strcmp(e.text, why) == 0)
		return true;
	printf("# want %s\n# have %d %s\n", why, (int)e.code, e.text);
	return false;
}

static void
wrappings(void)
{
	AUTO_BUF xml = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF binary = MC_BUF_INIT;
	AUTO_BUF says = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	add(&xml, profile, strlen(profile));
	ok(reads(&xml, false, false));
	sign(profile, strlen(profile), &der);
	ok(reads(&der, true, false));
	ok(mc_base64_encode(der.data, der.len, &text, &e) &&
	    reads(&text, true, false));
	add(&text, "\r\n", 2);
	ok(reads(&text, true, false));
	/* what others make of it: PEM, BER, a binary plist */
	ok(save("p.mobileconfig", &xml) && save_cert("c.pem", cert) &&
	    save_key("k.pem", key));
	ok(tool(&says,
	       "openssl cms -sign -binary -nodetach -in p.mobileconfig "
	       "-signer c.pem -inkey k.pem -outform PEM -out p.pem") == 0);
	mc_buf_clear(&text);
	ok(mc_file_load("p.pem", &text, &e) && reads(&text, true, false));
	ok(tool(&says,
	       "openssl cms -sign -binary -nodetach -stream -in "
	       "p.mobileconfig -signer c.pem -inkey k.pem "
	       "-outform DER -out p.ber") == 0);
	mc_buf_clear(&text);
	ok(mc_file_load("p.ber", &text, &e) && text.data[1] == 0x80 &&
	    reads(&text, true, false));
	ok(tool(&says,
	       "python3 -c 'import plistlib; "
	       "plistlib.dump(plistlib.load(open(\"p.mobileconfig\", "
	       "\"rb\")), open(\"p.bin\", \"wb\"), "
	       "fmt=plistlib.FMT_BINARY)'") == 0);
	ok(mc_file_load("p.bin", &binary, &e) && reads(&binary, false, true));
	mc_buf_clear(&der);
	sign(binary.data, binary.len, &der);
	ok(reads(&der, true, true));
}

static void
refusals(void)
{
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF twice = MC_BUF_INIT;
	AUTO_BUF in = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	char path[256];

	ok(refuses(&in, MC_MALFORMED, "1:1: is empty"));
	sign(profile, strlen(profile), &der);
	sign(der.data, der.len, &twice);
	ok(refuses(&twice, MC_MALFORMED,
	    "1:1: is a signed or encrypted message (DER), not XML"));
	memcpy(memmem(der.data, der.len, "Configuration", 13), "Konfiguration",
	    13);
	ok(refuses(
	    &der, MC_ALTERED, "the signature does not match the content"));
	mc_buf_clear(&der);
	sign("<plist>\n<dict", 13, &der);
	ok(refuses(&der, MC_MALFORMED, "1:1: want <plist version=\"1.0\">"));
	add(&in, "MI, no", 6);
	ok(refuses(&in, MC_MALFORMED, "1:1: syntax error"));
	mc_buf_clear(&in);
	add(&in, "\x30\x80\x00\x00", 4);
	ok(refuses(&in, MC_MALFORMED, "not signed: this is no CMS message"));
	mc_buf_clear(&in);
	ok(mc_file_load(vector("bad-signature.p7", path), &in, &e) &&
	    refuses(
		&in, MC_ALTERED, "the signature does not match the content"));
	mc_buf_clear(&in);
	ok(mc_file_load(vector("leaf.pem", path), &in, &e) &&
	    refuses(&in, MC_MALFORMED,
		"not signed: PEM, but neither CMS nor PKCS7"));
}

/* In a signed one, places are of the content. */
static void
places(void)
{
	AUTO_DOCUMENT d = { 0 };
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_place stopped = { 0, 0 };
	struct mc_plist_reading how = { .depth = 64 };
	struct mc_err e = MC_ERR_INIT;

	sign("<plist version=\"1.0\">\n <dikt/>", 30, &der);
	ok(!mc_document_parse(&der, &how, &d, &e) && d.is_signed &&
	    strcmp(e.text, "2:2: <dikt>: not an element of a plist") == 0);
	/* who wants the place has it apart */
	mc_document_clear(&d);
	e = (struct mc_err)MC_ERR_INIT;
	how.stopped = &stopped;
	ok(!mc_document_parse(&der, &how, &d, &e) && stopped.line == 2 &&
	    stopped.column == 2 &&
	    strcmp(e.text, "<dikt>: not an element of a plist") == 0);
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;
	char path[256];
	char cwd[256];

	if (!getenv("SRC") &&
	    (!getcwd(cwd, sizeof(cwd)) || setenv("SRC", cwd, 1) != 0))
		return 99;
	if (!mc_pem_cert_load(vector("scep-ra.pem", path), &cert, &e) ||
	    !mc_pem_key_load(vector("scep-ra.key", path), NULL, &key, &e))
		return 99;
	tool_init();
	wrappings();
	refusals();
	places();
	tool_done();
	X509_free(cert);
	EVP_PKEY_free(key);
	return done();
}
