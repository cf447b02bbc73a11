/* SPDX-License-Identifier: ISC */
#include "plist/xml_part.h"

#include <stdio.h>

#include "base/hex.h"
#include "plist/loose.h"
#include "plist/path.h"
#include "plist/scalar.h"

const char *const mc_xml_names[] = {
	[MC_EL_PLIST] = "plist",
	[MC_EL_DICT] = "dict",
	[MC_EL_ARRAY] = "array",
	[MC_EL_KEY] = "key",
	[MC_EL_STRING] = "string",
	[MC_EL_INTEGER] = "integer",
	[MC_EL_REAL] = "real",
	[MC_EL_DATE] = "date",
	[MC_EL_DATA] = "data",
	[MC_EL_TRUE] = "true",
	[MC_EL_FALSE] = "false",
};

/* What the strict form refuses: a fault, and what others make of it. */
static bool
loose_value(struct mc_xml *r, enum mc_plist_type type, const char *why)
{
	const char *s = mc_buf_str(&r->text);
	enum mc_fault fault;
	mc_plist *node = mc_loose_parse(type, s, r->text.len, &fault);

	if (node &&
	    !mc_build_fault(&r->tree, fault, r->e, "<%s>: %s",
		mc_xml_names[r->open], why)) {
		mc_plist_free(node);
		return false;
	}
	return mc_build_value(&r->tree, node, r->e);
}

static bool
end_data(struct mc_xml *r)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err why = MC_ERR_INIT;

	if (!mc_base64_parse(
		mc_buf_str(&r->text), r->text.len, false, &b, &why))
		return loose_value(r, MC_PLIST_DATA, why.text);
	return mc_build_value(&r->tree, mc_plist_new_data(b.data, b.len), r->e);
}

static bool
bad_value(struct mc_xml *r, enum mc_plist_type type, const char *want)
{
	char quoted[MC_QUOTE_TEXT];
	char why[2 * MC_QUOTE_TEXT + 64];

	snprintf(why, sizeof(why), "want %s, not \"%s\"", want,
	    mc_path_quote(mc_buf_str(&r->text), quoted));
	return loose_value(r, type, why);
}

static bool
end_number(struct mc_xml *r)
{
	const char *s = mc_buf_str(&r->text);
	mc_plist *node;
	int64_t n;
	double v;

	if (r->open == MC_EL_REAL) {
		if (!mc_scalar_real_parse(s, &v))
			return bad_value(
			    r, MC_PLIST_REAL, "a finite decimal number");
		node = mc_plist_new_real(v);
	} else if (r->open == MC_EL_DATE) {
		if (!mc_scalar_date_parse(s, &n))
			return bad_value(
			    r, MC_PLIST_DATE, "YYYY-MM-DDTHH:MM:SSZ");
		if (n < MC_PLIST_DATE_MIN || n > MC_PLIST_DATE_MAX)
			return bad_value(
			    r, MC_PLIST_DATE, "a date of " MC_PLIST_DATES);
		node = mc_plist_new_date(n);
	} else {
		if (!mc_scalar_int_parse(s, &n))
			return bad_value(
			    r, MC_PLIST_INT, "a decimal number of 64 bits");
		node = mc_plist_new_int(n);
	}
	return mc_build_value(&r->tree, node, r->e);
}

bool
mc_xml_value(struct mc_xml *r)
{
	const char *s = mc_buf_str(&r->text);

	switch (r->open) {
	case MC_EL_KEY:
		return mc_build_key(&r->tree, s, r->e);
	case MC_EL_STRING:
		return mc_build_value(&r->tree, mc_plist_new_str(s), r->e);
	case MC_EL_DATA:
		return end_data(r);
	case MC_EL_TRUE:
	case MC_EL_FALSE:
		return mc_build_value(
		    &r->tree, mc_plist_new_bool(r->open == MC_EL_TRUE), r->e);
	case MC_EL_INTEGER:
	case MC_EL_REAL:
	case MC_EL_DATE:
		return end_number(r);
	case MC_EL_DICT:
	case MC_EL_ARRAY:
	case MC_EL_PLIST:
	case MC_EL_NONE:
		break;
	}
	return mc_fail(r->e, MC_INTERNAL, "no element is open");
}
