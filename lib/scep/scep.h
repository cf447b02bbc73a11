/* SPDX-License-Identifier: ISC */
/*
 * SCEP messages (RFC 8894): bytes to structs and back, both directions.
 *
 * This layer knows nothing of who may have a certificate.  Reading a message
 * is strict in what decides (one value, right type, right length) and
 * tolerant in encoding (BER, split strings).
 */
#ifndef MC_SCEP_H
#define MC_SCEP_H

#include "crypto/cms.h"
#include "crypto/envelope.h"

/* RFC 8894 section 3.2.1.2 */
enum mc_scep_type {
	MC_SCEP_CERTREP = 3,
	MC_SCEP_RENEWALREQ = 17,
	MC_SCEP_PKCSREQ = 19,
	MC_SCEP_CERTPOLL = 20,
	MC_SCEP_GETCERT = 21,
	MC_SCEP_GETCRL = 22,
};

/* Section 3.2.1.3 */
enum mc_scep_status {
	MC_SCEP_SUCCESS = 0,
	MC_SCEP_FAILURE = 2,
	MC_SCEP_PENDING = 3,
};

/* Section 3.2.1.4 */
enum mc_scep_fail {
	MC_SCEP_BADALG = 0,
	MC_SCEP_BADMESSAGECHECK = 1,
	MC_SCEP_BADREQUEST = 2,
	MC_SCEP_BADTIME = 3,
	MC_SCEP_BADCERTID = 4,
};

#define MC_SCEP_NONCE 16
#define MC_SCEP_TRANSACTION 128 /* characters of a transactionID at most */

/* What a server accepts of the outer form: its policy, all false the strictest.
 */
struct mc_scep_accept {
	bool sha1;
	bool des3;
	bool insecure;      /* single DES, MD5, several recipients */
	bool short_nonces;  /* 8 octets, or none at all */
	int64_t clock_skew; /* signingTime may be off by so much: badTime; 0: it
			       is not looked at */
	int64_t now;
};

struct mc_scep_request {
	enum mc_scep_type type;
	char transaction[MC_SCEP_TRANSACTION + 1];
	uint8_t nonce[MC_SCEP_NONCE];
	size_t nonce_len;      /* 16; 8 or 0 from old devices */
	X509 *signer;          /* the requester; the reply is encrypted to it */
	const char *md;        /* digest that it signed with, "SHA256" */
	enum mc_cipher cipher; /* of its envelope */
	enum mc_transport transport; /* of its content key */
	const char *oaep;            /* digest of OAEP, or NULL */
	unsigned rounds;             /* of PBKDF2, where it is by password */
	bool several;                /* recipients, which insecure tolerates */
	struct mc_buf envelope;
};

/*
 * Why a request is refused: what the CertRep says.  fail < 0 where no
 * CertRep can be made (an HTTP error).  The text in struct mc_err is for the
 * log; failInfoText goes out only where it helps no attacker.
 */
struct mc_scep_refusal {
	int fail;
	const char *text; /* constant; NULL: none */
};

void mc_scep_request_clear(struct mc_scep_request *r);
#define AUTO_SCEP_REQUEST                                                      \
	__attribute__((cleanup(mc_scep_request_clear))) struct mc_scep_request

/*
 * Server: parse a pkiMessage and check its signature.  As much of out as
 * could be read is filled even on failure, so that a CertRep can be made
 * where why->fail >= 0: transaction and signer are there then.
 *
 * type is one that a client may send.  The signer's key is RSA of 1024 bits or
 * more, or EC on P-256 or P-384, and the CA's policy may want more.
 */
MC_NODISCARD bool mc_scep_request_parse(const struct mc_buf *msg,
    const struct mc_scep_accept *accept, struct mc_scep_request *out,
    struct mc_scep_refusal *why, struct mc_err *e);

/*
 * Server: what a message says that it is, before its signature or anything
 * else of it was looked at; false where mc_scep_request_parse() would fail.
 */
bool mc_scep_type_peek(const struct mc_buf *msg, enum mc_scep_type *out);

/*
 * Server: open the envelope of a PKCSReq or a RenewalReq with the RA's key; the
 * inner bytes are a PKCS#10 that its own key has signed, and for a PKCSReq by a
 * self-signed requester that key is the one that signed the message.
 * Every failure that has to do
 * with the message is badMessageCheck without a text, and what hangs on the
 * content has one text in the log too.
 *
 * Anybody may put a captured envelope, with bytes of his own for the IV and
 * the ciphertext, into a message that he signs himself.  CBC lets him choose
 * some of what it decrypts to, so whatever an answer tells of the content
 * tells him, by and by, the challenge password: not only whether its padding
 * was good, but also whether it was a SEQUENCE, or a request, or had a key
 * that somebody likes.  So nothing is told before the content is proven to be
 * what its own key has signed, unchanged.
 *
 * renewal: the message is signed by a certificate of ours, so that the key in
 * the request may be another one.
 */
MC_NODISCARD bool mc_scep_request_open(const struct mc_scep_request *r,
    X509 *ra, EVP_PKEY *ra_key, bool renewal, struct mc_buf *content,
    struct mc_scep_refusal *why, struct mc_err *e);

/* The same where the envelope is for a password; false without a reason. */
bool mc_scep_request_open_password(const struct mc_scep_request *r,
    const struct mc_buf *password, bool renewal, struct mc_buf *content);

/*
 * Server: what GetCert and GetCRL ask for (section 3.3.4).  Nothing proves
 * that the sender made the content, so there is one failure for everything:
 * badCertId, which is also what has to be answered where nothing by that name
 * exists, in the same words.
 *
 * A CertPoll (section 3.3.3) is not opened at all: its transaction and its
 * signer's key say which request it is about, and the signature proves both.
 */
struct mc_scep_id {
	struct mc_buf issuer; /* DER of the Name */
	char serial[MC_SERIAL_TEXT];
};
void mc_scep_id_clear(struct mc_scep_id *id);
#define AUTO_SCEP_ID                                                           \
	__attribute__((cleanup(mc_scep_id_clear))) struct mc_scep_id
#define MC_SCEP_NO_CERT "no such certificate"
MC_NODISCARD bool mc_scep_request_open_id(const struct mc_scep_request *r,
    X509 *ra, EVP_PKEY *ra_key, struct mc_scep_id *id,
    struct mc_scep_refusal *why, struct mc_err *e);

/* Client: what to ask. */
struct mc_scep_ask {
	enum mc_scep_type type;
	const char *transaction;
	const uint8_t *nonce; /* MC_SCEP_NONCE octets */
	X509 *signer;
	EVP_PKEY *signer_key;
	const mc_certs *recipients; /* the RA */
	const mc_certs *ra; /* who may sign the reply; NULL: recipients */
	enum mc_cipher cipher;
	const char *md;
	const char *oaep;             /* digest; NULL: PKCS #1 v1.5 */
	const struct mc_buf *content; /* PKCS#10, or mc_scep_id_encode()'s */
	/*
	 * The challenge, for a key that cannot decrypt: the reply is enveloped
	 * with it, and the request too where seal_with_password.
	 */
	const struct mc_buf *password;
	bool seal_with_password;
};

/* Append IssuerAndSerialNumber of a certificate, for GetCert and GetCRL. */
MC_NODISCARD bool
mc_scep_id_encode(const X509 *cert, struct mc_buf *der, struct mc_err *e);
/* Append IssuerAndSubject, for CertPoll. */
MC_NODISCARD bool mc_scep_poll_encode(const X509_NAME *issuer,
    const X509_NAME *subject, struct mc_buf *der, struct mc_err *e);

MC_NODISCARD bool mc_scep_request_encode(
    const struct mc_scep_ask *ask, struct mc_buf *msg, struct mc_err *e);

/*
 * Server: what to answer.  certs or crl is for SUCCESS only, leaf first.
 * Cipher, digest and transport are the request's, but for OAEP with a digest
 * that the requester's own key, smaller than the RA's, has no room for: that
 * reply is by PKCS #1 v1.5.
 */
struct mc_scep_answer {
	enum mc_scep_status status;
	struct mc_scep_refusal why; /* for FAILURE */
	const mc_certs *certs;
	const struct mc_buf *crl;      /* DER; for GetCRL */
	const struct mc_buf *password; /* the challenge, where the requester's
					  key cannot decrypt */
	X509 *ra;
	EVP_PKEY *ra_key;
};

MC_NODISCARD bool mc_scep_reply_encode(const struct mc_scep_request *r,
    const struct mc_scep_answer *a, struct mc_buf *msg, struct mc_err *e);

/*
 * Client: a CertRep, checked to be signed by one of the RA's certificates and
 * to answer what was asked.  A refusal that was read is a success here.
 */
struct mc_scep_reply {
	enum mc_scep_status status;
	int fail;          /* enum mc_scep_fail, -1 if there is none */
	char text[256];    /* failInfoText, "" if there is none */
	mc_certs *certs;   /* SUCCESS: as in the message, the leaf first */
	struct mc_buf crl; /* SUCCESS of GetCRL: DER */
};

void mc_scep_reply_clear(struct mc_scep_reply *r);
#define AUTO_SCEP_REPLY                                                        \
	__attribute__((cleanup(mc_scep_reply_clear))) struct mc_scep_reply

MC_NODISCARD bool mc_scep_reply_parse(const struct mc_buf *msg,
    const struct mc_scep_ask *ask, struct mc_scep_reply *out, struct mc_err *e);

/*
 * GetCACaps (section 3.5.2): one word a line, which servers write in any case
 * and with any line end.  SCEPStandard implies aes, sha256 and post.
 */
struct mc_scep_caps {
	bool aes, sha256, sha512, post, renewal, next;
};
void mc_scep_caps_parse(const struct mc_buf *text, struct mc_scep_caps *out);
/*
 * What a server with this policy can do, for GetCACaps, appended: only what
 * works.
 */
struct mc_scep_offer {
	bool sha1, des3; /* RFC 8894 section 3.5.2's names for them */
	bool renewal;
	bool next; /* GetNextCACert would answer */
};
MC_NODISCARD bool mc_scep_caps_encode(
    const struct mc_scep_offer *offer, struct mc_buf *text, struct mc_err *e);

/* Content types (sections 3.5.1, 4.2.1, 4.3). */
#define MC_SCEP_HTTP_CAPS "text/plain"
#define MC_SCEP_HTTP_CERT "application/x-x509-ca-cert"
#define MC_SCEP_HTTP_CERTS "application/x-x509-ca-ra-cert"
#define MC_SCEP_HTTP_MESSAGE "application/x-pki-message"
#define MC_SCEP_HTTP_NEXT "application/x-x509-next-ca-cert"

/* "PKCSReq" and so on, as RFC 8894 spells them; NULL for others. */
const char *mc_scep_type_name(int type);

/* "badAlg" and so on, as RFC 8894 spells them; "no failInfo" for others. */
const char *mc_scep_fail_name(int fail);

/*
 * GetCACert's answer (section 4.2.1), appended: one certificate is DER,
 * several are a certs-only message.  *content_type is a constant.
 */
MC_NODISCARD bool mc_scep_certs_encode(const mc_certs *certs,
    struct mc_buf *body, const char **content_type, struct mc_err *e);

/*
 * The value of "message=" in a GET's query, no longer percent-escaped:
 * base64, appended decoded.  Tolerates what clients send: "+" that became a
 * blank, line ends, missing padding.
 */
MC_NODISCARD bool mc_scep_message_parse(
    const char *value, size_t len, struct mc_buf *msg, struct mc_err *e);

#endif
