/* SPDX-License-Identifier: ISC */
#include "verify/revoked.h"

#include "base/time.h"
#include "crypto/name.h"

/* CRLReason (RFC 5280 section 5.3.1), with a comma in front; "" for others. */
static const char *
reason(int64_t n)
{
	static const char *const words[] = { "", ", key compromise",
		", CA compromise", ", affiliation changed", ", superseded",
		", cessation of operation", ", certificate hold", "",
		", removed from CRL", ", privilege withdrawn",
		", AA compromise" };

	return n > 0 && n < (int64_t)(sizeof(words) / sizeof(*words)) ? words[n]
								      : "";
}

/* One certificate's status as an error; MC_OK where it is not revoked. */
static void
status_tell(
    const X509 *cert, const struct mc_revoked_facts *f, struct mc_err *why)
{
	char name[MC_NAME_TEXT];
	char when[MC_TIME_TEXT];

	mc_name_show(X509_get_subject_name(cert), name);
	switch (f->status) {
	case MC_REVOKED_YES:
		(void)mc_fail(why, MC_REVOKED, "\"%s\": revoked at %s%s, by %s",
		    name, mc_time_format(f->at, when), reason(f->reason),
		    f->source);
		break;
	case MC_REVOKED_STALE:
		(void)mc_fail(why, MC_OUTOFDATE,
		    "\"%s\": not known whether it is revoked: %s is of another "
		    "time",
		    name, f->source);
		break;
	case MC_REVOKED_UNKNOWN:
		(void)mc_fail(why, MC_UNTRUSTED,
		    "\"%s\": not known whether it is revoked: neither --crl "
		    "nor --ocsp has a statement of its issuer's",
		    name);
		break;
	case MC_REVOKED_NO:
		break;
	}
}

/*
 * An anchor is trusted whoever says nothing of it; but not one that is the
 * signer, and has an issuer who could.
 */
static bool
must_be_known(
    const struct mc_judge *j, const X509 *cert, bool signer, bool anchor)
{
	if (anchor)
		return signer &&
		    X509_NAME_cmp(X509_get_subject_name(cert),
			X509_get_issuer_name(cert)) != 0;
	return signer || j->args->crl_check_all;
}

/* It was issued by this one: by name, extensions and signature. */
static bool
issued(X509 *issuer, X509 *cert)
{
	bool holds = X509_check_issued(issuer, cert) == X509_V_OK &&
	    X509_verify(cert, X509_get0_pubkey(issuer)) == 1;

	ERR_clear_error();
	return holds;
}

/* Keep what is known of cert by those of certs that issued it. */
static void
issuers_ask(const struct mc_revocation *r, const mc_certs *certs, X509 *cert,
    int64_t at, struct mc_revoked_facts *f)
{
	for (int i = 0; i < sk_X509_num(certs); i++) {
		X509 *issuer = sk_X509_value(certs, i);
		struct mc_revoked_facts one;

		if (f->status == MC_REVOKED_YES || !issued(issuer, cert))
			continue;
		mc_revocation_find(r, cert, issuer, at, &one);
		if (one.status == MC_REVOKED_YES ||
		    f->status == MC_REVOKED_UNKNOWN)
			*f = one;
	}
}

void
mc_revoked_check(const struct mc_judge *j, const mc_certs *chain,
    const mc_certs *bag, int64_t at, struct mc_err *why,
    struct mc_revoked_facts *signer)
{
	const struct mc_revocation *r = j->legs.revocation;
	int n = sk_X509_num(chain);

	for (int i = 0; r && i < n; i++) {
		X509 *cert = sk_X509_value(chain, i);
		struct mc_revoked_facts f = { .reason = -1 };
		struct mc_err one = MC_ERR_INIT;
		bool anchor = i == n - 1;

		if (!anchor) {
			mc_revocation_find(
			    r, cert, sk_X509_value(chain, i + 1), at, &f);
		} else {
			issuers_ask(r, j->legs.files, cert, at, &f);
			issuers_ask(r, bag, cert, at, &f);
		}
		if (i == 0)
			*signer = f;
		status_tell(cert, &f, &one);
		if (one.code == MC_REVOKED) {
			*why = one;
			return;
		}
		if (why->code == MC_OK &&
		    must_be_known(j, cert, i == 0, anchor))
			*why = one;
	}
}
