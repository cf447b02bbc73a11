/* SPDX-License-Identifier: ISC */
/*
 * The rules of rule.h in parts, a question each, and what they share.  Only
 * lib/lint includes this.
 */
#ifndef MC_LINT_PARTS_H
#define MC_LINT_PARTS_H

#include "lint/payloads.h"
#include "lint/rule.h"

/* mc_lint_tell(l, MC_ABOUT(.code = 1200, .path = &p, .node = n), e, ...) */
#define MC_ABOUT(...) (&(const struct mc_about){ __VA_ARGS__ })
/* For struct mc_about's severity. */
#define MC_AS(s) ((unsigned)(s) + 1U)

/* of mc_rule_profile */
mc_rule mc_part_identifiers; /* UUIDs, identifiers */
mc_rule mc_part_lifetime;    /* dates, who removes it */
mc_rule mc_part_fit;         /* which devices it is for */

/* of mc_rule_enrolment */
mc_rule mc_part_service; /* Profile Service */
mc_rule mc_part_scep;    /* each com.apple.security.scep */
mc_rule mc_part_acme;    /* each com.apple.security.acme */
mc_rule mc_part_mdm;     /* com.apple.mdm */

/* The PKCS #12 payloads, of mc_rule_certificates. */
mc_rule mc_part_pkcs12;

/*
 * Is this for Macs only?  By the targets, or where there are none by the
 * payloads: one of them is of a type that the schema has on macOS alone.
 */
bool mc_lint_is_macs(const struct mc_lint *l, const struct mc_payloads *p);

/* Is this one of the targets?  True where none are given and unsaid is. */
bool mc_lint_is_target(const struct mc_lint *l, enum mc_os os, bool unsaid);

/* Does some part of the schema know this type on this OS?  *known: at all. */
bool mc_lint_is_on(
    const struct mc_lint *l, const char *type, enum mc_os os, bool *known);

/* s begins with "https://", in either case. */
bool mc_lint_is_https(const char *s);

/* Does a payload of this type hold, or get, a certificate with its key? */
bool mc_lint_is_identity(const char *type);
/* ... a certificate alone? */
bool mc_lint_is_certificate(const char *type);

/* "in 12 days", "3 years ago": from now to t, into text. */
#define MC_SPAN_TEXT 40
const char *
mc_lint_span(int64_t t, int64_t now, char text[static MC_SPAN_TEXT]);

#endif
