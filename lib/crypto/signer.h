/* SPDX-License-Identifier: ISC */
/* A verified message's signer as facts for later stages. */
#ifndef MC_SIGNER_H
#define MC_SIGNER_H

#include "base/fact.h"
#include "crypto/cms.h"

/*
 * Set SIGNER_CERT (base64 of the DER, one line), SIGNER_SHA256, SIGNER_SERIAL,
 * SIGNER_SUBJECT ("/O=../CN=.."; not set where the name has no such form) and
 * SIGNED_AT (where the message says so).
 */
MC_NODISCARD bool mc_signer_facts_set(
    const struct mc_signed *s, struct mc_facts *facts, struct mc_err *e);

#endif
