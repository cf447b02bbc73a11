/* SPDX-License-Identifier: ISC */
/*
 * Property lists: XML in (by Expat, under our own limits), tree and XML out
 * (by libplist, whose parsers never run).
 *
 * A node has one owner: adding it to a container gives it away for good.
 *
 * What libplist frees it does not wipe, so the secrets of a profile stay in
 * freed memory until that is used again; and libplist 2.2 does not check what
 * malloc(3) returns, so a process without memory may end inside of it.
 */
#ifndef MC_PLIST_H
#define MC_PLIST_H

#include "base/buf.h"

typedef struct mc_plist mc_plist;

void mc_plist_free(mc_plist *p);
CLEANUP(mc_plist, mc_plist_free);

enum mc_plist_type {
	MC_PLIST_NONE, /* the absent node: NULL */
	MC_PLIST_DICT,
	MC_PLIST_ARRAY,
	MC_PLIST_STRING,
	MC_PLIST_BOOL,
	MC_PLIST_INT,
	MC_PLIST_REAL,
	MC_PLIST_DATE,
	MC_PLIST_DATA,
};

/* The dates that libplist 2.2 holds: 32 bits of seconds around 2001. */
#define MC_PLIST_DATE_MIN INT64_C(-1169176448)
#define MC_PLIST_DATE_MAX INT64_C(3125790847)
#define MC_PLIST_DATES "1932-12-13T20:45:52Z to 2069-01-19T03:14:07Z"

/*
 * Parse an XML plist whose dicts and arrays are nested at most depth deep
 * (limits.h) and that holds at most MC_PLIST_NODES values, MC_PLIST_KEYS in a
 * dict.  UTF-8 only.
 * Refused, where other readers guess: duplicate keys, trailing data, entities
 * but XML's five, DOCTYPEs other than Apple's, unknown elements and
 * attributes, processing instructions, comments within a value.  Integers are
 * decimal and fit int64_t (no 0x); reals are finite and decimal; dates are
 * YYYY-MM-DDTHH:MM:SSZ and of MC_PLIST_DATES; base64 is padded.  Blanks around
 * these are refused.
 * MC_MALFORMED, beginning "LINE:COLUMN:".
 */
MC_NODISCARD bool mc_plist_parse(
    const struct mc_buf *xml, unsigned depth, mc_plist **out, struct mc_err *e);

/*
 * What other readers let pass, and mc_plist_parse() does not: where it is told
 * of a fault and goes on.  The tree is what Apple's reader (CFPropertyList)
 * makes of it; what that refuses, though another reader does not or this one
 * can go on, has the two faults marked so: no device takes such a file.
 */
enum mc_fault {
	MC_FAULT_DUPLICATE, /* a key again: XML's last, a binary's first counts
			     */
	MC_FAULT_DOCTYPE,   /* none of Apple's; it declares nothing */
	MC_FAULT_VERSION,   /* <plist> without version="1.0", or without <plist>
			     */
	MC_FAULT_BLANKS,    /* before a number */
	MC_FAULT_INTEGER,   /* 0x10; over INT64_MAX, and held as that */
	MC_FAULT_REAL,      /* inf, nan, .5: held as 0 where it must be */
	MC_FAULT_DATE,      /* none that can be held: as the nearest that can */
	MC_FAULT_BASE64,    /* without padding, or with other characters */
	MC_FAULT_COMMENT,   /* within a value, of whose text it is no part:
			       refused */
	MC_FAULT_INSTRUCTION, /* <?...?> */
	MC_FAULT_ATTRIBUTE,   /* <string id="x">: is not looked at */
	MC_FAULT_TRAILING,    /* after </plist>: is not looked at */
	MC_FAULT_VALUE, /* no such number, date or data: refused; 0, or a part
			 */
};

/* A place in the file, from 1 on; all 0 in a binary plist. */
struct mc_place {
	uint32_t line;
	uint32_t column; /* in characters (code points), not bytes */
};

/* Where each value of a tree, and its key, begins. */
struct mc_marks; /* opaque */
void mc_marks_free(struct mc_marks *m);
/* Of the value, of its key (the value's in an array); 0:0 if not known. */
struct mc_place mc_marks_value(const struct mc_marks *m, const mc_plist *node);
struct mc_place mc_marks_key(const struct mc_marks *m, const mc_plist *node);

/* How to read, and what one wants to know.  All may be NULL. */
struct mc_plist_reading {
	unsigned depth; /* 0, and more: MC_PLIST_DEPTH_FILE */
	/*
	 * Told of each fault; text is a sentence without its full stop, path
	 * the key path, "" at the top.  Returns false to stop (having set the
	 * error).  Without it a fault is an error, as is the one after
	 * MC_PLIST_FAULTS.
	 */
	bool (*fault)(void *ctx, enum mc_fault fault, struct mc_place at,
	    const char *path, const char *text, struct mc_err *e);
	/* Told of each comment outside of values: text without the marks. */
	bool (*comment)(
	    void *ctx, struct mc_place at, const char *text, struct mc_err *e);
	void *ctx;
	struct mc_marks **marks; /* set to new ones on success */
	/*
	 * Where it ended in an error, 0:0 else.  The message does not say it
	 * then; without it each begins with "LINE:COLUMN: ".
	 */
	struct mc_place *stopped;
};

/*
 * Parse a plist of either form, XML or binary ("bplist00"), for tools that look
 * at files.  A binary one is bounded like an XML one: in depth, in values (one
 * that is referred to twice counts twice), in bytes; a UID, a set and what is
 * not of this version is MC_MALFORMED, with the offset.  how may be NULL.
 */
MC_NODISCARD bool mc_plist_read(const struct mc_buf *in,
    const struct mc_plist_reading *how, mc_plist **out, struct mc_err *e);

/* in begins as a binary plist does. */
bool mc_plist_is_binary(const struct mc_buf *in);

/*
 * Append canonical XML: the same tree gives the same bytes, and parsing them
 * gives the same tree.  Reals have up to 17 digits, so that none is lost: 0.1
 * is written 0.10000000000000001.  Only the sign of -0 is lost.
 */
MC_NODISCARD bool
mc_plist_encode(const mc_plist *p, struct mc_buf *to, struct mc_err *e);

enum mc_plist_type mc_plist_type(const mc_plist *p);  /* NULL: NONE */
const char *mc_plist_type_name(enum mc_plist_type t); /* "dict" */

/* Lent; NULL where p is not a dict or has no such key. */
mc_plist *mc_plist_get(const mc_plist *dict, const char *key);
/* Lent; NULL past the end. */
mc_plist *mc_plist_at(const mc_plist *array, size_t i);
/* Items of an array, keys of a dict; 0 for others. */
size_t mc_plist_len(const mc_plist *p);

/*
 * A walk over a dict or an array in file order; over others it ends at once:
 *
 *	AUTO_PLIST_ITER it = { .in = p };
 *
 *	while (mc_plist_iter_next(&it))
 *		use(it.key, it.value);
 *
 * in must not gain or lose items meanwhile.
 */
struct mc_plist_iter {
	const mc_plist *in; /* lent */
	char *key;          /* until the next step; NULL in an array */
	mc_plist *value;    /* lent */
	size_t i;           /* how many came before */
	bool failed;        /* it ended for want of memory */
	size_t next;
	void *at;
};

bool mc_plist_iter_next(struct mc_plist_iter *it);
void mc_plist_iter_clear(struct mc_plist_iter *it);
#define AUTO_PLIST_ITER                                                        \
	__attribute__((cleanup(mc_plist_iter_clear))) struct mc_plist_iter

/* Values.  str: lent, NULL if not a string.  The rest: false if other type. */
const char *mc_plist_str(const mc_plist *p);
bool mc_plist_bool(const mc_plist *p, bool *out);
bool mc_plist_int(const mc_plist *p, int64_t *out);
bool mc_plist_real(const mc_plist *p, double *out);
bool mc_plist_date(const mc_plist *p, int64_t *out); /* seconds since 1970 */
bool mc_plist_data(const mc_plist *p, const uint8_t **data, size_t *len);

/* The string at key of a dict; NULL if absent or of another type. */
const char *mc_plist_get_str(const mc_plist *dict, const char *key);

/* The same values, in any order of keys; NULL is the same as NULL. */
bool mc_plist_equal(const mc_plist *a, const mc_plist *b);

/*
 * s is UTF-8 that XML can hold: no control characters but tab, CR and LF.
 * Values from people are checked with it first, for a message that says so.
 */
bool mc_plist_text_check(const char *s);

/* New nodes; NULL when out of memory, or where the value cannot be held. */
mc_plist *mc_plist_new_dict(void);
mc_plist *mc_plist_new_array(void);
mc_plist *mc_plist_new_str(const char *s); /* mc_plist_text_check() */
mc_plist *mc_plist_new_bool(bool v);
mc_plist *mc_plist_new_int(int64_t v);
mc_plist *mc_plist_new_real(double v);  /* finite */
mc_plist *mc_plist_new_date(int64_t t); /* MC_PLIST_DATE_MIN to _MAX */
mc_plist *mc_plist_new_data(const void *data, size_t len);
/* A copy of p and all that it holds. */
mc_plist *mc_plist_dup(const mc_plist *p);

/*
 * Give node to a dict (replacing what key held, in its place) or to the end
 * of an array.  node is taken in any case and may be NULL (out of memory);
 * false then, or where p is no such container, or the key is no such text.
 */
MC_NODISCARD bool mc_plist_set(mc_plist *dict, const char *key, mc_plist *node);
MC_NODISCARD bool mc_plist_append(mc_plist *array, mc_plist *node);
/* Take key out of a dict and free its value; false if it was not there. */
bool mc_plist_remove(mc_plist *dict, const char *key);

/* The same for item i of an array; false where it has none. */
MC_NODISCARD bool mc_plist_item_set(mc_plist *array, size_t i, mc_plist *node);
bool mc_plist_item_remove(mc_plist *array, size_t i);

/* Change a string in its place; false for text that it cannot hold. */
MC_NODISCARD bool mc_plist_str_set(mc_plist *p, const char *s);

#endif
