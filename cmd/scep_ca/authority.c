/* SPDX-License-Identifier: ISC */
/* The CA itself: made, looked at, renewed, followed by another. */
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "ca/succeed.h"
#include "crypto/cert.h"
#include "crypto/pem.h"
#include "scep/scep.h"
#include "scep_ca/common.h"
#include "scep_ca/respond.h"

#define ROLLOVER_AHEAD "30d"

/* A CA of our own make, with its key or one that is there; or one that exists.
 */
static bool
spec_check(const struct ca_args *a, struct mc_err *e)
{
	if (a->ca_cert && !a->ca_key)
		return mc_fail(e, MC_USAGE,
		    "--ca-cert and --ca-key come together: a CA that exists");
	if (a->ca_cert && a->subject)
		return mc_fail(e, MC_USAGE,
		    "--subject names a new CA; the one of --ca-cert has a name "
		    "already");
	if (a->ca_key && (a->key_kind || a->bits))
		return mc_fail(e, MC_USAGE,
		    "--key and --bits are for a key that is made; the one of "
		    "--ca-key is there already");
	if (a->ca_chain && !a->ca_cert)
		return mc_fail(e, MC_USAGE, "--ca-chain goes with --ca-cert");
	if (a->ca_passphrase && !a->ca_key)
		return mc_fail(
		    e, MC_USAGE, "--ca-passphrase goes with --ca-key");
	if (!a->ca_cert && !a->subject)
		return mc_fail(e, MC_USAGE,
		    "--subject NAME is required, or --ca-cert FILE and "
		    "--ca-key FILE of a CA that exists");
	if (a->bits && a->key_kind != MC_KEY_RSA)
		return mc_fail(e, MC_USAGE, "--bits is for RSA keys only");
	return true;
}

static struct mc_ca_spec
spec_new(const struct ca_args *a, const struct mc_io *io)
{
	return (struct mc_ca_spec){ .dir = a->dir,
		.subject = a->subject,
		.kind = (enum mc_key_kind)a->key_kind,
		.bits = a->bits,
		.ra_bits = a->ra_bits,
		.lifetime = a->lifetime,
		.passphrase = a->passphrase,
		.facts = io->facts,
		.ca_cert = a->ca_cert,
		.ca_key = a->ca_key,
		.ca_passphrase = a->ca_passphrase,
		.ca_chain = a->ca_chain };
}

bool
mc_ca_admin_init(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct mc_ca_spec spec = spec_new(a, io);

	return spec_check(a, e) && mc_ca_admin_names_check(a, e) &&
	    mc_ca_init(&spec, e) && mc_ca_report(a->dir, io->out, e);
}

/* What GetCACert answers for a profile. */
static bool
certs(const struct mc_ca *ca, const struct mc_ca_profile *profile,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_certs_lent) *list = NULL;
	const char *type;

	return mc_ca_certs_get(
		   ca, (enum mc_ca_order)profile->order, &list, e) &&
	    mc_scep_certs_encode(list, to, &type, e);
}

bool
mc_ca_admin_cacert(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	const struct mc_ca_profile *profile;
	AUTO(mc_ca) *ca = NULL;

	if (!mc_ca_load(a->dir, MC_CA_CERTS, &ca, e) ||
	    !mc_ca_admin_profile(ca->conf, a->profile, &profile, e))
		return false;
	if (a->format == FORMAT_P7)
		return certs(ca, profile, io->out, e);
	return a->format == FORMAT_PEM
	    ? mc_pem_cert_encode(ca->cert, io->out, e)
	    : mc_cert_encode(ca->cert, io->out, e);
}

bool
mc_ca_admin_fingerprint(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_ca) *ca = NULL;

	return mc_ca_load(a->dir, MC_CA_CERTS, &ca, e) &&
	    mc_ca_report_fingerprint(ca->cert, io->out, e) &&
	    mc_buf_puts(io->out, "\n", e);
}

bool
mc_ca_admin_caps(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	const struct mc_ca_profile *profile;
	AUTO(mc_ca) *ca = NULL;

	return mc_ca_load(a->dir, MC_CA_CERTS, &ca, e) &&
	    mc_ca_admin_profile(ca->conf, a->profile, &profile, e) &&
	    mc_ca_caps_encode(ca, profile, io->out, e);
}

/* "default, wifi, vpn" */
static bool
profiles(const struct mc_ca_conf *c, struct mc_buf *to, struct mc_err *e)
{
	for (size_t i = 0; i < c->n; i++)
		if (!mc_buf_printf(
			to, e, "%s%s", i ? ", " : "", c->profile[i].name))
			return false;
	return mc_buf_puts(to, "\n", e);
}

/* What comes by a descriptor or the environment may be the server's only. */
static bool
is_at_hand(const char *spec)
{
	return !spec || strncmp(spec, "file:", 5) == 0 ||
	    (strncmp(spec, "env:", 4) == 0 && getenv(spec + 4));
}

/* Is there a CA in the folder, or one that was to follow? */
static bool
has_ca(const char *dir, bool *there, struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;
	AUTO_BUF next = MC_BUF_INIT;

	if (!mc_path_join(dir, "ca.pem", &name, e) ||
	    !mc_path_join(dir, "next/ca.pem", &next, e))
		return false;
	*there = access(mc_buf_str(&name), F_OK) == 0 ||
	    access(mc_buf_str(&next), F_OK) == 0;
	return true;
}

/* The CA of this folder starts: its keys are there, fit, and are its own. */
static bool
keys_check(const char *dir, const struct mc_ca_conf *conf, const char *name,
    struct mc_io *io, struct mc_err *e)
{
	const struct {
		const char *key, *passphrase;
		unsigned part;
	} keys[] = {
		{ "CA", conf->ca_passphrase, MC_CA_KEY },
		{ "RA", conf->ra_passphrase, MC_CA_RA_KEYS },
		{ "OCSP", conf->ocsp_passphrase, MC_CA_OCSP },
	};
	AUTO(mc_ca) *ca = NULL;
	unsigned parts = MC_CA_CERTS;
	bool there;

	if (!has_ca(dir, &there, e))
		return false;
	if (!there)
		return true;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (is_at_hand(keys[i].passphrase))
			parts |= keys[i].part;
		else if (!mc_buf_printf(io->out, e,
			     "%s: the %s key is not looked at: %s is not here "
			     "now\n",
			     name, keys[i].key, keys[i].passphrase))
			return false;
	return mc_ca_load(dir, parts, &ca, e) ||
	    mc_note(e, "%s: the CA does not start with it", name);
}

bool
mc_ca_admin_check_config(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_ca_conf) *conf = NULL;
	AUTO_BUF name = MC_BUF_INIT;
	bool there;

	if (!mc_path_join(a->dir, "ca.conf", &name, e))
		return false;
	there = access(mc_buf_str(&name), F_OK) == 0;
	if (!there && access(a->dir, F_OK) == -1)
		return mc_fail_errno(e, MC_NOINPUT, "%s", a->dir);
	if (!mc_ca_conf_load(a->dir, &conf, e) ||
	    !mc_ca_conf_check(conf, mc_buf_str(&name), e))
		return false;
	if (a->print)
		return mc_ca_conf_encode(conf, io->out, e);
	if (!keys_check(a->dir, conf, mc_buf_str(&name), io, e))
		return false;
	return mc_buf_printf(io->out, e,
		   "%s: %s; profiles: ", mc_buf_str(&name),
		   there ? "nothing is wrong" : "is not there: all defaults") &&
	    profiles(conf, io->out, e);
}

bool
mc_ca_admin_ra_renew(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_ca) *ca = NULL;
	char until[MC_TIME_TEXT];
	int64_t since, end;

	if (!mc_ca_ra_renew(a->dir, a->bits, e) ||
	    !mc_ca_load(a->dir, MC_CA_CERTS, &ca, e) ||
	    !mc_cert_validity(ca->ra[0].cert, &since, &end, e))
		return false;
	return mc_buf_printf(io->out, e,
	    "a new RA, valid until %s; %zu older one%s to answer by, until "
	    "\"ra retire\"\n",
	    mc_time_format(end, until), ca->ras - 1,
	    mc_ca_admin_s((int64_t)ca->ras - 1));
}

bool
mc_ca_admin_ra_retire(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	unsigned n;

	return mc_ca_ra_retire(a->dir, &n, e) &&
	    mc_buf_printf(
		io->out, e, "%u older RA%s retired\n", n, mc_ca_admin_s(n));
}

bool
mc_ca_admin_ocsp_renew(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_ca) *ca = NULL;
	char until[MC_TIME_TEXT];
	int64_t since, end;

	if (!mc_ca_ocsp_renew(a->dir, a->lifetime, e) ||
	    !mc_ca_load(a->dir, MC_CA_CERTS, &ca, e))
		return false;
	if (!ca->ocsp.cert)
		return mc_fail(
		    e, MC_INTERNAL, "%s/ocsp.pem: was not kept", a->dir);
	return mc_cert_validity(ca->ocsp.cert, &since, &end, e) &&
	    mc_buf_printf(io->out, e, "a new OCSP responder, valid until %s\n",
		mc_time_format(end, until));
}

/* The CA that was announced, as people check it and as they wait for it. */
static bool
announced(const char *dir, int64_t at, struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;
	char text[MC_TIME_TEXT];

	if (!mc_ca_load(dir, MC_CA_CERTS, &ca, e))
		return false;
	return mc_buf_printf(to, e,
		   "Next CA    %s/next/ca.pem\nFrom       %s\n"
		   "SHA-256    ",
		   dir, mc_time_format(at, text)) &&
	    mc_ca_report_fingerprint(
		ca->next ? ca->next->cert : ca->cert, to, e) &&
	    mc_buf_puts(to, "\n", e);
}

bool
mc_ca_admin_rollover(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct mc_ca_spec spec = spec_new(a, io);
	int64_t at;

	if (a->bits && a->key_kind != MC_KEY_RSA)
		return mc_fail(e, MC_USAGE, "--bits is for RSA keys only");
	return mc_ca_admin_names_check(a, e) &&
	    mc_ca_admin_when(
		"at", a->at ? a->at : ROLLOVER_AHEAD, true, &at, e) &&
	    mc_ca_rollover(&spec, at, e) && announced(a->dir, at, io->out, e);
}

bool
mc_ca_admin_rollover_cancel(
    const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;

	(void)io;
	return mc_ca_rollover_cancel(a->dir, e);
}
