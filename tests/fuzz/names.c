/* SPDX-License-Identifier: ISC */
/*
 * subjectAltName as text, as DER, and patterns for it (the last line of the
 * input): what is read is written back the same, equals itself, and no
 * pattern lets a wildcard through that has no star of its own.
 */
#include "crypto/names.h"
#include "help.h"

static void
same(const GENERAL_NAMES *names, const char *text)
{
	AUTO(GENERAL_NAMES) *back = NULL;
	AUTO_BUF once = MC_BUF_INIT;
	AUTO_BUF twice = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_names_encode(names, &once, &e)) {
		must(!text && once.len == 0 && e.code == MC_MALFORMED);
		return;
	}
	must(mc_names_parse(mc_buf_str(&once), &back, &e) &&
	    mc_names_encode(back, &twice, &e) &&
	    mc_buf_is(&twice, mc_buf_str(&once)) &&
	    mc_names_equal(mc_buf_str(&once), text ? text : mc_buf_str(&once)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO(GENERAL_NAMES) *from_text = NULL;
	AUTO(GENERAL_NAMES) *from_der = NULL;
	const unsigned char *p = data;
	struct mc_err e = MC_ERR_INIT;
	char *patterns;

	if (!mc_buf_add(&in, data, size, &e) || size == 0)
		return 0;
	from_der = d2i_GENERAL_NAMES(NULL, &p, (long)size);
	ERR_clear_error();
	if (from_der)
		same(from_der, NULL);
	patterns = strchr((char *)in.data, '\n');
	if (patterns)
		*patterns++ = '\0';
	if (mc_names_parse((char *)in.data, &from_text, &e))
		same(from_text, (char *)in.data);
	else
		must(!from_text && e.code == MC_MALFORMED);
	if (patterns && from_text &&
	    mc_names_match((char *)in.data, patterns, &e) &&
	    strstr((char *)in.data, "dns:*"))
		must(strstr(patterns, "\\*") != NULL);
	must(ERR_peek_error() == 0);
	return 0;
}
