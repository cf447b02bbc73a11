/* SPDX-License-Identifier: ISC */
/*
 * The life of one enrolment, and who may take the next step in it.
 *
 *	start     a user gets a token                          started
 *	identify  a device comes with it, phase 2              identified
 *	deliver   the same device, with the certificate that   -
 *	          was issued in this enrolment, phase 3
 *	delivered its profile is made, and goes out            delivered
 *
 * Each step is one transaction.  A refusal is an event like any other and is
 * on record when the function returns MC_DENIED; the enrolment that it
 * concerns is then in out too, if one is known, for the log.  What stops an
 * enrolment between two steps is put on record by mc_track_stop().
 */
#ifndef MC_TRACK_H
#define MC_TRACK_H

#include "store/enrolment.h"
#include "track/token.h"

#define MC_TOKEN_TTL MC_HOUR

/*
 * Bind user to a new token that lives for ttl seconds (0: MC_TOKEN_TTL).
 * MC_USAGE for a user or a ttl that cannot be.
 */
MC_NODISCARD bool mc_track_start(struct mc_store *s, const char *user,
    int64_t ttl, char token[static MC_TOKEN_TEXT], struct mc_enrolment *out,
    struct mc_err *e);

/* Who asks, in both phases.  Everything is lent. */
struct mc_track_sender {
	const char *udid;   /* what the signed message says */
	const char *sha256; /* of the signer's certificate */
	const char *device; /* words for people: model, serial number */
	const char *user;   /* as the web server knows the sender, or NULL */
	bool listed;        /* the site accepts this UDID */
};

/* What its certificate is to be. */
struct mc_track_grant {
	const char *subject; /* a pattern (track/subject.h) */
	bool own_ca;         /* issued by our own CA, with its record of it */
};

/*
 * Phase 2.  The token must be known, alive and not used up by a delivery; the
 * first device that brings it is bound to it, by UDID and factory
 * certificate, and may come again; another one is refused.
 */
MC_NODISCARD bool mc_track_identify(struct mc_store *s, const char *token,
    const struct mc_track_sender *from, const struct mc_track_grant *grant,
    struct mc_enrolment *out, struct mc_err *e);

/* What is known of the certificate that signed. */
struct mc_track_issued {
	/*
	 * Issued by our own CA: the enrolment that its challenge was bound
	 * to.  NULL: by a foreign one, and the subject has to tell; the first
	 * certificate that comes with it is pinned.
	 */
	const char *owner;
	const char *subject;
	bool once; /* who was delivered to before has to enrol again */
};

/*
 * Phase 3: may this device have its profile?  The certificate must have been
 * issued in an enrolment of this very device.  *returned is true where nothing
 * but issued->once is why it was refused.  The state stays as it is: there is
 * no profile yet.
 */
MC_NODISCARD bool mc_track_deliver(struct mc_store *s,
    const struct mc_track_issued *issued, const struct mc_track_sender *from,
    bool *returned, struct mc_enrolment *out, struct mc_err *e);

/*
 * The profile is made and on its way.  MC_NOINPUT for an id that is not there,
 * MC_DENIED for an enrolment without a device.
 */
MC_NODISCARD bool
mc_track_delivered(struct mc_store *s, const char *id, struct mc_err *e);

/* What stopped an enrolment between two steps.  Everything is lent. */
struct mc_track_stop {
	const char *id;
	const char *state;  /* that it was in by name; NULL: it may be any */
	const char *step;   /* for the list of steps */
	const char *reason; /* there */
	const char *words;  /* why it stopped, of the enrolment as a whole */
};

/*
 * Put that on record.  The state stays, and where it is no longer the one
 * given, since the device went on meanwhile, so does the reason.  MC_USAGE for
 * a text that is no line of 1 to 1023 bytes, MC_NOINPUT for an id that is not
 * there.
 */
MC_NODISCARD bool mc_track_stop(
    struct mc_store *s, const struct mc_track_stop *stop, struct mc_err *e);

#endif
