/* SPDX-License-Identifier: ISC */
/*
 * The files of a CA's folder: what reads and writes them, and in which order.
 * For load.c, init.c, succeed.c and what belongs to them.
 *
 * A generation is what is in one folder: the CA's own, or next/ in it.  Two
 * rules make every state that an interrupted call can leave one that loads:
 * the first key that fits a certificate is its key (NAME.key, or NAME-new.key
 * beside it), and a next/ whose ca.pem is the same as the one above it is the
 * CA, whatever else is above it.
 */
#ifndef MC_CA_FOLDER_H
#define MC_CA_FOLDER_H

#include "base/fact.h"
#include "ca/ca.h"

#define MC_CA_NEXT "next"

enum mc_role { MC_ROLE_CA, MC_ROLE_RA, MC_ROLE_OCSP, MC_ROLES };
/* "ca", "ra", "ocsp": of files and of settings. */
const char *mc_role_name(enum mc_role role);

/* What ca.conf says of its key; NULL: nothing. */
const char *mc_role_key(const struct mc_ca_conf *conf, enum mc_role role);
const char *
mc_role_passphrase(const struct mc_ca_conf *conf, enum mc_role role);

#define MC_CA_SECRETS 6

/*
 * Passphrases that were read: "env:" and "fd:" give theirs only once, and
 * several keys may have the same.
 */
struct mc_ca_secrets {
	const struct mc_facts *facts; /* lent; may be NULL */
	struct {
		char *spec;
		struct mc_buf value;
	} v[MC_CA_SECRETS];
	size_t n;
};
#define AUTO_SECRETS                                                           \
	__attribute__((cleanup(mc_ca_secrets_clear))) struct mc_ca_secrets
void mc_ca_secrets_clear(struct mc_ca_secrets *s);

/* Lent; NULL for no spec. */
MC_NODISCARD bool mc_ca_secret_get(struct mc_ca_secrets *s, const char *spec,
    const struct mc_buf **out, struct mc_err *e);

/* The keys of a CA, as they are found. */
struct mc_keyring {
	const char *dir;               /* lent */
	const struct mc_ca_conf *conf; /* lent */
	struct mc_ca_secrets *secrets; /* lent */
	EVP_PKEY *by_conf[MC_ROLES];   /* loaded once for all generations */
};
void mc_keyring_clear(struct mc_keyring *k);

/* The key that ca.conf names, lent; NULL where it names none. */
MC_NODISCARD bool mc_keyring_get(
    struct mc_keyring *k, enum mc_role role, EVP_PKEY **out, struct mc_err *e);

/*
 * Before a role's key is written into dir: no other key that ca.conf names is
 * that file.  MC_USAGE.
 */
MC_NODISCARD bool mc_keyring_vacant_check(
    const struct mc_keyring *k, enum mc_role made, struct mc_err *e);

/*
 * The key of at/BASE.pem: the one that ca.conf names, if it is that, else
 * BASE.key, else BASE-new.key.  from, which may be NULL, receives the path or
 * URI where it was.
 */
MC_NODISCARD bool mc_ca_key_load(struct mc_keyring *k, enum mc_role role,
    const char *at, const char *base, const X509 *cert, struct mc_buf *from,
    EVP_PKEY **out, struct mc_err *e);

/* at/name; *out is NULL where it is missing. */
MC_NODISCARD bool
mc_ca_cert_find(const char *at, const char *name, X509 **out, struct mc_err *e);
MC_NODISCARD bool mc_ca_cert_save(const char *at, const char *name, X509 *cert,
    bool create, struct mc_err *e);
MC_NODISCARD bool
mc_ca_chain_save(const char *at, const mc_certs *chain, struct mc_err *e);

/* passphrase may be NULL: unencrypted. */
MC_NODISCARD bool mc_ca_key_save(const char *at, const char *name,
    EVP_PKEY *key, const struct mc_buf *passphrase, struct mc_err *e);
/* A key file as it is, encrypted or not, under another name. */
MC_NODISCARD bool mc_ca_key_copy(
    const char *path, const char *at, const char *name, struct mc_err *e);
/* A key file that says where the key is. */
MC_NODISCARD bool mc_ca_reference_save(
    const char *at, const char *name, const char *uri, struct mc_err *e);

/*
 * Replace BASE.pem, and BASE.key where key is not NULL, so that at any moment
 * the certificate's key is there.
 */
MC_NODISCARD bool mc_ca_pair_save(const char *at, const char *base, X509 *cert,
    EVP_PKEY *key, const struct mc_buf *passphrase, struct mc_err *e);

/* Copy a file of ours between folders; where it is missing, remove it. */
MC_NODISCARD bool mc_ca_file_copy(
    const char *from, const char *to, const char *name, struct mc_err *e);
/* A missing file is fine. */
MC_NODISCARD bool
mc_ca_file_remove(const char *at, const char *name, struct mc_err *e);

/* Every file of a generation, "ca.pem" the last; NULL-terminated. */
extern const char *const mc_ca_files[];
/* "ra-1" .. : the older RAs', MC_CA_RAS - 1 of them. */
extern const char *const mc_ca_older[];

/* A setting of ca.conf. */
struct mc_ca_setting {
	const char *name, *value; /* value NULL: leave it as it is */
};

/* Put them at the head of ca.conf, in place of what it said. */
MC_NODISCARD bool mc_ca_conf_note(const char *dir,
    const struct mc_ca_setting *settings, size_t n, struct mc_err *e);

/* Where the current generation is, and what is beside it. */
struct mc_ca_place {
	X509 *top, *next; /* top NULL: no CA; next NULL: no other one */
	bool taken_over;  /* the current one is next/ */
	bool settling;    /* and it is the one above it too, half copied */
	struct mc_buf next_dir;
};
#define AUTO_CA_PLACE                                                          \
	__attribute__((cleanup(mc_ca_place_clear))) struct mc_ca_place
void mc_ca_place_clear(struct mc_ca_place *p);
MC_NODISCARD bool
mc_ca_place_load(const char *dir, struct mc_ca_place *out, struct mc_err *e);

/* What a CA's certificate must allow, in date or not.  MC_MALFORMED. */
MC_NODISCARD bool mc_ca_cert_check(X509 *cert, struct mc_err *e);

#endif
