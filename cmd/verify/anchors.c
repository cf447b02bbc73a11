/* SPDX-License-Identifier: ISC */
#include "verify/anchors.h"

#include <sys/stat.h>

#include "base/fd.h"

enum kind { DEVICE, ENROLLED, ANCHOR, SYSTEM };
static const char *const signer_is[] = { "device", "enrolled", "anchor",
	"anchor" };
static const char *const trusted_as[] = {
	", a device with its factory certificate",
	", an enrolled device",
	", its chain leads to an anchor of --ca",
	", its chain leads to an anchor of the system's store",
};

void
mc_legs_clear(struct mc_legs *l)
{
	for (size_t i = 0; i < l->n; i++)
		mc_trust_free(l->v[i].trust);
	mc_certs_free(l->files);
	if (l->revocation)
		mc_revocation_free(l->revocation);
}

static bool
leg_new(
    struct mc_legs *l, enum kind kind, struct mc_leg **out, struct mc_err *e)
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
files_add(struct mc_legs *l, const mc_certs *from, struct mc_err *e)
{
	for (int i = 0; i < sk_X509_num(from); i++)
		if (!mc_certs_add(l->files, sk_X509_value(from, i), e))
			return false;
	return true;
}

/* In the order in which they are asked. */
static bool
anchors_load(
    const struct mc_verify_args *args, struct mc_legs *l, struct mc_err *e)
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
	if (l->n && !args->system)
		return true;
	return leg_new(l, SYSTEM, &leg, e) &&
	    (mc_trust_system_load(leg->trust, e) ||
		mc_note(e, "the system's store"));
}

/* What serves every leg. */
static bool
leg_complete(
    const struct mc_verify_args *args, struct mc_leg *leg, struct mc_err *e)
{
	for (size_t i = 0; i < args->chain.n; i++)
		if (!mc_trust_chain_load(leg->trust, args->chain.v[i], e))
			return mc_note(e, "--chain");
	return !args->require_eku ||
	    mc_trust_eku_set(leg->trust, args->require_eku, e) ||
	    mc_note(e, "--require-eku");
}

static bool
revocation_load(
    const struct mc_verify_args *args, struct mc_legs *l, struct mc_err *e)
{
	if (!args->crl.n && !args->ocsp.n)
		return !args->crl_check_all ||
		    mc_fail(e, MC_USAGE,
			"--crl-check-all: what to look at is for --crl PATH "
			"and --ocsp FILE to say");
	if (!mc_revocation_new(&l->revocation, e))
		return false;
	for (size_t i = 0; i < args->crl.n; i++)
		if (!mc_revocation_crl_load(l->revocation, args->crl.v[i], e))
			return mc_note(e, "--crl");
	for (size_t i = 0; i < args->ocsp.n; i++)
		if (!mc_revocation_ocsp_load(l->revocation, args->ocsp.v[i], e))
			return mc_note(e, "--ocsp");
	return true;
}

bool
mc_legs_load(
    const struct mc_verify_args *args, struct mc_legs *l, struct mc_err *e)
{
	l->files = sk_X509_new_null();
	if (!l->files)
		return mc_fail_memory(e);
	if (!revocation_load(args, l, e) || !anchors_load(args, l, e))
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (!leg_complete(args, &l->v[i], e) ||
		    !files_add(l, mc_trust_certs(l->v[i].trust), e))
			return false;
	return true;
}
