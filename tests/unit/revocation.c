/* SPDX-License-Identifier: ISC */
#include "crypto/revocation.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/time.h"
#include "crypto/pem.h"
#include "tap.h"

/* What the seeds of tests/fuzz/corpus/revocation say, and when. */
#define REVOKED_AT INT64_C(1700000000)
#define FROM INT64_C(1799990000)
#define AT INT64_C(1800000000)
#define TILL INT64_C(1800100000)

static X509 *issuer;
static X509 *cert;

static const char *
source(const char *dir, const char *file)
{
	static char path[512];
	const char *src = getenv("SRC");

	snprintf(
	    path, sizeof(path), "%s/tests/%s/%s", src ? src : ".", dir, file);
	return path;
}

/* Load these, and ask; an OCSP response by its name. */
static enum mc_revoked
asked(const char *a, const char *b, int64_t at, struct mc_revoked_facts *f)
{
	AUTO(mc_revocation) *r = NULL;
	const char *all[] = { a, b };
	struct mc_err e = MC_ERR_INIT;

	ok(mc_revocation_new(&r, &e));
	for (int i = 0; i < 2 && all[i]; i++) {
		const char *path = source("fuzz/corpus/revocation", all[i]);

		ok(strncmp(all[i], "ocsp", 4) == 0
			? mc_revocation_ocsp_load(r, path, &e)
			: mc_revocation_crl_load(r, path, &e));
	}
	mc_revocation_find(r, cert, issuer, at, f);
	ok((f->source == NULL) == (f->status == MC_REVOKED_UNKNOWN));
	if (f->source)
		ok(strstr(f->source, "/corpus/revocation/") != NULL);
	f->source = NULL; /* it was r's */
	return f->status;
}

static void
statements(void)
{
	struct mc_revoked_facts f;

	ok(asked(NULL, NULL, AT, &f) == MC_REVOKED_UNKNOWN);
	ok(asked("crl-clean", NULL, AT, &f) == MC_REVOKED_NO);
	ok(f.from == FROM && f.till == TILL && f.reason == -1);
	ok(asked("crl-clean", NULL, TILL, &f) == MC_REVOKED_NO);
	ok(asked("crl-clean", NULL, TILL + 1, &f) == MC_REVOKED_STALE);
	ok(asked("crl-clean", NULL, FROM - 1, &f) == MC_REVOKED_STALE);
	ok(asked("crl-revoked", NULL, AT, &f) == MC_REVOKED_YES);
	ok(f.at == REVOKED_AT && f.reason == 1);
	/* also of times before it, or long after */
	ok(asked("crl-revoked", NULL, 1, &f) == MC_REVOKED_YES);
	ok(asked("crl-revoked", "crl-clean", AT, &f) == MC_REVOKED_YES);
	ok(asked("crl-clean", "crl-revoked", AT, &f) == MC_REVOKED_YES);
	/* two of one time: the one that says more, whatever their order */
	ok(asked("crl-pem", NULL, AT, &f) == MC_REVOKED_YES && f.reason == 6);
	ok(asked("crl-pem", "crl-clean", AT, &f) == MC_REVOKED_YES);
	/* another part of that issuer's */
	ok(asked("crl-point", NULL, AT, &f) == MC_REVOKED_UNKNOWN);
	ok(asked("ocsp-good", NULL, AT, &f) == MC_REVOKED_NO);
	ok(asked("ocsp-base64", NULL, AT, &f) == MC_REVOKED_NO);
	ok(asked("ocsp-base64", NULL, TILL + 1, &f) == MC_REVOKED_STALE);
	ok(asked("ocsp-revoked", "crl-clean", AT, &f) == MC_REVOKED_YES);
	ok(f.at == REVOKED_AT && f.reason == 4);
}

static bool
refused(bool ocsp, const char *path, enum mc_code code, const char *why)
{
	AUTO(mc_revocation) *r = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool good;

	ok(mc_revocation_new(&r, &e));
	good = ocsp ? mc_revocation_ocsp_load(r, path, &e)
		    : mc_revocation_crl_load(r, path, &e);
	printf("# %s\n", e.text);
	return !good && e.code == code && strstr(e.text, why) &&
	    strncmp(e.text, path, strlen(path)) == 0;
}

#define SEED(file) source("fuzz/corpus/revocation", file)

static void
refusals(void)
{
	ok(refused(false, SEED("crl-delta"), MC_MALFORMED, "delta CRL"));
	ok(refused(false, SEED("ocsp-good"), MC_MALFORMED, "not a CRL"));
	ok(refused(true, SEED("crl-clean"), MC_MALFORMED, "OCSP"));
	ok(refused(true, SEED("crl-pem"), MC_MALFORMED, "base64"));
	ok(refused(true, SEED("ocsp-refusal"), MC_MALFORMED, "refusal"));
	ok(refused(false, source("vectors", "revocation.pem"), MC_MALFORMED,
	    "holds no CRL"));
	ok(refused(false, "/nowhere", MC_NOINPUT, "No such file"));
	ok(refused(true, "/nowhere", MC_NOINPUT, "No such file"));
}

/* The list of crl-clean, that does not say until when, signed anew. */
static bool
endless_save(const char *path, X509 *by, EVP_PKEY *key)
{
	AUTO(X509_CRL) *crl = X509_CRL_new();
	AUTO(ASN1_TIME) *from = ASN1_TIME_set(NULL, FROM);
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	unsigned char *bytes = NULL;
	bool done;
	int n;

	if (!crl || !from || !X509_CRL_set_version(crl, 1) ||
	    !X509_CRL_set_issuer_name(crl, X509_get_subject_name(by)) ||
	    !X509_CRL_set1_lastUpdate(crl, from) ||
	    X509_CRL_sign(crl, key, EVP_sha256()) <= 0)
		return false;
	n = i2d_X509_CRL(crl, &bytes);
	done = n > 0 && mc_buf_add(&der, bytes, (size_t)n, &e) &&
	    mc_file_save(path, &der, 0600, &e);
	OPENSSL_free(bytes);
	return done;
}

/* Not good for ever: seven days. */
static void
endless(void)
{
	AUTO(mc_revocation) *r = NULL;
	AUTO(EVP_PKEY) *key = EVP_EC_gen("P-256");
	AUTO(X509) *by = X509_dup(issuer);
	char path[] = "/tmp/revocation.XXXXXX";
	int fd = mkstemp(path);
	struct mc_revoked_facts f;
	struct mc_err e = MC_ERR_INIT;

	ok(fd != -1 && key && by && X509_set_pubkey(by, key));
	ok(endless_save(path, by, key));
	ok(mc_revocation_new(&r, &e) && mc_revocation_crl_load(r, path, &e));
	mc_revocation_find(r, cert, by, FROM + 7 * MC_DAY, &f);
	ok(f.status == MC_REVOKED_NO && f.till == FROM + 7 * MC_DAY);
	mc_revocation_find(r, cert, by, FROM + 7 * MC_DAY + 1, &f);
	ok(f.status == MC_REVOKED_STALE);
	unlink(path);
	close(fd);
}

/* A bounded number of them, whoever has more. */
static void
limits(void)
{
	AUTO(mc_revocation) *r = NULL;
	struct mc_err e = MC_ERR_INIT;
	int n = 0;

	ok(mc_revocation_new(&r, &e));
	while (n < 1000 && mc_revocation_crl_load(r, SEED("crl-clean"), &e))
		n++;
	ok(n == 256 && e.code == MC_MALFORMED &&
	    strstr(e.text, "more than 256"));
}

int
main(void)
{
	AUTO(mc_certs) *certs = sk_X509_new_null();
	struct mc_err e = MC_ERR_INIT;

	ok(mc_pem_certs_load(source("vectors", "revocation.pem"), certs, &e));
	ok(sk_X509_num(certs) == 2);
	issuer = sk_X509_value(certs, 0);
	cert = sk_X509_value(certs, 1);
	statements();
	refusals();
	endless();
	limits();
	return done();
}
