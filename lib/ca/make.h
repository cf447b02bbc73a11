/* SPDX-License-Identifier: ISC */
/*
 * Making a generation: keys, certificates, and their way into a folder.  For
 * init.c and rollover.c.
 */
#ifndef MC_CA_MAKE_H
#define MC_CA_MAKE_H

#include "ca/folder.h"

struct mc_making {
	const struct mc_ca_spec *spec; /* lent */
	bool rollover;       /* the folder has a CA, whose ca.conf it is */
	const char *subject; /* lent; NULL where imported */
	int64_t not_before;
	struct mc_ca *ca; /* what is made; conf is the folder's, amended */
	struct mc_keyring ring;
	struct mc_ca_secrets secrets;
	bool file[MC_ROLES]; /* the key is written into the folder */
	const char *uri;     /* of the CA's key, where spec says one; lent */
	/* what ca.conf does not say yet, NULL: nothing; with their owners */
	const char *passphrase[MC_ROLES];
	struct mc_buf absolute, ca_absolute;
};
#define AUTO_MAKING __attribute__((cleanup(mc_making_clear))) struct mc_making
void mc_making_clear(struct mc_making *m);

/* spec, rollover, subject and not_before are set; everything but files. */
MC_NODISCARD bool mc_making_run(struct mc_making *m, struct mc_err *e);

/* Into a folder; ca.conf is dir's; ca.pem last, which must not be there. */
MC_NODISCARD bool mc_making_save(const struct mc_making *m, const char *dir,
    const char *at, struct mc_err *e);

/*
 * The certificates of spec's existing CA, which key fits, into ca: checked for
 * now, or, where it is to follow, for when it begins.
 */
MC_NODISCARD bool mc_ca_import(const struct mc_ca_spec *spec,
    const EVP_PKEY *key, bool follows, struct mc_ca *ca, struct mc_err *e);

/* A time that is cut to the CA's; until 0: as long as the CA's. */
struct mc_ca_span {
	int64_t from, until;
};

/* Certify key, an RA's or a responder's. */
MC_NODISCARD bool mc_ca_helper_issue(const struct mc_ca *ca, enum mc_role role,
    EVP_PKEY *key, const struct mc_ca_span *span, X509 **out, struct mc_err *e);

/* A responder's key is as strong as the CA's. */
MC_NODISCARD bool
mc_ca_ocsp_key_new(const struct mc_ca *ca, EVP_PKEY **out, struct mc_err *e);

/* A key that ca.conf names for an RA or a responder; NULL: it names none. */
MC_NODISCARD bool
mc_ca_helper_key(struct mc_keyring *ring, const struct mc_ca *ca,
    enum mc_role role, EVP_PKEY **out, struct mc_err *e);

/* A lifetime that was asked for, or the default. */
MC_NODISCARD bool mc_ca_lifetime(int64_t asked, int64_t *out, struct mc_err *e);

#endif
