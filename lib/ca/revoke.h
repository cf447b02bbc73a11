/* SPDX-License-Identifier: ISC */
/*
 * Taking a certificate back.
 *
 * The record is what counts here: whoever asks the store (mcprofile-verify
 * does) is told, and the request that the certificate was issued for gets no
 * second answer.
 */
#ifndef MC_CA_REVOKE_H
#define MC_CA_REVOKE_H

#include "store/store.h"

/*
 * By serial number, hexadecimal in either case, as openssl prints it.
 * MC_DENIED where no valid certificate has it.
 */
MC_NODISCARD bool
mc_revoke(struct mc_store *s, const char *serial, struct mc_err *e);

#endif
