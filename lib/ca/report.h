/* SPDX-License-Identifier: ISC */
/* What a CA has, in words and tables for people, and in JSON for programs. */
#ifndef MC_CA_REPORT_H
#define MC_CA_REPORT_H

#include "ca/ca.h"
#include "store/certificate.h"
#include "store/challenge.h"
#include "store/request.h"

/* Who looks. */
struct mc_report_view {
	unsigned columns; /* of a terminal; 0: none, nothing is cut to fit */
	bool colour;
	int64_t now;
};

/* Where everything is, and the fingerprint as openssl prints it. */
MC_NODISCARD bool
mc_ca_report(const char *dir, struct mc_buf *to, struct mc_err *e);

/* SHA-256, as openssl x509 -fingerprint prints it, to be compared by eye. */
MC_NODISCARD bool
mc_ca_report_fingerprint(const X509 *cert, struct mc_buf *to, struct mc_err *e);

/* "valid", "expired", "revoked", "intent": as options and tables call it. */
const char *mc_ca_report_status(const struct mc_certificate *c, int64_t now);

/*
 * A line of headings and a line for each that the filter finds, the newest
 * first.  Where the view is less than 120 columns wide, a serial number is its
 * first 12 digits, and what says less than the subject is left out.  *more,
 * where it is not NULL, says that f->limit left some out.
 */
MC_NODISCARD bool mc_ca_report_certificates(struct mc_store *s,
    const struct mc_certificate_filter *f, const struct mc_report_view *view,
    struct mc_buf *to, bool *more, struct mc_err *e);

/* The same as a JSON array, an object a line, with everything on record. */
MC_NODISCARD bool mc_ca_report_certificates_json(struct mc_store *s,
    const struct mc_certificate_filter *f, int64_t now, struct mc_buf *to,
    struct mc_err *e);

/*
 * Everything about one: what it says, who asked and by what right, what
 * happened since.
 */
MC_NODISCARD bool
mc_ca_report_certificate(struct mc_store *s, const struct mc_certificate *c,
    const struct mc_report_view *view, struct mc_buf *to, struct mc_err *e);
MC_NODISCARD bool mc_ca_report_certificate_json(struct mc_store *s,
    const struct mc_certificate *c, int64_t now, struct mc_buf *to,
    struct mc_err *e);

/* Challenges, the newest first; limit 0: all. */
MC_NODISCARD bool mc_ca_report_challenges(struct mc_store *s, unsigned limit,
    const struct mc_report_view *view, struct mc_buf *to, struct mc_err *e);
MC_NODISCARD bool mc_ca_report_challenges_json(struct mc_store *s,
    unsigned limit, int64_t now, struct mc_buf *to, struct mc_err *e);

/* Which requests; what is NULL or 0 does not choose.  Everything is lent. */
struct mc_report_requests {
	const char *pattern; /* part of subject, names, user or owner */
	const char *user, *owner, *profile;
	int64_t id;
	bool all; /* what was decided, too */
	unsigned limit;
};

bool mc_report_requests_match(
    const struct mc_report_requests *which, const struct mc_request *r);

/* Its state's name, or "expired" for one that has waited for too long. */
const char *
mc_ca_report_request_status(const struct mc_request *r, int64_t now);

/* Everything about one, for who has to decide it. */
MC_NODISCARD bool mc_ca_report_request(const struct mc_request *r, int64_t now,
    struct mc_buf *to, struct mc_err *e);

/*
 * Requests that wait for a person, the oldest first; with what was decided, by
 * whom and why, too.
 */
MC_NODISCARD bool mc_ca_report_requests(struct mc_store *s,
    const struct mc_report_requests *which, const struct mc_report_view *view,
    struct mc_buf *to, struct mc_err *e);
MC_NODISCARD bool mc_ca_report_requests_json(struct mc_store *s,
    const struct mc_report_requests *which, int64_t now, struct mc_buf *to,
    struct mc_err *e);
MC_NODISCARD bool mc_ca_report_requests_csv(struct mc_store *s,
    const struct mc_report_requests *which, int64_t now, struct mc_buf *to,
    struct mc_err *e);

#endif
