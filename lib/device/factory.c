/* SPDX-License-Identifier: ISC */
#include "device/factory.h"

#include "base/fd.h"
#include "base/uuid.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/pem.h"

#define MAKER "/C=US/O=Stand-in Devices Inc."

/* The dates of the genuine chain, in seconds since 1970. */
#define Y2006_04_25 ((int64_t)1145923200)
#define Y2007_04_12 ((int64_t)1176336000)
#define Y2007_04_16 ((int64_t)1176681600)
#define Y2011_04_16 ((int64_t)1302912000)
#define Y2014_04_16 ((int64_t)1397606400)
#define Y2022_04_12 ((int64_t)1649721600)
#define Y2035_02_09 ((int64_t)2054592000)

struct authority {
	const char *file;
	const char *subject;
	const char *words; /* what pins says of it */
	int64_t from, to;
};

/* From the root down: each is issued by the one before. */
static const struct authority authorities[] = {
	{ "root.pem", MAKER "/CN=Stand-in Root CA", "Stand-in Root CA",
	    Y2006_04_25, Y2035_02_09 },
	{ "intermediate.pem",
	    MAKER "/CN=Stand-in Phone Certification Authority",
	    "Stand-in Phone Certification Authority", Y2007_04_12,
	    Y2022_04_12 },
	{ "device-ca.pem", MAKER "/OU=Phone/CN=Stand-in Phone Device CA",
	    "Stand-in Phone Device CA", Y2007_04_16, Y2014_04_16 },
};
#define AUTHORITIES (sizeof(authorities) / sizeof(authorities[0]))

/* pins is written last: it says that a folder is complete. */
static bool
vacant(const char *dir, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF pins = MC_BUF_INIT;

	if (!mc_path_join(dir, "pins", &path, e))
		return false;
	if (mc_file_load(mc_buf_str(&path), &pins, e))
		return mc_fail(e, MC_DENIED,
		    "%s: there is a factory already; remove the folder first",
		    dir);
	if (e->code != MC_NOINPUT)
		return false;
	*e = (struct mc_err)MC_ERR_INIT;
	return true;
}

/* Certify key as a, by the issuer before it (NULL: by itself). */
static bool
certify(const struct authority *a, EVP_PKEY *key, const struct mc_identity *by,
    X509 **out, struct mc_err *e)
{
	AUTO(X509_NAME) *subject = NULL;
	struct mc_cert_spec spec = {
		.key = key,
		.issuer = by->cert,
		.issuer_key = by->cert ? by->key : key,
		.not_before = a->from,
		.not_after = a->to,
		.ca = true,
		.path_len = -1,
		.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN,
	};

	if (!mc_name_parse(a->subject, &subject, e))
		return false;
	spec.subject = subject;
	return mc_cert_issue(&spec, out, e);
}

static bool
publish(const char *dir, const struct authority *a, X509 *cert,
    struct mc_buf *pins, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF pem = MC_BUF_INIT;
	char print[MC_SHA256_HEX];

	return mc_cert_sha256(cert, print, e) &&
	    mc_buf_printf(pins, e, "%s  %s\n", print, a->words) &&
	    mc_path_join(dir, a->file, &path, e) &&
	    mc_pem_cert_encode(cert, &pem, e) &&
	    mc_file_create(mc_buf_str(&path), &pem, 0644, e);
}

/* The keys of the upper two are used here once and kept nowhere. */
static bool
authorities_make(const char *dir, struct mc_buf *pins, struct mc_identity *last,
    struct mc_err *e)
{
	for (size_t i = 0; i < AUTHORITIES; i++) {
		const struct authority *a = &authorities[i];
		AUTO_IDENTITY next = { 0 };

		if (!mc_key_new_rsa(2048, &next.key, e) ||
		    !certify(a, next.key, last, &next.cert, e) ||
		    !publish(dir, a, next.cert, pins, e))
			return false;
		mc_identity_clear(last);
		*last = mc_identity_take(&next);
	}
	return true;
}

bool
mc_factory_make(const char *dir, struct mc_buf *pins, struct mc_err *e)
{
	AUTO_IDENTITY last = { 0 };
	AUTO_BUF lines = MC_BUF_INIT;
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF key = MC_BUF_INIT;

	if (!mc_dir_make(dir, 0755, e) || !vacant(dir, e) ||
	    !authorities_make(dir, &lines, &last, e) ||
	    !mc_pem_key_encode(last.key, &key, e) ||
	    !mc_path_join(dir, "device-ca.key", &path, e) ||
	    !mc_file_create(mc_buf_str(&path), &key, 0600, e))
		return false;
	return mc_path_join(dir, "pins", &path, e) &&
	    mc_file_create(mc_buf_str(&path), &lines, 0644, e) &&
	    mc_buf_add(pins, lines.data, lines.len, e);
}

static bool
load(const char *dir, const char *name, X509 **cert, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	return mc_path_join(dir, name, &path, e) &&
	    mc_pem_cert_load(mc_buf_str(&path), cert, e);
}

static bool
push(mc_certs *to, X509 **cert, struct mc_err *e)
{
	if (!sk_X509_push(to, *cert))
		return mc_fail_memory(e);
	(void)take(cert);
	return true;
}

/* The device CA with its key, and the intermediate above it. */
static bool
authority_load(const char *dir, struct mc_identity *ca, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO(X509) *above = NULL;

	ca->chain = sk_X509_new_null();
	if (!ca->chain)
		return mc_fail_memory(e);
	return load(dir, "device-ca.pem", &ca->cert, e) &&
	    load(dir, "intermediate.pem", &above, e) &&
	    push(ca->chain, &above, e) &&
	    mc_path_join(dir, "device-ca.key", &path, e) &&
	    mc_pem_key_load(mc_buf_str(&path), NULL, &ca->key, e);
}

static bool
leaf_issue(
    const struct mc_identity *ca, EVP_PKEY *key, X509 **out, struct mc_err *e)
{
	static const char *const eku[] = { "serverAuth", "clientAuth", NULL };
	AUTO(X509_NAME) *subject = NULL;
	AUTO_BUF name = MC_BUF_INIT;
	char uuid[MC_UUID_TEXT];
	struct mc_cert_spec spec = {
		.key = key,
		.issuer = ca->cert,
		.issuer_key = ca->key,
		.not_before = Y2011_04_16,
		.not_after = Y2014_04_16,
		.path_len = -1,
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
		.eku = eku,
	};

	mc_uuid_new(uuid);
	if (!mc_buf_printf(&name, e, MAKER "/OU=Phone/CN=%s", uuid) ||
	    !mc_name_parse(mc_buf_str(&name), &subject, e))
		return false;
	spec.subject = subject;
	return mc_cert_issue(&spec, out, e);
}

bool
mc_factory_issue(
    const char *dir, unsigned bits, struct mc_identity *id, struct mc_err *e)
{
	AUTO_IDENTITY ca = { 0 };
	AUTO_IDENTITY got = { 0 };

	if (!authority_load(dir, &ca, e) ||
	    !mc_identity_key_new(bits, &got.key, e) ||
	    !leaf_issue(&ca, got.key, &got.cert, e))
		return mc_note(e, "factory");
	got.chain = take(&ca.chain);
	if (!sk_X509_insert(got.chain, ca.cert, 0))
		return mc_fail_memory(e);
	(void)take(&ca.cert);
	*id = mc_identity_take(&got);
	return true;
}
