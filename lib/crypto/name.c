/* SPDX-License-Identifier: ISC */
#include "crypto/name.h"

#include <limits.h>
#include <stdio.h>

#include "base/subject.h"

#define TYPE_MAX 64

/* "O=ACME Inc., CN=Alice", in the order of the certificate */
#define SHOW_FLAGS                                                             \
	(ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_ESC_MSB |                        \
	    ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_DUMP_UNKNOWN |            \
	    ASN1_STRFLGS_DUMP_DER | XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN)

/* "CN" or "2.5.4.3"; long names would give one type two spellings. */
static bool
type_parse(const char *text, size_t len, ASN1_OBJECT **out, struct mc_err *e)
{
	char type[TYPE_MAX + 1];
	ASN1_OBJECT *obj = NULL;

	if (len > 0 && len <= TYPE_MAX) {
		memcpy(type, text, len);
		type[len] = '\0';
		if (OBJ_sn2nid(type) != NID_undef)
			obj = OBJ_nid2obj(OBJ_sn2nid(type));
		else if (type[len - 1] != '.') /* libcrypto lets it pass */
			obj = OBJ_txt2obj(type, 1);
	}
	ERR_clear_error();
	if (!obj)
		return mc_fail(e, MC_MALFORMED, "\"%.*s\": no such name type",
		    (int)(len < TYPE_MAX ? len : TYPE_MAX), text);
	*out = obj;
	return true;
}

/* C0, C1 and DEL, in UTF-8. */
static bool
is_control(const char *p)
{
	unsigned char a = (unsigned char)p[0];
	unsigned char b = a ? (unsigned char)p[1] : 0;

	return a < ' ' || a == 0x7f || (a == 0xc2 && b >= 0x80 && b < 0xa0);
}

static bool
part_add(void *ctx, const char *type, const char *value, struct mc_err *e)
{
	AUTO(ASN1_OBJECT) *obj = NULL;

	if (!type_parse(type, strlen(type), &obj, e))
		return false;
	for (const char *p = value; *p; p++)
		if (is_control(p))
			return mc_fail(
			    e, MC_MALFORMED, "%s: control character", type);
	/* OpenSSL's table has the lengths: two for C, 64 for CN */
	if (*value && strlen(value) <= INT_MAX &&
	    X509_NAME_add_entry_by_OBJ(ctx, obj, MBSTRING_UTF8,
		(const unsigned char *)value, (int)strlen(value), -1, 0) == 1)
		return true;
	ERR_clear_error();
	return mc_fail(e, MC_MALFORMED,
	    "\"%s=%.80s\": empty, too long, or of characters that this type "
	    "does not have",
	    type, value);
}

bool
mc_name_parse(const char *text, X509_NAME **out, struct mc_err *e)
{
	AUTO(X509_NAME) *name = X509_NAME_new();

	if (!name)
		return mc_fail_memory(e);
	if (!mc_subject_read(text, part_add, name, e))
		return false;
	*out = take(&name);
	return true;
}

static bool
type_encode(const ASN1_OBJECT *type, struct mc_buf *to, struct mc_err *e)
{
	char oid[128];
	int nid = OBJ_obj2nid(type);
	int n;

	if (nid != NID_undef)
		return mc_buf_puts(to, OBJ_nid2sn(nid), e);
	n = OBJ_obj2txt(oid, sizeof(oid), type, 1);
	if (n <= 0 || (size_t)n >= sizeof(oid)) {
		ERR_clear_error();
		return mc_fail(e, MC_MALFORMED, "name type too long");
	}
	return mc_buf_puts(to, oid, e);
}

bool
mc_name_encode(const X509_NAME *name, struct mc_buf *to, struct mc_err *e)
{
	int last = -1;

	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const X509_NAME_ENTRY *part = X509_NAME_get_entry(name, i);
		AUTO_BUF value = MC_BUF_INIT;

		/* "/CN=a+O=b" is one value here, so it cannot stand for two */
		if (X509_NAME_ENTRY_set(part) == last)
			return mc_fail(e, MC_MALFORMED,
			    "a name with two types in one part");
		last = X509_NAME_ENTRY_set(part);
		if (!mc_buf_puts(to, "/", e) ||
		    !type_encode(X509_NAME_ENTRY_get_object(part), to, e) ||
		    !mc_buf_puts(to, "=", e) ||
		    !mc_asn1_text(X509_NAME_ENTRY_get_data(part), &value, e) ||
		    !mc_subject_quote(mc_buf_str(&value), value.len, to, e))
			return false;
	}
	return true;
}

/* ASCII that fits, with nothing for a terminal in it. */
static bool
is_plain(const struct mc_buf *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] < ' ' || text->data[i] > '~')
			return false;
	return text->len > 0 && text->len < MC_NAME_TEXT;
}

const char *
mc_name_show(const X509_NAME *name, char text[static MC_NAME_TEXT])
{
	AUTO(BIO) *mem = BIO_new(BIO_s_mem());
	AUTO_BUF plain = MC_BUF_INIT;
	struct mc_err odd = MC_ERR_INIT;
	char *p = NULL;
	long n;

	text[0] = '\0';
	if (mc_name_encode(name, &plain, &odd) && is_plain(&plain)) {
		memcpy(text, mc_buf_str(&plain), plain.len + 1);
		return text;
	}
	if (!mem || X509_NAME_print_ex(mem, name, 0, SHOW_FLAGS) < 0) {
		ERR_clear_error();
		return text;
	}
	n = BIO_get_mem_data(mem, &p);
	if (n <= 0)
		snprintf(text, MC_NAME_TEXT, "an empty name");
	else
		snprintf(text, MC_NAME_TEXT, "%.*s", (int)n, p);
	return text;
}

bool
mc_asn1_text(const ASN1_STRING *s, struct mc_buf *to, struct mc_err *e)
{
	unsigned char *utf8 = NULL;
	int n = ASN1_STRING_to_UTF8(&utf8, s);
	bool done = true;

	if (n < 0) {
		ERR_clear_error();
		return mc_fail(e, MC_MALFORMED, "not a text");
	}
	for (int i = 0; done && i < n; i++)
		if (is_control((const char *)&utf8[i]))
			done = mc_fail(
			    e, MC_MALFORMED, "control character in a text");
	done = done && mc_buf_add(to, utf8, (size_t)n, e);
	OPENSSL_free(utf8);
	return done;
}
