/* SPDX-License-Identifier: ISC */
#include "scep/attr.h"

bool
mc_scep_attr_printable(const struct mc_signed *s, const char *oid,
    const char *what, struct mc_buf *to, struct mc_err *e)
{
	bool found = false;

	if (!mc_signed_attr(s, oid, V_ASN1_PRINTABLESTRING, to, &found, e))
		return mc_note(e, "%s", what);
	return found || mc_fail(e, MC_MALFORMED, "%s: is missing", what);
}

bool
mc_scep_attr_octets(const struct mc_signed *s, const char *oid,
    const char *what, struct mc_buf *to, bool *found, struct mc_err *e)
{
	*found = false;
	return mc_signed_attr(s, oid, V_ASN1_OCTET_STRING, to, found, e) ||
	    mc_note(e, "%s", what);
}

int
mc_scep_number_parse(const struct mc_buf *text)
{
	int n = 0;

	if (text->len < 1 || text->len > 2 ||
	    (text->len == 2 && text->data[0] == '0'))
		return -1;
	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] < '0' || text->data[i] > '9')
			return -1;
		n = n * 10 + (text->data[i] - '0');
	}
	return n;
}

/*
 * Clients put more into a PrintableString than belongs there ("_", "@"), and
 * it must come back unchanged: any visible ASCII and blanks.
 */
bool
mc_scep_transaction_parse(const struct mc_signed *s,
    char to[static MC_SCEP_TRANSACTION + 1], struct mc_err *e)
{
	static const char what[] = "transactionID";
	AUTO_BUF id = MC_BUF_INIT;

	if (!mc_scep_attr_printable(s, MC_OID_TRANSACTION, what, &id, e))
		return false;
	if (id.len < 1 || id.len > MC_SCEP_TRANSACTION)
		return mc_fail(
		    e, MC_MALFORMED, "%s: %zu characters", what, id.len);
	for (size_t i = 0; i < id.len; i++)
		if (id.data[i] < 0x20 || id.data[i] > 0x7e)
			return mc_fail(e, MC_MALFORMED, "%s: character %02x",
			    what, id.data[i]);
	memcpy(to, id.data, id.len);
	to[id.len] = '\0';
	return true;
}

struct mc_cms_attr
mc_scep_attr_text(const char *oid, int type, const char *text)
{
	return (struct mc_cms_attr){ oid, type, text, strlen(text) };
}
