/* SPDX-License-Identifier: ISC */
/* scep-ca's verbs but respond: a person makes a CA and looks after it. */
#ifndef MC_CA_ADMIN_H
#define MC_CA_ADMIN_H

#include "ca/ca.h"
#include "stages.h"

enum format { FORMAT_DER, FORMAT_PEM, FORMAT_P7 };

struct ca_args {
	const char *dir;
	const char *subject;
	const char *owner;
	const char *serial;
	bool any_subject;
	unsigned bits;
	unsigned ra_bits;
	unsigned min_bits;
	unsigned format;
	unsigned limit;
	int64_t lifetime;
	int64_t ttl;
};

/* The CA's certificate and the RA's, as GetCACert sends them. */
MC_NODISCARD bool mc_ca_admin_certs_encode(const struct mc_ca *ca,
    struct mc_buf *to, const char **type, struct mc_err *e);

/* What runs the verbs; args is a struct ca_args. */
bool mc_ca_admin_init(const void *args, struct mc_io *io, struct mc_err *e);
bool
mc_ca_admin_challenge(const void *args, struct mc_io *io, struct mc_err *e);
bool
mc_ca_admin_challenges(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_list(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_revoke(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_cert(const void *args, struct mc_io *io, struct mc_err *e);
bool
mc_ca_admin_fingerprint(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_caps(const void *args, struct mc_io *io, struct mc_err *e);

#endif
