/* SPDX-License-Identifier: ISC */
/*
 * What a person does with a CA: scep-ca's verbs, but for respond and explain.
 *
 * All tables of cmd/scep_ca.c fill one struct ca_args; a verb looks at what
 * its own table has.
 */
#ifndef MC_CA_ADMIN_H
#define MC_CA_ADMIN_H

#include "ca/ca.h"
#include "ca/revoke.h"
#include "stages.h"

/* Of lists and tables; of one certificate; of a CRL. */
enum ca_table { TABLE_TEXT, TABLE_JSON, TABLE_CSV };
enum ca_show { SHOW_TEXT, SHOW_JSON, SHOW_PEM };
/* Of sign: PEM is what it prints unless told. */
enum ca_signed { SIGNED_PEM, SIGNED_DER };
enum ca_format { FORMAT_DER, FORMAT_PEM, FORMAT_P7 };

/* Those of the store, in its order, and what waits. */
#define STATUS_CHOICES "any|valid|expired|revoked|intent|pending"
enum { STATUS_PENDING = MC_STATUS_INTENT + 1 };

struct ca_args {
	const char *dir;
	/* who and what */
	const char *subject, *names, *owner, *user, *profile;
	bool any_subject;
	bool any_profile;
	/* a challenge */
	int64_t ttl;
	const char *uses;
	bool envelope;
	const char *secret;
	/* a CA */
	unsigned key_kind; /* enum mc_key_kind */
	unsigned bits, ra_bits;
	int64_t lifetime;
	const char *passphrase;
	const char *ca_cert, *ca_key, *ca_passphrase, *ca_chain;
	const char *at;
	/* which certificates */
	const char *serial, *pattern;
	const char *challenge, *key, *transaction;
	const char *issued_after, *issued_before;
	unsigned status; /* STATUS_CHOICES */
	int64_t expiring;
	unsigned limit;
	/* what is done to them */
	unsigned reason; /* index in MC_CRL_REASONS */
	const char *note;
	bool dry_run, with_renewals;
	/* how it is written, or read */
	unsigned format;
	bool print, all, fresh, previous, without_keys;
	const char *published;
	const char *index;
	/* words */
	const char *file, *number;
};

/* authority.c: the CA itself */
bool mc_ca_admin_init(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_cacert(const void *args, struct mc_io *io, struct mc_err *e);
bool
mc_ca_admin_fingerprint(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_caps(const void *args, struct mc_io *io, struct mc_err *e);
bool
mc_ca_admin_check_config(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_ra_renew(const void *args, struct mc_io *io, struct mc_err *e);
bool
mc_ca_admin_ra_retire(const void *args, struct mc_io *io, struct mc_err *e);
bool
mc_ca_admin_ocsp_renew(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_rollover(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_rollover_cancel(
    const void *args, struct mc_io *io, struct mc_err *e);

/* publish.c, metrics.c: what the world is told */
bool mc_ca_admin_crl(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_ocsp(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_metrics(const void *args, struct mc_io *io, struct mc_err *e);

/* keep.c: against loss */
bool mc_ca_admin_backup(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_restore(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_check(const void *args, struct mc_io *io, struct mc_err *e);

/* records.c: the certificates */
bool mc_ca_admin_list(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_show(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_revoke(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_sign(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_export(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_import(const void *args, struct mc_io *io, struct mc_err *e);

/* waiting.c: requests that wait for a person */
bool mc_ca_admin_pending(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_approve(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_reject(const void *args, struct mc_io *io, struct mc_err *e);

/* challenges.c */
bool
mc_ca_admin_challenge_new(const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_challenge_mint(
    const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_challenge_list(
    const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_challenge_revoke(
    const void *args, struct mc_io *io, struct mc_err *e);
bool mc_ca_admin_challenge_purge(
    const void *args, struct mc_io *io, struct mc_err *e);

#endif
