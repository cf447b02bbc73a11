/* SPDX-License-Identifier: ISC */
#include "verify/tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "profile/configuration.h"
#include "profile/plain.h"
#include "verify/blob.h"

/* Data up to here is its own base64; longer, a digest stands for it. */
#define DATA_MAX 48
#define STEP 2

/* What is not seen, or might be taken for something else, is escaped. */
static bool
character(const char *s, size_t n, struct mc_buf *to, struct mc_err *e)
{
	char one[5] = "";

	memcpy(one, s, n);
	switch (*s) {
	case '"':
		return mc_buf_puts(to, "\\\"", e);
	case '\\':
		return mc_buf_puts(to, "\\\\", e);
	case '\n':
		return mc_buf_puts(to, "\\n", e);
	case '\r':
		return mc_buf_puts(to, "\\r", e);
	case '\t':
		return mc_buf_puts(to, "\\t", e);
	default:
		break;
	}
	mc_text_show(one);
	if (*one != '?' || *s == '?')
		return mc_buf_add(to, s, n, e);
	for (size_t i = 0; i < n; i++)
		if (!mc_buf_printf(to, e, "\\x%02x", (unsigned char)s[i]))
			return false;
	return true;
}

/* Bytes of the UTF-8 character that begins here. */
static size_t
length(const char *s)
{
	size_t n = 1;

	while (((unsigned char)s[n] & 0xc0) == 0x80 && n < 4)
		n++;
	return n;
}

/* In quotes; what follows a line end has a line, and quotes, of its own. */
static bool
text(const char *s, unsigned depth, struct mc_buf *to, struct mc_err *e)
{
	size_t n;

	if (!mc_buf_puts(to, "\"", e))
		return false;
	for (; *s; s += n) {
		n = length(s);
		if (!character(s, n, to, e))
			return false;
		if (*s == '\n' && s[1] &&
		    !mc_buf_printf(to, e, "\"\n%*s\"", (int)depth, ""))
			return false;
	}
	return mc_buf_puts(to, "\"\n", e);
}

static bool
data(const uint8_t *bytes, size_t len, unsigned depth, struct mc_buf *to,
    struct mc_err *e)
{
	AUTO_BUF blob = MC_BUF_INIT;
	char sha256[MC_SHA256_HEX];

	if (len <= DATA_MAX)
		return mc_buf_puts(to, "<", e) &&
		    mc_base64_encode(bytes, len, to, e) &&
		    mc_buf_puts(to, ">\n", e);
	blob.limit = MC_SIGNED_LIMIT;
	return mc_sha256_hex(bytes, len, sha256, e) &&
	    mc_buf_printf(to, e, "<%zu bytes, sha256 %s>\n", len, sha256) &&
	    mc_buf_add(&blob, bytes, len, e) &&
	    mc_blob_describe(&blob, depth, to, e);
}

static bool
scalar(const mc_plist *p, unsigned depth, struct mc_buf *to, struct mc_err *e)
{
	const uint8_t *bytes;
	double fraction;
	size_t len;

	if (mc_plist_str(p))
		return text(mc_plist_str(p), depth, to, e);
	if (mc_plist_data(p, &bytes, &len))
		return data(bytes, len, depth, to, e);
	/* what has no point, or exponent, would read as an integer */
	if (mc_plist_real(p, &fraction)) {
		char real[MC_PLAIN_REAL];

		mc_plain_real(fraction, real);
		return mc_buf_printf(
		    to, e, "%s%s\n", real, strpbrk(real, ".e") ? "" : ".0");
	}
	return mc_plain_encode(p, to, e) && mc_buf_puts(to, "\n", e);
}

/* Letters, digits and a few marks, none of which means anything here. */
static bool
is_plain(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_.-";

	return *name && *name != '-' && !name[strspn(name, plain)];
}

static bool
key(const char *name, struct mc_buf *to, struct mc_err *e)
{
	if (is_plain(name))
		return mc_buf_printf(to, e, "%s:", name);
	if (!mc_buf_puts(to, "\"", e))
		return false;
	for (size_t n; *name; name += n) {
		n = length(name);
		if (!character(name, n, to, e))
			return false;
	}
	return mc_buf_puts(to, "\":", e);
}

/* A dict or an array that holds something. */
static bool
is_nested(const mc_plist *p)
{
	enum mc_plist_type type = mc_plist_type(p);

	return (type == MC_PLIST_DICT || type == MC_PLIST_ARRAY) &&
	    mc_plist_len(p) > 0;
}

static bool
leaf(const mc_plist *p, unsigned depth, struct mc_buf *to, struct mc_err *e)
{
	if (mc_plist_type(p) == MC_PLIST_DICT)
		return mc_buf_puts(to, "{}\n", e);
	if (mc_plist_type(p) == MC_PLIST_ARRAY)
		return mc_buf_puts(to, "[]\n", e);
	return scalar(p, depth, to, e);
}

/* What stands before an item: its key, or a dash. */
static bool
lead(const struct mc_plist_iter *it, unsigned indent, struct mc_buf *to,
    struct mc_err *e)
{
	return mc_buf_printf(to, e, "%*s", (int)indent, "") &&
	    (it->key ? key(it->key, to, e) : mc_buf_puts(to, "-", e));
}

/*
 * The items of a container, each on a line of its own, but the first of a dict
 * that is an array's item, which follows the dash.  As deep as the tree, which
 * its reader has limited.
 */
static bool
items(const mc_plist *p, unsigned depth, bool dashed, struct mc_buf *to,
    struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = p };

	while (mc_plist_iter_next(&it)) {
		bool nested = is_nested(it.value);
		bool beside = nested && !it.key &&
		    mc_plist_type(it.value) == MC_PLIST_DICT;

		if (!lead(&it, dashed && it.i == 0 ? 0 : depth, to, e) ||
		    !mc_buf_puts(to, nested && !beside ? "\n" : " ", e))
			return false;
		if (nested ? !items(it.value, depth + STEP, beside, to, e)
			   : !leaf(it.value, depth + STEP, to, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

bool
mc_tree_encode(const mc_plist *p, struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_plist) *sorted = NULL;

	return mc_configuration_sort(p, &sorted, e) &&
	    (is_nested(sorted) ? items(sorted, 0, false, to, e)
			       : leaf(sorted, 0, to, e));
}
