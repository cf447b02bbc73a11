/* SPDX-License-Identifier: ISC */
/*
 * A device-CA folder's "pins": which certificates are anchors.
 *
 *	# comment
 *	b0b1730e...f024  Apple Root CA
 *	extension 1.2.840.113635.100.6.10
 *
 * A line is a SHA-256 fingerprint (64 hexadecimal digits, colons allowed) and
 * words for people, or the word "extension" and an OID.  Where there is such a
 * line, a device's certificate must have an extension of that OID or one under
 * it: a maker's root also issues to people who are not devices.
 */
#ifndef MC_PINS_H
#define MC_PINS_H

#include "crypto/digest.h"

#define MC_PINS_MAX 64
#define MC_PINS_EXTENSIONS_MAX 8

struct mc_pins {
	uint8_t sha256[MC_PINS_MAX][MC_SHA256_LEN];
	size_t n;
	/* content octets of an OID */
	struct {
		uint8_t b[32];
		size_t len;
	} extension[MC_PINS_EXTENSIONS_MAX];
	size_t extensions;
};

/* Add a file's lines.  MC_MALFORMED, "PATH:LINE: ...". */
MC_NODISCARD bool
mc_pins_load(struct mc_pins *p, const char *path, struct mc_err *e);

/* Is this certificate pinned? */
MC_NODISCARD bool mc_pins_find(
    const struct mc_pins *p, const X509 *cert, bool *pinned, struct mc_err *e);

/* The certificate has one of the extensions, where any is asked for. */
bool mc_pins_extension_check(const struct mc_pins *p, const X509 *cert);

#endif
