/* SPDX-License-Identifier: ISC */
/*
 * The gate in front of libcrypto's parser of OCSP requests: the structure of
 * RFC 6960 section 4.1.1, element by element, under our own limits.
 */
#ifndef MC_OCSP_GATE_H
#define MC_OCSP_GATE_H

#include "base/buf.h"

/*
 * MC_MALFORMED for anything but an OCSPRequest, every byte: 1 to MC_OCSP_MAX
 * certificates, serial numbers of 20 octets at most, hashes of 64; one nonce at
 * most, of 1 to MC_OCSP_NONCE_MAX octets; and no critical extension but that.
 */
MC_NODISCARD bool
mc_ocsp_gate_check(const struct mc_buf *der, struct mc_err *e);

#endif
