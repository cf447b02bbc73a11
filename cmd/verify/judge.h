/* SPDX-License-Identifier: ISC */
/* From the bytes of a message to the verdict on it. */
#ifndef MC_VERIFY_JUDGE_H
#define MC_VERIFY_JUDGE_H

#include "verify/anchors.h"
#include "verify/demands.h"

/* What is the same for every message. */
struct mc_judge {
	const struct mc_verify_args *args; /* lent */
	struct mc_legs legs;
	struct mc_demands demands;
	int64_t at;              /* 0: now */
	struct mc_buf signature; /* with --signature: the message is its
				    content */
};

#define AUTO_JUDGE __attribute__((cleanup(mc_judge_clear))) struct mc_judge
void mc_judge_clear(struct mc_judge *j);

/* From the options, which are checked, and whose files are loaded. */
MC_NODISCARD bool mc_judge_init(
    struct mc_judge *j, const struct mc_verify_args *args, struct mc_err *e);

/* How large a message may be. */
size_t mc_judge_limit(const struct mc_judge *j);

/*
 * Judge a message.  Fails where it could not be judged (no memory, a store
 * that is busy); whatever is wrong with the message itself is in the verdict.
 */
MC_NODISCARD bool mc_judge_message(const struct mc_judge *j,
    const struct mc_buf *in, struct mc_verdict *v, struct mc_err *e);

/*
 * Append the content of a message whatever the verdict on it.  Fails where
 * none can be found.
 */
MC_NODISCARD bool
mc_judge_unverified(const struct mc_judge *j, const struct mc_buf *in,
    const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e);

#endif
