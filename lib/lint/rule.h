/* SPDX-License-Identifier: ISC */
/*
 * How a rule sees a profile, and tells what it found.  Only lib/lint includes
 * this.
 *
 * Numbers by file: codes_file.c 1000-1099 reading; codes_schema.c 1100-1199
 * what the schema says; codes_meaning.c 1200-1299 references, dates, secrets;
 * codes_certificate.c 1300-1399; codes_enrolment.c 1400-1499;
 * codes_update.c 1600-1699.
 */
#ifndef MC_LINT_RULE_H
#define MC_LINT_RULE_H

#include "lint/lint.h"
#include "profile/document.h"

/* Tables of codes, each ended by a number 0. */
extern const struct mc_lint_code mc_codes_file[];
extern const struct mc_lint_code mc_codes_schema[];
extern const struct mc_lint_code mc_codes_meaning[];
extern const struct mc_lint_code mc_codes_certificate[];
extern const struct mc_lint_code mc_codes_enrolment[];
extern const struct mc_lint_code mc_codes_update[];

struct mc_lint {
	const struct mc_lint_options *options;
	const struct mc_document *doc;
	const mc_plist *profile; /* doc's root; a dict, or no rule runs */
	struct mc_findings *findings;
};

/* What a finding is about, and what goes with its message. */
struct mc_about {
	unsigned code;
	const struct mc_path *path; /* NULL: the profile as a whole */
	const mc_plist
	    *node;   /* whose place is told; NULL: the path's owner's */
	bool at_key; /* the place of its key, not of the value */
	const char *expected;
	const char *suggestion;
	/* another severity than the code's: its value + 1; 0: the code's */
	unsigned severity;
};

/* One line, no full stop; text from outside by mc_path_quote(). */
MC_NODISCARD bool
mc_lint_tell(const struct mc_lint *l, const struct mc_about *about,
    struct mc_err *e, const char *fmt, ...) MC_PRINTF(4, 5);

/*
 * The same of a place in the file, where there is no tree yet, or no node.
 * path is its text, as a finding has it; NULL: the file.
 */
MC_NODISCARD bool
mc_lint_tell_place(struct mc_findings *f, unsigned code, struct mc_place at,
    const char *path, struct mc_err *e, const char *fmt, ...) MC_PRINTF(6, 7);

/* A rule looks at the whole profile; fails for want of memory only. */
typedef bool mc_rule(const struct mc_lint *l, struct mc_err *e);

mc_rule mc_rule_schema;       /* schema.c: keys, types, values, versions */
mc_rule mc_rule_profile;      /* profile.c: the top and what payloads share */
mc_rule mc_rule_references;   /* references.c: UUIDs that point somewhere */
mc_rule mc_rule_secrets;      /* secrets.c: plaintext secrets, placeholders */
mc_rule mc_rule_certificates; /* certificates.c */
mc_rule mc_rule_enrolment;    /* enrolment.c: what makes a device refuse */
mc_rule mc_rule_wifi;         /* wifi.c: networks that nothing joins, 802.1X */
mc_rule mc_rule_vpn;          /* vpn.c: settings of another kind of VPN */
mc_rule mc_rule_privacy;      /* privacy.c: what a profile cannot allow */
mc_rule mc_rule_blobs;        /* blobs.c: keys and pictures in data */

/*
 * Each payload of a Configuration profile, with its path's two steps: a walk
 * that most rules begin with.
 */
struct mc_payload_iter {
	const struct mc_lint *l;
	struct mc_path content;  /* PayloadContent */
	struct mc_path item;     /* PayloadContent[i] */
	const mc_plist *payload; /* a dict; others are left out */
	const char *type;        /* PayloadType; "" where there is none */
	size_t next;
};
void mc_payload_iter_init(struct mc_payload_iter *it, const struct mc_lint *l);
bool mc_payload_iter_next(struct mc_payload_iter *it);

#endif
