/* SPDX-License-Identifier: ISC */
/*
 * A certificate authority in a folder: ca.pem, ca.key, ra.pem, ra.key and
 * store.db.
 *
 * The CA's key signs certificates and nothing else.  The RA's key, always
 * another one, reads and signs SCEP's messages: what can be learned by sending
 * messages to it says nothing about the CA's.  There is a CA where there is
 * ca.pem, which is written last.
 */
#ifndef MC_CA_H
#define MC_CA_H

#include "base/time.h"
#include "crypto/digest.h"
#include "store/store.h"

#define MC_CA_BITS 3072
#define MC_RA_BITS 2048
#define MC_CA_LIFETIME (MC_DAY * 365 * 10)

/* Certificates begin this much before their issue, for clocks that are slow. */
#define MC_CA_BACKDATE MC_HOUR

struct mc_ca {
	X509 *cert;
	X509 *ra;
	EVP_PKEY *key;    /* these three are NULL where only */
	EVP_PKEY *ra_key; /* the certificates were loaded */
	struct mc_store *store;
};

typedef struct mc_ca mc_ca; /* for AUTO() only */
/* With nothing in it yet. */
MC_NODISCARD bool mc_ca_new(struct mc_ca **out, struct mc_err *e);
void mc_ca_free(struct mc_ca *ca);
CLEANUP(mc_ca, mc_ca_free);

struct mc_ca_spec {
	const char *dir;
	const char *subject; /* "/O=../CN=.." */
	unsigned bits;    /* of the CA's RSA key, 2048..4096; 0: MC_CA_BITS */
	unsigned ra_bits; /* of the RA's; 0: MC_RA_BITS */
	int64_t lifetime; /* of both, seconds; 0: MC_CA_LIFETIME */
};

/*
 * Make one.  The folder is made where it is missing; one that is there keeps
 * what else is in it.  MC_DENIED where it holds a CA already, or a store that
 * has issued certificates.  What an interrupted call leaves is no CA, and the
 * next call begins anew.
 */
MC_NODISCARD bool mc_ca_init(const struct mc_ca_spec *spec, struct mc_err *e);

enum mc_ca_parts {
	MC_CA_CERTS, /* no secrets, no store */
	MC_CA_ALL,
};

/*
 * Load and check: the certificates have the key usage that RFC 8894 section
 * 2.1.2 demands, are in date, the RA's is the CA's own work, and the keys,
 * where they are loaded, are theirs, differ, and are not for others to read
 * (MC_USAGE).  MC_NOINPUT where there is no
 * CA, MC_OUTOFDATE, MC_MALFORMED for the rest, naming the file.
 */
MC_NODISCARD bool mc_ca_load(const char *dir, enum mc_ca_parts parts,
    struct mc_ca **out, struct mc_err *e);

/* The store alone, for what needs no key.  Errors as mc_ca_load()'s. */
MC_NODISCARD bool
mc_ca_store_open(const char *dir, struct mc_store **out, struct mc_err *e);

/* RA and CA, for GetCACert: the list is the caller's, they are lent. */
MC_NODISCARD bool
mc_ca_certs_get(const struct mc_ca *ca, mc_certs_lent **out, struct mc_err *e);

/* Signed with this CA's key, whatever else is to be said of it. */
bool mc_ca_is_ours(const struct mc_ca *ca, X509 *cert);

#endif
