/* SPDX-License-Identifier: ISC */
/*
 * Single DES and MD5, for clients that know nothing better, and only behind a
 * switch that calls itself insecure; and what files of keys were encrypted with
 * before (RC2, RC4), which are the user's own.
 *
 * They live in a library context of their own, with OpenSSL's legacy provider
 * in it, which is made when it is first asked for and freed at exit: the rest
 * of the process cannot fetch DES or MD5 from it.  Without that provider on
 * the machine, MC_INTERNAL with the name of the package.
 */
#ifndef MC_WEAK_H
#define MC_WEAK_H

#include "crypto/ossl.h"

/* The context; lent. */
MC_NODISCARD bool mc_weak_get(OSSL_LIB_CTX **out, struct mc_err *e);

#endif
