/* SPDX-License-Identifier: ISC */
#include "crypto/complete.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "tap.h"

#define NOW INT64_C(1800000000)

enum { ROOT, MID, LEAF, OTHER, SMALL, KEYS };
static EVP_PKEY *keys[KEYS];

struct made {
	const char *subject;
	EVP_PKEY *key;
	X509 *issuer;
	EVP_PKEY *by;
	bool ca;
	unsigned usage;
	int64_t from, to; /* from NOW */
};

static X509 *
make(struct made m)
{
	AUTO(X509_NAME) *name = NULL;
	struct mc_err e = MC_ERR_INIT;
	X509 *cert = NULL;
	struct mc_cert_spec spec = {
		.key = m.key,
		.issuer = m.issuer,
		.issuer_key = m.by,
		.not_before = NOW + (m.from ? m.from : -1000),
		.not_after = NOW + (m.to ? m.to : 1000),
		.ca = m.ca,
		.path_len = -1,
		.key_usage = m.usage,
	};

	ok(mc_name_parse(m.subject, &name, &e));
	spec.subject = name;
	ok(mc_cert_issue(&spec, &cert, &e));
	return cert;
}

/* What came of it, what would let it pass, and the reason. */
struct result {
	enum mc_code code;
	unsigned fault;
	int n; /* of the chain */
	bool root;
	int64_t not_after;
	char first[MC_NAME_TEXT];
	char text[512];
};

static struct result
complete(X509 *signer, unsigned pass, X509 *a, X509 *b, X509 *c)
{
	AUTO(mc_certs_lent) *certs = sk_X509_new_null();
	AUTO_COMPLETED out = { .chain = NULL };
	struct mc_complete_spec spec = { .at = NOW, .pass = pass };
	struct result r = { .fault = 99, .n = -1 };
	struct mc_err e = MC_ERR_INIT;
	X509 *all[] = { a, b, c };

	for (int i = 0; i < 3; i++)
		if (all[i] && sk_X509_push(certs, all[i]) <= 0)
			return r;
	spec.certs = certs;
	if (mc_complete_find(signer, &spec, &out, &r.fault, &e)) {
		r.n = sk_X509_num(out.chain);
		r.root = out.root;
		r.not_after = out.not_after - NOW;
		memcpy(r.first, out.first, sizeof(r.first));
	} else {
		ok(out.chain == NULL);
	}
	r.code = e.code;
	memcpy(r.text, e.text, sizeof(r.text));
	if (*r.text)
		printf("# %s\n", r.text);
	return r;
}

static void
chains(void)
{
	AUTO(X509) *root = make((struct made){
	    "/CN=root", keys[ROOT], NULL, keys[ROOT], true, 0, 0, 0 });
	AUTO(X509) *mid = make((struct made){
	    "/CN=mid", keys[MID], root, keys[ROOT], true, 0, 0, 500 });
	AUTO(X509) *leaf = make((struct made){
	    "/CN=leaf", keys[LEAF], mid, keys[MID], false, 0, 0, 500 });
	/* the intermediate's name and another key */
	AUTO(X509) *fake = make((struct made){
	    "/CN=mid", keys[OTHER], NULL, keys[OTHER], true, 0, 0, 0 });
	struct result r = complete(leaf, 0, mid, root, NULL);

	ok(r.code == MC_OK && r.n == 2 && r.root && r.fault == 0);
	ok(r.not_after == 500 && strcmp(r.first, "/CN=leaf") == 0);
	/* the order of what is at hand, and strangers in it, change nothing */
	r = complete(leaf, 0, fake, root, mid);
	ok(r.code == MC_OK && r.n == 2);
	r = complete(leaf, 0, mid, NULL, NULL);
	ok(r.code == MC_UNTRUSTED && r.fault == MC_PASS_INCOMPLETE);
	ok(strcmp(r.text,
	       "\"/CN=mid\": its issuer \"/CN=root\" is not at hand") == 0);
	r = complete(leaf, MC_PASS_INCOMPLETE, mid, NULL, NULL);
	ok(r.code == MC_OK && r.n == 1 && !r.root);
	r = complete(leaf, 0, fake, NULL, NULL);
	ok(r.code == MC_UNTRUSTED && r.fault == MC_PASS_INCOMPLETE &&
	    strstr(r.text, "\"/CN=leaf\": its issuer \"/CN=mid\""));
	r = complete(leaf, MC_PASS_INCOMPLETE, NULL, NULL, NULL);
	ok(r.code == MC_OK && r.n == 0);
	/* a self-signed signer is its own chain */
	r = complete(root, 0, mid, NULL, NULL);
	ok(r.code == MC_OK && r.n == 0 && r.root && r.not_after == 1000);
}

static void
crossed(void)
{
	AUTO(X509) *root = make((struct made){
	    "/CN=root", keys[ROOT], NULL, keys[ROOT], true, 0, 0, 0 });
	AUTO(X509) *other = make((struct made){
	    "/CN=other", keys[OTHER], NULL, keys[OTHER], true, 0, 0, 0 });
	AUTO(X509) *mid = make((struct made){
	    "/CN=mid", keys[MID], root, keys[ROOT], true, 0, 0, 0 });
	AUTO(X509) *cross = make((struct made){
	    "/CN=mid", keys[MID], other, keys[OTHER], true, 0, 0, 0 });
	AUTO(X509) *late = make((struct made){
	    "/CN=mid", keys[MID], root, keys[ROOT], true, 0, -900, -800 });
	AUTO(X509) *leaf = make((struct made){
	    "/CN=leaf", keys[LEAF], mid, keys[MID], false, 0, 0, 0 });

	/* whichever comes first, the path that has a root is taken */
	ok(complete(leaf, 0, cross, mid, root).n == 2);
	ok(complete(leaf, 0, mid, cross, root).n == 2);
	ok(complete(leaf, 0, mid, cross, other).n == 2);
	/* and the one in date */
	ok(complete(leaf, 0, late, mid, root).code == MC_OK);
	ok(complete(leaf, 0, mid, late, root).code == MC_OK);
	ok(complete(leaf, 0, late, root, NULL).fault == MC_PASS_DATES);
	/* rather than the one that would have to be let pass */
	ok(complete(leaf, MC_PASS_DATES, late, mid, root).not_after == 1000);
}

static void
faults(void)
{
	AUTO(X509) *root = make((struct made){
	    "/CN=root", keys[ROOT], NULL, keys[ROOT], true, 0, 0, 0 });
	AUTO(X509) *mid = make((struct made){
	    "/CN=mid", keys[MID], root, keys[ROOT], false, 0, 0, 0 });
	AUTO(X509) *by_none = make((struct made){
	    "/CN=leaf", keys[LEAF], mid, keys[MID], false, 0, 0, 0 });
	AUTO(X509) *late = make((struct made){
	    "/CN=leaf", keys[LEAF], root, keys[ROOT], false, 0, -900, -1 });
	AUTO(X509) *early = make((struct made){
	    "/CN=leaf", keys[LEAF], root, keys[ROOT], false, 0, 1, 0 });
	AUTO(X509) *deaf = make((struct made){ "/CN=leaf", keys[LEAF], root,
	    keys[ROOT], false, KU_KEY_ENCIPHERMENT, 0, 0 });
	AUTO(X509) *weak = make((struct made){
	    "/CN=leaf", keys[SMALL], root, keys[ROOT], false, 0, 0, 0 });
	AUTO(X509) *both = make((struct made){ "/CN=leaf", keys[LEAF], root,
	    keys[ROOT], false, KU_KEY_ENCIPHERMENT, -900, -1 });
	struct result r = complete(by_none, 0, mid, root, NULL);

	ok(r.code == MC_UNTRUSTED && r.fault == MC_PASS_USAGE &&
	    strstr(r.text, "\"/CN=mid\": issued") && strstr(r.text, "no CA"));
	ok(complete(by_none, MC_PASS_USAGE, mid, root, NULL).n == 2);
	r = complete(late, 0, root, NULL, NULL);
	ok(r.code == MC_OUTOFDATE && r.fault == MC_PASS_DATES &&
	    strstr(r.text, "\"/CN=leaf\": expired at 2027-"));
	r = complete(late, MC_PASS_DATES, root, NULL, NULL);
	ok(r.code == MC_OK && r.not_after == -1);
	r = complete(early, 0, root, NULL, NULL);
	ok(r.code == MC_OUTOFDATE && r.fault == MC_PASS_DATES &&
	    strstr(r.text, "not valid before"));
	r = complete(deaf, 0, root, NULL, NULL);
	ok(r.code == MC_USAGE && r.fault == MC_PASS_USAGE &&
	    strstr(r.text, "does not allow signatures"));
	ok(complete(deaf, MC_PASS_USAGE, root, NULL, NULL).code == MC_OK);
	r = complete(weak, 0, root, NULL, NULL);
	ok(r.code == MC_UNTRUSTED && r.fault == MC_PASS_WEAK);
	ok(complete(weak, MC_PASS_WEAK, root, NULL, NULL).code == MC_OK);
	/* each fault needs its own pass */
	ok(complete(both, MC_PASS_USAGE, root, NULL, NULL).fault ==
	    MC_PASS_DATES);
	ok(complete(both, MC_PASS_DATES, root, NULL, NULL).fault ==
	    MC_PASS_USAGE);
	ok(complete(both, MC_PASS_DATES | MC_PASS_USAGE, root, NULL, NULL)
		.code == MC_OK);
	ok(complete(both, MC_PASS_DATES | MC_PASS_USAGE, NULL, NULL, NULL)
		.fault == MC_PASS_INCOMPLETE);
}

/* The system's store completes a chain, where it is asked. */
static void
stores(void)
{
	AUTO_COMPLETED out = { .chain = NULL };
	struct mc_complete_spec spec = { .at = NOW, .system = true };
	AUTO(X509) *root = make((struct made){
	    "/CN=root", keys[ROOT], NULL, keys[ROOT], true, 0, 0, 0 });
	AUTO(X509) *leaf = make((struct made){
	    "/CN=leaf", keys[LEAF], root, keys[ROOT], false, 0, 0, 0 });
	char path[] = "/tmp/mc-complete-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	struct mc_err e = MC_ERR_INIT;

	ok(file && PEM_write_X509(file, root) == 1 && fclose(file) == 0);
	ok(setenv("SSL_CERT_FILE", path, 1) == 0);
	ok(mc_complete_find(leaf, &spec, &out, NULL, &e));
	ok(sk_X509_num(out.chain) == 1 && out.root);
	spec.system = false;
	ok(!mc_complete_find(leaf, &spec, &out, NULL, &e));
	remove(path);
	spec.system = true;
	ok(!mc_complete_find(leaf, &spec, &out, NULL, &e));
	ok(e.code == MC_NOINPUT && strstr(e.text, "SSL_CERT_FILE: /tmp/mc-"));
	unsetenv("SSL_CERT_FILE");
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;

	for (int i = 0; i < SMALL; i++)
		ok(mc_key_new(MC_KEY_P256, 0, &keys[i], &e));
	keys[SMALL] = EVP_RSA_gen(1024);
	ok(keys[SMALL] != NULL);
	chains();
	crossed();
	faults();
	stores();
	for (int i = 0; i < KEYS; i++)
		EVP_PKEY_free(keys[i]);
	return done();
}
