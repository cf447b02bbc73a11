/* SPDX-License-Identifier: ISC */
/* What the options of mcprofile-sign say. */
#ifndef MC_SIGN_ARGS_H
#define MC_SIGN_ARGS_H

#include "base/opt.h"

struct mc_sign_args {
	const char *p12;
	const char *cert;
	const char *key;
	const char *passphrase;
	bool ask;
	struct mc_list chain;
	bool no_system_store;
	bool with_root;
	bool allow_incomplete;
	bool allow_expired;
	bool allow_any_usage;
	bool allow_weak;
	unsigned min_days;
	unsigned digest; /* as cmd/sign/work.c numbers them */
	const char *time;
	bool resign;
	const char *replaces;
	bool detach;
	const char *attach;
	const char *out_dir;
	bool in_place;
	unsigned jobs;
	struct mc_words files;
};

#endif
