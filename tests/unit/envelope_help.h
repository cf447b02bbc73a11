/* SPDX-License-Identifier: ISC */
/*
 * Parties with a key and a certificate, messages taken from and given to the
 * openssl program, and DER with a part replaced.
 */
#ifndef ENVELOPE_HELP_H
#define ENVELOPE_HELP_H

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/time.h"
#include "crypto/ber.h"
#include "crypto/cert.h"
#include "crypto/envelope.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/pem.h"

#include "tap.h"

#define UNUSED_HELP __attribute__((unused))

static struct mc_err e;

/* One who receives or signs. */
struct party {
	EVP_PKEY *key;
	X509 *cert;
	mc_certs *certs;
};

static bool UNUSED_HELP
party_new(struct party *p, const char *subject, EVP_PKEY *key, unsigned usage)
{
	static const uint8_t serial[16] = { 0x40, 1 };
	AUTO(X509_NAME) *name = NULL;
	struct mc_cert_spec spec = { .key = key,
		.issuer_key = key,
		.serial = serial,
		.not_before = mc_time_now() - MC_DAY,
		.not_after = mc_time_now() + MC_DAY,
		.path_len = -1,
		.key_usage = usage };

	p->key = key;
	p->certs = sk_X509_new_null();
	if (!key || !p->certs || !mc_name_parse(subject, &name, &e))
		return false;
	spec.subject = name;
	return mc_cert_issue(&spec, &p->cert, &e) && X509_up_ref(p->cert) &&
	    sk_X509_push(p->certs, p->cert) > 0;
}

static void UNUSED_HELP
party_clear(struct party *p)
{
	EVP_PKEY_free(p->key);
	X509_free(p->cert);
	sk_X509_pop_free(p->certs, X509_free);
}

static EVP_PKEY *UNUSED_HELP
rsa(unsigned bits)
{
	EVP_PKEY *key = NULL;

	return mc_key_new_rsa(bits, &key, &e) ? key : NULL;
}

static bool UNUSED_HELP
same(const struct mc_buf *a, const struct mc_buf *b)
{
	return a->len == b->len &&
	    memcmp(mc_buf_str(a), mc_buf_str(b), a->len) == 0;
}

static void UNUSED_HELP
fill(struct mc_buf *b, size_t len)
{
	mc_buf_clear(b);
	for (size_t i = 0; i < len; i++)
		ok(mc_buf_add(b, &(uint8_t){ (uint8_t)(i * 7) }, 1, &e));
}

/* Where the openssl program finds "in", "out", "key.pem" and "cert.pem". */
static char help_dir[] = "/tmp/mc-envelope-XXXXXX";

static bool UNUSED_HELP
folder_new(void)
{
	return mkdtemp(help_dir) != NULL;
}

static void UNUSED_HELP
folder_remove(void)
{
	char cmd[128];

	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", help_dir);
	ok(system(cmd) == 0);
}

static FILE *
folder_open(const char *name, const char *mode)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", help_dir, name);
	return fopen(path, mode);
}

static bool UNUSED_HELP
file_put(const char *name, const void *data, size_t len)
{
	FILE *f = folder_open(name, "wb");
	bool done = f && fwrite(data, 1, len, f) == len;

	return f && fclose(f) == 0 && done;
}

/* This party is key.pem and cert.pem from now on. */
static bool UNUSED_HELP
party_put(const struct party *p)
{
	FILE *key = folder_open("key.pem", "wb");
	FILE *cert = folder_open("cert.pem", "wb");
	bool done = key && cert &&
	    PEM_write_PrivateKey(key, p->key, NULL, NULL, 0, NULL, NULL) == 1 &&
	    PEM_write_X509(cert, p->cert) == 1;

	return key && fclose(key) == 0 && cert && fclose(cert) == 0 && done;
}

/* What key.pem and cert.pem are now. */
static bool UNUSED_HELP
party_get(struct party *p)
{
	FILE *key = folder_open("key.pem", "rb");
	FILE *cert = folder_open("cert.pem", "rb");

	*p = (struct party){ .certs = sk_X509_new_null() };
	p->key = key ? PEM_read_PrivateKey(key, NULL, NULL, NULL) : NULL;
	p->cert = cert ? PEM_read_X509(cert, NULL, NULL, NULL) : NULL;
	return key && fclose(key) == 0 && cert && fclose(cert) == 0 && p->key &&
	    p->cert && X509_up_ref(p->cert) &&
	    sk_X509_push(p->certs, p->cert) > 0;
}

/* openssl ARGS < in > out, in the folder; what it says is in "log". */
static bool UNUSED_HELP MC_PRINTF(3, 4)
    openssl(const struct mc_buf *in, struct mc_buf *out, const char *fmt, ...)
{
	char cmd[1024];
	char path[128];
	int n = snprintf(cmd, sizeof(cmd), "cd '%s' && openssl ", help_dir);
	va_list args;

	va_start(args, fmt);
	n += vsnprintf(cmd + n, sizeof(cmd) - (size_t)n, fmt, args);
	va_end(args);
	snprintf(cmd + n, sizeof(cmd) - (size_t)n, " <in >out 2>log");
	snprintf(path, sizeof(path), "%s/out", help_dir);
	mc_buf_clear(out);
	if (!file_put("in", mc_buf_str(in), in->len))
		return false;
	if (system(cmd) == 0)
		return mc_file_load(path, out, &e);
	printf("# failed: %s\n", cmd);
	return false;
}

static bool UNUSED_HELP
opens(const struct mc_buf *der, const struct party *p, unsigned allow,
    const struct mc_buf *want)
{
	AUTO_BUF got = MC_BUF_INIT;

	return mc_envelope_open(der, p->cert, p->key, allow, &got, &e) &&
	    same(&got, want);
}

/* Add delta to the length at p, in the octets that it has. */
static bool
length_add(uint8_t *p, long delta)
{
	size_t octets = p[0] & 0x80 ? p[0] & 0x7fU : 0;
	long len = octets ? 0 : p[0];

	for (size_t i = 1; i <= octets; i++)
		len = len << 8 | p[i];
	len += delta;
	if (!octets) {
		p[0] = (uint8_t)len;
		return len >= 0 && len < 0x80;
	}
	for (size_t i = octets; i > 0; i--, len >>= 8)
		p[i] = (uint8_t)len;
	return len == 0;
}

/*
 * Replace the n bytes at from, where they first occur, by the m bytes at to,
 * and mend the lengths of what is around them.  Lengths keep their size: one
 * that does not fit is false.
 */
static bool UNUSED_HELP
splice(struct mc_buf *der, const void *from, size_t n, const void *to, size_t m)
{
	const uint8_t *at = memmem(der->data, der->len, from, n);
	AUTO_BUF whole = MC_BUF_INIT;
	struct mc_ber b;
	struct mc_ber_item item;
	size_t off = at ? (size_t)(at - der->data) : 0;
	bool fits = true;

	if (!at)
		return false;
	mc_ber_init(&b, der->data, der->len);
	while (mc_ber_next(&b, "", &item, &e)) {
		size_t begin = (size_t)(item.body.p - der->data);

		if (off < begin || off >= begin + item.body.len)
			continue;
		if (off + n > begin + item.body.len)
			break;
		fits &= length_add(
		    der->data + (item.p - der->data) + 1, (long)m - (long)n);
		if (!(item.tag & 0x20))
			break;
		b = item.body;
	}
	fits &= mc_buf_add(&whole, der->data, off, &e) &&
	    mc_buf_add(&whole, to, m, &e) &&
	    mc_buf_add(&whole, der->data + off + n, der->len - off - n, &e);
	mc_buf_swap(&whole, der);
	return fits;
}
#define SPLICE(der, from, to)                                                  \
	splice((der), (from), sizeof(from) - 1, (to), sizeof(to) - 1)

#endif
