/* SPDX-License-Identifier: ISC */
/*
 * CMS EnvelopedData (RFC 5652 section 6) to RSA keys and to passwords.
 *
 * Opening never asks libcrypto whether the padding was good: OpenSSL 3.0 has
 * no implicit rejection, so CMS_decrypt()'s outcome is an oracle.  A wrong key
 * or bad padding yields a pseudo-random content key, the same one each time,
 * and all failures after the structure was read are one failure.
 */
#ifndef MC_ENVELOPE_H
#define MC_ENVELOPE_H

#include "crypto/ossl.h"

/* The one text of all failures that depend on a secret. */
#define MC_ENVELOPE_UNREADABLE "it cannot be decrypted"

enum mc_cipher {
	MC_AES256_CBC,
	MC_AES192_CBC,
	MC_AES128_CBC,
	MC_DES3_CBC,
	MC_DES_CBC, /* only where insecure: MC_OPEN_WEAK, crypto/weak.h */
};

/* How the content key gets to a recipient. */
enum mc_transport {
	MC_TRANSPORT_PKCS1, /* RSAES-PKCS1-v1_5 */
	MC_TRANSPORT_OAEP,  /* RSAES-OAEP (RFC 3560), MGF1 of the same digest */
	MC_TRANSPORT_PASSWORD, /* PasswordRecipientInfo (RFC 5652 section 6.2.4,
				  RFC 3211), PBKDF2 */
};

/* PBKDF2 as we make it, and the most that is done for a stranger. */
#define MC_PBKDF2_ITERATIONS 10000
#define MC_PBKDF2_MAX 100000
/*
 * What is spent on one message whose password has to be searched for: rounds
 * times passwords, about 0.2 s.
 */
#define MC_PBKDF2_SEARCH 200000

/* MC_USAGE for a key that is not RSA, or a key usage without keyEncipherment.
 */
MC_NODISCARD bool mc_envelope_recipient_check(X509 *cert, struct mc_err *e);

/*
 * Append the DER of content enveloped to each of certs: definite lengths,
 * encryptedContent primitive.  Only that the keys are RSA is looked at here
 * (MC_USAGE): a SCEP client's temporary certificate may have any key usage,
 * and its reply has to be encrypted to it.
 */
MC_NODISCARD bool
mc_envelope_seal(const struct mc_buf *content, const mc_certs *certs,
    enum mc_cipher cipher, struct mc_buf *der, struct mc_err *e);

/*
 * The same with more to choose: one of certs and password is NULL.  oaep is
 * the digest of RSAES-OAEP ("SHA256"); NULL: PKCS #1 v1.5.  A password's key
 * wraps by the same cipher; with single DES that is MC_USAGE, as is a
 * password of no bytes.
 */
struct mc_seal_spec {
	enum mc_cipher cipher;
	const mc_certs *certs;
	const char *oaep;
	const struct mc_buf *password;
};
MC_NODISCARD bool mc_envelope_seal_spec(const struct mc_buf *content,
    const struct mc_seal_spec *spec, struct mc_buf *der, struct mc_err *e);

/*
 * Has this RSA key room for a content key of this cipher by OAEP with this
 * digest (RFC 8017 section 7.1.1)?
 */
bool mc_envelope_oaep_fits(
    const EVP_PKEY *key, const char *oaep, enum mc_cipher cipher);

/* What can be read of an envelope without a key. */
struct mc_envelope_facts {
	enum mc_cipher cipher;
	size_t recipients;
	enum mc_transport transport; /* of the first recipient */
	const char *oaep;            /* digest of OAEP, a constant; or NULL */
	unsigned iterations;         /* of PBKDF2 */
};

/*
 * The structure alone: BER or DER, every byte used.  MC_MALFORMED, or
 * MC_DENIED for an algorithm that is not in enum mc_cipher or not as enum
 * mc_transport has it: OAEP with a label, with two digests; PBKDF2 with more
 * than MC_PBKDF2_MAX iterations; a key under 3DES for content under AES.
 *
 * MC_DES_CBC is a cipher that can be read here: a policy has to look at it.
 */
MC_NODISCARD bool mc_envelope_parse(
    const struct mc_buf *msg, struct mc_envelope_facts *out, struct mc_err *e);

/*
 * Is this certificate, by issuer and serial number, the one recipient (or one
 * of them, where any)?  No key is needed.  False for what cannot be read.
 */
bool mc_envelope_is_for(const struct mc_buf *msg, const X509 *cert, bool any);

/*
 * Append the content of an envelope whose one recipient is a password; never
 * of one under single DES.  Whatever comes of a wrong password is MC_DENIED
 * with the same one text; what mc_envelope_parse() refuses has its own.
 */
MC_NODISCARD bool mc_envelope_open_password(const struct mc_buf *msg,
    const struct mc_buf *password, struct mc_buf *content, struct mc_err *e);

/* What mc_envelope_open() is to allow; true is MC_OPEN_ANY. */
enum {
	MC_OPEN_ANY = 1,  /* several recipients, ours among them */
	MC_OPEN_WEAK = 2, /* MC_DES_CBC, by crypto/weak.h */
};

/*
 * Append the content.  Exactly one recipient, by issuer and serial, ours;
 * where MC_OPEN_ANY, ours among several (a file for several devices, or what
 * a client encrypts to every CA certificate that it was given).
 *
 * What needs no key to see has its own text: MC_MALFORMED for the structure,
 * MC_DENIED for another cipher or recipient, MC_USAGE for a key that is not
 * cert's.  Whatever comes of the key is MC_DENIED with one text; about once in
 * 256 times it is not seen here at all, and content is random bytes: only what
 * is inside can tell (a signature, a well-formed document).
 */
MC_NODISCARD bool mc_envelope_open(const struct mc_buf *msg, X509 *cert,
    EVP_PKEY *key, unsigned allow, struct mc_buf *content, struct mc_err *e);

#endif
