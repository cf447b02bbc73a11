/* SPDX-License-Identifier: ISC */
#include "gen/service.h"

#include "base/secret.h"
#include "base/uuid.h"
#include "crypto/pem.h"
#include "profile/profile_service.h"
#include "profile/scep_payload.h"
#include "profile/subject.h"

#define SHA1_LEN 20

const struct mc_opt mc_gen_service_opts[] = {
	MC_STR(struct mc_gen_service_args, url, 0, "url", "URL",
	    "where the device sends its attributes; https", true),
	MC_GEN_COMMON_OPTS(struct mc_gen_service_args),
	MC_STR(struct mc_gen_service_args, name, 0, "name", "TEXT",
	    "the same as --display-name", false),
	MC_STR(struct mc_gen_service_args, challenge, 0, "challenge", "SECRET",
	    "file:PATH, fd:N or env:NAME of what the device sends back", false),
	MC_LIST(struct mc_gen_service_args, attributes, 0, "attribute", "NAME",
	    "what to ask for; UDID, VERSION, PRODUCT and SERIAL if none is "
	    "given",
	    false),
	MC_OPT_END,
};

/* The first of each choice is what stands where none is given. */
const struct mc_opt mc_gen_scep_opts[] = {
	MC_STR(struct mc_gen_scep_args, url, 0, "url", "URL",
	    "of the SCEP server", true),
	MC_GEN_COMMON_OPTS(struct mc_gen_scep_args),
	MC_STR(struct mc_gen_scep_args, subject, 0, "subject", "NAME",
	    "of the certificate, like /O=ACME Inc./CN=${uuid}", true),
	MC_FLAG(struct mc_gen_scep_args, literal, 0, "literal-subject",
	    "replace no variables in the subject"),
	MC_STR(struct mc_gen_scep_args, challenge, 0, "challenge", "SECRET",
	    "file:PATH, fd:N or env:NAME of the CA's challenge", false),
	MC_STR(struct mc_gen_scep_args, name, 0, "name", "TEXT",
	    "of the CA, where the server has more than one", false),
	MC_CHOICE(struct mc_gen_scep_args, key_size, 0, "key-size",
	    "2048|1024|4096", "bits of the RSA key"),
	MC_CHOICE(struct mc_gen_scep_args, key_usage, 0, "key-usage", "5|1|4",
	    "1 to sign, 4 to encrypt, 5 for both"),
	MC_STR(struct mc_gen_scep_args, ca, 0, "ca-fingerprint", "FILE",
	    "the CA's certificate, whose SHA-1 the device checks", false),
	MC_GEN_VAR_OPTS(struct mc_gen_scep_args),
	MC_OPT_END,
};

static const unsigned key_sizes[] = { 2048, 1024, 4096 };
static const unsigned key_usages[] = { 5, 1, 4 };

/* source may be NULL: then to stays empty. */
static bool
load_challenge(const char *source, const struct mc_facts *facts,
    struct mc_buf *to, struct mc_err *e)
{
	return !source || mc_secret_load_text(source, facts, to, e) ||
	    mc_note(e, "--challenge");
}

bool
mc_gen_service(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_service_args *args = ctx;
	AUTO_BUF challenge = MC_BUF_INIT;
	AUTO(mc_plist) *profile = NULL;
	struct mc_profile_service p = {
		.common = mc_gen_payload(
		    &args->common, args->name ? args->name : "Profile Service"),
		.way = args->common.uuid ? MC_UUID_RANDOM : MC_UUID_NAMED,
		.url = args->url,
		.attributes = args->attributes.v,
		.n = args->attributes.n,
	};

	if (args->name && args->common.display_name)
		return mc_fail(e, MC_USAGE,
		    "--name, --display-name: are the same; want one of them");
	if (!load_challenge(args->challenge, io->facts, &challenge, e))
		return false;
	p.challenge = args->challenge ? mc_buf_str(&challenge) : NULL;
	return mc_profile_service_new(&p, &profile, e) &&
	    mc_gen_put(profile, io, e);
}

/*
 * Apple says no more than "the fingerprint of the CA's certificate"; its
 * tools for administrators take SHA-1 or MD5 and nothing newer.
 */
static bool
fingerprint(const char *file, uint8_t out[static SHA1_LEN], struct mc_err *e)
{
	AUTO(X509) *cert = NULL;
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (!mc_pem_cert_load(file, &cert, e))
		return mc_note(e, "--ca-fingerprint");
	if (X509_digest(cert, EVP_sha1(), md, &n) != 1 || n != SHA1_LEN)
		return mc_fail_ossl(e, MC_INTERNAL, "--ca-fingerprint");
	memcpy(out, md, SHA1_LEN);
	return true;
}

static bool
subject(const struct mc_gen_scep_args *args, const struct mc_facts *facts,
    mc_plist **out, struct mc_err *e)
{
	AUTO_VARS vars = { 0 };
	char fresh[MC_UUID_TEXT];

	if (!mc_gen_vars_load(&args->vars, facts, &vars, e))
		return false;
	mc_uuid_new(fresh);
	if (!mc_vars_get(&vars, "uuid") &&
	    !mc_vars_add(&vars, "uuid", fresh, e))
		return false;
	return mc_subject_parse(
		   args->subject, args->literal ? NULL : &vars, out, e) ||
	    mc_note(e, "--subject");
}

bool
mc_gen_scep(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct mc_gen_scep_args *args = ctx;
	AUTO_BUF challenge = MC_BUF_INIT;
	AUTO(mc_plist) *names = NULL;
	AUTO(mc_plist) *profile = NULL;
	uint8_t sha1[SHA1_LEN];
	struct mc_scep_payload p = {
		.common = mc_gen_payload(&args->common, "Device Identity"),
		.way = args->common.uuid ? MC_UUID_RANDOM : MC_UUID_NAMED,
		.url = args->url,
		.name = args->name,
		.key_size = key_sizes[args->key_size],
		.key_usage = key_usages[args->key_usage],
		.fingerprint = args->ca ? sha1 : NULL,
		.fingerprint_len = SHA1_LEN,
	};

	if (!subject(args, io->facts, &names, e) ||
	    !load_challenge(args->challenge, io->facts, &challenge, e) ||
	    (args->ca && !fingerprint(args->ca, sha1, e)))
		return false;
	p.challenge = args->challenge ? mc_buf_str(&challenge) : NULL;
	return mc_scep_payload_new(&p, take(&names), &profile, e) &&
	    mc_gen_put(profile, io, e);
}
