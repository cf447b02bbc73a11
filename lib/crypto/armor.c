/* SPDX-License-Identifier: ISC */
#include "crypto/armor.h"

#include "crypto/ber.h"
#include "crypto/pem.h"

static bool
is_labelled(const struct mc_pem_block *b, const char *const *labels)
{
	for (; *labels; labels++)
		if (strcmp(b->label, *labels) == 0)
			return !*b->header;
	return false;
}

bool
mc_armor_parse(const struct mc_buf *file, const char *const *labels,
    const char *what, struct mc_buf *der, struct mc_err *e)
{
	AUTO(BIO) *in = NULL;
	AUTO_PEM_BLOCK block = { 0 };
	AUTO_PEM_BLOCK second = { 0 };
	bool more;

	if (file->len > 0 && file->data[0] == MC_BER_SEQUENCE)
		return mc_buf_add(der, file->data, file->len, e);
	in = mc_bio_view(file);
	if (!in)
		return mc_fail_memory(e);
	if (!mc_pem_block_next(in, &block, &more, e))
		return false;
	if (!more || !is_labelled(&block, labels))
		return mc_fail(e, MC_MALFORMED, "not a %s in PEM or DER", what);
	if (!mc_pem_block_next(in, &second, &more, e))
		return false;
	if (more)
		return mc_fail(
		    e, MC_MALFORMED, "PEM: more than one %s in it", what);
	return mc_buf_add(der, block.data, (size_t)block.len, e);
}
