/* SPDX-License-Identifier: ISC */
/* Other people's programs, and files for them in a folder of the test's own. */
#ifndef TOOL_H
#define TOOL_H

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "crypto/pem.h"

static char tool_dir[] = "/tmp/mcprofile-unit.XXXXXX";

static inline void
tool_init(void)
{
	if (!mkdtemp(tool_dir) || chdir(tool_dir) != 0)
		exit(99);
}

static inline void
tool_done(void)
{
	char rm[80];

	snprintf(rm, sizeof(rm), "rm -rf %s", tool_dir);
	if (chdir("/") != 0 || system(rm) != 0)
		exit(99);
}

/* Run it; what it says is in *said, on both streams.  Its exit status. */
MC_PRINTF(2, 3)
static inline int
tool(struct mc_buf *said, const char *fmt, ...)
{
	struct mc_err e = MC_ERR_INIT;
	char command[1024];
	char all[1100];
	va_list ap;
	int status;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	snprintf(all, sizeof(all), "{ %s; } > said 2>&1 < /dev/null", command);
	status = system(all);
	mc_buf_clear(said);
	if (!mc_file_load("said", said, &e))
		return -1;
	if (status != 0)
		printf("# %s: %d\n", command, status);
	return status;
}

static inline bool
says(const struct mc_buf *said, const char *text)
{
	if (strstr(mc_buf_str(said), text))
		return true;
	printf("# no \"%s\" in:\n", text);
	for (const char *p = mc_buf_str(said); *p; p += *p == '\n') {
		int n = (int)strcspn(p, "\n");

		printf("#   %.*s\n", n, p);
		p += n;
	}
	return false;
}

static inline bool
save(const char *name, const struct mc_buf *b)
{
	struct mc_err e = MC_ERR_INIT;

	return mc_file_save(name, b, 0600, &e);
}

static inline bool
save_cert(const char *name, X509 *cert)
{
	AUTO_BUF pem = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_pem_cert_encode(cert, &pem, &e) && save(name, &pem);
}

static inline bool
save_key(const char *name, EVP_PKEY *key)
{
	AUTO_BUF pem = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_pem_key_encode(key, &pem, &e) && save(name, &pem);
}

#endif
