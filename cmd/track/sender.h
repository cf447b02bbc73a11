/* SPDX-License-Identifier: ISC */
/* Who sent a message to mcprofile-track: what it says, and who signed it. */
#ifndef MC_TRACK_SENDER_H
#define MC_TRACK_SENDER_H

#include "profile/attributes.h"
#include "stages.h"
#include "track/enrolment.h"

/* from lends from the facts and from here. */
struct mc_sender {
	struct mc_track_sender from;
	char words[MC_ATTRIBUTES_WORDS];
	struct mc_buf challenge;
};

void mc_sender_clear(struct mc_sender *s);
#define AUTO_SENDER __attribute__((cleanup(mc_sender_clear))) struct mc_sender

/* A fact that an earlier stage must have set.  MC_USAGE, naming the stage. */
MC_NODISCARD bool mc_fact_need(const char *stage, const struct mc_facts *facts,
    const char *name, const char **out, struct mc_err *e);

/*
 * From the message and what was found out about its signer, which is to be of
 * this kind (MC_DENIED where it is not).  allowed_udids is a file, or NULL.
 */
MC_NODISCARD bool mc_sender_load(const char *allowed_udids, const char *kind,
    struct mc_io *io, struct mc_sender *to, struct mc_err *e);

#endif
