/* SPDX-License-Identifier: ISC */
/*
 * Who is enrolling, how far they are, and every step on the way.
 *
 * What an enrolment may do next is decided above (track/enrolment.h); here it
 * is only kept.  Decisions are made inside a transaction of the caller.
 */
#ifndef MC_STORE_ENROLMENT_H
#define MC_STORE_ENROLMENT_H

#include "base/hex.h"
#include "base/uuid.h"
#include "store/store.h"

enum mc_enrolment_state {
	MC_ENROLMENT_STARTED,    /* a token was given out */
	MC_ENROLMENT_IDENTIFIED, /* a device came with it: phase 2 */
	MC_ENROLMENT_DELIVERED,  /* its profile went out: phase 3 */
};

struct mc_enrolment {
	char id[MC_UUID_TEXT]; /* upper case */
	char *user;
	char token[MC_SHA256_HEX]; /* SHA-256 of the token, hexadecimal */
	int64_t created;
	int64_t expires; /* the token, not what was enrolled with it */
	enum mc_enrolment_state state;
	int64_t since; /* in this state */
	char *udid;    /* NULL until identified, as all that follows */
	char factory[MC_SHA256_HEX]; /* SHA-256 of the device's factory
					certificate */
	char *device;            /* words for people: model, serial number */
	char *subject;           /* what its certificate was to be called */
	bool own_ca;             /* the certificate is issued by our own CA */
	char pin[MC_SHA256_HEX]; /* of a foreign CA: SHA-256 of the one that
				    came */
	char *reason;            /* why it stopped; NULL: it did not */
};

#define AUTO_ENROLMENT                                                         \
	__attribute__((cleanup(mc_enrolment_clear))) struct mc_enrolment

void mc_enrolment_clear(struct mc_enrolment *en);

/* "started", "identified", "delivered" */
const char *mc_enrolment_state_name(enum mc_enrolment_state state);

/* Replace one of its strings by a copy of value, which may be NULL. */
MC_NODISCARD bool
mc_enrolment_set(char **field, const char *value, struct mc_err *e);

/* MC_DENIED where the id or the token is there already. */
MC_NODISCARD bool mc_store_enrolment_add(
    struct mc_store *s, const struct mc_enrolment *en, struct mc_err *e);

/* Everything from state on, of the one with this id. */
MC_NODISCARD bool mc_store_enrolment_save(
    struct mc_store *s, const struct mc_enrolment *en, struct mc_err *e);

enum mc_enrolment_key {
	MC_ENROLMENT_ID,
	MC_ENROLMENT_TOKEN,   /* its hash */
	MC_ENROLMENT_SUBJECT, /* the newest with it */
};

/* *found is false where there is none; out is then left alone. */
MC_NODISCARD bool
mc_store_enrolment_find(struct mc_store *s, enum mc_enrolment_key key,
    const char *value, struct mc_enrolment *out, bool *found, struct mc_err *e);

/* en is lent for the call; false stops the list with its error. */
typedef bool
mc_enrolment_each(void *ctx, const struct mc_enrolment *en, struct mc_err *e);

/*
 * Newest first: those of a user (NULL: of all), those whose id begins with
 * prefix (NULL: all; either case).
 */
MC_NODISCARD bool mc_store_enrolment_list(struct mc_store *s, const char *user,
    const char *prefix, mc_enrolment_each *each, void *ctx, struct mc_err *e);

/* One step of an enrolment.  Everything is lent. */
struct mc_event {
	const char *enrolment;
	int64_t at;
	const char *step; /* "identify"; the stage that stopped it */
	bool done;        /* or refused */
	const char *reason;
};

/* Of one enrolment so many are kept, the newest. */
#define MC_EVENTS_MAX 200

MC_NODISCARD bool mc_store_event_add(
    struct mc_store *s, const struct mc_event *ev, struct mc_err *e);

/* Oldest first. */
MC_NODISCARD bool mc_store_event_list(struct mc_store *s, const char *enrolment,
    bool (*each)(void *ctx, const struct mc_event *ev, struct mc_err *e),
    void *ctx, struct mc_err *e);

#endif
