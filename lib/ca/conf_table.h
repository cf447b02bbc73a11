/* SPDX-License-Identifier: ISC */
/*
 * The settings of ca.conf as tables: parsing, printing and the manual's list
 * are read from them.  For lib/ca/conf*.c alone.
 *
 * What base/opt.h has a kind for goes straight into its field.  The rest is
 * noted as it was written ("said"), and a second table has how its text and
 * its field become each other.
 */
#ifndef MC_CA_CONF_TABLE_H
#define MC_CA_CONF_TABLE_H

#include "base/opt.h"
#include "ca/conf.h"

/* A profile as it is read; said is of this section alone, the rest inherits. */
struct mc_ca_section {
	struct mc_ca_profile p; /* first: its offsets are the section's */
	struct {
		const char *accept, *hmac_secret, *decide, *notify;
		const char *subject_match, *names_match;
		const char *lifetime, *backdate, *key_usage, *eku;
		const char *crl_url, *ocsp_url, *issuer_url;
		const char *renew_window, *clock_skew;
	} said;
};

/* The settings of the whole CA. */
struct mc_ca_head {
	struct mc_ca_conf c; /* first, likewise; no more than its settings */
	struct {
		const char *ca_passphrase, *ra_passphrase, *ocsp_passphrase;
		const char *crl_lifetime, *ocsp_lifetime, *pending_lifetime;
		const char *failure_window, *program_timeout;
	} said;
};

extern const struct mc_opt mc_ca_head_opts[];
extern const struct mc_opt mc_ca_section_opts[];

/* A word and its bit. */
struct mc_ca_bit {
	const char *word;
	unsigned bit;
};

struct mc_ca_value;
/* text is the caller's to edit, and outlives the field. */
typedef bool mc_ca_value_parse(
    const struct mc_ca_value *v, char *text, void *field, struct mc_err *e);
typedef bool mc_ca_value_encode(const struct mc_ca_value *v, const void *field,
    struct mc_buf *to, struct mc_err *e);

/* How a text becomes a field, and back. */
struct mc_ca_value {
	size_t said; /* offset of the text; 0 ends a table */
	size_t field;
	mc_ca_value_parse *parse;
	mc_ca_value_encode *encode;
	const struct mc_ca_bit *bits;
	const char *const *schemes; /* of URLs, NULL-terminated */
	int64_t min, max;           /* of seconds */
	bool optional;              /* "none" is a value */
};

extern const struct mc_ca_value mc_ca_head_values[];
extern const struct mc_ca_value mc_ca_section_values[];

/* conf_value.c */
mc_ca_value_parse mc_ca_bits_parse, mc_ca_words_parse, mc_ca_urls_parse,
    mc_ca_purposes_parse, mc_ca_time_parse, mc_ca_secret_parse,
    mc_ca_subject_parse, mc_ca_names_parse;
mc_ca_value_encode mc_ca_bits_encode, mc_ca_words_encode, mc_ca_time_encode,
    mc_ca_text_encode;

/*
 * conf_cross.c: does what this section says go together?  line has, for each
 * of its options, the line that said it, or 0.
 */
MC_NODISCARD bool mc_ca_section_check(const struct mc_ca_section *s,
    const char *name, const unsigned *line, struct mc_err *e);

/* Is every setting of the file good for something? */
MC_NODISCARD bool
mc_ca_conf_use_check(const struct mc_ca_conf *c, const char *name,
    const unsigned (*line)[MC_OPT_CONF_MAX], struct mc_err *e);

#endif
