/* SPDX-License-Identifier: ISC */
/* Every command, once; cmd/stages.c lists the stages for the driver. */
#ifndef MC_STAGES_H
#define MC_STAGES_H

#include "stage/stage.h"

extern const struct mc_stage mc_stage_gen;
extern const struct mc_stage mc_stage_sign;
extern const struct mc_stage mc_stage_encrypt;
extern const struct mc_stage mc_stage_verify;
extern const struct mc_stage mc_stage_lint;
extern const struct mc_stage mc_stage_track;
extern const struct mc_stage mc_stage_scep_ca;

/* Not stages: they own their descriptors. */
extern const struct mc_stage mc_stage_cgi;
extern const struct mc_stage mc_stage_device;

extern const struct mc_stage *const mc_stages[]; /* NULL-terminated */

#endif
