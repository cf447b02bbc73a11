/* SPDX-License-Identifier: ISC */
/*
 * The two halves of the reader of XML: xml.c has Expat's events, xml_value.c
 * what the text of an element means.  Only they include this.
 */
#ifndef MC_PLIST_XML_PART_H
#define MC_PLIST_XML_PART_H

#include <expat.h>

#include "plist/build.h"

enum mc_xml_element {
	MC_EL_NONE,
	MC_EL_PLIST,
	MC_EL_DICT,
	MC_EL_ARRAY,
	MC_EL_KEY,
	MC_EL_STRING,
	MC_EL_INTEGER,
	MC_EL_REAL,
	MC_EL_DATE,
	MC_EL_DATA,
	MC_EL_TRUE,
	MC_EL_FALSE,
};

/* By element; "dict". */
extern const char *const mc_xml_names[];

struct mc_xml {
	XML_Parser xml;
	const struct mc_buf *in;
	struct mc_build tree;
	enum mc_xml_element open; /* the element that may hold text now */
	bool in_plist;
	bool ended; /* <plist> has */
	struct mc_buf text;
	struct mc_place began; /* the open element */
	size_t seen;           /* so many bytes were counted ... */
	struct mc_place next;  /* ... which is up to here */
	bool failed;
	struct mc_err *e;
};

/* The element that held text ends: its text becomes a value, or a key. */
MC_NODISCARD bool mc_xml_value(struct mc_xml *r);

/*
 * Expat's reason, in words for who wrote the file.  *at is the byte where Expat
 * stopped, and goes back to where it is wrong.
 */
const char *mc_xml_explain(const struct mc_xml *r, size_t *at);

#endif
