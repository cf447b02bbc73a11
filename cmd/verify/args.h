/* SPDX-License-Identifier: ISC */
/* What the options of mcprofile-verify say. */
#ifndef MC_VERIFY_ARGS_H
#define MC_VERIFY_ARGS_H

#include "base/opt.h"

enum mc_verify_format { MC_VERIFY_TEXT, MC_VERIFY_JSON, MC_VERIFY_TAP };

struct mc_verify_args {
	struct mc_list ca;
	bool system;
	struct mc_list chain;
	struct mc_list device_ca;
	struct mc_list enrolled_ca;
	struct mc_list crl;
	struct mc_list ocsp;
	bool crl_check_all;
	const char *at;
	struct mc_list signer_is;
	unsigned min_days;
	const char *identifier;
	const char *require_eku;
	unsigned min_digest; /* 0: SHA-256 */
	const char *signature;
	unsigned format;
	bool verbose;
	unsigned jobs;
	bool extract;
	bool print;
	bool unverified;
	struct mc_words files;
};

#endif
