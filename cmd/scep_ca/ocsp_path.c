/* SPDX-License-Identifier: ISC */
#include "scep_ca/ocsp_path.h"

#include "base/hex.h"
#include "crypto/ber.h"

bool
mc_ca_ocsp_path(const char *path, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err none;

	/* base64 of 0x30 begins with an M: few places are ever decoded */
	for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
		if (p[1] != 'M')
			continue;
		mc_buf_clear(&der);
		if (mc_base64_parse(p + 1, strlen(p + 1), true, &der, &none) &&
		    mc_ber_sequence_parse(&der, "", NULL, &none))
			return mc_buf_add(to, der.data, der.len, e);
	}
	return true;
}
