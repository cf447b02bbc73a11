/* SPDX-License-Identifier: ISC */
/*
 * Distinguished names: "/O=ACME Inc./CN=Alice" and X509_NAME.
 *
 * base/subject.h has the grammar: one RDN a slash, one type a RDN.  Types are
 * short names (CN, O, OU, C, ...) or dotted OIDs.
 */
#ifndef MC_NAME_H
#define MC_NAME_H

#include "crypto/ossl.h"

/* MC_MALFORMED, naming the part, for anything that is not such a name. */
MC_NODISCARD bool
mc_name_parse(const char *text, X509_NAME **out, struct mc_err *e);

/* Append the same form; control characters and NULs in a value are refused. */
MC_NODISCARD bool
mc_name_encode(const X509_NAME *name, struct mc_buf *to, struct mc_err *e);

/*
 * For people: the same form where it is ASCII and short; else "O=ACME Inc.,
 * CN=Alice", cut to fit, everything unusual escaped.  One line of ASCII.  Never
 * for a decision.  Returns text.
 */
#define MC_NAME_TEXT 256
const char *mc_name_show(const X509_NAME *name, char text[static MC_NAME_TEXT]);

/* An ASN.1 string as UTF-8, appended; NULs and control characters refused. */
MC_NODISCARD bool
mc_asn1_text(const ASN1_STRING *s, struct mc_buf *to, struct mc_err *e);

#endif
