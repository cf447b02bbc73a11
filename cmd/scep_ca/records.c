/* SPDX-License-Identifier: ISC */
/* The certificates: looked at, taken back, issued by hand, moved. */
#include "base/fd.h"
#include "base/text.h"
#include "ca/issue.h"
#include "ca/transfer.h"
#include "crypto/cert.h"
#include "crypto/crl.h"
#include "crypto/csr.h"
#include "crypto/pem.h"
#include "scep_ca/common.h"
#include "scep_ca/decide.h"

#define SERIAL_PREFIX 8    /* digits that are enough where they are unique */
#define TABLE_DEFAULT 1000 /* rows that a person gets unless he wants more */

/* What waits is in another table of the store. */
static bool
no_waiting(const struct ca_args *a, struct mc_err *e)
{
	return !(a->expiring || a->key || a->challenge || a->issued_after ||
		   a->issued_before || a->transaction) ||
	    mc_fail(e, MC_USAGE,
		"--status pending: what waits has no certificate yet, so "
		"--expiring, --key and the like do not choose among it");
}

static bool
table(const struct ca_args *a, struct mc_store *s, struct ca_choice *which,
    struct mc_io *io, struct mc_err *e)
{
	const struct mc_report_view view = mc_ca_admin_view(io);
	bool more;

	if (!which->filter.limit)
		which->filter.limit = TABLE_DEFAULT;
	if (!mc_ca_report_certificates(
		s, &which->filter, &view, io->out, &more, e))
		return false;
	if (more && !a->limit && io->say)
		io->say("scep-ca: there are more: --limit shows them, and so "
			"does --format json or csv");
	return true;
}

bool
mc_ca_admin_list(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_store) *store = NULL;
	struct ca_choice which;

	if (a->status == STATUS_PENDING)
		return no_waiting(a, e) && mc_ca_admin_pending(args, io, e);
	io->out->limit = MC_CA_LARGE;
	if (!mc_ca_store_open(a->dir, &store, e) ||
	    !mc_ca_admin_choose(a, store, &which, e))
		return false;
	if (a->format == TABLE_JSON)
		return mc_ca_report_certificates_json(
		    store, &which.filter, which.filter.now, io->out, e);
	if (a->format == TABLE_CSV)
		return mc_transfer_export(
		    store, MC_TRANSFER_CSV, &which.filter, NULL, io->out, e);
	return table(a, store, &which, io, e);
}

static bool
show_pem(const struct mc_certificate *c, struct mc_buf *to, struct mc_err *e)
{
	AUTO(X509) *cert = NULL;

	if (c->der.len == 0)
		return mc_fail(e, MC_DENIED,
		    "%s is an intent: nothing is signed yet", c->serial);
	return mc_cert_parse(c->der.data, c->der.len, &cert, e) &&
	    mc_pem_cert_encode(cert, to, e);
}

/* The certificates whose serial number begins as a person wrote it. */
struct begins {
	char prefix[MC_SERIAL_TEXT];
	char serial[MC_SERIAL_TEXT];
	unsigned found;
};

static bool
begins_each(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct begins *b = ctx;

	(void)e;
	if (strncasecmp(c->serial, b->prefix, strlen(b->prefix)) != 0)
		return true;
	memcpy(b->serial, c->serial, sizeof(b->serial));
	b->found++;
	return true;
}

/* A serial number as it is on record, or how just one of them begins. */
static bool
serial_find(struct mc_store *s, const char *text,
    char out[static MC_SERIAL_TEXT], struct mc_err *e)
{
	const struct mc_certificate_filter f = { .pattern = text,
		.now = mc_time_now() };
	struct begins b = { 0 };
	AUTO_CERTIFICATE c = { 0 };
	bool found;
	size_t n = 0;

	if (!mc_ca_serial_parse(text, out, e) ||
	    !mc_store_certificate_find(s, out, &c, &found, e))
		return false;
	for (const char *p = text; *p && n + 1 < sizeof(b.prefix); p++)
		if (*p != ':')
			b.prefix[n++] = *p;
	if (found || n < SERIAL_PREFIX)
		return true;
	if (!mc_store_certificate_list(s, &f, begins_each, &b, e))
		return false;
	if (b.found > 1)
		return mc_fail(e, MC_DENIED,
		    "the serial numbers of %u certificates begin with %s",
		    b.found, text);
	if (b.found == 1)
		memcpy(out, b.serial, sizeof(b.serial));
	return true;
}

bool
mc_ca_admin_show(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	const struct mc_report_view view = mc_ca_admin_view(io);
	char serial[MC_SERIAL_TEXT];
	AUTO_CERTIFICATE c = { 0 };
	AUTO(mc_store) *store = NULL;
	bool found;

	if (!mc_ca_store_open(a->dir, &store, e) ||
	    !serial_find(store, a->serial, serial, e) ||
	    !mc_store_certificate_find(store, serial, &c, &found, e))
		return false;
	if (!found)
		return mc_fail(e, MC_DENIED,
		    "no certificate has the serial number %s", serial);
	if (a->format == SHOW_PEM)
		return show_pem(&c, io->out, e);
	return a->format == SHOW_JSON
	    ? mc_ca_report_certificate_json(store, &c, view.now, io->out, e)
	    : mc_ca_report_certificate(store, &c, &view, io->out, e);
}

/* The number of the reason with this place in MC_CRL_REASONS. */
static int64_t
reason_number(unsigned place)
{
	const char *p = MC_CRL_REASONS;
	char name[32] = "";
	size_t n;

	for (; place > 0; place--)
		p += strcspn(p, "|") + 1;
	n = strcspn(p, "|");
	if (n < sizeof(name))
		memcpy(name, p, n);
	return mc_crl_reason_find(name);
}

/* With a serial number and nothing else there is one, or an error. */
static bool
one_only(const struct ca_args *a)
{
	return a->serial && !a->with_renewals && !a->user && !a->owner &&
	    !a->profile && !a->challenge && !a->key && !a->issued_after &&
	    !a->issued_before;
}

static bool
seen(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	(void)c;
	(void)e;
	*(bool *)ctx = true;
	return true;
}

/* It ends as the revocation itself would. */
static bool
revoke_rehearse(struct mc_store *s, const struct ca_choice *which,
    struct mc_io *io, struct mc_err *e)
{
	const struct mc_report_view view = mc_ca_admin_view(io);
	struct mc_certificate_filter one = which->filter;
	bool any = false;

	one.limit = 1;
	if (!mc_store_certificate_list(s, &one, seen, &any, e))
		return false;
	if (!any)
		return mc_fail(
		    e, MC_DENIED, "no valid certificate is like that");

	io->out->limit = MC_CA_LARGE;
	return mc_ca_report_certificates(
	    s, &which->filter, &view, io->out, NULL, e);
}

bool
mc_ca_admin_revoke(const void *args, struct mc_io *io, struct mc_err *e)
{
	struct ca_args own = *(const struct ca_args *)args;
	const struct ca_args *a = &own;
	char serial[MC_SERIAL_TEXT];
	char who[MC_CA_WHO_TEXT];
	const struct mc_revocation why = { reason_number(a->reason),
		mc_ca_admin_who(who), a->note };
	AUTO(mc_store) *store = NULL;
	struct ca_choice which;
	const char *fault;
	unsigned n;

	if (!a->serial && !a->user && !a->owner && !a->challenge && !a->key &&
	    !a->issued_after && !a->issued_before)
		return mc_fail(e, MC_USAGE,
		    "say which: SERIAL, --user, --owner, --challenge, --key, "
		    "--issued-after or --issued-before");
	if (a->note && !mc_text_check(a->note, strlen(a->note), &fault))
		return mc_fail(e, MC_USAGE, "--note: %s", fault);
	if (a->with_renewals && !a->serial)
		return mc_fail(e, MC_USAGE,
		    "--with-renewals goes with the SERIAL that was renewed");
	if (!mc_ca_store_open(a->dir, &store, e) ||
	    (a->serial && !serial_find(store, a->serial, serial, e)))
		return false;
	if (a->serial)
		own.serial = serial;
	if (one_only(a) && !a->dry_run)
		return mc_revoke(store, a->serial, &why, e);
	if (!mc_ca_admin_choose(a, store, &which, e))
		return false;
	if (one_only(a) && !mc_revoke_check(store, which.serial, e))
		return false;
	which.filter.status = one_only(a) ? MC_STATUS_ANY : MC_STATUS_VALID;
	if (a->dry_run)
		return revoke_rehearse(store, &which, io, e);
	if (!mc_revoke_all(store, &which.filter, &why, &n, e))
		return false;
	if (n == 0)
		return mc_fail(
		    e, MC_DENIED, "no valid certificate is like that");
	return mc_buf_printf(
	    io->out, e, "%u certificate%s revoked\n", n, mc_ca_admin_s(n));
}

/* A word with its length, so that no two lists of words spell the same. */
static bool
word_add(struct mc_buf *to, const char *word, struct mc_err *e)
{
	return word ? mc_buf_printf(to, e, "%zu:%s\n", strlen(word), word)
		    : mc_buf_puts(to, "-\n", e);
}

/* The same words are the same request. */
static bool
words_hash(const struct ca_args *a, const char *profile,
    char out[static MC_SHA256_HEX], struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	return word_add(&text, profile, e) && word_add(&text, a->subject, e) &&
	    word_add(&text, a->names, e) && word_add(&text, a->user, e) &&
	    mc_sha256_hex(text.data, text.len, out, e);
}

/* The administrator's own: nothing vouches for it but himself. */
static bool
sign(const struct ca_args *a, const struct mc_ca *ca, const struct mc_buf *csr,
    struct mc_issued *out, struct mc_err *e)
{
	char words[sizeof("sign-") + MC_SHA256_HEX] = "sign-";
	struct mc_ca_programs programs = {
		.seconds = ca->conf->program_seconds
	};
	const struct mc_issue_hooks hooks = mc_ca_hooks(&programs);
	const struct mc_ca_profile *profile;
	char who[MC_CA_WHO_TEXT];
	const struct mc_issue_request request = { .transaction = words,
		.csr = csr,
		.source = mc_ca_admin_who(who),
		.subject = a->subject,
		.names = a->names,
		.user = a->user,
		.another = a->fresh };

	return mc_ca_admin_profile(ca->conf, a->profile, &profile, e) &&
	    words_hash(a, profile->name, &words[strlen(words)], e) &&
	    mc_issue(ca, profile, &request, &hooks, out, e);
}

bool
mc_ca_admin_sign(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct mc_issued issued = { 0 };
	AUTO_BUF csr = MC_BUF_INIT;
	AUTO(X509) *cert = NULL;
	AUTO(mc_ca) *ca = NULL;
	char serial[MC_SERIAL_TEXT];

	if (!mc_ca_admin_names_check(a, e) ||
	    !mc_ca_load(a->dir, MC_CA_STORE | MC_CA_KEY, &ca, e) ||
	    !mc_io_read(io, e) || !mc_csr_der(io->in, &csr, e) ||
	    !sign(a, ca, &csr, &issued, e))
		return false;
	cert = issued.cert;
	if (!cert)
		return mc_fail(e, MC_INTERNAL, "issued without a certificate");
	if (issued.repeated && io->say)
		io->say("scep-ca: the one that the same command made before; "
			"--new makes another");
	return mc_cert_serial(cert, serial, e) &&
	    mc_facts_set(io->facts, "ISSUED", serial, e) &&
	    (a->format == SIGNED_DER ? mc_cert_encode(cert, io->out, e)
				     : mc_pem_cert_encode(cert, io->out, e));
}

bool
mc_ca_admin_export(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct ca_work work = { io, "export" };
	const struct mc_watch watch = { mc_ca_admin_progress, &work };
	AUTO(mc_store) *store = NULL;
	struct ca_choice which;

	io->out->limit = MC_CA_LARGE;
	return mc_ca_store_open(a->dir, &store, e) &&
	    mc_ca_admin_choose(a, store, &which, e) &&
	    mc_transfer_export(store, (enum mc_transfer)a->format,
		&which.filter, &watch, io->out, e);
}

bool
mc_ca_admin_import(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	struct ca_work work = { io, "import" };
	const struct mc_watch watch = { mc_ca_admin_progress, &work };
	AUTO_BUF index = { .limit = MC_CA_LARGE };
	AUTO(mc_ca) *ca = NULL;
	unsigned added, known;

	if (a->index &&
	    (!mc_file_load(a->index, &index, e) ||
		!mc_transfer_index_check(&index, a->index, e)))
		return mc_note(e, "--index");
	if (!mc_ca_load(a->dir, MC_CA_STORE, &ca, e) ||
	    !mc_io_read_large(io, MC_CA_LARGE, e) ||
	    !mc_transfer_import(ca, io->in, a->index ? &index : NULL, &watch,
		&added, &known, e))
		return false;
	return mc_buf_printf(io->out, e,
	    "%u certificate%s added, %u here already\n", added,
	    mc_ca_admin_s(added), known);
}
