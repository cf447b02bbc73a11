/* SPDX-License-Identifier: ISC */
/*
 * A certificate authority in a folder: ca.pem, ca.key, ra.pem, ra.key,
 * store.db, and, where they are wanted, ca.conf, chain.pem, ocsp.pem and
 * ocsp.key.
 *
 * The CA's key signs certificates, CRLs and the announcement of its successor,
 * and nothing else.  The RA's key, always another one, reads and signs SCEP's
 * messages: what can be learned by sending messages to it says nothing about
 * the CA's.  There is a CA where there is ca.pem, which is written last.
 *
 * A folder may hold two generations.  next/ has the same files for the CA that
 * is to follow; from its notBefore on it is the current one, and what is above
 * it is the previous one, which signs nothing but its own CRL, and whose
 * certificates may be renewed.
 */
#ifndef MC_CA_H
#define MC_CA_H

#include "base/time.h"
#include "ca/conf.h"
#include "crypto/digest.h"
#include "crypto/key.h"
#include "store/store.h"

#define MC_CA_BITS 3072
#define MC_RA_BITS 2048
#define MC_CA_LIFETIME (MC_DAY * 365 * 10)

/* Certificates begin this much before their issue, for clocks that are slow. */
#define MC_CA_BACKDATE MC_HOUR

#define MC_CA_RAS                                                              \
	4 /* RAs that can open requests: the current, and older ones */

/* Which secrets are loaded with the certificates; bits. */
enum mc_ca_parts {
	MC_CA_CERTS = 0, /* no secrets, no store */
	MC_CA_STORE = 1,
	MC_CA_KEY = 2,
	MC_CA_RA_KEYS = 4,
	MC_CA_OCSP = 8, /* the responder's key, and that all of it is fit */
	MC_CA_ALL = MC_CA_STORE | MC_CA_KEY | MC_CA_RA_KEYS,
};

struct mc_ra {
	X509 *cert;
	EVP_PKEY *key; /* NULL where not loaded */
};

struct mc_ca {
	X509 *cert;
	EVP_PKEY *key;              /* NULL where not loaded */
	char id[MC_SHA256_HEX];     /* hash of its key: "issuer" in the store */
	struct mc_ra ra[MC_CA_RAS]; /* the current one first */
	size_t ras;
	struct mc_ra ocsp; /* responder; empty where there is none */
	mc_certs *chain;   /* above cert, its issuer first; may be empty */
	struct mc_ca
	    *previous;      /* generation, without store and conf; or NULL */
	struct mc_ca *next; /* announced, certificates only; or NULL */
	struct mc_ca_conf *conf;
	struct mc_store *store;
};

typedef struct mc_ca mc_ca; /* for AUTO() only */
/* With nothing in it yet. */
MC_NODISCARD bool mc_ca_new(struct mc_ca **out, struct mc_err *e);
void mc_ca_free(struct mc_ca *ca);
CLEANUP(mc_ca, mc_ca_free);

struct mc_ca_spec {
	const char *dir;
	const char *subject;    /* "/O=../CN=.."; NULL where imported */
	enum mc_key_kind kind;  /* of the CA's key */
	unsigned bits;          /* if RSA, 2048..4096; 0: MC_CA_BITS */
	unsigned ra_bits;       /* of the RA's, always RSA; 0: MC_RA_BITS */
	int64_t lifetime;       /* of both, seconds; 0: MC_CA_LIFETIME */
	const char *passphrase; /* secret's spec: both keys are encrypted with
				   it, and ca.conf says where it is; or NULL */
	const struct mc_facts *facts; /* for secrets; may be NULL */
	const char *ca_key; /* file, copied, or URI, noted in ca.conf; NULL: a
			       new key, or the one that ca.conf names */
	const char *ca_passphrase; /* of it; a file's is also for the keys that
				      are made, unless passphrase is there */
	/* a CA that exists: */
	const char *ca_cert;  /* PEM or DER; what follows in it is the chain */
	const char *ca_chain; /* up to the company's root, or NULL */
};

/*
 * Make one, with its RA and OCSP responder.  The folder is made where it is
 * missing; one that is there keeps
 * what else is in it.  MC_DENIED where it holds a CA already, or a store that
 * has issued certificates.  What an interrupted call leaves is no CA, and the
 * next call begins anew.
 */
MC_NODISCARD bool mc_ca_init(const struct mc_ca_spec *spec, struct mc_err *e);

/*
 * Load and check: the certificates have the key usage that RFC 8894 section
 * 2.1.2 demands, are in date, the RA's is the CA's own work, and the keys,
 * where they are loaded, are theirs, differ, and are not for others to read
 * (MC_USAGE).  MC_NOINPUT where there is no
 * CA, MC_OUTOFDATE, MC_MALFORMED for the rest, naming the file.
 */
MC_NODISCARD bool mc_ca_load(
    const char *dir, unsigned parts, struct mc_ca **out, struct mc_err *e);

/* The store alone, for what needs no key.  Errors as mc_ca_load()'s. */
MC_NODISCARD bool
mc_ca_store_open(const char *dir, struct mc_store **out, struct mc_err *e);

/* For GetCACert, in this order: the list is the caller's, they are lent. */
MC_NODISCARD bool mc_ca_certs_get(const struct mc_ca *ca,
    enum mc_ca_order order, mc_certs_lent **out, struct mc_err *e);

/*
 * The generation (ca itself or ca->previous) whose key has signed it; NULL for
 * what is not ours, whatever name it bears.
 */
const struct mc_ca *mc_ca_issuer_find(const struct mc_ca *ca, X509 *cert);

#endif
