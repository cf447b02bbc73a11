/* SPDX-License-Identifier: ISC */
#include "device/device.h"
#include "base/secret.h"
#include "base/text.h"
#include "device/enrol.h"
#include "device/factory.h"
#include "device/fetch.h"
#include "stages.h"

struct device_args {
	const char *url;
	const char *user;
	const char *password;
	const char *ca;
	const char *signer_ca;
	const char *factory;
	const char *identity;
	const char *save;
	const char *udid;
	const char *serial;
	const char *product;
	const char *version;
	struct mc_list attributes;
	unsigned shape;
	bool quiet;
	const char *dir;
};

/* What both conversations with a server take. */
#define TRUST_OPTS                                                             \
	MC_STR(struct device_args, ca, 'c', "ca", "FILE",                      \
	    "anchors of the server's TLS certificate, PEM", false),            \
	    MC_STR(struct device_args, signer_ca, 0, "signer-ca", "FILE",      \
		"anchors of the profiles' signers, PEM; without it, those of"  \
		" --ca",                                                       \
		false)
#define ATTRIBUTE_OPTS                                                         \
	MC_STR(struct device_args, udid, 0, "udid", "UDID",                    \
	    "the device's attribute UDID", false),                             \
	    MC_STR(struct device_args, serial, 0, "serial", "NUMBER",          \
		"the device's attribute SERIAL", false),                       \
	    MC_STR(struct device_args, product, 0, "product", "NAME",          \
		"the device's attribute PRODUCT", false),                      \
	    MC_STR(struct device_args, version, 0, "device-version", "BUILD",  \
		"the device's attribute VERSION", false),                      \
	    MC_LIST(struct device_args, attributes, 0, "attribute",            \
		"NAME=VALUE", "another attribute of the device", false)
#define TELL_OPTS                                                              \
	MC_STR(struct device_args, save, 0, "save", "DIR",                     \
	    "keep every message there as a file", false),                      \
	    MC_FLAG(struct device_args, quiet, 'q', "quiet",                   \
		"do not tell what happens")

static const struct mc_opt enroll_opts[] = {
	MC_WORD(struct device_args, url, "url", "URL",
	    "where the enrolment profile is", true),
	MC_STR(
	    struct device_args, user, 'u', "user", "NAME", "log in as", false),
	MC_STR(struct device_args, password, 'p', "password", "SECRET",
	    "file:PATH, fd:N or env:NAME of the password", false),
	TRUST_OPTS,
	MC_STR(struct device_args, factory, 'f', "factory", "DIR",
	    "the factory that certifies this device", false),
	MC_STR(struct device_args, identity, 'i', "identity", "DIR",
	    "be the device that is remembered there", false),
	ATTRIBUTE_OPTS,
	MC_CHOICE(struct device_args, shape, 0, "shape", "current|ios6",
	    "how the answer of phase 2 is encoded"),
	TELL_OPTS,
	MC_OPT_END,
};

static const struct mc_opt refresh_opts[] = {
	MC_STR(struct device_args, identity, 'i', "identity", "DIR",
	    "be the device that is remembered there", true),
	TRUST_OPTS,
	ATTRIBUTE_OPTS,
	TELL_OPTS,
	MC_OPT_END,
};

static const struct mc_opt factory_opts[] = {
	MC_STR(struct device_args, dir, 'd', "dir", "DIR",
	    "folder to make it in", true),
	MC_FLAG(struct device_args, quiet, 'q', "quiet",
	    "do not tell what happens"),
	MC_OPT_END,
};

/* Copy it out of memory's reach: NULL leaves what is there. */
static bool
set(mc_plist *dict, const char *name, const char *value, struct mc_err *e)
{
	if (!value)
		return true;
	return mc_plist_set(dict, name, mc_plist_new_str(value))
	    ? true
	    : mc_fail(e, MC_USAGE, "%s: no plist can hold this value", name);
}

static bool
set_pair(mc_plist *dict, const char *pair, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;
	size_t n = strcspn(pair, "=");

	if (!mc_buf_add(&name, pair, n, e))
		return false;
	if (!pair[n])
		return mc_fail(e, MC_USAGE,
		    "--attribute: want NAME=VALUE, not %.80s", pair);
	if (!mc_answer_known(mc_buf_str(&name)))
		return mc_fail(e, MC_USAGE,
		    "--attribute: devices have no attribute %.80s",
		    mc_buf_str(&name));
	return set(dict, mc_buf_str(&name), pair + n + 1, e);
}

/* What is remembered or random, then what the command line says. */
static bool
attributes(const struct device_args *args, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *dict = NULL;

	if (!mc_device_attributes(args->identity, &dict, e) ||
	    !set(dict, "UDID", args->udid, e) ||
	    !set(dict, "SERIAL", args->serial, e) ||
	    !set(dict, "PRODUCT", args->product, e) ||
	    !set(dict, "VERSION", args->version, e))
		return false;
	for (size_t i = 0; i < args->attributes.n; i++)
		if (!set_pair(dict, args->attributes.v[i], e))
			return false;
	*out = take(&dict);
	return true;
}

static void
tell_device(const struct mc_tell *tell, const mc_plist *dict)
{
	AUTO_BUF line = MC_BUF_INIT;
	AUTO_PLIST_ITER it = { .in = dict };
	struct mc_err none = MC_ERR_INIT;

	while (mc_plist_iter_next(&it))
		if (!mc_buf_printf(&line, &none, "%s%s %s", it.i ? ", " : "",
			it.key, mc_plist_str(it.value)))
			return;
	mc_tell(tell, "The device: %s", mc_buf_str(&line));
}

static bool
converse(const struct device_args *args, struct mc_enrol *spec,
    bool (*flow)(const struct mc_enrol *, struct mc_buf *, struct mc_err *),
    struct mc_io *io, struct mc_err *e)
{
	AUTO(mc_plist) *has = NULL;

	io->secret = true; /* the profile may have come encrypted */
	spec->tls_anchors = args->ca;
	spec->signer_anchors = args->signer_ca ? args->signer_ca : args->ca;
	if (!spec->signer_anchors)
		return mc_fail(e, MC_USAGE,
		    "--signer-ca or --ca is required: whose profiles to take");
	spec->memory = args->identity;
	spec->tell.say = args->quiet ? NULL : io->say;
	spec->tell.save = args->save;
	if (!attributes(args, &has, e) ||
	    !mc_device_attributes_save(args->identity, has, e))
		return false;
	spec->attributes = has;
	tell_device(&spec->tell, has);
	if (flow(spec, io->out, e))
		return true;
	/* servers have their words in many messages */
	mc_text_show(e->text);
	return false;
}

static bool
enroll_run(const void *opaque, struct mc_io *io, struct mc_err *e)
{
	const struct device_args *args = opaque;
	AUTO_BUF password = MC_BUF_INIT;
	struct mc_enrol spec = {
		.url = args->url,
		.user = args->user,
		.factory = args->factory,
		.shape = (enum mc_shape)args->shape,
	};

	/* a login goes nowhere without TLS, and no device would */
	if (!mc_fetch_is_https(args->url))
		return mc_fail(e, MC_USAGE,
		    "want https://HOST/PATH, not %.200s", args->url);
	if (!args->user != !args->password)
		return mc_fail(
		    e, MC_USAGE, "--user and --password go together");
	if (args->password &&
	    !mc_secret_load_text(args->password, io->facts, &password, e))
		return mc_note(e, "--password");
	spec.password = mc_buf_str(&password);
	return mc_device_factory_check(args->identity, args->factory, e) &&
	    converse(args, &spec, mc_enrol, io, e);
}

static bool
refresh_run(const void *opaque, struct mc_io *io, struct mc_err *e)
{
	struct mc_enrol spec = { 0 };

	return converse(opaque, &spec, mc_refresh, io, e);
}

static bool
factory_run(const void *opaque, struct mc_io *io, struct mc_err *e)
{
	const struct device_args *args = opaque;
	const struct mc_tell tell = { .say = args->quiet ? NULL : io->say };

	if (!mc_factory_make(args->dir, io->out, e))
		return false;
	mc_tell(&tell,
	    "%s: root.pem, intermediate.pem and device-ca.pem, the last two"
	    " long expired as the genuine ones are",
	    args->dir);
	mc_tell(
	    &tell, "%s: pins, the fingerprints that a site trusts", args->dir);
	mc_tell(&tell,
	    "%s: device-ca.key, which makes devices: keep it off servers",
	    args->dir);
	return true;
}

static const struct mc_verb verbs[] = {
	{ "enroll", "enrol over the air; the profile that the device ends with",
	    enroll_opts, MC_INPUT_NONE, enroll_run },
	{ "refresh", "ask again with the identity of an enrolment",
	    refresh_opts, MC_INPUT_NONE, refresh_run },
	{ "factory", "make a stand-in for the makers of devices", factory_opts,
	    MC_INPUT_NONE, factory_run },
	{ 0 },
};

const struct mc_stage mc_stage_device = {
	.name = "mcprofile-device",
	.summary = "a device: enrol against a server over the air",
	.verbs = verbs,
	.args_size = sizeof(struct device_args),
};
