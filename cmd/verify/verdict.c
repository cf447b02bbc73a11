/* SPDX-License-Identifier: ISC */
#include "verify/verdict.h"

#include "crypto/cert.h"

/* Of one verdict. */
#define ANSWERS 6

void
mc_verdict_clear(struct mc_verdict *v)
{
	if (v->message)
		mc_signed_free(v->message);
	mc_certs_free(v->chain);
	mc_buf_clear(&v->content);
}

bool
mc_verdict_check(const struct mc_verdict *v, struct mc_err *e)
{
	/* whoever is told one thing is told the gravest */
	static const enum mc_code order[] = { MC_MALFORMED, MC_UNSIGNED,
		MC_ALTERED, MC_UNTRUSTED, MC_REVOKED, MC_OUTOFDATE, MC_DENIED,
		MC_MISMATCH };
	const struct mc_err *const all[ANSWERS] = { &v->form, &v->intact,
		&v->trust, &v->revoked, &v->dates, &v->demands };

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		for (size_t j = 0; j < ANSWERS; j++)
			if (all[j]->code == order[i]) {
				*e = *all[j];
				return false;
			}
	*e = v->form;
	return v->form.code == MC_OK;
}

bool
mc_verdict_first(const struct mc_verdict *v, X509 **first, int64_t *left)
{
	struct mc_err none = MC_ERR_INIT;
	int n = v->chain ? sk_X509_num(v->chain) : 1;
	int64_t from, to;
	bool any = false;

	for (int i = 0; v->message && i < n; i++) {
		X509 *cert = v->chain ? sk_X509_value(v->chain, i)
				      : mc_signed_signer(v->message);

		if (!mc_cert_validity(cert, &from, &to, &none) ||
		    (any && to - v->at >= *left))
			continue;
		*first = cert;
		*left = to - v->at;
		any = true;
	}
	return any;
}
