/* SPDX-License-Identifier: ISC */
/* Whom a profile is encrypted to. */
#ifndef MC_ENCRYPT_RECIPIENTS_H
#define MC_ENCRYPT_RECIPIENTS_H

#include "base/fact.h"
#include "crypto/ossl.h"
#include "encrypt/args.h"

/* In one profile; each costs it some 400 bytes. */
#define MC_RECIPIENTS_MAX 1000

/*
 * Load those that the options name, each once.  A recipient's key is RSA of
 * 1024 bits at least, its keyUsage allows keyEncipherment, and it is in date
 * unless --allow-expired says that it need not be; the factory certificate of
 * a verified answer is judged as mcprofile-verify does, without its dates.
 * Messages name the option and the file.
 */
MC_NODISCARD bool mc_recipients_load(const struct mc_encrypt_args *args,
    const struct mc_facts *facts, mc_certs *to, struct mc_err *e);

#endif
