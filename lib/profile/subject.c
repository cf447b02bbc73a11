/* SPDX-License-Identifier: ISC */
#include "profile/subject.h"

#include "base/subject.h"
#include "plist/path.h"

/* Short names as OpenSSL spells them (RFC 4519, RFC 2985). */
static const struct {
	const char *name;
	const char *written;
} types[] = {
	{ "C", "C" },
	{ "L", "L" },
	{ "ST", "ST" },
	{ "O", "O" },
	{ "OU", "OU" },
	{ "CN", "CN" },
	{ "SN", "2.5.4.4" },
	{ "serialNumber", "2.5.4.5" },
	{ "street", "2.5.4.9" },
	{ "title", "2.5.4.12" },
	{ "GN", "2.5.4.42" },
	{ "UID", "0.9.2342.19200300.100.1.1" },
	{ "DC", "0.9.2342.19200300.100.1.25" },
	{ "emailAddress", "1.2.840.113549.1.9.1" },
};

/* Dotted, two arcs or more, no empty one, none with a leading zero. */
static bool
is_oid(const char *s)
{
	size_t arcs = 0;
	size_t n;

	if (*s < '0' || *s > '2')
		return false;
	for (;; s += n + 1, arcs++) {
		n = strspn(s, "0123456789");
		if (n == 0 || (n > 1 && *s == '0'))
			return false;
		if (!s[n])
			return arcs > 0;
		if (s[n] != '.')
			return false;
	}
}

static const char *
written(const char *type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].name, type) == 0)
			return types[i].written;
	return is_oid(type) ? type : NULL;
}

/* "[[TYPE, value]]": an RDN of one pair. */
static bool
add_rdn(mc_plist *names, const char *type, const char *value, struct mc_err *e)
{
	AUTO(mc_plist) *rdn = mc_plist_new_array();
	AUTO(mc_plist) *pair = mc_plist_new_array();

	if (!mc_plist_append(pair, mc_plist_new_str(type)) ||
	    !mc_plist_append(pair, mc_plist_new_str(value)) ||
	    !mc_plist_append(rdn, take(&pair)) ||
	    !mc_plist_append(names, take(&rdn)))
		return mc_fail_memory(e);
	return true;
}

static bool
check_value(const char *type, const char *value, struct mc_err *e)
{
	if (!*value)
		return mc_fail(e, MC_USAGE, "%s: is empty", type);
	for (const char *p = value; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return mc_fail(
			    e, MC_USAGE, "%s: holds a control character", type);
	if (!mc_plist_text_check(value))
		return mc_fail(e, MC_USAGE, "%s: is not UTF-8", type);
	if (strcmp(type, "C") == 0 && strlen(value) != 2)
		return mc_fail(
		    e, MC_USAGE, "C: want a country code of two letters");
	return true;
}

struct reading {
	mc_plist *names;
	const struct mc_vars *vars;
	bool formed; /* what is wrong, if anything, is a part's value */
};

static bool
add_part(void *ctx, const char *type, const char *text, struct mc_err *e)
{
	struct reading *r = ctx;
	AUTO_BUF value = MC_BUF_INIT;
	char quoted[MC_QUOTE_TEXT];

	r->formed = true;
	if (!written(type))
		return mc_fail(e, MC_USAGE,
		    "\"%s\": want C, L, ST, O, OU, CN, emailAddress, DC, UID,"
		    " serialNumber, SN, GN, title, street or a dotted OID",
		    mc_path_quote(type, quoted));
	if (r->vars ? !mc_vars_expand(r->vars, text, &value, e)
		    : !mc_buf_puts(&value, text, e))
		return mc_note(e, "%s", type);
	if (!check_value(type, mc_buf_str(&value), e) ||
	    !add_rdn(r->names, written(type), mc_buf_str(&value), e))
		return false;
	r->formed = false;
	return true;
}

bool
mc_subject_parse(const char *text, const struct mc_vars *vars, mc_plist **out,
    struct mc_err *e)
{
	AUTO(mc_plist) *names = mc_plist_new_array();
	struct reading r = { names, vars, false };

	if (!names)
		return mc_fail_memory(e);
	if (!mc_subject_read(text, add_part, &r, e)) {
		/* what has another form is the fault of who wrote the option */
		if (e->code == MC_MALFORMED && !r.formed)
			e->code = MC_USAGE;
		return false;
	}
	*out = take(&names);
	return true;
}
