/* SPDX-License-Identifier: ISC */
#include "crypto/names.h"

#include <arpa/inet.h>

#include "crypto/name_forms.h"

static ASN1_STRING *
string_new(int type, const void *data, size_t n)
{
	ASN1_STRING *s = ASN1_STRING_type_new(type);

	if (s && ASN1_STRING_set(s, data, (int)n) == 1)
		return s;
	ASN1_STRING_free(s);
	return NULL;
}

static bool
upn_set(GENERAL_NAME *to, const char *value)
{
	ASN1_OBJECT *oid = OBJ_nid2obj(NID_ms_upn);
	ASN1_STRING *text = string_new(V_ASN1_UTF8STRING, value, strlen(value));
	AUTO(ASN1_TYPE) *any = ASN1_TYPE_new();

	if (!oid || !text || !any) {
		ASN1_STRING_free(text);
		return false;
	}
	ASN1_TYPE_set(any, V_ASN1_UTF8STRING, text);
	if (GENERAL_NAME_set0_othername(to, oid, any) != 1)
		return false;
	(void)take(&any);
	return true;
}

static bool
value_set(GENERAL_NAME *to, const struct mc_name_text *from)
{
	int type = from->form->type;
	size_t n = strlen(from->value);
	uint8_t raw[16];
	ASN1_STRING *s;

	if (type == GEN_OTHERNAME)
		return upn_set(to, from->value);
	if (type == GEN_IPADD) {
		n = mc_name_ip_parse(from->value, raw);
		s = string_new(V_ASN1_OCTET_STRING, raw, n);
	} else {
		s = string_new(V_ASN1_IA5STRING, from->value, n);
	}
	if (s)
		GENERAL_NAME_set0_value(to, type, s);
	return s != NULL;
}

static bool
name_push(GENERAL_NAMES *names, const struct mc_name_text *n, struct mc_err *e)
{
	AUTO(GENERAL_NAME) *name = GENERAL_NAME_new();

	if (!name || !value_set(name, n) ||
	    sk_GENERAL_NAME_push(names, name) <= 0)
		return mc_fail_memory(e);
	(void)take(&name);
	return true;
}

bool
mc_names_parse(const char *text, GENERAL_NAMES **out, struct mc_err *e)
{
	AUTO(GENERAL_NAMES) *names = GENERAL_NAMES_new();
	struct mc_name_list list;

	/* first as they compare, so that none is in it twice */
	if (!mc_name_list_parse(text, true, &list, e) ||
	    !mc_name_list_parse(text, false, &list, e))
		return false;
	if (!names)
		return mc_fail_memory(e);
	for (size_t i = 0; i < list.n; i++)
		if (!name_push(names, &list.v[i], e))
			return false;
	*out = take(&names);
	return true;
}

static bool
ip_get(const ASN1_STRING *s, struct mc_name_text *out)
{
	int n = ASN1_STRING_length(s);

	return (n == 4 || n == 16) &&
	    inet_ntop(n == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(s),
		out->value, sizeof(out->value));
}

static bool
text_get(const ASN1_STRING *s, struct mc_name_text *out)
{
	size_t n = (size_t)ASN1_STRING_length(s);

	if (n == 0 || n >= sizeof(out->value))
		return false;
	memcpy(out->value, ASN1_STRING_get0_data(s), n);
	out->value[n] = '\0';
	return strlen(out->value) == n;
}

static bool
upn_get(const OTHERNAME *other, struct mc_name_text *out)
{
	return OBJ_obj2nid(other->type_id) == NID_ms_upn &&
	    ASN1_TYPE_get(other->value) == V_ASN1_UTF8STRING &&
	    text_get(other->value->value.utf8string, out);
}

static bool
name_get(const GENERAL_NAME *from, struct mc_name_text *out, struct mc_err *e)
{
	int type;
	const void *value = GENERAL_NAME_get0_value(from, &type);
	bool good;

	out->form = NULL;
	for (size_t i = 0; i < MC_NAME_FORMS; i++)
		if (mc_name_forms[i].type == type)
			out->form = &mc_name_forms[i];
	if (!out->form)
		return mc_fail(e, MC_MALFORMED,
		    "a name that is neither a DNS name nor an email address, "
		    "URI, IP address or user principal name");
	if (type == GEN_OTHERNAME)
		good = upn_get(value, out);
	else if (type == GEN_IPADD)
		good = ip_get(value, out);
	else
		good = text_get(value, out);
	if (!good)
		return mc_fail(
		    e, MC_MALFORMED, "a name that is not %s", out->form->what);
	/* what a stranger wrote stands in no message as it is */
	return out->form->check(out->value) ||
	    mc_fail(e, MC_MALFORMED, "a name that is not %s", out->form->what);
}

static bool
value_encode(const struct mc_name_text *n, struct mc_buf *to, struct mc_err *e)
{
	if (!mc_buf_printf(to, e, "%s%s:", to->len ? "," : "", n->form->word))
		return false;
	for (const char *p = n->value; *p; p++)
		if (((*p == ',' || *p == '\\') && !mc_buf_puts(to, "\\", e)) ||
		    !mc_buf_add(to, p, 1, e))
			return false;
	return true;
}

bool
mc_names_encode(const GENERAL_NAMES *names, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_name_list folded = { 0 };
	int count = sk_GENERAL_NAME_num(names);

	if (count <= 0)
		return mc_fail(e, MC_MALFORMED, "a list of no names");
	for (int i = 0; i < count; i++) {
		struct mc_name_text as_is;
		struct mc_name_text *n = &folded.v[folded.n];

		if (folded.n == MC_NAMES_MAX)
			return mc_fail(e, MC_MALFORMED, "more than %d names",
			    MC_NAMES_MAX);
		if (!name_get(sk_GENERAL_NAME_value(names, i), &as_is, e))
			return false;
		*n = as_is;
		mc_name_fold(n);
		/* said twice is asked for once */
		if (mc_name_list_holds(&folded, n))
			continue;
		folded.n++;
		if (!value_encode(&as_is, &text, e))
			return false;
		if (text.len >= MC_NAMES_TEXT)
			return mc_fail(e, MC_MALFORMED,
			    "names of more than %d characters",
			    MC_NAMES_TEXT - 1);
	}
	return mc_buf_add(to, text.data, text.len, e);
}
