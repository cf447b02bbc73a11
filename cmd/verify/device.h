/* SPDX-License-Identifier: ISC */
/*
 * What a device's answer is: its phase by the anchor and by what it says, its
 * attributes, the kind of its factory certificate, how far its clock is off,
 * and what is wrong with it.  For verdicts whose device is set.
 *
 * What is wrong with the content makes a message neither altered nor untrusted;
 * it is no device's answer.  The challenge's value is never told: who has it
 * can enrol in the device's place.
 */
#ifndef MC_VERIFY_DEVICE_H
#define MC_VERIFY_DEVICE_H

#include "base/json.h"
#include "verify/verdict.h"

/*
 * It is what a device sends, in the phase that its signer is for; MC_MISMATCH
 * else, with the first thing that is wrong: a demand on reports, for what
 * --extract gives out is judged by who reads it.
 */
MC_NODISCARD bool mc_device_check(const struct mc_verdict *v, struct mc_err *e);

/*
 * Append lines for people, "NAME:" padded to the width of indent and a value,
 * as the report's own; lines that go on begin with indent.  Nothing of the
 * content where that is a stranger's, or altered.
 */
MC_NODISCARD bool mc_device_describe(const struct mc_verdict *v,
    const char *indent, struct mc_buf *to, struct mc_err *e);

/*
 * Set the members of the report's "device" object, what is not known as null:
 *
 *	phase         2, 3
 *	challenge     {"bytes": N}
 *	attributes    {NAME: text, true, false or number}; null for another type
 *	undocumented  names among them that Apple does not document
 *	factory       {"issuer", "anchor", "extension", "seen_in",
 *	              "not_before", "not_after", "expired": N certificates of
 *	              its chain}
 *	skew          seconds that the signing time is ahead of the clock
 *	wrong         [{"code", "key", "text"}]; codes as in verify/sent.h
 */
MC_NODISCARD bool
mc_device_json(const struct mc_verdict *v, json_t *to, struct mc_err *e);

#endif
