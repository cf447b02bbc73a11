/* SPDX-License-Identifier: ISC */
/* What the files of value.h share; nobody else's. */
#ifndef MC_VALUE_PART_H
#define MC_VALUE_PART_H

#include "profile/value.h"
#include "schema/fit.h"

/*
 * How a reference stands in the tree until it is resolved: behind U+FDD0,
 * which is no character, so that no text can pass for one.
 */
#define MC_VALUE_REFERENCE "\xef\xb7\x90uuid:"

/* Whom a node refers to; NULL where it is no reference. */
const char *mc_value_reference(const mc_plist *node);

/* One value on its way into a payload. */
struct mc_value_job {
	const struct mc_value_rules *rules;
	const char *type; /* the payload's; NULL: messages do not say */
	const char *what; /* "Port=80a": begins what is told; may be NULL */
	bool hide;        /* the value is in no message */
};

/*
 * A problem was found, and is in *e: where rules->force it is told, behind the
 * payload's type and what it is about, and forgotten; false otherwise.
 */
bool mc_value_problem(const struct mc_value_job *job, struct mc_err *e);

/* "com.apple.wifi.managed: " in front of *e, but for the profile's own keys. */
bool mc_value_note_type(const char *type, struct mc_err *e);

/* mc_value_check() for a job. */
MC_NODISCARD bool
mc_value_fit(const struct mc_value_job *job, const struct mc_schema_key *key,
    const mc_plist *node, const struct mc_path *path, struct mc_err *e);

/* What the schema has at a key path: some types have several parts. */
#define MC_VALUE_FOUND_MAX 8
struct mc_value_found {
	struct mc_schema_key v[MC_VALUE_FOUND_MAX];
	size_t n;  /* 0: it does not say; any type will do */
	bool none; /* there is no such payload type at all */
};

/*
 * What may stand at a key path in a payload of this type.  MC_USAGE, telling
 * the names that are near, where nothing may.
 */
MC_NODISCARD bool mc_value_find(const struct mc_schema *schema,
    const char *type, const struct mc_keypath *path, struct mc_value_found *out,
    struct mc_err *e);

/* The same for a top key. */
MC_NODISCARD bool
mc_value_find_key(const struct mc_schema *schema, const char *type,
    const char *key, struct mc_value_found *out, struct mc_err *e);

/* The same for the items of what was found; MC_USAGE where it is no array. */
MC_NODISCARD bool mc_value_find_items(const struct mc_schema *schema,
    const struct mc_value_found *of, struct mc_value_found *out,
    struct mc_err *e);

/* node fits one of found, where there is any; told, or failed, of the last. */
MC_NODISCARD bool mc_value_fit_any(const struct mc_value_job *job,
    const struct mc_value_found *found, const mc_plist *node,
    const struct mc_path *path, struct mc_err *e);

/* What a value is written as, or the source that it names. */
struct mc_value_text {
	struct mc_buf raw;  /* each byte of it */
	struct mc_buf text; /* without the line end of a file */
	bool loaded;        /* from a file or a source of secrets */
	const char *who;    /* a reference; the others are empty then */
};

void mc_value_text_clear(struct mc_value_text *t);
#define AUTO_VALUE_TEXT                                                        \
	__attribute__((cleanup(mc_value_text_clear))) struct mc_value_text

/* word is "TEXT", "@FILE", "@fd:N", "@@TEXT", ... */
MC_NODISCARD bool mc_value_text_load(const struct mc_value_rules *rules,
    const char *word, struct mc_value_text *out, struct mc_err *e);

/* From a file, or where secret from a source as secret.h has it. */
MC_NODISCARD bool
mc_value_text_from(const struct mc_value_rules *rules, const char *where,
    bool secret, struct mc_value_text *out, struct mc_err *e);

/* A node of what was loaded: data as it is, all else from its text. */
MC_NODISCARD bool mc_value_text_node(const struct mc_schema_key *key,
    const struct mc_value_text *t, mc_plist **out, struct mc_err *e);

/* A reference to who. */
MC_NODISCARD bool
mc_value_reference_new(const char *who, mc_plist **out, struct mc_err *e);

#endif
