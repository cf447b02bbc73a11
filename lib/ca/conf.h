/* SPDX-License-Identifier: ISC */
/*
 * ca.conf: how a CA behaves (scep-ca.conf(5)).  "name = value" lines; what
 * stands before the first "[profile NAME]" is for the CA, and what of it a
 * profile may also say is every profile's default, and the whole of the
 * profile "default".  A CA without the file has all defaults.
 *
 * Read once at start, and checked then: no request meets a setting that cannot
 * work.
 */
#ifndef MC_CA_CONF_H
#define MC_CA_CONF_H

#include "base/buf.h"
#include "base/time.h"
#include "store/budget.h"

#define MC_CA_PROFILES 32
#define MC_CA_PROFILE_NAME 33 /* letters, digits, dashes, with its NUL */
#define MC_CA_WORDS 16        /* of a setting that is a list of words */
#define MC_CA_PROFILE_DEFAULT "default"

/* Where a name comes from. */
enum mc_ca_subject { MC_SUBJECT_CHALLENGE, MC_SUBJECT_IMPOSE, MC_SUBJECT_NONE };
enum mc_ca_from { MC_FROM_CHALLENGE, MC_FROM_REQUEST, MC_FROM_NOWHERE };

/* Bits: who may say yes to a request, asked in this order. */
enum mc_ca_accept {
	MC_ACCEPT_CHALLENGE = 1, /* a challenge in the store */
	MC_ACCEPT_HMAC = 2,      /* one that the shared secret has signed */
	MC_ACCEPT_PROGRAM = 4,
	MC_ACCEPT_APPROVAL = 8, /* a person, for requests without a challenge */
};

enum mc_ca_keys { MC_KEYS_RSA, MC_KEYS_EC, MC_KEYS_ANY };
enum mc_ca_reply { MC_REPLY_LEAF, MC_REPLY_CHAIN };
/* Of GetCACert. */
enum mc_ca_order { MC_ORDER_RA, MC_ORDER_CA, MC_ORDER_CHAIN };

struct mc_ca_words {
	const char *v[MC_CA_WORDS + 1]; /* NULL-terminated */
};

/* Strings are lent by the configuration. */
struct mc_ca_profile {
	char name[MC_CA_PROFILE_NAME];

	/* who gets one */
	unsigned accept;           /* MC_ACCEPT_* */
	const char *hmac_secret;   /* base/secret.h's spec */
	struct mc_ca_words decide; /* the program and its words */
	struct mc_ca_words notify;
	bool hold; /* a person approves even what is proven otherwise */

	/* of what name */
	unsigned subject;          /* enum mc_ca_subject */
	const char *subject_match; /* "/O=ACME Inc./CN=*", or NULL */
	unsigned names;            /* subjectAltName: enum mc_ca_from */
	const char *names_match;   /* crypto/names.h's patterns, or NULL */

	/* for what key */
	unsigned keys; /* enum mc_ca_keys */
	unsigned rsa_min, rsa_max;

	/* what it says */
	int64_t lifetime;
	int64_t backdate;
	unsigned key_usage; /* KU_* bits of OpenSSL */
	struct mc_ca_words eku;
	struct mc_ca_words crl_url, ocsp_url, issuer_url;

	/* renewal */
	bool renew;
	int64_t renew_window; /* before its end; 0: at any time */
	unsigned renew_max;   /* successors in force at a time; 0: any number */
	bool renew_same_key;
	bool revoke_replaced;

	/* how it answers */
	unsigned reply; /* enum mc_ca_reply */
	unsigned order; /* enum mc_ca_order */
	bool sha1, des3, insecure, short_nonces;
	int64_t clock_skew; /* 0: signingTime is not looked at */
};

typedef struct mc_ca_conf mc_ca_conf; /* for AUTO() only */
struct mc_ca_conf {
	const char *ca_key, *ca_passphrase; /* file or URI; secret's spec */
	const char *ra_key, *ra_passphrase;
	const char *ocsp_key, *ocsp_passphrase;
	int64_t crl_lifetime; /* nextUpdate after thisUpdate */
	int64_t ocsp_lifetime;
	int64_t pending_lifetime;
	unsigned pending_limit;  /* waiting, of one source; 0: any number */
	struct mc_budget budget; /* of a source */
	unsigned
	    challenge_failures; /* after that many it is revoked; 0: never */
	int64_t program_seconds;
	struct mc_ca_profile profile[MC_CA_PROFILES];
	size_t n;            /* 1 or more; profile[0] is "default" */
	struct mc_buf text;  /* owns the strings */
	struct mc_buf paths; /* and those that were made whole */
	const char *dir;     /* where it is from; NULL: only parsed */
};

void mc_ca_conf_free(struct mc_ca_conf *c);
CLEANUP(mc_ca_conf, mc_ca_conf_free);

/*
 * Parse; takes text, whose content it edits.  Messages begin "NAME:LINE:".
 * MC_USAGE for an unknown setting or a value that cannot be, also across
 * settings ("accept = hmac" without a secret), and for one that no profile
 * has a use for.  "none" is the value of what may be missing.
 */
MC_NODISCARD bool mc_ca_conf_parse(struct mc_buf *text, const char *name,
    struct mc_ca_conf **out, struct mc_err *e);

/*
 * DIR/ca.conf, or the defaults where there is none.  A secret's "file:NAME" is
 * relative to DIR.
 */
MC_NODISCARD bool
mc_ca_conf_load(const char *dir, struct mc_ca_conf **out, struct mc_err *e);

/*
 * What only the machine can tell: the secrets are readable, the programs are
 * there and may be run, OpenSSL knows the purposes.  For check-config.
 */
MC_NODISCARD bool mc_ca_conf_check(
    const struct mc_ca_conf *c, const char *name, struct mc_err *e);

/* NULL where there is none of that name; NULL asks for "default". */
const struct mc_ca_profile *
mc_ca_conf_profile_find(const struct mc_ca_conf *c, const char *name);

/* Append the settings that are in effect, as a file that says the same. */
MC_NODISCARD bool mc_ca_conf_encode(
    const struct mc_ca_conf *c, struct mc_buf *to, struct mc_err *e);

#endif
