/* SPDX-License-Identifier: ISC */
/*
 * A schema while it is read: a tree that grows, before mc_draft_build() lays
 * it out flat.  Readers of other forms (ProfileManifests) fill one too.
 *
 * Texts are kept once and are named by offset; 0 is no text.  Keys and
 * payloads are named by their place in the draft, which they keep.
 */
#ifndef MC_SCHEMA_DRAFT_H
#define MC_SCHEMA_DRAFT_H

#include "schema/schema.h"

#define MC_DRAFT_NONE UINT32_MAX
#define MC_DRAFT_ENDLESS UINT32_MAX /* a count without an upper bound */

/* What is said of one OS where it differs from what is above. */
struct mc_draft_support {
	enum {
		MC_DRAFT_SAME, /* nothing: as above */
		MC_DRAFT_NOT,  /* not there */
		MC_DRAFT_SAID, /* there, as follows */
	} said;
	bool has_introduced; /* 0 then: in every version */
	uint32_t introduced;
	uint32_t deprecated; /* 0: as above */
	uint32_t removed;    /* 0: as above */
	unsigned flags;      /* besides those above */
};

struct mc_draft_payload {
	uint32_t type;    /* text */
	uint32_t release; /* text */
	/*
	 * A number for each file: a type's first payload from a higher one
	 * replaces those of lower ones.
	 */
	uint32_t source;
	bool everywhere; /* nothing is said of any OS */
	struct mc_draft_support own[MC_OS_COUNT];
	/* set by the draft */
	bool replaced;
	uint32_t first; /* keys: MC_DRAFT_NONE, or linked by their next */
	uint32_t last;
	uint32_t n;
};

struct mc_draft_key {
	uint32_t payload;
	uint32_t up;    /* the key above; MC_DRAFT_NONE: a top one */
	uint32_t again; /* MC_DRAFT_NONE, or the key above that it is again */
	uint32_t name;  /* 0: any */
	enum mc_plist_type type; /* MC_PLIST_NONE: any */
	unsigned types;          /* a bit each; 0: type says it all */
	bool required;
	bool has_min;
	bool has_max;
	bool has_count;
	double min;
	double max;
	uint32_t count_min;
	uint32_t count_max;
	uint32_t fallback; /* texts */
	uint32_t pattern;
	uint32_t form;
	uint32_t values; /* mc_draft_values_n() before they were added */
	uint32_t values_n;
	struct mc_draft_support own[MC_OS_COUNT];
	/* set by the draft */
	uint32_t first;
	uint32_t last;
	uint32_t next;
	uint32_t n;
};

/* A key of type any that nothing is said of, to fill in. */
#define MC_DRAFT_KEY_INIT                                                      \
	{                                                                      \
		.up = MC_DRAFT_NONE, .again = MC_DRAFT_NONE,                   \
		.first = MC_DRAFT_NONE, .last = MC_DRAFT_NONE,                 \
		.next = MC_DRAFT_NONE                                          \
	}

struct mc_draft {
	char *text;
	uint32_t text_n;
	uint32_t text_cap;
	uint32_t *slots; /* texts by their hash */
	uint32_t slots_n;
	uint32_t texts;
	struct mc_draft_payload *payloads;
	uint32_t payloads_n;
	uint32_t payloads_cap;
	struct mc_draft_key *keys;
	uint32_t keys_n;
	uint32_t keys_cap;
	uint32_t *values; /* texts */
	uint32_t values_n;
	uint32_t values_cap;
};

void mc_draft_clear(struct mc_draft *d);
#define AUTO_DRAFT __attribute__((cleanup(mc_draft_clear))) struct mc_draft
#define MC_DRAFT_INIT                                                          \
	{                                                                      \
		0                                                              \
	}

/* Keep n bytes of text without NUL.  MC_MALFORMED past the limits. */
MC_NODISCARD bool mc_draft_text_add(struct mc_draft *d, const char *s, size_t n,
    uint32_t *out, struct mc_err *e);
/* Lent until the next one is added; NULL for 0. */
const char *mc_draft_text_get(const struct mc_draft *d, uint32_t text);

/* Copy it in.  MC_MALFORMED past the limits. */
MC_NODISCARD bool mc_draft_payload_add(struct mc_draft *d,
    const struct mc_draft_payload *p, uint32_t *out, struct mc_err *e);

/*
 * Copy it in, as the last one below what holds it.  MC_MALFORMED past the
 * limits, and where a dict has a key of this name.
 */
MC_NODISCARD bool mc_draft_key_add(struct mc_draft *d,
    const struct mc_draft_key *k, uint32_t *out, struct mc_err *e);

/* The key of this name there; MC_DRAFT_NONE. */
uint32_t mc_draft_key_find(
    const struct mc_draft *d, uint32_t payload, uint32_t up, uint32_t name);

/* Take a key, and all that is below it, out of what holds it. */
void mc_draft_key_remove(struct mc_draft *d, uint32_t key);

/* An allowed value, behind the last one. */
MC_NODISCARD bool
mc_draft_value_add(struct mc_draft *d, uint32_t text, struct mc_err *e);

/*
 * Lay it out.  What is replaced is left out, what a key says of systems is
 * added to what it has from above.  One block: mc_schema_free() frees it.
 */
MC_NODISCARD bool mc_draft_build(
    const struct mc_draft *d, struct mc_schema **out, struct mc_err *e);

#endif
