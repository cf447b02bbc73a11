/* SPDX-License-Identifier: ISC */
/*
 * What Apple publishes about every payload: keys, types, allowed values,
 * versions, as a table that is compiled in (mcprofile-schema(5)).
 *
 * A key is named by its id.  Some structures hold themselves: the children of
 * such a key are those of one above it.  So a walk follows the data and looks
 * up what it meets; a walk over the schema alone may not end.  The children of
 * any other key have higher ids than it has.
 *
 * Source: Apple's device management schema, with the corrections of
 * share/schema/overrides.schema.
 */
#ifndef MC_SCHEMA_H
#define MC_SCHEMA_H

#include "plist/plist.h"

/* iPadOS is iOS here, as it is for Apple. */
enum mc_os {
	MC_OS_IOS,
	MC_OS_MACOS,
	MC_OS_TVOS,
	MC_OS_VISIONOS,
	MC_OS_WATCHOS,
	MC_OS_COUNT,
};

/* "ios", "macos", ...; "iOS", "macOS", ... for people. */
const char *mc_os_name(enum mc_os os);
const char *mc_os_title(enum mc_os os);
/* Of either case, "ipados" too; false for others. */
bool mc_os_parse(const char *s, size_t n, enum mc_os *out);

/* 17.4.1 is 170401; 0 is no version.  "17", "17.4", "17.4.1". */
bool mc_version_parse(const char *s, uint32_t *out);
#define MC_VERSION_TEXT 12
const char *mc_version_encode(uint32_t v, char text[static MC_VERSION_TEXT]);

/* What a payload or a key may or must be, on one OS. */
enum mc_support_flag {
	MC_SUPPORT_MULTIPLE = 1 << 0,   /* several in one profile, or device */
	MC_SUPPORT_DEVICE = 1 << 1,     /* in the device channel */
	MC_SUPPORT_USER = 1 << 2,       /* in the user channel */
	MC_SUPPORT_MDM_ONLY = 1 << 3,   /* not by hand */
	MC_SUPPORT_SUPERVISED = 1 << 4, /* supervised devices only */
	MC_SUPPORT_AUTOMATED = 1 << 5,  /* automated enrolment only */
	MC_SUPPORT_APPROVED = 1 << 6,   /* user-approved MDM only */
	/* in user enrolment */
	MC_SUPPORT_PERSONAL_FORBIDDEN = 1 << 7,
	MC_SUPPORT_PERSONAL_REQUIRED = 1 << 8,
	MC_SUPPORT_PERSONAL_IGNORED = 1 << 9,
	/* on a shared iPad */
	MC_SUPPORT_SHARED_FORBIDDEN = 1 << 10,
	MC_SUPPORT_SHARED_REQUIRED = 1 << 11,
	MC_SUPPORT_SHARED_IGNORED = 1 << 12,
};

/* Nothing is inherited any more: a key's has what it has from those above. */
struct mc_support {
	bool there; /* known on this OS at all */
	uint32_t introduced;
	uint32_t deprecated; /* 0: not */
	uint32_t removed;    /* 0: not */
	unsigned flags;      /* enum mc_support_flag */
};

/* "supervised", "personal-forbidden": as schema files spell one flag. */
const char *mc_support_flag_name(unsigned flag);
/* The flag of this name; 0. */
unsigned mc_support_flag_find(const char *name);

/* As schema files spell a type: "dict"; MC_PLIST_NONE is "any". */
const char *mc_schema_type_name(enum mc_plist_type type);
bool mc_schema_type_find(const char *name, enum mc_plist_type *out);

struct mc_schema; /* opaque; may be shared, is never changed once made */

/* The one that is compiled in; lent. */
const struct mc_schema *mc_schema_builtin(void);

/*
 * The compiled one with these files and folders (--schema) added, each payload
 * they describe replacing the one of its name.  A file is of
 * mcprofile-schema(5), or a ProfileManifests plist; a folder is searched for
 * both.  Messages begin "FILE:LINE:".  MC_MALFORMED, MC_NOINPUT.
 */
MC_NODISCARD bool mc_schema_load(const char *const *paths, size_t n,
    struct mc_schema **out, struct mc_err *e);
void mc_schema_free(struct mc_schema *s); /* not the compiled one */

/* One description of a payload type; some types have several (its parts). */
struct mc_schema_payload {
	uint32_t id;
	const char *type;    /* "com.apple.wifi.managed" */
	const char *release; /* where it is from: "iOS 18.1", a file's name */
	const struct mc_support *support; /* MC_OS_COUNT of them */
	uint32_t first; /* ids of its keys: first, ... first + n - 1 */
	uint32_t n;
};

/* These two describe what every profile, and every payload, begins with. */
#define MC_SCHEMA_TOP "TopLevel"
#define MC_SCHEMA_COMMON "CommonPayloadKeys"

/* All, sorted by type, the parts of one type beside each other. */
size_t mc_schema_len(const struct mc_schema *s);
struct mc_schema_payload mc_schema_at(const struct mc_schema *s, size_t i);
/* How many parts a type has, 0 for an unknown one; *at is the first one's. */
size_t mc_schema_find(const struct mc_schema *s, const char *type, size_t *at);

/* A key, or what the items of an array are; texts are lent. */
struct mc_schema_key {
	uint32_t id;
	const char *name;        /* NULL: any key; of an item: for people */
	enum mc_plist_type type; /* MC_PLIST_NONE: any */
	bool required;
	/* mc_schema_allowed(); 0: any value.  With a range: or one in it. */
	uint32_t allowed_n;
	bool has_min;
	bool has_max;
	double min; /* of a number */
	double max;
	const char *fallback; /* the default, as text; NULL: none */
	const char *pattern;  /* POSIX extended; NULL: none */
	const char *form;     /* "hostname", "url"; NULL: none */
	bool has_count;
	uint32_t count_min; /* of an array's items */
	uint32_t count_max; /* UINT32_MAX: endless */
	/*
	 * Some keys may be of another type too, as an override says: a bit for
	 * each enum mc_plist_type, type's among them; 0: type says it all.
	 */
	unsigned types;
	const struct mc_support *support; /* MC_OS_COUNT of them */
	uint32_t first; /* ids of a dict's keys, of an array's kinds of item */
	uint32_t n;
};

struct mc_schema_key mc_schema_key_at(const struct mc_schema *s, uint32_t id);
/* The i-th allowed value, as text, of a key. */
const char *mc_schema_allowed(
    const struct mc_schema *s, const struct mc_schema_key *k, uint32_t i);

/*
 * Among n keys from first on: the one of this name, or else the one that
 * stands for any; false where there is neither.
 */
bool mc_schema_key_find(const struct mc_schema *s, uint32_t first, uint32_t n,
    const char *name, struct mc_schema_key *out);

/* What one part of a type says of a key. */
struct mc_schema_said {
	struct mc_schema_payload part;
	struct mc_schema_key key;
};
/* More parts of one type than there are (com.apple.MCX has six). */
#define MC_SCHEMA_PARTS_MAX 16

/*
 * What is said of a top key of a payload of this type: by the parts that have
 * it by its name; where none does, among the keys of every payload; where it
 * is not there either, by the parts in which something stands for any key.
 * Returns how many there are.
 */
size_t mc_schema_payload_keys_find(const struct mc_schema *s, const char *type,
    const char *name, struct mc_schema_said out[static MC_SCHEMA_PARTS_MAX]);

/* The first of them. */
bool mc_schema_payload_key_find(const struct mc_schema *s, const char *type,
    const char *name, struct mc_schema_key *out);

/*
 * The type that a value at k must be of to be right: k's, or another that
 * k->types has.
 */
bool
mc_schema_type_fits(const struct mc_schema_key *k, enum mc_plist_type type);

#endif
