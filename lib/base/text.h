/* SPDX-License-Identifier: ISC */
/*
 * Text that others wrote: what of it may be kept, logged and shown.
 *
 * A control character is one of C0 (tabs and line ends too), DEL, or one of
 * C1, U+0080 to U+009F, which terminals obey as well.  UTF-8 is RFC 3629's:
 * nothing overlong, no surrogate, nothing past U+10FFFF.
 */
#ifndef MC_TEXT_H
#define MC_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * UTF-8 without control characters.  Otherwise *why completes the sentence:
 * "holds a control character" or "is not UTF-8".
 */
bool mc_text_check(const char *s, size_t n, const char **why);

/*
 * For data, such as JSON and facts: replace each control character, and each
 * byte that is no UTF-8, by "?"; as many as it had bytes.
 */
void mc_text_clean(char *s);

/*
 * For people: the same, and what is not seen, or turns around what stands
 * beside it (U+200B to U+200F, U+2028 to U+202E, U+2060 to U+2069, U+FEFF), so
 * that a name cannot pass for another one.  One "?" each: it may get shorter.
 */
void mc_text_show(char *s);

/* How many columns n bytes of UTF-8 take, each character being one wide. */
size_t mc_text_width(const char *s, size_t n);

#endif
