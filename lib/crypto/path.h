/* SPDX-License-Identifier: ISC */
/*
 * Certification paths: found here by names and signatures, every one that there
 * is; judged by libcrypto, which by itself follows but one.  Where certificates
 * are cross-signed, or an issuer's name has two keys, that one may lead nowhere
 * while another leads to an anchor (RFC 5280 section 6: a path is valid, not a
 * certificate).
 */
#ifndef MC_PATH_H
#define MC_PATH_H

#include "crypto/ossl.h"

struct mc_path_spec {
	X509 *leaf;
	const mc_certs_lent *helpers; /* keys checked: mc_path_helpers_add() */
	X509_STORE *anchors;
	bool to_root; /* paths end at what is self-signed, and not at anchors;
			 or where no issuer is found */
};

/*
 * Is told a path, leaf first, each certificate signed by the next one's key.
 * Certificates are lent for the time of the call.  false: that is enough.
 */
typedef bool mc_path_visit(const mc_certs_lent *path, void *arg);

/*
 * Visit the paths, shortest detours first.  Work is bounded: what a hostile bag
 * offers beyond that is not looked at.  Fails for want of memory only.
 */
MC_NODISCARD bool mc_path_list(const struct mc_path_spec *spec,
    mc_path_visit *visit, void *arg, struct mc_err *e);

/*
 * Append those that a path may lead through: no arithmetic is done with a
 * stranger's absurd key.
 */
MC_NODISCARD bool
mc_path_helpers_add(mc_certs_lent *to, const mc_certs *from, struct mc_err *e);

/*
 * How libcrypto judges: any purpose, anchors need not be roots, policies
 * processed (RFC 5280 section 6.1 with no policy demanded), and a security
 * level.  Not X509_V_FLAG_X509_STRICT: that is about how CAs are to write
 * certificates (section 4), and refuses many that section 6 accepts.  What of
 * it section 6 asks for, that an intermediate is a CA by its basicConstraints
 * and not by its key usage alone, libcrypto 3 looks at in any case.
 */
void mc_path_params_set(X509_STORE_CTX *ctx, int64_t at, int level);

/* Does its key usage, where it has one, allow signatures on messages? */
bool mc_path_signs(X509 *cert);

/* Signed by itself. */
bool mc_path_is_root(X509 *cert);

/* MC_OUTOFDATE, "SUBJECT: expired at ...". */
bool mc_path_fail_date(X509 *cert, bool expired, struct mc_err *e);

/*
 * The system's store: what SSL_CERT_FILE and SSL_CERT_DIR name, or else
 * OpenSSL's own file and folder; certificates of the folder are read when they
 * are asked for.  Without any of them it is empty.  MC_NOINPUT where the
 * environment names what is not there.
 */
MC_NODISCARD bool mc_system_store_new(X509_STORE **out, struct mc_err *e);

#endif
