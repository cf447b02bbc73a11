/* SPDX-License-Identifier: ISC */
/*
 * A profile as it lies about: XML or binary, bare or signed, in BER, PEM or
 * base64.
 *
 * A signature is taken off, not trusted: whose it is, is mcprofile-verify's
 * business.  But what does not fit its signature is not read at all.
 */
#ifndef MC_DOCUMENT_H
#define MC_DOCUMENT_H

#include "plist/plist.h"

struct mc_document {
	mc_plist *root; /* NULL where it could not be read */
	struct mc_marks *marks;
	bool binary;
	/* signed: positions are those of the content, not of the file */
	bool is_signed;
	char *signer; /* the signer's SHA-256 in hexadecimal; NULL: unsigned */
};

#define AUTO_DOCUMENT                                                          \
	__attribute__((cleanup(mc_document_clear))) struct mc_document

void mc_document_clear(struct mc_document *d);

/*
 * Read one.  how, whose marks are set here, may be NULL: then as strict as
 * mc_plist_parse().  MC_MALFORMED for what is no plist, with the place first
 * unless how wants it; MC_ALTERED where the signature does not hold,
 * MC_UNTRUSTED where it proves nothing: no certificate, a digest like MD5.
 * out is to be cleared in any case, and says what was found until then.
 */
MC_NODISCARD bool
mc_document_parse(const struct mc_buf *in, const struct mc_plist_reading *how,
    struct mc_document *out, struct mc_err *e);

#endif
