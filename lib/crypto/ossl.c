/* SPDX-License-Identifier: ISC */
#include "crypto/ossl.h"

#include <limits.h>
#include <time.h>

bool
mc_fail_ossl(struct mc_err *e, enum mc_code code, const char *what)
{
	const char *data = NULL;
	int flags = 0;
	/* the oldest entry is the cause; later ones say who passed it on */
	unsigned long first = ERR_get_error_all(
	    NULL, NULL, NULL, &data, &flags);
	const char *why = first ? ERR_reason_error_string(first) : NULL;
	bool more = data && *data && (flags & ERR_TXT_STRING);

	/* format before clearing: data points into the queue */
	mc_fail(e, code, "%s: %s%s%s", what, why ? why : "failed",
	    more ? ": " : "", more ? data : "");
	ERR_clear_error();
	return false;
}

bool
mc_certs_add(mc_certs *to, X509 *cert, struct mc_err *e)
{
	if (sk_X509_push(to, cert) <= 0)
		return mc_fail_memory(e);
	X509_up_ref(cert);
	return true;
}

BIO *
mc_bio_view(const struct mc_buf *b)
{
	if (b->len > INT_MAX)
		return NULL;
	return BIO_new_mem_buf(
	    b->data ? b->data : (const void *)"", (int)b->len);
}

bool
mc_bio_drain(BIO *mem, struct mc_buf *to, struct mc_err *e)
{
	char *p = NULL;
	long n = BIO_get_mem_data(mem, &p);

	if (n < 0)
		return mc_fail(e, MC_INTERNAL, "memory BIO");
	return mc_buf_add(to, p, (size_t)n, e);
}

bool
mc_der_take(unsigned char **der, int n, const char *what, struct mc_buf *to,
    struct mc_err *e)
{
	bool done;

	if (n <= 0 || !*der)
		return mc_fail_ossl(e, MC_INTERNAL, what);
	done = mc_buf_add(to, *der, (size_t)n, e);
	OPENSSL_clear_free(*der, (size_t)n);
	*der = NULL;
	return done;
}

bool
mc_asn1_time_get(const ASN1_TIME *t, int64_t *out)
{
	struct tm tm;

	/* libcrypto takes none for now */
	if (!t || ASN1_TIME_to_tm(t, &tm) != 1) {
		ERR_clear_error();
		return false;
	}
	*out = timegm(&tm);
	return true;
}
