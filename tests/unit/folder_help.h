/* SPDX-License-Identifier: ISC */
/* Folders of CAs for tests, and what went wrong with them. */
#ifndef FOLDER_HELP_H
#define FOLDER_HELP_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "ca/ca.h"
#include "crypto/cert.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "tap.h"

#define T0 ((int64_t)1800000000)

static char root[] = "/tmp/folder.XXXXXX";

/* The path of a thing in the folder of this test, in one of eight buffers. */
static inline const char *
in(const char *name)
{
	static char paths[8][512];
	static unsigned turn;
	char *path = paths[turn++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", root, name);
	return path;
}

static inline void
begin(void)
{
	if (!mkdtemp(root))
		abort();
	setvbuf(stdout, NULL, _IOLBF, 0);
	mc_time_set(T0);
}

static inline void
end(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	if (system(command) != 0)
		abort();
}

/* It failed with this code, and its text has this in it. */
static inline bool
said(const struct mc_err *e, enum mc_code code, const char *text)
{
	bool so = e->code == code && strstr(e->text, text);

	if (!so)
		printf("# %s: %s\n", mc_code_name(e->code), e->text);
	return so;
}
#define refuses(call, code, text)                                              \
	do {                                                                   \
		struct mc_err e_ = MC_ERR_INIT, *e = &e_;                      \
		bool done_ = (call);                                           \
		ok(!done_ && said(e, code, text));                             \
	} while (0)
#define works(call)                                                            \
	do {                                                                   \
		struct mc_err e_ = MC_ERR_INIT, *e = &e_;                      \
		bool done_ = (call);                                           \
		if (!done_)                                                    \
			printf("# %s: %s\n", mc_code_name(e->code), e->text);  \
		ok(done_);                                                     \
	} while (0)

static inline bool
put(const char *name, const char *text, mode_t mode)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_buf_puts(&b, text, &e) &&
	    mc_file_save(in(name), &b, mode, &e);
}

static inline bool
file_has(const char *name, const char *text)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_file_load(in(name), &b, &e) && strstr(mc_buf_str(&b), text);
}

static inline bool
there(const char *name)
{
	return access(in(name), F_OK) == 0;
}

static inline bool
copy(const char *from, const char *to)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_file_load(in(from), &b, &e) &&
	    mc_file_save(in(to), &b, 0600, &e);
}

/* A small CA: P-256, and an RA of 2048 bits. */
static inline bool
init(const char *name, struct mc_err *e)
{
	struct mc_ca_spec spec = {
		.dir = in(name),
		.subject = "/O=ACME/CN=ACME CA",
		.kind = MC_KEY_P256,
	};

	return mc_ca_init(&spec, e);
}

static inline struct mc_ca *
loaded(const char *name, unsigned parts)
{
	struct mc_ca *ca = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (mc_ca_load(in(name), parts, &ca, &e))
		return ca;
	printf("# %s: %s\n", mc_code_name(e.code), e.text);
	return NULL;
}

static inline void
drop(struct mc_ca **ca)
{
	if (*ca)
		mc_ca_free(*ca);
	*ca = NULL;
}

/* To see that it is refused. */
static inline bool
load(const char *name, unsigned parts, struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;

	return mc_ca_load(in(name), parts, &ca, e);
}

/* A certificate of this CA's, for anything. */
static inline X509 *
issued(const struct mc_ca *ca)
{
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(X509_NAME) *name = NULL;
	X509 *cert = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (mc_key_new(MC_KEY_P256, 0, &key, &e) &&
	    mc_name_parse("/CN=leaf", &name, &e)) {
		struct mc_cert_spec spec = {
			.subject = name,
			.key = key,
			.issuer = ca->cert,
			.issuer_key = ca->key,
			.not_before = mc_time_now() - 10,
			.not_after = mc_time_now() + MC_DAY,
		};

		if (!mc_cert_issue(&spec, &cert, &e))
			printf("# %s\n", e.text);
	}
	return cert;
}

#endif
