/* SPDX-License-Identifier: ISC */
#include "plist/plist.h"

#include <stdlib.h>

#include "plist/tree.h"

/*
 * libplist writes a carriage return as it is, and the next reader takes it
 * for a line feed (XML 1.0 section 2.11).  Of itself it ends lines with LF, so
 * that every CR is one of some text, where a reference may stand.
 */
static bool
add_xml(const char *xml, size_t len, struct mc_buf *to, struct mc_err *e)
{
	const char *end = xml + len;
	const char *cr;

	while ((cr = memchr(xml, '\r', (size_t)(end - xml))) != NULL) {
		if (!mc_buf_add(to, xml, (size_t)(cr - xml), e) ||
		    !mc_buf_puts(to, "&#13;", e))
			return false;
		xml = cr + 1;
	}
	return mc_buf_add(to, xml, (size_t)(end - xml), e);
}

bool
mc_plist_encode(const mc_plist *p, struct mc_buf *to, struct mc_err *e)
{
	char *xml = NULL;
	uint32_t len = 0;
	bool done;

	if (!p)
		return mc_fail_memory(e);
	(void)plist_to_xml(mc_plist_raw(p), &xml, &len);
	if (!xml)
		return mc_fail_memory(e);
	done = add_xml(xml, len, to, e);
	explicit_bzero(xml, len);
	free(xml);
	return done;
}
