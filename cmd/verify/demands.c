/* SPDX-License-Identifier: ISC */
#include "verify/demands.h"

#include <stdlib.h>

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "plist/plist.h"

#define CERT_PREFIX "sha256:"
#define KEY_PREFIX "key-sha256:"

/* 64 digits in either case; colons, as openssl prints them, are passed over. */
static bool
fingerprint_parse(const char *s, char out[static MC_SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	for (; *s; s++) {
		const char *at = strchr(
		    digits, *s | ('A' <= *s && *s <= 'F' ? 0x20 : 0));

		if (*s == ':' && n > 0)
			continue;
		if (!at || n == MC_SHA256_HEX - 1)
			return false;
		out[n++] = *at;
	}
	out[n] = '\0';
	return n == MC_SHA256_HEX - 1;
}

static bool
signer_parse(const char *s, struct mc_demands *d, struct mc_err *e)
{
	bool key = strncmp(s, KEY_PREFIX, strlen(KEY_PREFIX)) == 0;
	size_t skip = strlen(key ? KEY_PREFIX : CERT_PREFIX);

	if ((!key && strncmp(s, CERT_PREFIX, skip) != 0) ||
	    !fingerprint_parse(s + skip, d->signers[d->n].sha256))
		return mc_fail(e, MC_USAGE,
		    "--signer-is: want " CERT_PREFIX "HEX, a certificate's "
		    "fingerprint of 64 digits, or " KEY_PREFIX "HEX, its "
		    "key's");
	d->signers[d->n++].key = key;
	return true;
}

bool
mc_demands_parse(
    const struct mc_verify_args *args, struct mc_demands *out, struct mc_err *e)
{
	/* as --min-digest numbers them; SHA-256 or not is a matter of trust */
	static const unsigned bits[] = { 0, 0, 384, 512 };

	*out = (struct mc_demands){
		.min_days = args->min_days,
		.identifier = args->identifier,
		.min_digest = bits[args->min_digest],
	};
	for (size_t i = 0; i < args->signer_is.n; i++)
		if (!signer_parse(args->signer_is.v[i], out, e))
			return false;
	return true;
}

bool
mc_demands_any(const struct mc_demands *d)
{
	return d->n || d->min_days || d->identifier || d->min_digest;
}

static bool
signer_check(
    const struct mc_demands *d, const struct mc_verdict *v, struct mc_err *e)
{
	X509 *signer = mc_signed_signer(v->message);
	char cert[MC_SHA256_HEX];
	char key[MC_SHA256_HEX];

	if (!mc_cert_sha256(signer, cert, e) ||
	    !mc_key_sha256(X509_get0_pubkey(signer), key, e))
		return false;
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->signers[i].sha256,
			d->signers[i].key ? key : cert) == 0)
			return true;
	return d->n == 0 ||
	    mc_fail(e, MC_MISMATCH,
		"the signer is another one, " CERT_PREFIX
		"%s, its key " KEY_PREFIX "%s",
		cert, key);
}

static bool
days_check(
    const struct mc_demands *d, const struct mc_verdict *v, struct mc_err *e)
{
	char name[MC_NAME_TEXT];
	char when[MC_TIME_TEXT];
	X509 *first;
	int64_t left;

	if (!d->min_days || !mc_verdict_first(v, &first, &left) ||
	    left >= (int64_t)d->min_days * MC_DAY)
		return true;
	return mc_fail(e, MC_MISMATCH,
	    "\"%s\": expires at %s, and --min-days is %u",
	    mc_name_show(X509_get_subject_name(first), name),
	    mc_time_format(v->at + left, when), d->min_days);
}

static bool
digest_check(
    const struct mc_demands *d, const struct mc_verdict *v, struct mc_err *e)
{
	const char *name = mc_signed_digest(v->message);

	/* "SHA1" is 1 bit, "SHA256" and so on are as many */
	if (strncmp(name, "SHA", 3) == 0 &&
	    strtoul(name + 3, NULL, 10) >= d->min_digest)
		return true;
	return d->min_digest == 0 ||
	    mc_fail(e, MC_MISMATCH, "signed over %s, and --min-digest is sha%u",
		name, d->min_digest);
}

static bool
identifier_check(
    const struct mc_demands *d, const struct mc_verdict *v, struct mc_err *e)
{
	AUTO(mc_plist) *profile = NULL;
	struct mc_err why = MC_ERR_INIT;
	const char *is;

	if (!d->identifier)
		return true;
	if (!mc_plist_read(&v->content, NULL, &profile, &why))
		return mc_fail(e, MC_MISMATCH,
		    "no PayloadIdentifier: the content is no property list");
	is = mc_plist_get_str(profile, "PayloadIdentifier");
	return (is && strcmp(is, d->identifier) == 0) ||
	    mc_fail(e, MC_MISMATCH,
		"PayloadIdentifier is %s, and --identifier is %s",
		is ? is : "missing", d->identifier);
}

bool
mc_demands_check(
    const struct mc_demands *d, struct mc_verdict *v, struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;

	v->demanding = mc_demands_any(d);
	if (!v->message || v->intact.code != MC_OK)
		return true;
	if (signer_check(d, v, &why) && days_check(d, v, &why) &&
	    digest_check(d, v, &why) && identifier_check(d, v, &why))
		return true;
	if (why.code != MC_MISMATCH) {
		*e = why;
		return false;
	}
	v->demands = why;
	return true;
}
