/* SPDX-License-Identifier: ISC */
#include "stages.h"

#include <stddef.h>

const struct mc_stage *const mc_stages[] = {
	&mc_stage_gen,
	&mc_stage_sign,
	&mc_stage_encrypt,
	&mc_stage_verify,
	&mc_stage_lint,
	&mc_stage_track,
	&mc_stage_scep_ca,
	NULL,
};
