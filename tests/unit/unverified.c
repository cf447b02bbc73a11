/* SPDX-License-Identifier: ISC */
/* The content of messages that nobody verified: all of it, or nothing. */
#include "crypto/unverified.h"

#include <stdlib.h>

#include "base/fd.h"
#include "crypto/cms.h"
#include "tap.h"

static struct mc_err e;

static bool
vector(const char *name, struct mc_buf *to)
{
	const char *src = getenv("SRC");
	char path[512];

	snprintf(
	    path, sizeof(path), "%s/tests/vectors/%s", src ? src : ".", name);
	return mc_file_load(path, to, &e);
}

/* Good messages in all their shapes: what is verified is what is seen. */
static void
same(const char *name)
{
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF seen = MC_BUF_INIT;
	AUTO_BUF verified = MC_BUF_INIT;
	AUTO(mc_signed) *s = NULL;

	ok(vector(name, &msg));
	ok(mc_unverified_content(&msg, &seen, &e));
	ok(mc_signed_parse(&msg, MC_GATE_STRICT, NULL, &s, &e));
	ok(s && mc_signed_content(s, &verified, &e));
	ok(seen.len > 0 && seen.len == verified.len &&
	    memcmp(seen.data, verified.data, seen.len) == 0);
}

/* What was changed is seen as it is. */
static void
altered(void)
{
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF seen = MC_BUF_INIT;

	ok(vector("bad-swapped-body.p7", &msg));
	ok(mc_unverified_content(&msg, &seen, &e));
	ok(seen.len > 0);
}

static void
refused(const void *data, size_t len, enum mc_code code)
{
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF seen = MC_BUF_INIT;

	ok(mc_buf_add(&msg, data, len, &e));
	ok(!mc_unverified_content(&msg, &seen, &e));
	ok(e.code == code);
	ok(seen.len == 0);
}

/* Cut anywhere, no message gives a part of what was in it. */
static void
cut(void)
{
	AUTO_BUF msg = MC_BUF_INIT;
	size_t bad = 0;

	ok(vector("good-ios6.p7", &msg));
	for (size_t i = 0; i < msg.len; i++) {
		AUTO_BUF part = MC_BUF_INIT;
		AUTO_BUF seen = MC_BUF_INIT;

		bad += !mc_buf_add(&part, msg.data, i, &e) ||
		    mc_unverified_content(&part, &seen, &e) || seen.len > 0;
	}
	ok(bad == 0);
}

int
main(void)
{
	static const unsigned char enveloped[] = { 0x30, 0x0f, 0x06, 0x09, 0x2a,
		0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03, 0xa0, 0x02,
		0x30, 0x00 };
	/* SignedData without eContent */
	static const unsigned char detached[] = { 0x30, 0x23, 0x06, 0x09, 0x2a,
		0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x16,
		0x30, 0x14, 0x02, 0x01, 0x01, 0x31, 0x00, 0x30, 0x0b, 0x06,
		0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01,
		0x31, 0x00 };

	same("good-ios6.p7");
	same("good-macos13-no-attrs.p7");
	same("good-sha256.p7");
	altered();
	refused("", 0, MC_MALFORMED);
	refused("<plist/>", 8, MC_MALFORMED);
	refused(enveloped, sizeof(enveloped), MC_UNSIGNED);
	refused(detached, sizeof(detached), MC_MALFORMED);
	cut();
	return done();
}
