/* SPDX-License-Identifier: ISC */
#include "track/token.h"

bool
mc_token_new(char out[static MC_TOKEN_TEXT], struct mc_err *e)
{
	AUTO_BUF hex = MC_BUF_INIT;

	if (!mc_rand_hex(&hex, e))
		return false;
	memcpy(out, mc_buf_str(&hex), MC_TOKEN_TEXT);
	return true;
}

bool
mc_token_hash(
    const char *token, char out[static MC_SHA256_HEX], struct mc_err *e)
{
	return mc_sha256_hex(token, strlen(token), out, e);
}
