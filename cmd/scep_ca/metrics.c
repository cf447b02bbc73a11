/* SPDX-License-Identifier: ISC */
/* Numbers for a monitor, in Prometheus' text format (version 0.0.4). */
#include "crypto/cert.h"
#include "scep_ca/common.h"
#include "store/number.h"

#define ANSWERS "answers_" /* counters of store/number.h */

static bool
family(struct mc_buf *to, const char *name, const char *type, const char *help,
    struct mc_err *e)
{
	return mc_buf_printf(to, e,
	    "# HELP scep_ca_%s %s\n# TYPE scep_ca_%s %s\n", name, help, name,
	    type);
}

/* A family of one, without labels. */
static bool
gauge(struct mc_buf *to, const char *name, int64_t value, const char *help,
    struct mc_err *e)
{
	return family(to, name, "gauge", help, e) &&
	    mc_buf_printf(to, e, "scep_ca_%s %lld\n", name, (long long)value);
}

static bool
labelled(struct mc_buf *to, const char *name, const char *label, const char *is,
    int64_t value, struct mc_err *e)
{
	return mc_buf_printf(to, e, "scep_ca_%s{%s=\"%s\"} %lld\n", name, label,
	    is, (long long)value);
}

static bool
certificates(struct mc_store *s, struct mc_buf *to, struct mc_err *e)
{
	static const char name[] = "certificates";
	struct mc_certificate_counts n;

	return mc_store_certificate_count(s, mc_time_now(), &n, e) &&
	    family(
		to, name, "gauge", "Certificates on record, by status.", e) &&
	    labelled(to, name, "status", "valid", n.valid, e) &&
	    labelled(to, name, "status", "expired", n.expired, e) &&
	    labelled(to, name, "status", "revoked", n.revoked, e) &&
	    labelled(to, name, "status", "intent", n.intent, e) &&
	    (n.next_expiry == 0 ||
		gauge(to, "next_expiry_timestamp_seconds", n.next_expiry,
		    "When the next valid certificate expires.", e));
}

static bool
waiting(struct mc_store *s, struct mc_buf *to, struct mc_err *e)
{
	int64_t n;

	return mc_store_request_count(s, mc_time_now(), &n, e) &&
	    gauge(to, "requests_pending", n, "Requests that wait for a person.",
		e);
}

static bool
answer(void *ctx, const char *name, int64_t value, struct mc_err *e)
{
	return labelled(
	    ctx, "answers_total", "kind", name + strlen(ANSWERS), value, e);
}

static bool
answers(struct mc_store *s, struct mc_buf *to, struct mc_err *e)
{
	return family(to, "answers_total", "counter",
		   "SCEP messages answered, by status or failInfo.", e) &&
	    mc_store_number_list(s, ANSWERS, answer, to, e);
}

/* None yet is 0: an alarm for a next update that is past fires on that, too. */
static bool
crl(const struct mc_ca *ca, struct mc_buf *to, struct mc_err *e)
{
	struct mc_crl_facts f;
	bool there;

	if (!mc_crl_last(ca, &f, &there, e))
		return false;
	return gauge(to, "crl_number", there ? f.number : 0,
		   "Number of the last CRL, 0 before the first.", e) &&
	    gauge(to, "crl_next_update_timestamp_seconds",
		there ? f.next_update : 0,
		"When the last CRL is to be followed by another, 0 before the "
		"first.",
		e);
}

static bool
end_of(struct mc_buf *to, const char *role, const X509 *cert, struct mc_err *e)
{
	int64_t since, end;

	return !cert ||
	    (mc_cert_validity(cert, &since, &end, e) &&
		labelled(to, "certificate_not_after_timestamp_seconds", "role",
		    role, end, e));
}

static bool
own_certificates(const struct mc_ca *ca, struct mc_buf *to, struct mc_err *e)
{
	return family(to, "certificate_not_after_timestamp_seconds", "gauge",
		   "When the certificates of the CA itself expire.", e) &&
	    end_of(to, "ca", ca->cert, e) &&
	    end_of(to, "ra", ca->ra[0].cert, e) &&
	    end_of(to, "ocsp", ca->ocsp.cert, e) &&
	    end_of(to, "next", ca->next ? ca->next->cert : NULL, e) &&
	    end_of(to, "previous", ca->previous ? ca->previous->cert : NULL, e);
}

bool
mc_ca_admin_metrics(const void *args, struct mc_io *io, struct mc_err *e)
{
	const struct ca_args *a = args;
	AUTO(mc_ca) *ca = NULL;

	return mc_ca_load(a->dir, MC_CA_STORE, &ca, e) &&
	    certificates(ca->store, io->out, e) &&
	    waiting(ca->store, io->out, e) && answers(ca->store, io->out, e) &&
	    crl(ca, io->out, e) && own_certificates(ca, io->out, e);
}
