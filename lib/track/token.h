/* SPDX-License-Identifier: ISC */
/*
 * One-time tokens: 128 random bits, of which only a hash is ever stored.
 *
 * Whoever reads the store cannot use what is in it, and finding one by its
 * hash takes a time that tells nothing about the token.
 */
#ifndef MC_TOKEN_H
#define MC_TOKEN_H

#include "crypto/digest.h"

#define MC_TOKEN_TEXT 33 /* lower-case hexadecimal, NUL */

MC_NODISCARD bool
mc_token_new(char out[static MC_TOKEN_TEXT], struct mc_err *e);

/* The hash of any text: what is no token is found nowhere. */
MC_NODISCARD bool mc_token_hash(
    const char *token, char out[static MC_SHA256_HEX], struct mc_err *e);

#endif
