/* SPDX-License-Identifier: ISC */
/* A CA to issue from, requests to it, and what it has on record. */
#ifndef ISSUE_HELP_H
#define ISSUE_HELP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ca/challenge.h"
#include "ca/issue.h"
#include "ca/spell.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "store/certificate.h"
#include "store/history.h"
#include "store/request.h"
#include "tap.h"

static char dir[] = "/tmp/mcprofile-issue-XXXXXX";
static struct mc_ca *ca;

/* A requester: a key, and the certificate that signs its messages. */
struct peer {
	EVP_PKEY *key;
	X509 *cert;
};

static inline bool
peer_new(enum mc_key_kind kind, struct peer *p)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_NAME) *name = NULL;
	struct mc_cert_spec spec = { .not_before = mc_time_now() - 60,
		.not_after = mc_time_now() + MC_DAY,
		.path_len = -1 };

	if (!mc_key_new(kind, 2048, &p->key, &e) ||
	    !mc_name_parse("/CN=SCEP client", &name, &e))
		return false;
	spec.subject = name;
	spec.key = spec.issuer_key = p->key;
	return mc_cert_issue(&spec, &p->cert, &e);
}

static inline void
peer_free(struct peer *p)
{
	EVP_PKEY_free(p->key);
	X509_free(p->cert);
}

/* This configuration from now on. */
static inline bool
configure(const char *text)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_ca_conf *conf = NULL;
	AUTO_BUF b = MC_BUF_INIT;

	if (!mc_buf_puts(&b, text, &e) ||
	    !mc_ca_conf_parse(&b, "ca.conf", &conf, &e)) {
		printf("# %s\n", e.text);
		return false;
	}
	if (ca->conf)
		mc_ca_conf_free(ca->conf);
	ca->conf = conf;
	return true;
}

static inline bool
ca_make(void)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_ca_spec spec = {
		.dir = dir, .subject = "/O=ACME/CN=CA", .kind = MC_KEY_P256
	};

	if (mkdtemp(dir) && mc_ca_init(&spec, &e) &&
	    mc_ca_load(dir, MC_CA_ALL, &ca, &e))
		return true;
	printf("# %s\n", e.text);
	return false;
}

static inline void
ca_unmake(void)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF rm = MC_BUF_INIT;

	if (ca)
		mc_ca_free(ca);
	ok(mc_buf_printf(&rm, &e, "rm -rf %s", dir) &&
	    system(mc_buf_str(&rm)) == 0);
}

/* Sign the request again, with names in its extensionRequest. */
static inline bool
csr_extend(EVP_PKEY *key, GENERAL_NAMES *names, struct mc_buf *der)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_REQ) *req = NULL;
	STACK_OF(X509_EXTENSION) *all = NULL;
	const unsigned char *at = der->data;
	unsigned char *out = NULL;
	bool done;
	int n;

	req = d2i_X509_REQ(NULL, &at, (long)der->len);
	done = req &&
	    X509V3_add1_i2d(&all, NID_subject_alt_name, names, 0, 0) == 1 &&
	    X509_REQ_add_extensions(req, all) == 1 &&
	    X509_REQ_sign(req, key, EVP_sha256()) > 0;
	sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);
	n = done ? i2d_X509_REQ(req, &out) : 0;
	mc_buf_clear(der);
	done = n > 0 && mc_buf_add(der, out, (size_t)n, &e);
	OPENSSL_free(out);
	return done;
}

static inline bool
csr_names(EVP_PKEY *key, const char *names, struct mc_buf *der)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(GENERAL_NAMES) *value = NULL;

	return mc_names_parse(names, &value, &e) && csr_extend(key, value, der);
}

/* A request for subject with this challenge (NULL: none), and these names. */
static inline bool
csr(EVP_PKEY *key, const char *subject, const char *challenge,
    const char *names, struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(X509_NAME) *name = NULL;

	mc_buf_clear(to);
	return mc_name_parse(subject, &name, &e) &&
	    mc_csr_make(key, name, challenge, 0, to, &e) &&
	    (!names || csr_names(key, names, to));
}

static inline bool
challenge(const struct mc_challenge_spec *spec, struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;

	mc_buf_clear(to);
	if (mc_challenge_new(ca->store, spec, to, &e))
		return true;
	printf("# %s\n", e.text);
	return false;
}

struct tally {
	int n;
	enum mc_certificate_state state; /* of the newest */
	char serial[MC_SERIAL_TEXT];
};

static inline bool
tally_row(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct tally *t = ctx;

	(void)e;
	if (t->n++ == 0) {
		t->state = c->state;
		memcpy(t->serial, c->serial, sizeof(t->serial));
	}
	return true;
}

static inline struct tally
tally(struct mc_store *s)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_certificate_filter all = { .now = mc_time_now() };
	struct tally t = { 0 };

	if (!mc_store_certificate_list(s, &all, tally_row, &t, &e))
		t.n = -1;
	return t;
}

static inline int
count(void)
{
	return tally(ca->store).n;
}

/* The words of a certificate's history, blank-separated. */
static inline bool
history_row(void *ctx, const struct mc_history *h, struct mc_err *e)
{
	struct mc_buf *to = ctx;

	return mc_buf_printf(to, e, "%s%s", to->len ? " " : "", h->what);
}

static inline bool
history_is(const char *serial, const char *words)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF got = MC_BUF_INIT;

	if (!mc_store_history_list(ca->store, serial, history_row, &got, &e))
		return false;
	if (mc_buf_is(&got, words))
		return true;
	printf("# history: %s\n", mc_buf_str(&got));
	return false;
}

static inline bool
row_get(const char *serial, struct mc_certificate *row)
{
	struct mc_err e = MC_ERR_INIT;
	bool found = false;

	return mc_store_certificate_find(ca->store, serial, row, &found, &e) &&
	    found;
}

/* What came of one request. */
struct answer {
	struct mc_issued got;
	struct mc_err e;
	bool done;
	struct mc_buf der;
	char serial[MC_SERIAL_TEXT];
};

static inline void
answer_clear(struct answer *a)
{
	X509_free(a->got.cert);
	mc_buf_clear(&a->der);
	memset(a, 0, sizeof(*a));
}
#define AUTO_ANSWER __attribute__((cleanup(answer_clear))) struct answer

static const struct mc_issue_hooks *hooks;
static bool dry;

/* The verdict, of which the log and the requester hear something. */
static inline enum mc_verdict_code
ask(const char *profile, const struct mc_issue_request *r, struct answer *a)
{
	const struct mc_ca_profile *p = mc_ca_conf_profile_find(
	    ca->conf, profile);

	answer_clear(a);
	a->done = dry ? mc_issue_check(ca, p, r, &a->got, &a->e)
		      : mc_issue(ca, p, r, hooks, &a->got, &a->e);
	if (!a->done)
		printf("# %d: %s\n", (int)a->got.verdict.code, a->e.text);
	if (a->got.verdict.code == MC_GRANTED)
		ok(a->done == (dry || a->got.cert != NULL) || a->e.text[0]);
	else if (a->got.verdict.code == MC_WAITING)
		ok(a->done && !a->got.cert && (dry || a->got.waiting > 0));
	else
		ok(!a->done && !a->got.cert && a->e.text[0] &&
		    a->got.verdict.told);
	if (a->got.cert)
		ok(mc_cert_encode(a->got.cert, &a->der, &a->e) &&
		    mc_cert_serial(a->got.cert, a->serial, &a->e));
	return a->got.verdict.code;
}

static inline bool
same(const struct answer *a, const struct answer *b)
{
	return a->der.len > 0 && a->der.len == b->der.len &&
	    memcmp(a->der.data, b->der.data, a->der.len) == 0;
}

#endif
