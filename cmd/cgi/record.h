/* SPDX-License-Identifier: ISC */
/*
 * Why an enrolment stopped, told to the record of enrolments.
 *
 * mcprofile-track records its own refusals.  Where a stage of another name
 * says no to an enrolment that mcprofile-track has let through, a stage
 * "mcprofile-track stopped" is run to say so, built in or started like all
 * the others.
 */
#ifndef MC_RECORD_H
#define MC_RECORD_H

#include "cgi/site.h"

/*
 * stage has failed, and why.  Nothing to do is success: no enrolment is known,
 * or it is on record.  Sets the facts STAGE and REASON.
 */
MC_NODISCARD bool mc_record_stop(const struct mc_site *site,
    const struct mc_chain_env *env, struct mc_facts *facts, const char *stage,
    const char *why, struct mc_err *e);

#endif
