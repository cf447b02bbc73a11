/* SPDX-License-Identifier: ISC */
/* JSON's values made those of a payload. */
#ifndef MC_VALUE_JSON_H
#define MC_VALUE_JSON_H

#include "base/json.h"
#include "profile/value_part.h"

/*
 * A node of json as the schema wants it, where found says anything; otherwise
 * as JSON has it.  path may be NULL.  MC_USAGE with the key path.
 */
MC_NODISCARD bool mc_value_json(const struct mc_value_job *job,
    const struct mc_value_found *found, json_t *json,
    const struct mc_path *path, mc_plist **out, struct mc_err *e);

#endif
