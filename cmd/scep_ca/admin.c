/* SPDX-License-Identifier: ISC */
#include "scep_ca/admin.h"

#include "ca/challenge.h"
#include "ca/report.h"
#include "ca/revoke.h"
#include "crypto/cert.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "scep/scep.h"

#define LIST_DEFAULT 1000

static bool
subject_check(const char *subject, struct mc_err *e)
{
	AUTO(X509_NAME) *name = NULL;

	if (!subject || mc_name_parse(subject, &name, e))
		return true;
	if (e->code == MC_MALFORMED)
		e->code = MC_USAGE;
	return mc_note(e, "--subject");
}

bool
mc_ca_admin_init(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct mc_ca_spec spec = { a->dir, a->subject, a->bits, a->ra_bits,
		a->lifetime };

	return subject_check(a->subject, e) && mc_ca_init(&spec, e) &&
	    mc_ca_report(a->dir, io->out, e);
}

bool
mc_ca_admin_challenge(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct mc_challenge_spec spec = { a->subject, a->owner, a->ttl };
	AUTO(mc_store) *store = NULL;

	if (!a->subject == !a->any_subject)
		return mc_fail(e, MC_USAGE,
		    "one of --subject and --any-subject is required");
	return subject_check(a->subject, e) &&
	    mc_ca_store_open(a->dir, &store, e) &&
	    mc_challenge_new(store, &spec, io->out, e) &&
	    mc_buf_puts(io->out, "\n", e);
}

bool
mc_ca_admin_challenges(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_store) *store = NULL;

	return mc_ca_store_open(a->dir, &store, e) &&
	    mc_ca_report_challenges(store, io->out, e);
}

bool
mc_ca_admin_list(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_store) *store = NULL;

	return mc_ca_store_open(a->dir, &store, e) &&
	    mc_ca_report_certificates(
		store, a->limit ? a->limit : LIST_DEFAULT, io->out, e);
}

bool
mc_ca_admin_revoke(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_store) *store = NULL;

	(void)io;
	return mc_ca_store_open(a->dir, &store, e) &&
	    mc_revoke(store, a->serial, e);
}

/* What GetCACert answers. */
bool
mc_ca_admin_certs_encode(const struct mc_ca *ca, struct mc_buf *to,
    const char **type, struct mc_err *e)
{
	AUTO(mc_certs_lent) *both = NULL;

	return mc_ca_certs_get(ca, &both, e) &&
	    mc_scep_certs_encode(both, to, type, e);
}

bool
mc_ca_admin_cert(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_ca) *ca = NULL;
	const char *type;

	if (!mc_ca_load(a->dir, MC_CA_CERTS, &ca, e))
		return false;
	if (a->format == FORMAT_P7)
		return mc_ca_admin_certs_encode(ca, io->out, &type, e);
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
	AUTO(mc_ca) *ca = NULL;

	return mc_ca_load(a->dir, MC_CA_CERTS, &ca, e) &&
	    mc_buf_puts(io->out, mc_scep_caps_text(), e);
}
