/* SPDX-License-Identifier: ISC */
/* mcprofile-gen(1): facts and templates in, a profile out. */
#include "base/fd.h"
#include "base/secret.h"
#include "base/uuid.h"
#include "crypto/pem.h"
#include "profile/profile_service.h"
#include "profile/renew.h"
#include "profile/scep_payload.h"
#include "profile/subject.h"
#include "profile/template.h"
#include "stages.h"

#define SHA1_LEN 20

struct gen_args {
	const char *url;
	const char *identifier;
	const char *organization;
	const char *display_name;
	const char *description;
	const char *challenge;
	struct mc_list attributes;
	const char *subject;
	bool literal;
	const char *name;
	unsigned key_size;
	unsigned key_usage;
	const char *ca;
	const char *template;
	unsigned uuid;
	struct mc_list vars;
	struct mc_list secrets;
};

#define COMMON_OPTS                                                            \
	MC_STR(struct gen_args, identifier, 0, "identifier", "NAME",           \
	    "PayloadIdentifier, like com.acme.enroll", true),                  \
	    MC_STR(struct gen_args, organization, 0, "organization", "TEXT",   \
		"PayloadOrganization, shown to the user", false),              \
	    MC_STR(struct gen_args, display_name, 0, "display-name", "TEXT",   \
		"PayloadDisplayName, shown to the user", false),               \
	    MC_STR(struct gen_args, description, 0, "description", "TEXT",     \
		"PayloadDescription, shown to the user", false)

#define VAR_OPTS                                                               \
	MC_LIST(struct gen_args, vars, 0, "var", "NAME=VALUE",                 \
	    "value of the variable ${NAME}", false),                           \
	    MC_LIST(struct gen_args, secrets, 0, "secret-var", "NAME=SECRET",  \
		"as --var, from file:PATH, fd:N or env:NAME", false)

static const struct mc_opt profile_service_opts[] = {
	MC_STR(struct gen_args, url, 0, "url", "URL",
	    "where the device sends its attributes; https", true),
	COMMON_OPTS,
	MC_STR(struct gen_args, challenge, 0, "challenge", "SECRET",
	    "file:PATH, fd:N or env:NAME of what the device sends back", false),
	MC_LIST(struct gen_args, attributes, 0, "attribute", "NAME",
	    "what to ask for; UDID, VERSION, PRODUCT and SERIAL if none is "
	    "given",
	    false),
	MC_OPT_END,
};

/* The first of each choice is what stands where none is given. */
static const struct mc_opt scep_opts[] = {
	MC_STR(
	    struct gen_args, url, 0, "url", "URL", "of the SCEP server", true),
	COMMON_OPTS,
	MC_STR(struct gen_args, subject, 0, "subject", "NAME",
	    "of the certificate, like /O=ACME Inc./CN=${uuid}", true),
	MC_FLAG(struct gen_args, literal, 0, "literal-subject",
	    "replace no variables in the subject"),
	MC_STR(struct gen_args, challenge, 0, "challenge", "SECRET",
	    "file:PATH, fd:N or env:NAME of the CA's challenge", false),
	MC_STR(struct gen_args, name, 0, "name", "TEXT",
	    "of the CA, where the server has more than one", false),
	MC_CHOICE(struct gen_args, key_size, 0, "key-size", "2048|1024|4096",
	    "bits of the RSA key"),
	MC_CHOICE(struct gen_args, key_usage, 0, "key-usage", "5|1|4",
	    "1 to sign, 4 to encrypt, 5 for both"),
	MC_STR(struct gen_args, ca, 0, "ca-fingerprint", "FILE",
	    "the CA's certificate, whose SHA-1 the device checks", false),
	VAR_OPTS,
	MC_OPT_END,
};

static const unsigned key_sizes[] = { 2048, 1024, 4096 };
static const unsigned key_usages[] = { 5, 1, 4 };

enum { UUID_FRESH, UUID_KEEP };

static const struct mc_opt template_opts[] = {
	MC_WORD(struct gen_args, template, "template", "TEMPLATE",
	    "the profile with ${variables}", true),
	VAR_OPTS,
	MC_CHOICE(struct gen_args, uuid, 0, "uuid", "fresh|keep",
	    "what becomes of PayloadUUIDs"),
	MC_OPT_END,
};

static bool
load_vars(const struct gen_args *args, const struct mc_facts *facts,
    struct mc_vars *vars, struct mc_err *e)
{
	vars->facts = facts;
	for (size_t i = 0; i < args->vars.n; i++)
		if (!mc_vars_add_pair(vars, args->vars.v[i], e))
			return mc_note(e, "--var");
	for (size_t i = 0; i < args->secrets.n; i++)
		if (!mc_vars_add_secret(vars, args->secrets.v[i], e))
			return mc_note(e, "--secret-var");
	return true;
}

static bool
load_challenge(const struct gen_args *args, const struct mc_facts *facts,
    struct mc_buf *to, struct mc_err *e)
{
	return !args->challenge ||
	    mc_secret_load_text(args->challenge, facts, to, e) ||
	    mc_note(e, "--challenge");
}

/* What leaves is read once more, as a device or a later stage would. */
static bool
put(const mc_plist *profile, struct mc_io *io, struct mc_err *e)
{
	AUTO(mc_plist) *again = NULL;

	if (!mc_plist_encode(profile, io->out, e))
		return mc_note(e, "the finished profile");
	if (mc_plist_parse(io->out, MC_PLIST_DEPTH_FILE, &again, e))
		return true;
	e->code = MC_INTERNAL;
	return mc_note(e, "the finished profile");
}

static struct mc_payload
common(const struct gen_args *args, const char *display_name)
{
	return (struct mc_payload){
		.identifier = args->identifier,
		.organization = args->organization,
		.display_name = args->display_name ? args->display_name
						   : display_name,
		.description = args->description,
	};
}

static bool
profile_service(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct gen_args *args = ctx;
	AUTO_BUF challenge = MC_BUF_INIT;
	AUTO(mc_plist) *profile = NULL;
	struct mc_profile_service p = {
		.common = common(args, "Profile Service"),
		.url = args->url,
		.attributes = args->attributes.v,
		.n = args->attributes.n,
	};

	if (!load_challenge(args, io->facts, &challenge, e))
		return false;
	p.challenge = args->challenge ? mc_buf_str(&challenge) : NULL;
	return mc_profile_service_new(&p, &profile, e) && put(profile, io, e);
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
subject(const struct gen_args *args, const struct mc_facts *facts,
    mc_plist **out, struct mc_err *e)
{
	AUTO_VARS vars = { 0 };
	char fresh[MC_UUID_TEXT];

	if (!load_vars(args, facts, &vars, e))
		return false;
	mc_uuid_new(fresh);
	if (!mc_vars_get(&vars, "uuid") &&
	    !mc_vars_add(&vars, "uuid", fresh, e))
		return false;
	return mc_subject_parse(
		   args->subject, args->literal ? NULL : &vars, out, e) ||
	    mc_note(e, "--subject");
}

static bool
scep(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct gen_args *args = ctx;
	AUTO_BUF challenge = MC_BUF_INIT;
	AUTO(mc_plist) *names = NULL;
	AUTO(mc_plist) *profile = NULL;
	uint8_t sha1[SHA1_LEN];
	struct mc_scep_payload p = {
		.common = common(args, "Device Identity"),
		.url = args->url,
		.name = args->name,
		.key_size = key_sizes[args->key_size],
		.key_usage = key_usages[args->key_usage],
		.fingerprint = args->ca ? sha1 : NULL,
		.fingerprint_len = SHA1_LEN,
	};

	if (!subject(args, io->facts, &names, e) ||
	    !load_challenge(args, io->facts, &challenge, e) ||
	    (args->ca && !fingerprint(args->ca, sha1, e)))
		return false;
	p.challenge = args->challenge ? mc_buf_str(&challenge) : NULL;
	return mc_scep_payload_new(&p, take(&names), &profile, e) &&
	    put(profile, io, e);
}

static bool
load_template(const char *path, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *p = NULL;
	AUTO_BUF xml = MC_BUF_INIT;

	if (!mc_file_load(path, &xml, e))
		return false;
	if (!mc_plist_parse(&xml, MC_PLIST_DEPTH_FILE, &p, e) ||
	    !mc_template_check(p, e))
		return mc_note(e, "%s", path);
	*out = take(&p);
	return true;
}

/* UUIDs first: the values of variables are not looked into. */
static bool template(const void *ctx, struct mc_io *io, struct mc_err *e)
{
	const struct gen_args *args = ctx;
	AUTO_VARS vars = { 0 };
	AUTO(mc_plist) *p = NULL;
	AUTO(mc_plist) *profile = NULL;

	if (!load_vars(args, io->facts, &vars, e) ||
	    !load_template(args->template, &p, e))
		return false;
	if ((args->uuid == UUID_FRESH && !mc_renew_uuids(p, e)) ||
	    !mc_template_fill(p, &vars, &profile, e))
		return mc_note(e, "%s", args->template);
	return put(profile, io, e);
}

static const struct mc_verb verbs[] = {
	{ "profile-service", "the profile that asks a device who it is",
	    profile_service_opts, MC_INPUT_NONE, profile_service },
	{ "scep", "the profile that gives a device its identity", scep_opts,
	    MC_INPUT_NONE, scep },
	{ "template", "a template profile with its variables filled in",
	    template_opts, MC_INPUT_NONE, template },
	{ 0 },
};

const struct mc_stage mc_stage_gen = {
	.name = "mcprofile-gen",
	.summary = "make a configuration profile",
	.verbs = verbs,
	.args_size = sizeof(struct gen_args),
};
