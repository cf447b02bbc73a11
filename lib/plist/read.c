/* SPDX-License-Identifier: ISC */
#include "plist/plist.h"

#include "plist/binary.h"
#include "plist/kind.h"
#include "plist/xml.h"

static bool
read_xml(const struct mc_buf *xml, const struct mc_plist_reading *how,
    mc_plist **out, struct mc_err *e)
{
	if (mc_kind_check(xml, e))
		return mc_xml_read(xml, how, out, e);
	if (!how->stopped)
		return mc_note(e, "1:1");
	*how->stopped = (struct mc_place){ 1, 1 };
	return false;
}

bool
mc_plist_parse(
    const struct mc_buf *xml, unsigned depth, mc_plist **out, struct mc_err *e)
{
	const struct mc_plist_reading strict = { .depth = depth };

	return read_xml(xml, &strict, out, e);
}

bool
mc_plist_is_binary(const struct mc_buf *in)
{
	return in->len >= 6 && memcmp(in->data, "bplist", 6) == 0;
}

bool
mc_plist_read(const struct mc_buf *in, const struct mc_plist_reading *how,
    mc_plist **out, struct mc_err *e)
{
	static const struct mc_plist_reading strict = { 0 };

	if (!how)
		how = &strict;
	if (how->stopped)
		*how->stopped = (struct mc_place){ 0, 0 };
	return mc_plist_is_binary(in) ? mc_binary_read(in, how, out, e)
				      : read_xml(in, how, out, e);
}
