/* SPDX-License-Identifier: ISC */
#include "crypto/ocsp.h"

#include <limits.h>

#include "base/time.h"
#include "crypto/key.h"
#include "crypto/ocsp_gate.h"

struct single {
	bool answered;
	struct mc_ocsp_single says;
};

struct mc_ocsp {
	OCSP_REQUEST *req;
	size_t n;
	struct single v[MC_OCSP_MAX];
};

void
mc_ocsp_free(mc_ocsp *o)
{
	OCSP_REQUEST_free(o->req);
	OPENSSL_free(o);
}

static bool
request_parse(const struct mc_buf *der, OCSP_REQUEST **out, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(OCSP_REQUEST) *req = NULL;

	if (!mc_ocsp_gate_check(der, e))
		return false;
	if (der->len <= LONG_MAX)
		req = d2i_OCSP_REQUEST(NULL, &p, (long)der->len);
	ERR_clear_error();
	if (!req || p != der->data + der->len)
		return mc_fail(e, MC_MALFORMED, "not an OCSP request");
	*out = take(&req);
	return true;
}

bool
mc_ocsp_parse(const struct mc_buf *der, mc_ocsp **out, struct mc_err *e)
{
	AUTO(mc_ocsp) *o = OPENSSL_zalloc(sizeof(*o));
	char serial[MC_SERIAL_TEXT];
	int n;

	if (!o)
		return mc_fail_memory(e);
	if (!request_parse(der, &o->req, e))
		return false;
	n = OCSP_request_onereq_count(o->req);
	if (n <= 0 || n > MC_OCSP_MAX)
		return mc_fail(e, MC_MALFORMED,
		    "an OCSP request for %d certificates; 1 to %d are answered",
		    n, MC_OCSP_MAX);
	o->n = (size_t)n;
	for (size_t i = 0; i < o->n; i++)
		if (!mc_ocsp_get(o, i, serial, e))
			return false;
	*out = take(&o);
	return true;
}

size_t
mc_ocsp_count(const mc_ocsp *o)
{
	return o->n;
}

static OCSP_CERTID *
id_of(const mc_ocsp *o, size_t i)
{
	return OCSP_onereq_get0_id(OCSP_request_onereq_get0(o->req, (int)i));
}

bool
mc_ocsp_get(const mc_ocsp *o, size_t i, char serial[static MC_SERIAL_TEXT],
    struct mc_err *e)
{
	ASN1_INTEGER *number = NULL;

	if (i >= o->n)
		return mc_fail(e, MC_INTERNAL, "no such OCSP request");
	OCSP_id_get0_info(NULL, NULL, NULL, &number, id_of(o, i));
	return mc_serial_encode(number, serial, e);
}

static const EVP_MD *
id_md(OCSP_CERTID *id)
{
	ASN1_OBJECT *oid = NULL;

	OCSP_id_get0_info(NULL, &oid, NULL, NULL, id);
	switch (OBJ_obj2nid(oid)) {
	case NID_sha1:
		return EVP_sha1();
	case NID_sha256:
		return EVP_sha256();
	case NID_sha384:
		return EVP_sha384();
	case NID_sha512:
		return EVP_sha512();
	default:
		return NULL;
	}
}

bool
mc_ocsp_issued_by(const mc_ocsp *o, size_t i, X509 *issuer)
{
	AUTO(OCSP_CERTID) *ours = NULL;
	ASN1_INTEGER *number = NULL;
	OCSP_CERTID *id;
	bool same;

	if (i >= o->n || !(id = id_of(o, i)) || !id_md(id))
		return false;
	OCSP_id_get0_info(NULL, NULL, NULL, &number, id);
	ours = OCSP_cert_id_new(id_md(id), X509_get_subject_name(issuer),
	    X509_get0_pubkey_bitstr(issuer), number);
	same = ours && OCSP_id_issuer_cmp(ours, id) == 0;
	ERR_clear_error();
	return same;
}

bool
mc_ocsp_answer(
    mc_ocsp *o, size_t i, const struct mc_ocsp_single *s, struct mc_err *e)
{
	if (i >= o->n)
		return mc_fail(e, MC_INTERNAL, "no such OCSP request");
	o->v[i].says = *s;
	o->v[i].answered = true;
	return true;
}

static int
status_of(const struct mc_ocsp_single *s)
{
	switch (s->status) {
	case MC_OCSP_GOOD:
		return V_OCSP_CERTSTATUS_GOOD;
	case MC_OCSP_REVOKED:
		return V_OCSP_CERTSTATUS_REVOKED;
	case MC_OCSP_UNKNOWN:
		break;
	}
	return V_OCSP_CERTSTATUS_UNKNOWN;
}

struct span {
	ASN1_TIME *from, *to;
};

static bool
single_add(OCSP_BASICRESP *to, OCSP_CERTID *id, const struct mc_ocsp_single *s,
    const struct span *span, struct mc_err *e)
{
	AUTO(ASN1_TIME) *when = NULL;
	int reason = s->reason ? (int)s->reason : OCSP_REVOKED_STATUS_NOSTATUS;

	if (s->status == MC_OCSP_REVOKED) {
		when = ASN1_TIME_set(NULL, (time_t)s->revoked_at);
		if (!when)
			return mc_fail_ossl(e, MC_INTERNAL, "revocation time");
	}
	if (!OCSP_basic_add1_status(
		to, id, status_of(s), reason, when, span->from, span->to))
		return mc_fail_ossl(e, MC_INTERNAL, "OCSP answer");
	return true;
}

static bool
singles_add(const mc_ocsp *o, OCSP_BASICRESP *to,
    const struct mc_ocsp_validity *valid, struct mc_err *e)
{
	AUTO(ASN1_TIME) *this = ASN1_TIME_set(NULL, (time_t)valid->this_update);
	AUTO(ASN1_TIME) *next = ASN1_TIME_set(NULL, (time_t)valid->next_update);
	struct span span = { this, next };

	if (!this || !next)
		return mc_fail_ossl(e, MC_INTERNAL, "times of an OCSP answer");
	for (size_t i = 0; i < o->n; i++) {
		if (!o->v[i].answered)
			return mc_fail(
			    e, MC_INTERNAL, "an OCSP request half answered");
		if (!single_add(to, id_of(o, i), &o->v[i].says, &span, e))
			return false;
	}
	return true;
}

/* By the clock that the rest goes by; libcrypto's own reads another one. */
static bool
produced_set(OCSP_BASICRESP *basic, struct mc_err *e)
{
	const ASN1_GENERALIZEDTIME *lent = OCSP_resp_get0_produced_at(basic);
	void *own;

	/* part of basic, which is ours: there is no setter */
	memcpy(&own, &lent, sizeof(own));
	return (own && ASN1_GENERALIZEDTIME_set(own, (time_t)mc_time_now())) ||
	    mc_fail_ossl(e, MC_INTERNAL, "producedAt");
}

static bool
sign(OCSP_BASICRESP *basic, X509 *responder, EVP_PKEY *key, struct mc_err *e)
{
	const EVP_MD *md = mc_sign_md(key);

	if (!md || !mc_key_equal(key, X509_get0_pubkey(responder)))
		return mc_fail(e, MC_USAGE,
		    "the key is not the OCSP responder's certificate's");
	if (OCSP_basic_sign(basic, responder, key, md, NULL, OCSP_NOTIME) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "signing an OCSP answer");
	return true;
}

static bool
encode(enum mc_ocsp_refusal why, OCSP_BASICRESP *basic, struct mc_buf *to,
    struct mc_err *e)
{
	AUTO(OCSP_RESPONSE) *rsp = OCSP_response_create((int)why, basic);
	unsigned char *der = NULL;

	return mc_der_take(&der, rsp ? i2d_OCSP_RESPONSE(rsp, &der) : 0,
	    "OCSP answer to DER", to, e);
}

/* What goes out is what a reader of the bytes sees, its signature checked. */
static bool
reread(const struct mc_buf *der, X509 *responder, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(OCSP_RESPONSE) *rsp = d2i_OCSP_RESPONSE(NULL, &p, (long)der->len);
	AUTO(OCSP_BASICRESP) *basic = rsp ? OCSP_response_get1_basic(rsp)
					  : NULL;
	AUTO(mc_certs_lent) *certs = sk_X509_new_null();

	if (!basic || !certs || sk_X509_push(certs, responder) <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "a new OCSP answer");
	/* the signature alone: the responder is our own */
	if (OCSP_basic_verify(basic, certs, NULL, OCSP_NOVERIFY) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "a new OCSP answer");
	return true;
}

bool
mc_ocsp_sign(mc_ocsp *o, X509 *responder, EVP_PKEY *key,
    const struct mc_ocsp_validity *valid, struct mc_buf *der, struct mc_err *e)
{
	AUTO(OCSP_BASICRESP) *basic = OCSP_BASICRESP_new();
	AUTO_BUF made = MC_BUF_INIT;

	if (!basic)
		return mc_fail_memory(e);
	if (!singles_add(o, basic, valid, e))
		return false;
	/* 2: there is none to copy */
	if (OCSP_copy_nonce(basic, o->req) <= 0)
		return mc_fail_ossl(e, MC_INTERNAL, "nonce");
	return produced_set(basic, e) && sign(basic, responder, key, e) &&
	    encode(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic, &made, e) &&
	    reread(&made, responder, e) &&
	    mc_buf_add(der, made.data, made.len, e);
}

bool
mc_ocsp_refuse(enum mc_ocsp_refusal why, struct mc_buf *der, struct mc_err *e)
{
	return encode(why, NULL, der, e);
}
