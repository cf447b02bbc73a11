/* SPDX-License-Identifier: ISC */
/* What the options of mcprofile-encrypt say. */
#ifndef MC_ENCRYPT_ARGS_H
#define MC_ENCRYPT_ARGS_H

#include "base/opt.h"

struct mc_encrypt_args {
	struct mc_list to;
	struct mc_list to_signer_of;
	struct mc_list device_ca;
	struct mc_list enrolled_ca;
	unsigned cipher;
	bool allow_expired;
	bool no_lint;
	bool decrypt;
	const char *p12;
	const char *cert;
	const char *key;
	const char *passphrase;
	const char *all;
	const char *out_dir;
	bool in_place;
	unsigned jobs;
	struct mc_words files;
};

#endif
