/* SPDX-License-Identifier: ISC */
#include "profile/document.h"

#include <stdlib.h>

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
	AUTO_BUF own = { .limit = MC_SIGNED_LIMIT };
	AUTO_BUF content = MC_BUF_INIT;

	*out = (struct mc_document){ 0 };
	if (!mc_pem_cms_find(in, &own, &message, e) ||
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
