/* SPDX-License-Identifier: ISC */
#include "stages.h"

#include <sys/stat.h>

#include "base/fd.h"
#include "crypto/pem.h"
#include "crypto/signer.h"
#include "verify/verdict.h"

struct verify_args {
	struct mc_list ca;
	struct mc_list chain;
	struct mc_list device_ca;
	struct mc_list enrolled_ca;
	unsigned min_digest; /* 0: SHA-256 */
	bool extract;
};

static const struct mc_opt verify_opts[] = {
	MC_LIST(struct verify_args, ca, 0, "ca", "FILE",
	    "anchors for files: certificates, PEM or DER", false),
	MC_LIST(struct verify_args, chain, 0, "chain", "FILE",
	    "certificates that the message may lack", false),
	MC_LIST(struct verify_args, device_ca, 0, "device-ca", "DIR",
	    "anchors of devices as made: a folder with pins", false),
	MC_LIST(struct verify_args, enrolled_ca, 0, "enrolled-ca", "PATH",
	    "anchors of enrolled devices: scep-ca's folder, or a file", false),
	MC_CHOICE(struct verify_args, min_digest, 0, "min-digest",
	    "sha256|sha1",
	    "the weakest digest to accept, but from devices as made"),
	MC_FLAG(struct verify_args, extract, 0, "extract",
	    "write the content instead of a report"),
	MC_OPT_END,
};

enum kind { DEVICE, ENROLLED, ANCHOR };
static const char *const signer_is[] = { "device", "enrolled", "anchor" };
static const char *const trusted_as[] = {
	", a device with its factory certificate",
	", an enrolled device",
	", its chain leads to an anchor of --ca",
};

struct legs {
	struct mc_leg v[2 * MC_LIST_MAX + 1];
	size_t n;
	mc_certs *files; /* from all of them: a signer may be there */
};

static void
legs_clear(struct legs *l)
{
	for (size_t i = 0; i < l->n; i++)
		mc_trust_free(l->v[i].trust);
	mc_certs_free(l->files);
}
#define AUTO_LEGS __attribute__((cleanup(legs_clear))) struct legs

static bool
leg_new(struct legs *l, enum kind kind, struct mc_leg **out, struct mc_err *e)
{
	struct mc_leg *leg = &l->v[l->n];

	leg->kind = signer_is[kind];
	leg->as = trusted_as[kind];
	if (!mc_trust_new(&leg->trust, e))
		return false;
	l->n++;
	*out = leg;
	return true;
}

static bool
enrolled_load(struct mc_leg *leg, const char *path, struct mc_err *e)
{
	AUTO_BUF file = MC_BUF_INIT;
	struct stat st;

	if (stat(path, &st) == -1 || !S_ISDIR(st.st_mode))
		return mc_trust_anchors_load(leg->trust, path, e);
	leg->ca = path;
	return mc_path_join(path, "ca.pem", &file, e) &&
	    mc_trust_anchors_load(leg->trust, mc_buf_str(&file), e);
}

static bool
files_add(struct legs *l, const mc_certs *from, struct mc_err *e)
{
	for (int i = 0; i < sk_X509_num(from); i++)
		if (!mc_certs_add(l->files, sk_X509_value(from, i), e))
			return false;
	return true;
}

/* In the order in which they are asked. */
static bool
anchors_load(const struct verify_args *args, struct legs *l, struct mc_err *e)
{
	struct mc_leg *leg;

	for (size_t i = 0; i < args->device_ca.n; i++)
		if (!leg_new(l, DEVICE, &leg, e) ||
		    !mc_trust_device_load(leg->trust, args->device_ca.v[i], e))
			return mc_note(e, "--device-ca");
	for (size_t i = 0; i < args->enrolled_ca.n; i++)
		if (!leg_new(l, ENROLLED, &leg, e) ||
		    !enrolled_load(leg, args->enrolled_ca.v[i], e))
			return mc_note(e, "--enrolled-ca");
	if (args->ca.n && !leg_new(l, ANCHOR, &leg, e))
		return false;
	for (size_t i = 0; i < args->ca.n; i++)
		if (!mc_trust_anchors_load(leg->trust, args->ca.v[i], e))
			return mc_note(e, "--ca");
	return true;
}

/* The chain files serve every leg. */
static bool
chain_load(const struct mc_list *files, struct mc_leg *leg, struct mc_err *e)
{
	for (size_t i = 0; i < files->n; i++)
		if (!mc_trust_chain_load(leg->trust, files->v[i], e))
			return mc_note(e, "--chain");
	return true;
}

static bool
legs_load(const struct verify_args *args, struct legs *l, struct mc_err *e)
{
	l->files = sk_X509_new_null();
	if (!l->files)
		return mc_fail_memory(e);
	if (!anchors_load(args, l, e))
		return false;
	if (l->n == 0)
		return mc_fail(e, MC_USAGE,
		    "whom to trust? --ca FILE for files, --device-ca DIR or "
		    "--enrolled-ca PATH for what devices send");
	for (size_t i = 0; i < l->n; i++)
		if (!chain_load(&args->chain, &l->v[i], e) ||
		    !files_add(l, mc_trust_certs(l->v[i].trust), e))
			return false;
	return true;
}

/* On the factory leg alone SHA-1 is all that a device can do. */
static bool
digest_check(const struct verify_args *args, const struct mc_leg *leg,
    const struct mc_signed *message, struct mc_err *e)
{
	if (mc_trust_factory(leg->trust) || args->min_digest > 0 ||
	    strcmp(mc_signed_digest(message), "SHA1") != 0)
		return true;
	return mc_fail(e, MC_UNTRUSTED,
	    "signed over SHA-1, which is accepted from devices as made only "
	    "(--min-digest sha1 accepts it)");
}

/*
 * The chain goes out also where the certificate is out of date or revoked:
 * *leads says that it leads to this leg's anchor, whatever came of it.
 */
static bool
leg_check(const struct verify_args *args, const struct mc_leg *leg,
    struct mc_verdict *v, bool *leads, struct mc_err *e)
{
	X509 *signer = mc_signed_signer(v->message);
	AUTO(mc_certs) *chain = NULL;
	bool good = mc_trust_check(leg->trust, signer,
			mc_signed_bag(v->message), 0, &chain, e) &&
	    digest_check(args, leg, v->message, e) &&
	    (!leg->ca || mc_ca_issued_check(leg->ca, signer, v->owner, e));

	*leads = chain != NULL;
	if (chain) {
		mc_certs_free(v->chain);
		v->chain = take(&chain);
	}
	return good;
}

/* The verdict that says more about a signer that no leg trusts. */
static int
weight(enum mc_code code, bool leads)
{
	if (!leads)
		return 1;
	return code == MC_REVOKED ? 4 : code == MC_OUTOFDATE ? 3 : 2;
}

/* false only where a leg could not be asked: no verdict then. */
static bool
trust_check(const struct verify_args *args, const struct legs *l,
    struct mc_verdict *v, struct mc_err *e)
{
	int heaviest = 0;
	bool leads;

	for (size_t i = 0; i < l->n; i++) {
		struct mc_err why = MC_ERR_INIT;

		if (leg_check(args, &l->v[i], v, &leads, &why)) {
			v->leg = &l->v[i];
			v->trust = (struct mc_err)MC_ERR_INIT;
			return true;
		}
		if (mc_exit_status(why.code) >= 64) {
			*e = why;
			return false;
		}
		if (weight(why.code, leads) > heaviest) {
			heaviest = weight(why.code, leads);
			v->trust = why;
		}
	}
	return true;
}

static bool
facts_set(const struct mc_verdict *v, struct mc_facts *facts, struct mc_err *e)
{
	if (!mc_signer_facts_set(v->message, facts, e))
		return false;
	if (*v->owner && !mc_facts_set(facts, "SIGNER_OWNER", v->owner, e))
		return false;
	return mc_facts_set(facts, "SIGNER", v->leg->kind, e);
}

/* An altered message is nobody's, whoever signed it. */
static bool
judge(const struct verify_args *args, struct mc_verdict *v, struct mc_io *io,
    struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	bool good = v->intact.code == MC_OK && v->trust.code == MC_OK;

	if (good && args->extract)
		mc_buf_swap(io->out, &v->content);
	else if (!args->extract && !mc_verdict_encode(v, &text, e))
		return false;
	else if (good)
		mc_buf_swap(io->out, &text);
	if (good)
		return facts_set(v, io->facts, e);
	*e = v->intact.code != MC_OK ? v->intact : v->trust;
	if (args->extract || !io->say)
		return false;
	/* what fails has no output: its report, with the reason, is told */
	mc_io_say(io, &text);
	return mc_fail(e, e->code, "%s",
	    e->code == MC_UNTRUSTED     ? "not trusted"
		: e->code == MC_ALTERED ? "altered"
		: e->code == MC_REVOKED ? "revoked"
					: "out of date");
}

/* What devices send is held to the letter; files are by anybody's tool. */
static bool
message_parse(const struct verify_args *args, const struct legs *l,
    const struct mc_buf *in, struct mc_signed **out, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;
	bool strict = args->device_ca.n || args->enrolled_ca.n;

	if (strict && in->len > MC_NET_LIMIT)
		return mc_fail(e, MC_MALFORMED,
		    "larger than a device's message may be, %zu bytes",
		    MC_NET_LIMIT);
	if (!strict && mc_pem_is(in)) {
		if (!mc_pem_cms_parse(in, &der, e))
			return false;
		in = &der;
	}
	if (!mc_signed_parse(
		in, strict ? MC_GATE_STRICT : MC_GATE_FILE, l->files, out, e))
		return false;
	if (!mc_signed_has_content(*out))
		return mc_fail(e, MC_MALFORMED,
		    "a detached signature: the content is not in it");
	return true;
}

static bool
verify_run(const void *opts, struct mc_io *io, struct mc_err *e)
{
	const struct verify_args *args = opts;
	AUTO_LEGS legs = { .n = 0 };
	AUTO_VERDICT v = { .owner = "" };

	if (!legs_load(args, &legs, e) || !mc_io_read(io, e) ||
	    !message_parse(args, &legs, io->in, &v.message, e) ||
	    !trust_check(args, &legs, &v, e))
		return false;
	if (!mc_signed_content(v.message, &v.content, &v.intact) &&
	    v.intact.code != MC_ALTERED) {
		*e = v.intact;
		return false;
	}
	return judge(args, &v, io, e);
}

static const struct mc_verb verify_verbs[] = {
	{ .input = MC_INPUT_LATER, .run = verify_run },
	{ 0 },
};

const struct mc_stage mc_stage_verify = {
	.name = "mcprofile-verify",
	.summary = "verify a signed profile, or what a device sent",
	.opts = verify_opts,
	.verbs = verify_verbs,
	.args_size = sizeof(struct verify_args),
};
