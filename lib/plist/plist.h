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

/* Change a string in its place; false for text that it cannot hold. */
MC_NODISCARD bool mc_plist_str_set(mc_plist *p, const char *s);

#endif
