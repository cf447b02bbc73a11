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

struct mc_scep_request {
	enum mc_scep_type type;
	char transaction[MC_SCEP_TRANSACTION + 1];
	uint8_t nonce[MC_SCEP_NONCE];
	size_t nonce_len;      /* 16; 8 or 0 from old devices */
	X509 *signer;          /* the requester; the reply is encrypted to it */
	const char *md;        /* digest that it signed with, "SHA256" */
	enum mc_cipher cipher; /* of its envelope */
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
 * type is one that a client may send; whoever asks decides, before opening,
 * whether it is one that it answers.  SHA-1 and triple DES are read, since old
 * devices have nothing better, and answered in kind; a requester's key is RSA
 * of 1024 bits or more here, and the CA's policy may want more.
 */
MC_NODISCARD bool mc_scep_request_parse(const struct mc_buf *msg,
    struct mc_scep_request *out, struct mc_scep_refusal *why, struct mc_err *e);

/*
 * Server: open the envelope of a PKCSReq with the RA's key; the inner bytes,
 * a PKCS#10 for the signer's key, signed by it.  Every failure that has to do
 * with the message is badMessageCheck without a text, and what hangs on the
 * content has one text in the log too.
 *
 * Anybody may put a captured envelope, with bytes of his own for the IV and
 * the ciphertext, into a message that he signs himself.  CBC lets him choose
 * some of what it decrypts to, so whatever an answer tells of the content
 * tells him, by and by, the challenge password: not only whether its padding
 * was good, but also whether it was a SEQUENCE, or a request, or had a key
 * that somebody likes.  So nothing is told before the content is proven to be
 * the sender's own, and no content is given out of here before that.  A type
 * without such a proof (CertPoll, GetCert, GetCRL; RenewalReq, whose key is
 * another than the signer's) is not opened.  Who wants to answer one has to
 * answer alike for every content, in failInfo, text and length.
 */
MC_NODISCARD bool mc_scep_request_open(const struct mc_scep_request *r,
    X509 *ra, EVP_PKEY *ra_key, struct mc_buf *content,
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
	const struct mc_buf *content; /* PKCS#10 */
};

MC_NODISCARD bool mc_scep_request_encode(
    const struct mc_scep_ask *ask, struct mc_buf *msg, struct mc_err *e);

/* Server: what to answer.  certs is for SUCCESS only, leaf first. */
struct mc_scep_answer {
	enum mc_scep_status status;
	struct mc_scep_refusal why; /* for FAILURE */
	const mc_certs *certs;
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
	int fail;        /* enum mc_scep_fail, -1 if there is none */
	char text[256];  /* failInfoText, "" if there is none */
	mc_certs *certs; /* SUCCESS: as in the message, the leaf first */
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
	bool aes, sha256, sha512, post;
};
void mc_scep_caps_parse(const struct mc_buf *text, struct mc_scep_caps *out);
/* What this server can do, for GetCACaps. */
const char *mc_scep_caps_text(void);

/* Content types (sections 3.5.1, 4.2.1, 4.3). */
#define MC_SCEP_HTTP_CAPS "text/plain"
#define MC_SCEP_HTTP_CERT "application/x-x509-ca-cert"
#define MC_SCEP_HTTP_CERTS "application/x-x509-ca-ra-cert"
#define MC_SCEP_HTTP_MESSAGE "application/x-pki-message"

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
