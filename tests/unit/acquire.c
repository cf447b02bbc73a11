/* SPDX-License-Identifier: ISC */
/*
 * A device against a CA of the test's own, here a child that speaks HTTP: what
 * a CA can answer that scep-ca never does.
 */
#include "device/acquire.h"
#include "http/request.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "scep/scep.h"

#include "tap.h"

enum kind {
	RIGHT,
	THROUGH, /* right, and there is an intermediate, with an RA */
	LAST,    /* right, though another certificate comes first */
	PENDING,
	FAILURE,
	OTHER_KEY, /* there is none for the device */
	OTHER_CA,
	OTHER_ANSWER, /* of another transaction */
	NO_CMS,
	EMPTY,
};

/* A CA that is its own RA. */
struct authority {
	X509 *cert;
	EVP_PKEY *key;
};

static struct authority ca, sub, stranger;
static X509 *ra; /* by sub, with the key of ca */

static X509 *
issue(const char *name, EVP_PKEY *key, const struct authority *by, bool is_ca)
{
	AUTO(X509_NAME) *subject = NULL;
	struct mc_cert_spec spec = {
		.key = key,
		.issuer = by->cert,
		.issuer_key = by->key,
		.not_before = mc_time_now() - MC_DAY,
		.not_after = mc_time_now() + MC_DAY,
		.ca = is_ca,
		.path_len = -1,
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT |
		    (is_ca ? KU_KEY_CERT_SIGN : 0u),
	};
	struct mc_err e = MC_ERR_INIT;
	X509 *cert = NULL;

	if (!mc_name_parse(name, &subject, &e))
		return NULL;
	spec.subject = subject;
	return mc_cert_issue(&spec, &cert, &e) ? cert : NULL;
}

static bool
make(struct authority *a, const char *name, const struct authority *by)
{
	struct mc_err e = MC_ERR_INIT;
	struct authority self;

	if (!mc_key_new_rsa(2048, &a->key, &e))
		return false;
	self = (struct authority){ NULL, a->key };
	a->cert = issue(name, a->key, by ? by : &self, true);
	return a->cert != NULL;
}

/* The certificates of a reply, in their order. */
static mc_certs *
grant(enum kind kind, EVP_PKEY *key)
{
	mc_certs *certs = sk_X509_new_null();
	const struct authority *by = &ca;

	if (kind == THROUGH)
		by = &sub;
	if (kind == OTHER_CA)
		by = &stranger;
	if (kind == OTHER_KEY || kind == LAST)
		sk_X509_push(
		    certs, issue("/CN=somebody", stranger.key, &ca, false));
	if (kind != OTHER_KEY)
		sk_X509_push(certs, issue("/CN=phone", key, by, false));
	return certs;
}

static bool
reply(enum kind kind, const char *escaped, struct mc_buf *out, struct mc_err *e)
{
	AUTO_BUF message = MC_BUF_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO(mc_certs) *certs = NULL;
	struct mc_scep_refusal why = { 0 };
	const struct mc_scep_accept strict = { 0 };
	struct mc_scep_answer a = { .ra_key = ca.key };

	a.ra = kind == THROUGH ? ra : ca.cert;
	if (kind == NO_CMS)
		return mc_buf_puts(out, "nothing of the kind", e);
	if (kind == EMPTY)
		return true;
	if (!mc_http_unescape(escaped, strlen(escaped), &message, e) ||
	    !mc_scep_message_parse(
		mc_buf_str(&message), message.len, &msg, e) ||
	    !mc_scep_request_parse(&msg, &strict, &r, &why, e))
		return false;
	if (kind == PENDING) {
		a.status = MC_SCEP_PENDING;
	} else if (kind == FAILURE) {
		a.status = MC_SCEP_FAILURE;
		a.why.fail = MC_SCEP_BADTIME;
	} else {
		certs = grant(kind, X509_get0_pubkey(r.signer));
		a.certs = certs;
	}
	if (kind == OTHER_ANSWER)
		r.transaction[0] = r.transaction[0] == 'A' ? 'B' : 'A';
	return mc_scep_reply_encode(&r, &a, out, e);
}

/* Of GetCACert: alone, or with all that is between. */
static bool
cacert(enum kind kind, struct mc_buf *out, const char **type, struct mc_err *e)
{
	AUTO(mc_certs_lent) *certs = sk_X509_new_null();

	if (!certs || !sk_X509_push(certs, ca.cert))
		return mc_fail_memory(e);
	if (kind == THROUGH &&
	    (!sk_X509_push(certs, sub.cert) || !sk_X509_push(certs, ra)))
		return mc_fail_memory(e);
	return mc_scep_certs_encode(certs, out, type, e);
}

/* Answers one request line. */
static bool
answer(enum kind kind, char *line, struct mc_buf *out, const char **type,
    struct mc_err *e)
{
	char *message = strstr(line, "message=");
	char *end = strstr(line, " HTTP/");

	if (!message || !end)
		return false;
	*end = '\0';
	if (strstr(line, "=GetCACert&"))
		return cacert(kind, out, type, e);
	*type = MC_SCEP_HTTP_CAPS;
	if (strstr(line, "=GetCACaps&"))
		return mc_buf_puts(out, "AES\nSHA-256\n", e);
	*type = MC_SCEP_HTTP_MESSAGE;
	return reply(kind, message + strlen("message="), out, e);
}

static void
serve_one(int fd, enum kind kind)
{
	AUTO_BUF body = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	const char *type = "";
	static char in[65536];
	size_t n = 0;
	ssize_t got;

	do {
		got = read(fd, in + n, sizeof(in) - 1 - n);
		n += got > 0 ? (size_t)got : 0;
		in[n] = '\0';
	} while (got > 0 && n < sizeof(in) - 1 && !strstr(in, "\r\n\r\n"));
	if (!answer(kind, in, &body, &type, &e) ||
	    !mc_buf_printf(&out, &e,
		"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu"
		"\r\nConnection: close\r\n\r\n",
		type, body.len) ||
	    !mc_buf_add(&out, body.data, body.len, &e) ||
	    write(fd, out.data, out.len) != (ssize_t)out.len)
		fprintf(stderr, "# the CA: %s\n", e.text);
	close(fd);
}

static int
listen_at(struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*at = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)at, len) < 0 ||
	    listen(fd, 8) < 0 ||
	    getsockname(fd, (struct sockaddr *)at, &len) < 0)
		exit(70);
	return fd;
}

static pid_t
serve(enum kind kind, char *url, size_t size)
{
	struct sockaddr_in at;
	int fd = listen_at(&at);
	pid_t pid = fork();
	int client;

	snprintf(url, size, "http://127.0.0.1:%u/scep", ntohs(at.sin_port));
	while (pid == 0)
		if ((client = accept(fd, NULL, NULL)) >= 0)
			serve_one(client, kind);
	close(fd);
	return pid;
}

static char said[8192];

static void
hear(const char *line)
{
	size_t n = strlen(said);

	snprintf(said + n, sizeof(said) - n, "%s\n", line);
}

/* One run; what came of it is in e and in id. */
static bool
acquire(enum kind kind, struct mc_identity *id, struct mc_err *e)
{
	AUTO_OFFER offer = { .name = "", .challenge = "x", .bits = 1024 };
	const struct mc_tell tell = { .say = hear };
	pid_t pid = serve(kind, offer.url, sizeof(offer.url));
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n;
	bool done;

	*e = (struct mc_err)MC_ERR_INIT;
	X509_digest(ca.cert, EVP_sha256(), md, &n);
	offer.fingerprint = md;
	offer.fingerprint_len = n;
	said[0] = '\0';
	done = mc_name_parse("/CN=phone", &offer.subject, e) &&
	    mc_acquire(&offer, NULL, &tell, id, e);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (!done)
		printf("# %s\n", e->text);
	return done;
}

/* Refused with this code and these words, and there is no identity. */
static bool
refused(enum kind kind, enum mc_code code, const char *words)
{
	AUTO_IDENTITY id = { 0 };
	struct mc_err e;

	return !acquire(kind, &id, &e) && e.code == code &&
	    strcmp(e.text, words) == 0 && !id.cert && !id.key && !id.chain;
}

static void
test_right(void)
{
	AUTO_IDENTITY id = { 0 };
	AUTO_IDENTITY longer = { 0 };
	AUTO_IDENTITY other = { 0 };
	struct mc_err e;

	ok(acquire(RIGHT, &id, &e));
	ok(id.cert && mc_key_equal(X509_get0_pubkey(id.cert), id.key));
	ok(sk_X509_num(id.chain) == 1);
	ok(strstr(said, "      chain /CN=phone\n         <- /CN=ca\n"));
	ok(acquire(THROUGH, &longer, &e));
	ok(sk_X509_num(longer.chain) == 2);
	ok(strstr(said,
	    "chain /CN=phone\n         <- /CN=sub\n         <- /CN=ca\n"));
	/* the bag of a CMS message has no order that one could count on */
	ok(acquire(LAST, &other, &e));
	ok(mc_key_equal(X509_get0_pubkey(other.cert), other.key));
}

static void
test_refused(void)
{
	ok(refused(PENDING, MC_RETRY,
	    "SCEP: PKIOperation: the CA answers PENDING: somebody has to"
	    " approve the request there"));
	ok(refused(FAILURE, MC_DENIED,
	    "SCEP: PKIOperation: the CA answers FAILURE, badTime"));
	ok(refused(OTHER_KEY, MC_MALFORMED,
	    "SCEP: PKIOperation: CertRep: no certificate for the key that was"
	    " asked for"));
	ok(refused(OTHER_CA, MC_UNTRUSTED,
	    "SCEP: PKIOperation: the new certificate does not chain to the CA"
	    " of GetCACert"));
}

/* The words are lib/scep's; the code is that a rule is broken. */
static void
test_no_reply(void)
{
	static const enum kind kinds[] = { OTHER_ANSWER, NO_CMS, EMPTY };
	struct mc_err e;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		AUTO_IDENTITY id = { 0 };

		ok(!acquire(kinds[i], &id, &e) && !id.cert);
		ok(strncmp(e.text, "SCEP: PKIOperation: ", 20) == 0);
		ok(e.code == MC_MALFORMED);
	}
}

int
main(void)
{
	setenv("no_proxy", "127.0.0.1", 1);
	ok(make(&ca, "/CN=ca", NULL));
	ok(make(&stranger, "/CN=ca", NULL));
	ok(make(&sub, "/CN=sub", &ca));
	ra = issue("/CN=ra", ca.key, &sub, false);
	test_right();
	test_refused();
	test_no_reply();
	X509_free(ra);
	X509_free(ca.cert);
	X509_free(sub.cert);
	X509_free(stranger.cert);
	EVP_PKEY_free(ca.key);
	EVP_PKEY_free(sub.key);
	EVP_PKEY_free(stranger.key);
	return done();
}
