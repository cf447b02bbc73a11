/* SPDX-License-Identifier: ISC */
/*
 * Expat calls the handlers below; they check the XML and hand values to
 * build.c.  The first failure stops the parser for good.
 */
#include "plist/xml.h"

#include <expat.h>
#include <strings.h>

#include "plist/path.h"
#include "plist/xml_part.h"

static void
reader_clear(struct mc_xml *r)
{
	mc_build_clear(&r->tree);
	mc_buf_clear(&r->text);
	if (r->xml)
		XML_ParserFree(r->xml);
}
#define AUTO_READER __attribute__((cleanup(reader_clear))) struct mc_xml

/*
 * What Expat reads now is what the tree is told of.  Columns are characters,
 * for which Expat's own are bytes; a line ends with CR, LF or both.  Each byte
 * is looked at once: what is read comes in order.
 */
static void
advance(struct mc_xml *r, size_t at)
{
	const uint8_t *p = r->in->data;

	for (; r->seen < at; r->seen++) {
		if (p[r->seen] == '\n' ||
		    (p[r->seen] == '\r' && p[r->seen + 1] != '\n')) {
			r->next.line++;
			r->next.column = 1;
		} else if ((p[r->seen] & 0xc0) != 0x80) {
			/* the first byte of a character */
			r->next.column++;
		}
	}
	r->tree.at = r->next;
}

static size_t
index_get(const struct mc_xml *r)
{
	XML_Index index = XML_GetCurrentByteIndex(r->xml);

	return index < 0 ? r->in->len : (size_t)index;
}

static void
here(struct mc_xml *r)
{
	advance(r, index_get(r));
}

/* After a failure: stop, and say where. */
static void
stop(struct mc_xml *r)
{
	struct mc_place at = r->tree.at;

	r->failed = true;
	XML_StopParser(r->xml, XML_FALSE);
	if (r->tree.how->stopped)
		*r->tree.how->stopped = at;
	else
		(void)mc_note(r->e, "%u:%u", at.line, at.column);
}

static enum mc_xml_element
element_find(const char *name)
{
	for (enum mc_xml_element i = MC_EL_PLIST; i <= MC_EL_FALSE; i++)
		if (strcmp(name, mc_xml_names[i]) == 0)
			return i;
	return MC_EL_NONE;
}

/* An entity in an attribute is not reported; its "&" can be seen. */
static bool
plain_tag(const struct mc_xml *r)
{
	XML_Index at = XML_GetCurrentByteIndex(r->xml);
	int n = XML_GetCurrentByteCount(r->xml);

	return at >= 0 && n > 0 && (size_t)at + (size_t)n <= r->in->len &&
	    !memchr(r->in->data + at, '&', (size_t)n);
}

static bool
start_plist(struct mc_xml *r, const char **atts)
{
	if (r->in_plist)
		return mc_fail(r->e, MC_MALFORMED, "<plist> inside <plist>");
	r->in_plist = true;
	if (atts[0] && strcmp(atts[0], "version") == 0 &&
	    strcmp(atts[1], "1.0") == 0 && !atts[2] && plain_tag(r))
		return true;
	return mc_build_fault(
	    &r->tree, MC_FAULT_VERSION, r->e, "want <plist version=\"1.0\">");
}

/* A value, or a key, begins: is it fit to? */
static bool
begin_check(struct mc_xml *r, enum mc_xml_element el, const char *name,
    const char **atts)
{
	if (!r->in_plist &&
	    !mc_build_fault(&r->tree, MC_FAULT_VERSION, r->e,
		"want <plist version=\"1.0\"> here, not <%s>", name))
		return false;
	r->in_plist = true;
	if (atts[0] &&
	    !mc_build_fault(&r->tree, MC_FAULT_ATTRIBUTE, r->e,
		"<%s>: want no attributes", name))
		return false;
	return mc_build_check(&r->tree, name, el == MC_EL_KEY, r->e);
}

static bool
start_element(struct mc_xml *r, const char *name, const char **atts)
{
	enum mc_xml_element el = element_find(name);
	char quoted[MC_QUOTE_TEXT];

	if (r->open != MC_EL_NONE || el == MC_EL_NONE)
		return mc_fail(r->e, MC_MALFORMED,
		    "<%s>: not an element of a plist%s",
		    mc_path_quote(name, quoted),
		    r->open == MC_EL_NONE ? "" : "'s simple value");
	if (el == MC_EL_PLIST)
		return start_plist(r, atts);
	if (!begin_check(r, el, name, atts))
		return false;
	if (el == MC_EL_DICT)
		return mc_build_open(&r->tree, mc_plist_new_dict(), r->e);
	if (el == MC_EL_ARRAY)
		return mc_build_open(&r->tree, mc_plist_new_array(), r->e);
	r->open = el;
	r->began = r->tree.at;
	/* not mc_buf_clear(): that would wipe a large buffer for each value */
	r->text.len = 0;
	if (r->text.data)
		r->text.data[0] = '\0';
	return true;
}

static void XMLCALL
start(void *ctx, const XML_Char *name, const XML_Char **atts)
{
	struct mc_xml *r = ctx;

	if (r->failed)
		return;
	here(r);
	if (!start_element(r, name, atts))
		stop(r);
}

static void XMLCALL
text(void *ctx, const XML_Char *s, int len)
{
	struct mc_xml *r = ctx;

	if (r->failed)
		return;
	if (r->open != MC_EL_NONE && r->open != MC_EL_TRUE &&
	    r->open != MC_EL_FALSE) {
		if (!mc_buf_add(&r->text, s, (size_t)len, r->e))
			stop(r);
		return;
	}
	for (int i = 0; i < len; i++)
		if (!strchr(" \t\r\n", s[i])) {
			here(r);
			mc_fail(r->e, MC_MALFORMED, "text outside of a value");
			stop(r);
			return;
		}
}

static bool
end_element(struct mc_xml *r, const char *name)
{
	if (r->open != MC_EL_NONE) {
		/* known only now, but it is where it began */
		r->tree.at = r->began;
		return mc_xml_value(r);
	}
	here(r);
	if (strcmp(name, "plist") != 0)
		return mc_build_close(&r->tree, r->e);
	r->ended = true;
	return r->tree.root ||
	    mc_fail(r->e, MC_MALFORMED, "<plist> holds no value");
}

static void XMLCALL
end(void *ctx, const XML_Char *name)
{
	struct mc_xml *r = ctx;

	if (r->failed)
		return;
	if (!end_element(r, name))
		stop(r);
	r->open = MC_EL_NONE;
}

static void XMLCALL
declaration(void *ctx, const XML_Char *version, const XML_Char *encoding,
    int standalone)
{
	struct mc_xml *r = ctx;
	char quoted[MC_QUOTE_TEXT];

	(void)version;
	(void)standalone;
	if (!encoding || strcasecmp(encoding, "UTF-8") == 0)
		return;
	here(r);
	mc_fail(r->e, MC_MALFORMED, "encoding %s: want UTF-8",
	    mc_path_quote(encoding, quoted));
	stop(r);
}

/*
 * The name of Apple's DTD, also as Apple spelled it before, and in its guide
 * to enrolment over the air, which many services have copied.
 */
static bool
is_apples(const char *public)
{
	static const char *const names[] = {
		"-//Apple//DTD PLIST 1.0//EN",
		"-//Apple Computer//DTD PLIST 1.0//EN",
		"-//Apple Inc//DTD PLIST 1.0//EN",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(public, names[i]) == 0)
			return true;
	return false;
}

static void XMLCALL
doctype(void *ctx, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int internal)
{
	struct mc_xml *r = ctx;

	(void)system; /* is never fetched */
	if (!internal && strcmp(name, "plist") == 0 && public &&
	    is_apples(public))
		return;
	here(r);
	/* what declares entities is not gone on with */
	if (internal ? mc_fail(r->e, MC_MALFORMED,
			   "DOCTYPE: want no declarations of its own")
		     : mc_build_fault(&r->tree, MC_FAULT_DOCTYPE, r->e,
			   "DOCTYPE: want Apple's "
			   "\"-//Apple//DTD PLIST 1.0//EN\""))
		return;
	stop(r);
}

/* With a DOCTYPE Expat takes an unknown entity for one of the DTD's. */
static void XMLCALL
entity(void *ctx, const XML_Char *name, int is_parameter)
{
	struct mc_xml *r = ctx;
	char quoted[MC_QUOTE_TEXT];

	(void)is_parameter;
	if (r->failed)
		return;
	here(r);
	mc_fail(r->e, MC_MALFORMED, "&%s;: not one of XML's five entities",
	    mc_path_quote(name, quoted));
	stop(r);
}

/* Readers differ in what a comment within a value does to the text around. */
static bool
comment_tell(struct mc_xml *r, const char *s)
{
	const struct mc_plist_reading *how = r->tree.how;

	if (r->open != MC_EL_NONE)
		return mc_build_fault(&r->tree, MC_FAULT_COMMENT, r->e,
		    "a comment within <%s>", mc_xml_names[r->open]);
	return !how->comment || how->comment(how->ctx, r->tree.at, s, r->e);
}

static void XMLCALL
comment(void *ctx, const XML_Char *s)
{
	struct mc_xml *r = ctx;

	if (r->failed)
		return;
	here(r);
	if (!comment_tell(r, s))
		stop(r);
}

static void XMLCALL
instruction(void *ctx, const XML_Char *target, const XML_Char *s)
{
	struct mc_xml *r = ctx;
	char quoted[MC_QUOTE_TEXT];

	(void)s;
	if (r->failed)
		return;
	here(r);
	if (!mc_build_fault(&r->tree, MC_FAULT_INSTRUCTION, r->e,
		"<?%s?>: want no processing instructions",
		mc_path_quote(target, quoted)))
		stop(r);
}

static bool
reader_init(struct mc_xml *r, const struct mc_plist_reading *how)
{
	r->xml = XML_ParserCreate("UTF-8");
	if (!r->xml)
		return mc_fail_memory(r->e);
	/* a byte order mark takes no column */
	r->seen = strncmp(mc_buf_str(r->in), "\xef\xbb\xbf", 3) ? 0 : 3;
	r->next = (struct mc_place){ 1, 1 };
	XML_SetUserData(r->xml, r);
	XML_SetElementHandler(r->xml, start, end);
	XML_SetCharacterDataHandler(r->xml, text);
	XML_SetXmlDeclHandler(r->xml, declaration);
	XML_SetStartDoctypeDeclHandler(r->xml, doctype);
	XML_SetSkippedEntityHandler(r->xml, entity);
	XML_SetCommentHandler(r->xml, comment);
	XML_SetProcessingInstructionHandler(r->xml, instruction);
	return mc_build_init(&r->tree, how, r->e);
}

/* Expat refuses it: all of it, or what follows what we wanted. */
static void
refuse(struct mc_xml *r)
{
	size_t at = index_get(r);
	const char *why = mc_xml_explain(r, &at);

	advance(r, at);
	if (!r->ended)
		mc_fail(r->e, MC_MALFORMED, "%s", why);
	else if (mc_build_fault(&r->tree, MC_FAULT_TRAILING, r->e, "%s", why))
		return;
	stop(r);
}

bool
mc_xml_read(const struct mc_buf *in, const struct mc_plist_reading *how,
    mc_plist **out, struct mc_err *e)
{
	AUTO_READER r = { .in = in, .e = e };

	if (!reader_init(&r, how))
		return false;
	if (XML_Parse(r.xml, (const char *)in->data, (int)in->len, XML_TRUE) !=
		XML_STATUS_OK &&
	    !r.failed)
		refuse(&r);
	if (r.failed)
		return false;
	mc_build_finish(&r.tree, out);
	return true;
}
