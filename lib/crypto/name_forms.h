/* SPDX-License-Identifier: ISC */
/*
 * What crypto/names.h's text consists of: the kinds of names, and their
 * values without escapes.
 */
#ifndef MC_NAME_FORMS_H
#define MC_NAME_FORMS_H

#include "crypto/names.h"

#define MC_NAME_VALUE 1024 /* of one name, with a NUL */

struct mc_name_form {
	const char *word; /* "dns" */
	int type;         /* of the GENERAL_NAME */
	bool (*check)(const char *value);
	const char *what; /* "a DNS name" */
};

#define MC_NAME_FORMS 5
extern const struct mc_name_form mc_name_forms[MC_NAME_FORMS];

struct mc_name_text {
	const struct mc_name_form *form;
	char value[MC_NAME_VALUE];
};

struct mc_name_list {
	size_t n;
	struct mc_name_text v[MC_NAMES_MAX];
};

/*
 * The form that s begins with the word of, and a colon; *value is what
 * follows.  NULL where there is none.
 */
const struct mc_name_form *mc_name_form_find(const char *s, const char **value);

/* 4 or 16 octets of an address, or 0. */
size_t mc_name_ip_parse(const char *s, uint8_t to[static 16]);

/* As it compares: hosts are the same in either case, addresses by octets. */
void mc_name_fold(struct mc_name_text *n);

bool
mc_name_list_holds(const struct mc_name_list *l, const struct mc_name_text *n);

/* The names of a text, folded or as they stand; none of them twice. */
MC_NODISCARD bool mc_name_list_parse(
    const char *text, bool folded, struct mc_name_list *out, struct mc_err *e);

#endif
