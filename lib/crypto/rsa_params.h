/* SPDX-License-Identifier: ISC */
/*
 * The parameters of RSAES-OAEP and RSASSA-PSS (RFC 4055), as far as we allow
 * any: one of four digests, and MGF1 with that same one.
 */
#ifndef MC_RSA_PARAMS_H
#define MC_RSA_PARAMS_H

#include "crypto/ber.h"

/*
 * The digests that are known here, and OpenSSL's names of them.  MD5, the
 * last, proves nothing on any leg; what came before it no more.
 */
enum { MC_DIGESTS = 4, MC_DIGESTS_WEAK };
extern const struct mc_oid mc_digest_oid[MC_DIGESTS_WEAK];
extern const char *const mc_digest_name[MC_DIGESTS_WEAK];

/*
 * A digest's AlgorithmIdentifier, by its name of OpenSSL, a constant:
 * "SHA1", "SHA256", "SHA384", "SHA512".  MC_DENIED for another.
 */
MC_NODISCARD bool mc_rsa_digest_parse(
    struct mc_ber *b, const char *what, const char **name, struct mc_err *e);

/*
 * RSAES-OAEP-params, the next element: the digest.  MC_DENIED for another mask
 * generation, or a label that is not empty.
 */
MC_NODISCARD bool
mc_rsa_oaep_parse(struct mc_ber *b, const char **digest, struct mc_err *e);

/*
 * RSASSA-PSS-params, the next element.  MC_DENIED for SHA-1 and for a salt that
 * no key we work with has room for.
 */
MC_NODISCARD bool
mc_rsa_pss_parse(struct mc_ber *b, const char **digest, struct mc_err *e);

#endif
