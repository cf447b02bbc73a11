/* SPDX-License-Identifier: ISC */
/*
 * subjectAltName (RFC 5280 section 4.2.1.6) as text, one line:
 *
 *	dns:host.example.com,email:alice@example.com,uri:https://x/,ip:10.0.0.1,
 *	upn:alice@example.com
 *
 * A comma or a backslash in a value has a backslash before it.  upn is
 * Microsoft's otherName 1.3.6.1.4.1.311.20.2.3.  In the order given; no name
 * twice; at most MC_NAMES_MAX.
 */
#ifndef MC_NAMES_H
#define MC_NAMES_H

#include "crypto/ossl.h"

#define MC_NAMES_MAX 16
#define MC_NAMES_TEXT 4096 /* bytes of such a line at most */

/*
 * MC_MALFORMED, naming the part, for what has another form: a DNS name that is
 * none (a leading "*." is one), an address that is none, anything but ASCII,
 * no name at all.
 */
MC_NODISCARD bool
mc_names_parse(const char *text, GENERAL_NAMES **out, struct mc_err *e);

/*
 * Append that text; a name that is there twice is in it once.  MC_MALFORMED
 * for names that it has no form for, nothing appended.
 */
MC_NODISCARD bool mc_names_encode(
    const GENERAL_NAMES *names, struct mc_buf *to, struct mc_err *e);

/*
 * The same names, in any order; NULL and "" are no names.  Hosts compare in
 * either case, addresses by their octets.
 */
bool mc_names_equal(const char *a, const char *b);

/*
 * Does every name of this text (NULL: none) match one of the patterns,
 * "dns:*.example.com email:*@example.com", with blanks between them?  A star
 * stands for any characters but ". @ : / ? #" and a star; dots before an
 * at-sign are allowed.  So "dns:*.example.com" is a host, and never the name
 * of a wildcard certificate, which only "dns:\*.example.com" is.
 *
 * MC_DENIED, with the first that does not; MC_MALFORMED, whatever the text,
 * for a pattern of no known kind.
 */
MC_NODISCARD bool
mc_names_match(const char *text, const char *patterns, struct mc_err *e);

#endif
