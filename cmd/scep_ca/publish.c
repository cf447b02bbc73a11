/* SPDX-License-Identifier: ISC */
/* What the world is told: CRL, OCSP, and the numbers for a monitor. */
#include "base/fd.h"
#include "base/text.h"
#include "crypto/crl.h"
#include "crypto/ocsp.h"
#include "crypto/pem.h"
#include "scep_ca/common.h"
#include "scep_ca/ocsp_path.h"
#include "stages.h"

/* The CRL that is published now; none yet is fine. */
static bool
published(const char *path, struct mc_buf *to, struct mc_err *e)
{
	if (!path || mc_file_load(path, to, e))
		return true;
	if (e->code != MC_NOINPUT)
		return mc_note(e, "--published");
	*e = (struct mc_err)MC_ERR_INIT;
	return true;
}

static bool
last(const struct ca_args *a, struct mc_buf *der, struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;

	return mc_ca_load(a->dir, MC_CA_STORE, &ca, e) &&
	    mc_crl_get(ca, a->previous, der, e);
}

static bool
make(const struct ca_args *a, struct mc_buf *der, struct mc_err *e)
{
	AUTO_BUF before = MC_BUF_INIT;
	AUTO(mc_ca) *ca = NULL;

	return published(a->published, &before, e) &&
	    mc_ca_load(a->dir, MC_CA_STORE | MC_CA_KEY, &ca, e) &&
	    mc_crl_make(ca, a->previous, &before, der, e);
}

bool
mc_ca_admin_crl(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO_BUF der = MC_BUF_INIT;

	if (!(a->fresh || a->published ? make(a, &der, e) : last(a, &der, e)))
		return false;
	if (a->format == FORMAT_PEM)
		return mc_pem_encode(&der, PEM_STRING_X509_CRL, io->out, e);
	return mc_buf_add(io->out, der.data, der.len, e);
}

/*
 * Who asks by HTTP reads answers of OCSP's and no HTTP status.  That we could
 * not answer is our own failure: the reason is for the log alone.
 */
static bool
ocsp_refuse(struct mc_io *io, struct mc_err *e)
{
	const enum mc_ocsp_refusal why = e->code == MC_RETRY ? MC_OCSP_TRY_LATER
							     : MC_OCSP_INTERNAL;
	AUTO_BUF line = MC_BUF_INIT;

	/* a fact is one line, whatever was quoted */
	mc_text_clean(e->text);
	if (!mc_facts_set(io->facts, "REFUSED", e->text, e) ||
	    !mc_buf_printf(&line, e, "%s: %s", mc_stage_scep_ca.name, e->text))
		return false;
	if (io->say)
		io->say(mc_buf_str(&line));
	*e = (struct mc_err)MC_ERR_INIT;
	return mc_ocsp_refuse(why, io->out, e);
}

/* That it is answered malformedRequest, and why, is for the log, too. */
static bool
ocsp_tell(struct mc_io *io, const struct mc_buf *asked, struct mc_err *e)
{
	AUTO(mc_ocsp) *o = NULL;
	AUTO_BUF line = MC_BUF_INIT;
	struct mc_err why = MC_ERR_INIT;

	if (mc_ocsp_parse(asked, &o, &why) || why.code != MC_MALFORMED)
		return true;
	mc_text_clean(why.text);
	if (!mc_facts_set(io->facts, "REFUSED", why.text, e) ||
	    !mc_buf_printf(&line, e, "%s: malformedRequest: %s",
		mc_stage_scep_ca.name, why.text))
		return false;
	if (io->say)
		io->say(mc_buf_str(&line));
	return true;
}

bool
mc_ca_admin_ocsp(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	const char *method = mc_facts_get(io->facts, "METHOD");
	const char *path = mc_facts_get(io->facts, "PATH");
	AUTO_BUF asked = MC_BUF_INIT;
	AUTO(mc_ca) *ca = NULL;
	bool get = method && strcmp(method, "GET") == 0;

	/* what the path does not hold is malformed, and answered so */
	if (get && !mc_ca_ocsp_path(path ? path : "", &asked, e))
		return false;
	if (mc_ca_load(a->dir, MC_CA_STORE | MC_CA_OCSP, &ca, e) &&
	    mc_ocsp_respond(ca, get ? &asked : io->in, io->out, e))
		return ocsp_tell(io, get ? &asked : io->in, e);
	return method && ocsp_refuse(io, e);
}
