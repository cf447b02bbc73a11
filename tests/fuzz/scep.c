/* SPDX-License-Identifier: ISC */
/*
 * Everything a SCEP server reads from the network: the pkiMessage with a fixed
 * RA key, the envelope inside it (else hidden behind the signature), and GET's
 * spelling; and what a client reads from a server.
 */
#include "scep/scep.h"
#include "crypto/ber.h"
#include "help.h"

static X509 *ra;
static EVP_PKEY *ra_key;
static mc_certs *ra_certs;

static void
load(void)
{
	if (ra)
		return;
	ra_load(&ra, &ra_key);
	ra_certs = sk_X509_new_null();
	must(ra_certs && sk_X509_push(ra_certs, ra) > 0);
}

static void
opens(const struct mc_scep_request *r)
{
	struct mc_scep_refusal why;
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	struct mc_ber b;

	if (mc_scep_request_open(r, ra, ra_key, false, &content, &why, &e)) {
		mc_ber_init(&b, content.data, content.len);
		must(
		    mc_ber_check(&b, "content", &e) && content.data[0] == 0x30);
		return;
	}
	must(content.len == 0 && e.text[0]);
	must(why.fail == MC_SCEP_BADMESSAGECHECK && !why.text);
}

static void
server(const struct mc_buf *msg)
{
	AUTO_SCEP_REQUEST r = { 0 };
	AUTO_SCEP_REQUEST bare = { 0 };
	const struct mc_scep_accept accept = { .sha1 = true,
		.des3 = true,
		.insecure = true,
		.short_nonces = true };
	struct mc_scep_refusal why = { 42, NULL };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF reply = MC_BUF_INIT;
	struct mc_scep_answer a = {
		.status = MC_SCEP_FAILURE, .ra = ra, .ra_key = ra_key
	};

	if (mc_scep_request_parse(msg, &accept, &r, &why, &e)) {
		must(r.signer && r.transaction[0] && r.md);
		must(r.nonce_len == 0 || r.nonce_len == 8 ||
		    r.nonce_len == MC_SCEP_NONCE);
		opens(&r);
	} else {
		must(why.fail >= -1 && why.fail <= MC_SCEP_BADCERTID);
		a.why = why;
		/* whatever is refused by failInfo can be answered */
		must(why.fail < 0 || mc_scep_reply_encode(&r, &a, &reply, &e));
	}
	must(mc_buf_add(&bare.envelope, msg->data, msg->len, &e));
	opens(&bare);
}

static void
client(const struct mc_buf *msg)
{
	const struct mc_scep_ask ask = { .type = MC_SCEP_GETCERT,
		.transaction = "1",
		.nonce = (const uint8_t *)"0123456789abcdef",
		.signer = ra,
		.signer_key = ra_key,
		.recipients = ra_certs };
	AUTO_SCEP_REPLY reply = { .fail = -1 };
	AUTO(mc_certs) *certs = sk_X509_new_null();
	struct mc_scep_caps caps;
	struct mc_err e = MC_ERR_INIT;

	if (mc_scep_reply_parse(msg, &ask, &reply, &e))
		must(!reply.certs == (reply.status != MC_SCEP_SUCCESS));
	else
		must(!reply.certs && e.text[0]);
	must(certs);
	must(mc_cms_certs_parse(msg, certs, &e) || e.text[0]);
	mc_scep_caps_parse(msg, &caps);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	AUTO_BUF get = MC_BUF_INIT;

	load();
	must(mc_buf_add(&msg, data, size, &e));
	if (size == 0)
		return 0;
	server(&msg);
	client(&msg);
	if (mc_scep_message_parse((const char *)data, size, &get, &e))
		must(get.len < size);
	must(ERR_peek_error() == 0);
	return 0;
}
