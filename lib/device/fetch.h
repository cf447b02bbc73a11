/* SPDX-License-Identifier: ISC */
/*
 * One HTTP exchange as a device makes it; the only place that sees libcurl.
 *
 * TLS is always verified.  Only https and http are spoken.  A GET follows
 * redirections; a POST follows 307 and 308 only, for with 301, 302 and 303
 * the body would be lost: those are given back for the caller to report.
 * Any status is an answer; false means that there was none.
 */
#ifndef MC_FETCH_H
#define MC_FETCH_H

#include "base/buf.h"

/* Apple's profile client gives up after about as long. */
#define MC_FETCH_SECONDS 45
#define MC_FETCH_REDIRECTS 5

/* What to ask.  Everything is lent; NULL where there is none. */
struct mc_fetch {
	const char *url;
	const char *ca;   /* PEM file; NULL: the system's anchors */
	const char *user; /* for Basic authentication, GET only */
	const char *password;
	const struct mc_buf *body; /* makes it a POST */
	const char *type;          /* the body's Content-Type */
	const char *forbidden;     /* what a 403 may mean here, for people */
};

struct mc_fetched {
	long status;
	char type[128];      /* Content-Type as it came, "" if there was none */
	char location[1024]; /* of a redirection not followed, absolute */
	struct mc_buf body;  /* at most MC_NET_LIMIT */
};

#define AUTO_FETCHED                                                           \
	__attribute__((cleanup(mc_fetched_clear))) struct mc_fetched
void mc_fetched_clear(struct mc_fetched *f);

/*
 * MC_USAGE for a URL that is none, MC_UNTRUSTED where the server's
 * certificate does not hold, MC_RETRY after 45 s, MC_MALFORMED past 1 MiB,
 * MC_NOINPUT for an unknown host or ca file, MC_IO for the rest.
 */
MC_NODISCARD bool
mc_fetch(const struct mc_fetch *ask, struct mc_fetched *out, struct mc_err *e);

/* s as part of a query, percent-escaped, appended. */
MC_NODISCARD bool
mc_fetch_escape(const char *s, struct mc_buf *to, struct mc_err *e);

/* The URL begins with https:// (in any case) and names a host. */
bool mc_fetch_is_https(const char *url);

#endif
