/* SPDX-License-Identifier: ISC */
#include "profile/document.h"

#include <stdlib.h>

#include "base/hex.h"
#include "crypto/cert.h"
#include "crypto/cms.h"
#include "crypto/pem.h"

void
mc_document_clear(struct mc_document *d)
{
	mc_plist_free(d->root);
	mc_marks_free(d->marks);
	free(d->signer);
	*d = (struct mc_document){ 0 };
}

/* The first character that is no blank, behind a byte order mark. */
static const char *
first(const struct mc_buf *in)
{
	const char *s = mc_buf_str(in);

	if (strncmp(s, "\xef\xbb\xbf", 3) == 0)
		s += 3;
	return s + strspn(s, " \t\r\n");
}

/* A SEQUENCE: "0" is no text that a plist could begin with. */
static bool
is_der(const struct mc_buf *in)
{
	return in->len > 1 && in->data[0] == 0x30 && in->data[1] >= 0x80;
}

/*
 * The DER of what may be DER, PEM or base64 of DER, in own where it is not
 * bare; *out is NULL where it is none of them, by how it begins.
 */
static bool
message_find(const struct mc_buf *in, struct mc_buf *own,
    const struct mc_buf **out, struct mc_err *e)
{
	const char *s = first(in);
	struct mc_err why = MC_ERR_INIT;

	*out = NULL;
	if (is_der(in)) {
		*out = in;
		return true;
	}
	if (mc_pem_is(in)) {
		*out = own;
		return mc_pem_cms_parse(in, own, e);
	}
	/* how every SEQUENCE of 128 bytes or more begins */
	if (strncmp(s, "MI", 2) == 0 &&
	    mc_base64_parse(
		s, in->len - (size_t)(s - mc_buf_str(in)), true, own, &why) &&
	    is_der(own))
		*out = own;
	return true;
}

/* The content of a signed message, if its signature holds. */
static bool
content_get(const struct mc_buf *message, struct mc_document *d,
    struct mc_buf *content, struct mc_err *e)
{
	AUTO(mc_signed) *s = NULL;
	char sha256[MC_SHA256_HEX];

	if (!mc_signed_parse(message, MC_GATE_FILE, NULL, &s, e))
		return false;
	if (!mc_signed_has_content(s))
		return mc_fail(e, MC_MALFORMED,
		    "a detached signature: the content is not in it");
	if (!mc_cert_sha256(mc_signed_signer(s), sha256, e) ||
	    !mc_signed_content(s, content, e))
		return false;
	d->is_signed = true;
	d->signer = strdup(sha256);
	return d->signer || mc_fail_memory(e);
}

bool
mc_document_parse(const struct mc_buf *in, const struct mc_plist_reading *how,
    struct mc_document *out, struct mc_err *e)
{
	struct mc_plist_reading mine = { 0 };
	const struct mc_buf *message;
	AUTO_BUF own = MC_BUF_INIT;
	AUTO_BUF content = MC_BUF_INIT;

	*out = (struct mc_document){ 0 };
	if (!message_find(in, &own, &message, e) ||
	    (message && !content_get(message, out, &content, e))) {
		/* no verdict on a signature: it is no profile */
		if (e->code == MC_UNSIGNED)
			e->code = MC_MALFORMED;
		return false;
	}
	if (message)
		in = &content;
	if (how)
		mine = *how;
	mine.marks = &out->marks;
	out->binary = mc_plist_is_binary(in);
	return mc_plist_read(in, &mine, &out->root, e);
}
