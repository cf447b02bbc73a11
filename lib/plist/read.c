/* SPDX-License-Identifier: ISC */
/*
 * Expat calls the handlers below; they check the XML and hand values to
 * build.c.  The first failure stops the parser for good.
 */
#include "plist/plist.h"

#include <expat.h>
#include <strings.h>

#include "base/hex.h"
#include "plist/build.h"
#include "plist/kind.h"
#include "plist/path.h"
#include "plist/scalar.h"

enum element {
	EL_NONE,
	EL_PLIST,
	EL_DICT,
	EL_ARRAY,
	EL_KEY,
	EL_STRING,
	EL_INTEGER,
	EL_REAL,
	EL_DATE,
	EL_DATA,
	EL_TRUE,
	EL_FALSE,
};

static const char *const element_names[] = {
	[EL_PLIST] = "plist",
	[EL_DICT] = "dict",
	[EL_ARRAY] = "array",
	[EL_KEY] = "key",
	[EL_STRING] = "string",
	[EL_INTEGER] = "integer",
	[EL_REAL] = "real",
	[EL_DATE] = "date",
	[EL_DATA] = "data",
	[EL_TRUE] = "true",
	[EL_FALSE] = "false",
};

struct reader {
	XML_Parser xml;
	const struct mc_buf *in;
	struct mc_build tree;
	enum element open; /* the element that may hold text now */
	bool in_plist;
	struct mc_buf text;
	XML_Size line; /* where the open element begins */
	XML_Size column;
	bool failed;
	struct mc_err *e;
};

static void
reader_clear(struct reader *r)
{
	mc_build_clear(&r->tree);
	mc_buf_clear(&r->text);
	if (r->xml)
		XML_ParserFree(r->xml);
}
#define AUTO_READER __attribute__((cleanup(reader_clear))) struct reader

/* After mc_fail(): stop, and say where. */
static void
stop_at(struct reader *r, XML_Size line, XML_Size column)
{
	r->failed = true;
	XML_StopParser(r->xml, XML_FALSE);
	mc_note(r->e, "%lu:%lu", (unsigned long)line, (unsigned long)column);
}

static void
stop(struct reader *r)
{
	stop_at(r, XML_GetCurrentLineNumber(r->xml),
	    XML_GetCurrentColumnNumber(r->xml) + 1);
}

static enum element
element_find(const char *name)
{
	for (enum element i = EL_PLIST; i <= EL_FALSE; i++)
		if (strcmp(name, element_names[i]) == 0)
			return i;
	return EL_NONE;
}

/* An entity in an attribute is not reported; its "&" can be seen. */
static bool
plain_tag(const struct reader *r)
{
	XML_Index at = XML_GetCurrentByteIndex(r->xml);
	int n = XML_GetCurrentByteCount(r->xml);

	return at >= 0 && n > 0 && (size_t)at + (size_t)n <= r->in->len &&
	    !memchr(r->in->data + at, '&', (size_t)n);
}

static bool
start_plist(struct reader *r, const char **atts)
{
	if (r->in_plist)
		return mc_fail(r->e, MC_MALFORMED, "<plist> inside <plist>");
	if (!atts[0] || strcmp(atts[0], "version") != 0 ||
	    strcmp(atts[1], "1.0") != 0 || atts[2] || !plain_tag(r))
		return mc_fail(
		    r->e, MC_MALFORMED, "want <plist version=\"1.0\">");
	r->in_plist = true;
	return true;
}

static bool
start_element(struct reader *r, const char *name, const char **atts)
{
	enum element el = element_find(name);
	char quoted[MC_QUOTE_TEXT];

	if (r->open != EL_NONE || el == EL_NONE)
		return mc_fail(r->e, MC_MALFORMED,
		    "<%s>: not an element of a plist%s",
		    mc_path_quote(name, quoted),
		    r->open == EL_NONE ? "" : "'s simple value");
	if (el == EL_PLIST)
		return start_plist(r, atts);
	if (!r->in_plist)
		return mc_fail(r->e, MC_MALFORMED,
		    "want <plist version=\"1.0\"> here, not <%s>", name);
	if (atts[0])
		return mc_fail(
		    r->e, MC_MALFORMED, "<%s>: want no attributes", name);
	if (!mc_build_check(&r->tree, name, el == EL_KEY, r->e))
		return false;
	if (el == EL_DICT)
		return mc_build_open(&r->tree, mc_plist_new_dict(), r->e);
	if (el == EL_ARRAY)
		return mc_build_open(&r->tree, mc_plist_new_array(), r->e);
	r->open = el;
	/* not mc_buf_clear(): that would wipe a large buffer for each value */
	r->text.len = 0;
	if (r->text.data)
		r->text.data[0] = '\0';
	return true;
}

static void XMLCALL
start(void *ctx, const XML_Char *name, const XML_Char **atts)
{
	struct reader *r = ctx;

	if (r->failed)
		return;
	r->line = XML_GetCurrentLineNumber(r->xml);
	r->column = XML_GetCurrentColumnNumber(r->xml) + 1;
	if (!start_element(r, name, atts))
		stop(r);
}

static void XMLCALL
text(void *ctx, const XML_Char *s, int len)
{
	struct reader *r = ctx;

	if (r->failed)
		return;
	if (r->open != EL_NONE && r->open != EL_TRUE && r->open != EL_FALSE) {
		if (!mc_buf_add(&r->text, s, (size_t)len, r->e))
			stop(r);
		return;
	}
	for (int i = 0; i < len; i++)
		if (!strchr(" \t\r\n", s[i])) {
			mc_fail(r->e, MC_MALFORMED, "text outside of a value");
			stop(r);
			return;
		}
}

static bool
end_data(struct reader *r)
{
	AUTO_BUF b = MC_BUF_INIT;

	if (!mc_base64_parse(
		mc_buf_str(&r->text), r->text.len, false, &b, r->e))
		return mc_note(r->e, "<data>");
	return mc_build_value(&r->tree, mc_plist_new_data(b.data, b.len), r->e);
}

static bool
bad_value(struct reader *r, const char *want)
{
	char quoted[MC_QUOTE_TEXT];

	return mc_fail(r->e, MC_MALFORMED, "<%s>: want %s, not \"%s\"",
	    element_names[r->open], want,
	    mc_path_quote(mc_buf_str(&r->text), quoted));
}

static bool
end_number(struct reader *r)
{
	const char *s = mc_buf_str(&r->text);
	mc_plist *node;
	int64_t n;
	double v;

	if (r->open == EL_REAL) {
		if (!mc_scalar_real_parse(s, &v))
			return bad_value(r, "a finite decimal number");
		node = mc_plist_new_real(v);
	} else if (r->open == EL_DATE) {
		if (!mc_scalar_date_parse(s, &n))
			return bad_value(r, "YYYY-MM-DDTHH:MM:SSZ");
		if (n < MC_PLIST_DATE_MIN || n > MC_PLIST_DATE_MAX)
			return bad_value(r, "a date of " MC_PLIST_DATES);
		node = mc_plist_new_date(n);
	} else {
		if (!mc_scalar_int_parse(s, &n))
			return bad_value(r, "a decimal number of 64 bits");
		node = mc_plist_new_int(n);
	}
	return mc_build_value(&r->tree, node, r->e);
}

/* The element that held text ends: its text becomes a value, or a key. */
static bool
end_value(struct reader *r)
{
	const char *s = mc_buf_str(&r->text);

	switch (r->open) {
	case EL_KEY:
		return mc_build_key(&r->tree, s, r->e);
	case EL_STRING:
		return mc_build_value(&r->tree, mc_plist_new_str(s), r->e);
	case EL_DATA:
		return end_data(r);
	case EL_TRUE:
	case EL_FALSE:
		return mc_build_value(
		    &r->tree, mc_plist_new_bool(r->open == EL_TRUE), r->e);
	case EL_INTEGER:
	case EL_REAL:
	case EL_DATE:
		return end_number(r);
	case EL_DICT:
	case EL_ARRAY:
	case EL_PLIST:
	case EL_NONE:
		break;
	}
	return mc_fail(r->e, MC_INTERNAL, "no element is open");
}

static void XMLCALL
end(void *ctx, const XML_Char *name)
{
	struct reader *r = ctx;

	if (r->failed)
		return;
	if (r->open != EL_NONE) {
		/* known only now, but it is where it began */
		if (!end_value(r))
			stop_at(r, r->line, r->column);
		r->open = EL_NONE;
		return;
	}
	if (strcmp(name, "plist") != 0) {
		if (!mc_build_close(&r->tree, r->e))
			stop(r);
		return;
	}
	if (!r->tree.root) {
		mc_fail(r->e, MC_MALFORMED, "<plist> holds no value");
		stop(r);
	}
}

static void XMLCALL
declaration(void *ctx, const XML_Char *version, const XML_Char *encoding,
    int standalone)
{
	struct reader *r = ctx;
	char quoted[MC_QUOTE_TEXT];

	(void)version;
	(void)standalone;
	if (!encoding || strcasecmp(encoding, "UTF-8") == 0)
		return;
	mc_fail(r->e, MC_MALFORMED, "encoding %s: want UTF-8",
	    mc_path_quote(encoding, quoted));
	stop(r);
}

static void XMLCALL
doctype(void *ctx, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int internal)
{
	struct reader *r = ctx;

	(void)system; /* is never fetched */
	if (!internal && strcmp(name, "plist") == 0 && public &&
	    (strcmp(public, "-//Apple//DTD PLIST 1.0//EN") == 0 ||
		strcmp(public, "-//Apple Computer//DTD PLIST 1.0//EN") == 0))
		return;
	mc_fail(r->e, MC_MALFORMED,
	    internal ? "DOCTYPE: want no declarations of its own"
		     : "DOCTYPE: want Apple's \"-//Apple//DTD PLIST 1.0//EN\"");
	stop(r);
}

/* With a DOCTYPE Expat takes an unknown entity for one of the DTD's. */
static void XMLCALL
entity(void *ctx, const XML_Char *name, int is_parameter)
{
	struct reader *r = ctx;
	char quoted[MC_QUOTE_TEXT];

	(void)is_parameter;
	if (r->failed)
		return;
	mc_fail(r->e, MC_MALFORMED, "&%s;: not one of XML's five entities",
	    mc_path_quote(name, quoted));
	stop(r);
}

/* Readers differ in what a comment does to the text around it. */
static void XMLCALL
comment(void *ctx, const XML_Char *s)
{
	struct reader *r = ctx;

	(void)s;
	if (r->failed || r->open == EL_NONE)
		return;
	mc_fail(r->e, MC_MALFORMED, "a comment within <%s>",
	    element_names[r->open]);
	stop(r);
}

static void XMLCALL
instruction(void *ctx, const XML_Char *target, const XML_Char *s)
{
	struct reader *r = ctx;
	char quoted[MC_QUOTE_TEXT];

	(void)s;
	if (r->failed)
		return;
	mc_fail(r->e, MC_MALFORMED, "<?%s?>: want no processing instructions",
	    mc_path_quote(target, quoted));
	stop(r);
}

static bool
reader_init(struct reader *r, unsigned depth)
{
	r->xml = XML_ParserCreate("UTF-8");
	if (!r->xml)
		return mc_fail_memory(r->e);
	XML_SetUserData(r->xml, r);
	XML_SetElementHandler(r->xml, start, end);
	XML_SetCharacterDataHandler(r->xml, text);
	XML_SetXmlDeclHandler(r->xml, declaration);
	XML_SetStartDoctypeDeclHandler(r->xml, doctype);
	XML_SetSkippedEntityHandler(r->xml, entity);
	XML_SetCommentHandler(r->xml, comment);
	XML_SetProcessingInstructionHandler(r->xml, instruction);
	return mc_build_init(&r->tree, depth, r->e);
}

bool
mc_plist_parse(
    const struct mc_buf *xml, unsigned depth, mc_plist **out, struct mc_err *e)
{
	AUTO_READER r = { .in = xml, .e = e };

	if (!mc_kind_check(xml, e))
		return mc_note(e, "1:1");
	if (!reader_init(&r, depth))
		return false;
	if (XML_Parse(r.xml, (const char *)xml->data, (int)xml->len,
		XML_TRUE) != XML_STATUS_OK &&
	    !r.failed) {
		mc_fail(e, MC_MALFORMED, "%s",
		    XML_ErrorString(XML_GetErrorCode(r.xml)));
		stop(&r);
	}
	if (r.failed)
		return false;
	*out = take(&r.tree.root);
	return true;
}
