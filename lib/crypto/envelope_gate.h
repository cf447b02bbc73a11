/* SPDX-License-Identifier: ISC */
/*
 * The structural gate: what an EnvelopedData says, read by our own bounded
 * reader before anything is done with a key.
 */
#ifndef MC_ENVELOPE_GATE_H
#define MC_ENVELOPE_GATE_H

#include "crypto/ber.h"
#include "crypto/envelope.h"
#include "crypto/pwri.h"
#include "crypto/unwrap.h"

/* By enum mc_cipher. */
#define MC_CIPHERS 5
extern const struct mc_cipher_info {
	const char *name; /* for EVP_CIPHER_fetch() */
	size_t key;       /* bytes */
	size_t block;
} mc_ciphers[MC_CIPHERS];
extern const struct mc_oid mc_cipher_oid[MC_CIPHERS];

extern const struct mc_oid mc_oid_enveloped; /* id-envelopedData */
extern const struct mc_oid mc_oid_pbkdf2;
extern const struct mc_oid mc_oid_pwri_kek;
extern const struct mc_oid mc_oid_hmac_sha256;

/* KeyTransRecipientInfo or PasswordRecipientInfo (RFC 5652 section 6.2). */
struct mc_recipient {
	enum mc_transport transport;
	const char *oaep;          /* or NULL */
	struct mc_ber_item issuer; /* key transport: of whom; lent */
	struct mc_ber_item serial;
	struct mc_pwri password; /* MC_TRANSPORT_PASSWORD */
	struct mc_buf key;       /* encrypted */
};
void mc_recipient_clear(struct mc_recipient *r);
#define AUTO_RECIPIENT                                                         \
	__attribute__((cleanup(mc_recipient_clear))) struct mc_recipient

/* The next of the recipients. */
MC_NODISCARD bool
mc_gate_recipient(struct mc_ber *set, struct mc_recipient *r, struct mc_err *e);

struct mc_envelope {
	struct mc_envelope_facts facts;
	struct mc_ber recipients; /* lent; one at least, all of them readable */
	uint8_t iv[MC_UNWRAP_BLOCK];
	struct mc_buf content; /* encrypted: whole blocks, one at least */
};
void mc_envelope_clear(struct mc_envelope *v);
#define AUTO_ENVELOPE                                                          \
	__attribute__((cleanup(mc_envelope_clear))) struct mc_envelope

/* See mc_envelope_parse() for the errors. */
MC_NODISCARD bool mc_gate_envelope(
    const struct mc_buf *msg, struct mc_envelope *v, struct mc_err *e);

#endif
