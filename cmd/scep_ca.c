/* SPDX-License-Identifier: ISC */
/* scep-ca: its verbs and their options; what they do is in cmd/scep_ca. */
#include "crypto/crl.h"
#include "scep_ca/admin.h"
#include "scep_ca/explain.h"
#include "scep_ca/respond.h"

static const struct mc_opt common_opts[] = {
	MC_STR(struct ca_args, dir, 'd', "dir", "DIR",
	    "folder of the CA: its keys, certificates and store", true),
	MC_OPT_END,
};

/* Of a CA's key that is made. */
#define NEW_KEY_OPTS                                                           \
	MC_CHOICE(struct ca_args, key_kind, 'k', "key", "rsa|p256|p384",       \
	    "key of the CA; default rsa"),                                     \
	    MC_UINT(struct ca_args, bits, 0, "bits", "N",                      \
		"its size if it is RSA, 2048 to 4096; default 3072"),          \
	    MC_UINT(struct ca_args, ra_bits, 0, "ra-bits", "N",                \
		"RSA key of the RA, 2048 to 4096; default 2048"),              \
	    MC_SECONDS(struct ca_args, lifetime, 0, "lifetime", "TIME",        \
		"its certificates live that long; default 10y"),               \
	    MC_STR(struct ca_args, passphrase, 0, "passphrase", "SECRET",      \
		"encrypt the new keys with it, file:PATH, fd:N or env:NAME",   \
		false)

static const struct mc_opt init_opts[] = {
	MC_STR(struct ca_args, subject, 's', "subject", "NAME",
	    "name of the CA, \"/O=ACME Inc./CN=ACME Device CA\"", false),
	NEW_KEY_OPTS,
	MC_STR(struct ca_args, ca_cert, 0, "ca-cert", "FILE",
	    "certificate of a CA that exists, which is taken over", false),
	MC_STR(struct ca_args, ca_key, 0, "ca-key", "FILE|URI",
	    "its key, or a new CA's: a file, copied; or where a token has it, "
	    "\"pkcs11:...\"",
	    false),
	MC_STR(struct ca_args, ca_passphrase, 0, "ca-passphrase", "SECRET",
	    "passphrase of that key, and of the new ones beside it unless "
	    "--passphrase says another; or PIN of the token",
	    false),
	MC_STR(struct ca_args, ca_chain, 0, "ca-chain", "FILE",
	    "certificates above it, up to the root", false),
	MC_OPT_END,
};

static const struct mc_opt rollover_opts[] = {
	MC_STR(struct ca_args, at, 0, "at", "TIME",
	    "when the next CA takes over, a day, or \"30d\" from now; "
	    "default 30d",
	    false),
	MC_STR(struct ca_args, subject, 's', "subject", "NAME",
	    "its name; default: the same", false),
	NEW_KEY_OPTS,
	MC_OPT_END,
};

static const struct mc_opt cacert_opts[] = {
	MC_CHOICE(struct ca_args, format, 'f', "format", "der|pem|p7",
	    "the CA's certificate as DER or PEM, or what GetCACert sends; "
	    "default der"),
	MC_STR(struct ca_args, profile, 'p', "profile", "NAME",
	    "as GetCACert sends it for this profile", false),
	MC_OPT_END,
};

static const struct mc_opt caps_opts[] = {
	MC_STR(struct ca_args, profile, 'p', "profile", "NAME",
	    "profile of ca.conf; default: \"default\"", false),
	MC_OPT_END,
};

static const struct mc_opt check_config_opts[] = {
	MC_FLAG(struct ca_args, print, 0, "print",
	    "print every setting that is in effect, as a ca.conf"),
	MC_OPT_END,
};

static const struct mc_opt ra_renew_opts[] = {
	MC_UINT(struct ca_args, bits, 0, "bits", "N",
	    "its RSA key, 2048 to 4096; default 2048"),
	MC_OPT_END,
};

static const struct mc_opt ocsp_renew_opts[] = {
	MC_SECONDS(struct ca_args, lifetime, 0, "lifetime", "TIME",
	    "its certificate lives that long; default: as the CA's"),
	MC_OPT_END,
};

/* What a challenge is good for. */
#define CHALLENGE_OPTS                                                         \
	MC_STR(struct ca_args, subject, 's', "subject", "NAME",                \
	    "the one name that it is good for, \"/CN=Alice's phone\"", false), \
	    MC_FLAG(struct ca_args, any_subject, 0, "any-subject",             \
		"it is good for whatever name is asked"),                      \
	    MC_STR(struct ca_args, names, 0, "names", "NAMES",                 \
		"subjectAltName, \"dns:a.example.com,email:a@example.com\"",   \
		false),                                                        \
	    MC_STR(struct ca_args, user, 'u', "user", "NAME",                  \
		"whose the certificate will be", false),                       \
	    MC_STR(struct ca_args, owner, 0, "owner", "ID",                    \
		"enrolment that the certificate will belong to", false),       \
	    MC_STR(struct ca_args, profile, 'p', "profile", "NAME",            \
		"the one profile of ca.conf that it is good for; default: "    \
		"\"default\"",                                                 \
		false),                                                        \
	    MC_FLAG(struct ca_args, any_profile, 0, "any-profile",             \
		"it is good for each profile that takes such challenges"),     \
	    MC_SECONDS(struct ca_args, ttl, 0, "ttl", "TIME",                  \
		"it is good for that long, \"90s\", \"15m\", \"1h\", "         \
		"\"2d\"; default 1h"),                                         \
	    MC_STR(struct ca_args, uses, 0, "uses", "N",                       \
		"for so many certificates; default 1", false)

static const struct mc_opt challenge_new_opts[] = {
	CHALLENGE_OPTS,
	MC_FLAG(struct ca_args, envelope, 0, "envelope",
	    "it also encrypts, for keys that cannot: kept, readable to the RA"),
	MC_OPT_END,
};

static const struct mc_opt challenge_mint_opts[] = {
	CHALLENGE_OPTS,
	MC_STR(struct ca_args, secret, 0, "secret", "SECRET",
	    "what signs it, file:PATH, fd:N or env:NAME; default: the "
	    "profile's hmac-secret",
	    false),
	MC_OPT_END,
};

static const struct mc_opt challenge_list_opts[] = {
	MC_UINT(struct ca_args, limit, 'n', "limit", "N",
	    "the newest N; default: all"),
	MC_CHOICE(struct ca_args, format, 'f', "format", "table|json",
	    "for people, or complete; default table"),
	MC_OPT_END,
};

static const struct mc_opt challenge_revoke_opts[] = {
	MC_WORD(struct ca_args, challenge, "challenge", "SHA-256",
	    "the challenge's hash, or its first 12 digits or more, as "
	    "challenge list shows them",
	    false),
	MC_STR(struct ca_args, user, 'u', "user", "NAME",
	    "every open one of this user", false),
	MC_STR(struct ca_args, owner, 0, "owner", "ID",
	    "every open one of this enrolment", false),
	MC_OPT_END,
};

static const struct mc_opt challenge_purge_opts[] = {
	MC_SECONDS(struct ca_args, lifetime, 0, "ended", "TIME",
	    "that long ago or longer; default 30d"),
	MC_OPT_END,
};

/* Which certificates. */
#define FILTER_OPTS                                                            \
	MC_STR(                                                                \
	    struct ca_args, user, 'u', "user", "NAME", "of this user", false), \
	    MC_STR(struct ca_args, owner, 0, "owner", "ID",                    \
		"of this enrolment", false),                                   \
	    MC_STR(struct ca_args, challenge, 0, "challenge", "SHA-256",       \
		"issued for this challenge, by its hash or the first 12 "      \
		"digits of it",                                                \
		false),                                                        \
	    MC_STR(struct ca_args, key, 'k', "key", "FILE|SHA-256",            \
		"of this public key: the file of a certificate, a request or " \
		"a key, or its hash",                                          \
		false),                                                        \
	    MC_STR(struct ca_args, issued_after, 0, "issued-after", "TIME",    \
		"a day, \"2026-11-22\", or \"30d\" ago", false),               \
	    MC_STR(struct ca_args, issued_before, 0, "issued-before", "TIME",  \
		"likewise", false),                                            \
	    MC_STR(struct ca_args, profile, 'p', "profile", "NAME",            \
		"of this profile", false)

#define STATUS_OPT                                                             \
	MC_CHOICE(struct ca_args, status, 0, "status", STATUS_CHOICES,         \
	    "how it stands now; default any")

static const struct mc_opt list_opts[] = {
	STATUS_OPT,
	MC_SECONDS(struct ca_args, expiring, 0, "expiring", "TIME",
	    "valid, and expiring within that time, \"30d\""),
	FILTER_OPTS,
	MC_STR(struct ca_args, transaction, 0, "transaction", "ID",
	    "issued in this SCEP transaction, as the log names it", false),
	MC_UINT(struct ca_args, limit, 'n', "limit", "N",
	    "the newest N; default 1000 in a table, else all"),
	MC_CHOICE(struct ca_args, format, 'f', "format", "table|json|csv",
	    "for people, or complete; default table"),
	MC_WORD(struct ca_args, pattern, "pattern", "PATTERN",
	    "part of the subject, the names, the user or the owner, in any "
	    "case; or a serial number",
	    false),
	MC_OPT_END,
};

static const struct mc_opt show_opts[] = {
	MC_WORD(struct ca_args, serial, "serial", "SERIAL",
	    "serial number, hexadecimal, as list shows it: 8 digits or more",
	    true),
	MC_CHOICE(struct ca_args, format, 'f', "format", "text|json|pem",
	    "for people, complete, or the certificate; default text"),
	MC_OPT_END,
};

static const struct mc_opt revoke_opts[] = {
	MC_WORD(struct ca_args, serial, "serial", "SERIAL",
	    "serial number, hexadecimal, as list shows it: 8 digits or more",
	    false),
	MC_CHOICE(struct ca_args, reason, 'r', "reason", MC_CRL_REASONS,
	    "why; default unspecified"),
	MC_STR(struct ca_args, note, 0, "note", "TEXT",
	    "a line for the history", false),
	MC_FLAG(struct ca_args, with_renewals, 0, "with-renewals",
	    "and what it was renewed to, and so on: of a key that was stolen"),
	MC_FLAG(struct ca_args, dry_run, 0, "dry-run",
	    "show which, and revoke none"),
	FILTER_OPTS,
	MC_OPT_END,
};

static const struct mc_opt crl_opts[] = {
	MC_CHOICE(
	    struct ca_args, format, 'f', "format", "der|pem", "default der"),
	MC_FLAG(struct ca_args, fresh, 0, "new",
	    "make another one, even if the last one would do"),
	MC_STR(struct ca_args, published, 0, "published", "FILE",
	    "the one that is published now: the new one's number is larger",
	    false),
	MC_FLAG(struct ca_args, previous, 0, "previous",
	    "of the CA before this one"),
	MC_OPT_END,
};

static const struct mc_opt sign_opts[] = {
	MC_STR(struct ca_args, profile, 'p', "profile", "NAME",
	    "profile of ca.conf; default: \"default\"", false),
	MC_STR(struct ca_args, subject, 's', "subject", "NAME",
	    "certify this name; default: the request's", false),
	MC_STR(struct ca_args, names, 0, "names", "NAMES",
	    "subjectAltName; default: the request's", false),
	MC_STR(struct ca_args, user, 'u', "user", "NAME", "whose it will be",
	    false),
	MC_FLAG(struct ca_args, fresh, 0, "new",
	    "make another one, even if the same command made one that is "
	    "valid"),
	MC_CHOICE(struct ca_args, format, 'f', "format", "pem|der",
	    "of the certificate; default pem"),
	MC_OPT_END,
};

static const struct mc_opt pending_opts[] = {
	MC_WORD(struct ca_args, number, "number", "NUMBER",
	    "tell everything about this one; default: a table of all", false),
	MC_FLAG(struct ca_args, all, 'a', "all",
	    "what was decided or came to an end, too"),
	MC_STR(
	    struct ca_args, user, 'u', "user", "NAME", "of this user", false),
	MC_STR(struct ca_args, owner, 0, "owner", "ID", "of this enrolment",
	    false),
	MC_STR(struct ca_args, profile, 'p', "profile", "NAME",
	    "of this profile", false),
	MC_UINT(struct ca_args, limit, 'n', "limit", "N",
	    "the oldest N; default: all"),
	MC_CHOICE(struct ca_args, format, 'f', "format", "table|json|csv",
	    "for people, or complete; default table"),
	MC_OPT_END,
};

static const struct mc_opt approve_opts[] = {
	MC_WORD(struct ca_args, number, "number", "NUMBER",
	    "of the request, as pending shows it", true),
	MC_STR(struct ca_args, note, 0, "note", "TEXT", "a line for the record",
	    false),
	MC_OPT_END,
};

static const struct mc_opt reject_opts[] = {
	MC_WORD(struct ca_args, number, "number", "NUMBER",
	    "of the request, as pending shows it", true),
	MC_STR(struct ca_args, note, 'r', "reason", "TEXT",
	    "a line for the record and the log; the requester is not told it",
	    false),
	MC_OPT_END,
};

static const struct mc_opt export_opts[] = {
	MC_CHOICE(struct ca_args, format, 'f', "format",
	    "openssl-index|csv|json",
	    "what openssl ca and openssl ocsp read, or CSV, or a JSON object "
	    "a line; default openssl-index"),
	MC_CHOICE(struct ca_args, status, 0, "status",
	    "any|valid|expired|revoked|intent",
	    "how it stands now; default any"),
	FILTER_OPTS,
	MC_OPT_END,
};

static const struct mc_opt import_opts[] = {
	MC_STR(struct ca_args, index, 0, "index", "FILE",
	    "openssl's index, for the status of certificates in PEM", false),
	MC_OPT_END,
};

static const struct mc_opt backup_opts[] = {
	MC_WORD(
	    struct ca_args, file, "file", "FILE", "the copy: a new file", true),
	MC_FLAG(struct ca_args, without_keys, 0, "without-keys",
	    "leave the private keys out"),
	MC_OPT_END,
};

static const struct mc_opt restore_opts[] = {
	MC_WORD(
	    struct ca_args, file, "file", "FILE", "what backup wrote", true),
	MC_OPT_END,
};

static const struct mc_verb verbs[] = {
	{ "init", "make a CA, its RA and its store", init_opts, MC_INPUT_NONE,
	    mc_ca_admin_init },
	{ "check-config", "say what is wrong with ca.conf", check_config_opts,
	    MC_INPUT_NONE, mc_ca_admin_check_config },
	{ "challenge new", "print a new challenge", challenge_new_opts,
	    MC_INPUT_NONE, mc_ca_admin_challenge_new },
	{ "challenge mint", "print one that the store does not know, signed",
	    challenge_mint_opts, MC_INPUT_NONE, mc_ca_admin_challenge_mint },
	{ "challenge list", "show the challenges, not what they are",
	    challenge_list_opts, MC_INPUT_NONE, mc_ca_admin_challenge_list },
	{ "challenge revoke", "take challenges back", challenge_revoke_opts,
	    MC_INPUT_NONE, mc_ca_admin_challenge_revoke },
	{ "challenge purge",
	    "forget those that ended without a certificate, and old requests",
	    challenge_purge_opts, MC_INPUT_NONE, mc_ca_admin_challenge_purge },
	{ "respond", "answer a SCEP request", mc_ca_respond_opts,
	    MC_INPUT_MESSAGE, mc_ca_respond },
	{ "explain", "take a SCEP message apart, and say what it would get",
	    mc_ca_explain_opts, MC_INPUT_MESSAGE, mc_ca_explain },
	{ "sign", "certify a request, on your own authority", sign_opts,
	    MC_INPUT_LATER, mc_ca_admin_sign },
	{ "pending", "show the requests that wait for a person", pending_opts,
	    MC_INPUT_NONE, mc_ca_admin_pending },
	{ "approve", "let one of them have its certificate", approve_opts,
	    MC_INPUT_NONE, mc_ca_admin_approve },
	{ "reject", "or not", reject_opts, MC_INPUT_NONE, mc_ca_admin_reject },
	{ "list", "show the certificates, the newest first", list_opts,
	    MC_INPUT_NONE, mc_ca_admin_list },
	{ "show", "tell everything about one certificate", show_opts,
	    MC_INPUT_NONE, mc_ca_admin_show },
	{ "revoke", "record that certificates are not to be trusted any more",
	    revoke_opts, MC_INPUT_NONE, mc_ca_admin_revoke },
	{ "crl", "print the certificate revocation list", crl_opts,
	    MC_INPUT_NONE, mc_ca_admin_crl },
	/* before "ocsp", which is its first word */
	{ "ocsp renew", "make a new OCSP responder", ocsp_renew_opts,
	    MC_INPUT_NONE, mc_ca_admin_ocsp_renew },
	{ "ocsp", "answer an OCSP request", NULL, MC_INPUT_MESSAGE,
	    mc_ca_admin_ocsp },
	{ "cacert", "print the certificate of the CA", cacert_opts,
	    MC_INPUT_NONE, mc_ca_admin_cacert },
	{ "fingerprint", "print the SHA-256 of that certificate", NULL,
	    MC_INPUT_NONE, mc_ca_admin_fingerprint },
	{ "caps", "print what the server can do, as GetCACaps tells it",
	    caps_opts, MC_INPUT_NONE, mc_ca_admin_caps },
	{ "ra renew", "make a new RA, beside the one that is there",
	    ra_renew_opts, MC_INPUT_NONE, mc_ca_admin_ra_renew },
	{ "ra retire", "answer by the newest RA only", NULL, MC_INPUT_NONE,
	    mc_ca_admin_ra_retire },
	{ "rollover cancel", "take the next CA back", NULL, MC_INPUT_NONE,
	    mc_ca_admin_rollover_cancel },
	{ "rollover", "make and announce the CA that is to follow",
	    rollover_opts, MC_INPUT_NONE, mc_ca_admin_rollover },
	{ "export", "print the record for other programs", export_opts,
	    MC_INPUT_NONE, mc_ca_admin_export },
	{ "import", "add certificates of another record of this CA",
	    import_opts, MC_INPUT_LATER, mc_ca_admin_import },
	{ "backup", "copy the store, keys and settings into a file",
	    backup_opts, MC_INPUT_NONE, mc_ca_admin_backup },
	{ "restore", "make the CA of such a copy", restore_opts, MC_INPUT_NONE,
	    mc_ca_admin_restore },
	{ "check", "check the record, and each certificate in it", NULL,
	    MC_INPUT_NONE, mc_ca_admin_check },
	{ "metrics", "print numbers for a monitor (Prometheus)", NULL,
	    MC_INPUT_NONE, mc_ca_admin_metrics },
	{ 0 },
};

const struct mc_stage mc_stage_scep_ca = {
	.name = "scep-ca",
	.summary = "a certificate authority that speaks SCEP",
	.opts = common_opts,
	.verbs = verbs,
	.args_size = sizeof(struct ca_args),
};
