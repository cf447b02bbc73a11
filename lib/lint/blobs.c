/* SPDX-License-Identifier: ISC */
/* What is in the data of payloads, and should not be. */
#include "lint/parts.h"
#include "lint/variables.h"

#include "crypto/look.h"

#define CLIP "com.apple.webClip.managed"

/* How a picture begins that devices show. */
static const struct {
	size_t at;
	const char *magic;
	size_t n;
} pictures[] = {
	{ 0, "\x89PNG", 4 },
	{ 0, "\xff\xd8\xff", 3 }, /* JPEG */
	{ 0, "GIF8", 4 },
	{ 0, "II*\0", 4 }, /* TIFF */
	{ 0, "MM\0*", 4 },
	{ 0, "icns", 4 },
	{ 0, "\0\0\1\0", 4 }, /* ICO */
	{ 0, "BM", 2 },
	{ 4, "ftyp", 4 }, /* HEIC, AVIF */
	{ 4, "jP", 2 },   /* JPEG 2000 */
	{ 8, "WEBP", 4 },
};
#define PICTURES_N (sizeof(pictures) / sizeof(*pictures))

static bool
is_picture(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < PICTURES_N; i++)
		if (len >= pictures[i].at + pictures[i].n &&
		    memcmp(data + pictures[i].at, pictures[i].magic,
			pictures[i].n) == 0)
			return true;
	return false;
}

/* The payload that is walked. */
struct walk {
	const struct mc_lint *l;
	const char *type;
};

static bool
check_icon(const struct walk *w, const mc_plist *node,
    const struct mc_buf *bytes, const struct mc_path *path, struct mc_err *e)
{
	const char *at;

	if (is_picture(bytes->data, bytes->len) ||
	    (bytes->len && !memchr(bytes->data, 0, bytes->len) &&
		mc_variable_find(mc_buf_str(bytes), &at)))
		return true;
	return mc_lint_tell(w->l,
	    MC_ABOUT(.code = 1281, .path = path, .node = node,
		.expected = "a picture, such as PNG"),
	    e, bytes->len ? "the icon is no picture" : "the icon is empty");
}

static bool
check_data(const struct walk *w, const mc_plist *node,
    const struct mc_path *path, struct mc_err *e)
{
	AUTO_BUF bytes = MC_BUF_INIT;
	AUTO_BLOB_LOOK blob = { 0 };
	const uint8_t *data;
	size_t len;

	if (!mc_plist_data(node, &data, &len))
		return true;
	if (!mc_buf_add(&bytes, data, len, e) ||
	    !mc_blob_look_parse(&bytes, &blob, e))
		return false;
	if (blob.key || blob.kind == MC_BLOB_KEY)
		return mc_lint_tell(w->l,
		    MC_ABOUT(.code = 1280, .path = path, .node = node,
			.suggestion = "an identity belongs into "
				      "com.apple.security.pkcs12"),
		    e,
		    "there is a private key in it, readable for everybody who "
		    "gets this file");
	if (strcmp(w->type, CLIP) == 0 && path->key &&
	    strcmp(path->key, "Icon") == 0)
		return check_icon(w, node, &bytes, path, e);
	return true;
}

/* As deep as the data, whose depth its reader has bounded. */
static bool
walk(const struct walk *w, const mc_plist *node, const struct mc_path *above,
    struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = node };

	while (mc_plist_iter_next(&it)) {
		struct mc_path path = { above, it.key, it.i };

		if (!check_data(w, it.value, &path, e) ||
		    !walk(w, it.value, &path, e))
			return false;
	}
	return !it.failed || mc_fail_memory(e);
}

bool
mc_rule_blobs(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_payload_iter it;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		const struct walk w = { l, it.type };

		/* the rule of certificates knows these */
		if (mc_lint_is_certificate(it.type) ||
		    strcmp(it.type, "com.apple.security.pkcs12") == 0)
			continue;
		if (!walk(&w, it.payload, &it.item, e))
			return false;
	}
	return true;
}
