/* SPDX-License-Identifier: ISC */
#include "ca/conf_table.h"

#include "crypto/ossl.h"

#define H struct mc_ca_head
#define S struct mc_ca_section

const struct mc_opt mc_ca_head_opts[] = {
	MC_STR(H, c.ca_key, 0, "ca-key", "FILE|URI", "the CA's key", false),
	MC_STR(H, said.ca_passphrase, 0, "ca-passphrase", "SECRET",
	    "what opens it", false),
	MC_STR(H, c.ra_key, 0, "ra-key", "FILE|URI", "the RA's key", false),
	MC_STR(H, said.ra_passphrase, 0, "ra-passphrase", "SECRET",
	    "what opens it", false),
	MC_STR(H, c.ocsp_key, 0, "ocsp-key", "FILE|URI",
	    "the OCSP responder's key", false),
	MC_STR(H, said.ocsp_passphrase, 0, "ocsp-passphrase", "SECRET",
	    "what opens it", false),
	MC_STR(H, said.crl_lifetime, 0, "crl-lifetime", "TIME",
	    "how long a CRL is good for", false),
	MC_STR(H, said.ocsp_lifetime, 0, "ocsp-lifetime", "TIME",
	    "how long an OCSP answer is good for", false),
	MC_STR(H, said.pending_lifetime, 0, "pending-lifetime", "TIME",
	    "how long a request waits for a person", false),
	MC_UINT(H, c.pending_limit, 0, "pending-limit", "N",
	    "requests of one source that may wait at a time"),
	MC_UINT(H, c.budget.failures, 0, "failures", "N",
	    "refusals after which a source has to wait"),
	MC_STR(H, said.failure_window, 0, "failure-window", "TIME",
	    "within that time", false),
	MC_UINT(H, c.challenge_failures, 0, "challenge-failures", "N",
	    "refusals after which a challenge is revoked"),
	MC_STR(H, said.program_timeout, 0, "program-timeout", "TIME",
	    "how long a program may take", false),
	MC_OPT_END,
};

const struct mc_opt mc_ca_section_opts[] = {
	MC_STR(S, said.accept, 0, "accept", "WORDS", "who may say yes", false),
	MC_STR(S, said.hmac_secret, 0, "hmac-secret", "SECRET",
	    "what signs challenges", false),
	MC_STR(S, said.decide, 0, "decide", "PROGRAM", "decides", false),
	MC_STR(S, said.notify, 0, "notify", "PROGRAM",
	    "is told before a certificate leaves", false),
	MC_FLAG(S, p.hold, 0, "hold", "a person approves all the same"),
	MC_CHOICE(S, p.subject, 0, "subject", "challenge|impose|none",
	    "where the subject comes from"),
	MC_STR(S, said.subject_match, 0, "subject-match", "PATTERN",
	    "what it may be", false),
	MC_CHOICE(S, p.names, 0, "names", "challenge|request|none",
	    "where subjectAltName comes from"),
	MC_STR(S, said.names_match, 0, "names-match", "PATTERNS",
	    "what may be in it", false),
	MC_CHOICE(S, p.keys, 0, "keys", "rsa|ec|any", "kinds of keys"),
	MC_UINT(S, p.rsa_min, 0, "rsa-min", "BITS", "of RSA keys"),
	MC_UINT(S, p.rsa_max, 0, "rsa-max", "BITS", "of RSA keys"),
	MC_STR(
	    S, said.lifetime, 0, "lifetime", "TIME", "of certificates", false),
	MC_STR(S, said.backdate, 0, "backdate", "TIME",
	    "they begin before their issue", false),
	MC_STR(S, said.key_usage, 0, "key-usage", "WORDS", "what a key is for",
	    false),
	MC_STR(S, said.eku, 0, "extended-key-usage", "WORDS",
	    "what a certificate is for", false),
	MC_STR(
	    S, said.crl_url, 0, "crl-url", "URLS", "where the CRL is", false),
	MC_STR(S, said.ocsp_url, 0, "ocsp-url", "URLS", "where OCSP is", false),
	MC_STR(S, said.issuer_url, 0, "issuer-url", "URLS",
	    "where the CA's certificate is", false),
	MC_FLAG(S, p.renew, 0, "renew", "certificates may be renewed"),
	MC_STR(S, said.renew_window, 0, "renew-window", "TIME",
	    "before their end", false),
	MC_UINT(S, p.renew_max, 0, "renew-max", "N",
	    "successors in force of one certificate"),
	MC_FLAG(S, p.renew_same_key, 0, "renew-same-key",
	    "with the key that they have"),
	MC_FLAG(S, p.revoke_replaced, 0, "revoke-replaced",
	    "a renewed one is revoked"),
	MC_CHOICE(
	    S, p.reply, 0, "reply", "leaf|chain", "certificates in an answer"),
	MC_CHOICE(S, p.order, 0, "ca-certs", "ra-first|ca-first|chain",
	    "certificates in GetCACert's answer"),
	MC_FLAG(S, p.sha1, 0, "sha1", "SHA-1 is good enough"),
	MC_FLAG(S, p.des3, 0, "des3", "Triple DES is good enough"),
	MC_FLAG(S, p.insecure, 0, "insecure", "DES and MD5 are good enough"),
	MC_FLAG(S, p.short_nonces, 0, "short-nonces",
	    "nonces may be short or missing"),
	MC_STR(S, said.clock_skew, 0, "clock-skew", "TIME",
	    "how wrong a requester's clock may be", false),
	MC_OPT_END,
};

static const struct mc_ca_bit accept_bits[] = {
	{ "challenge", MC_ACCEPT_CHALLENGE },
	{ "hmac", MC_ACCEPT_HMAC },
	{ "program", MC_ACCEPT_PROGRAM },
	{ "approval", MC_ACCEPT_APPROVAL },
	{ NULL, 0 },
};

/* keyCertSign and cRLSign are a CA's, and nobody enrols for one. */
static const struct mc_ca_bit usage_bits[] = {
	{ "digitalSignature", KU_DIGITAL_SIGNATURE },
	{ "nonRepudiation", KU_NON_REPUDIATION },
	{ "keyEncipherment", KU_KEY_ENCIPHERMENT },
	{ "dataEncipherment", KU_DATA_ENCIPHERMENT },
	{ "keyAgreement", KU_KEY_AGREEMENT },
	{ "encipherOnly", KU_ENCIPHER_ONLY },
	{ "decipherOnly", KU_DECIPHER_ONLY },
	{ NULL, 0 },
};

static const char *const web[] = { "http", "https", NULL };
static const char *const web_or_ldap[] = { "http", "https", "ldap", NULL };

/*
 * Rows of the table: the field's offset, checked to be of this type, beside
 * that of its text.
 */
#define TIME(T, f, t, least, most)                                             \
	{                                                                      \
		.said = offsetof(T, t), .field = MC_FIELD(T, f, int64_t *),    \
		.parse = mc_ca_time_parse, .encode = mc_ca_time_encode,        \
		.min = (least), .max = (most)                                  \
	}
#define TEXT(T, f, t, fn)                                                      \
	{                                                                      \
		.said = offsetof(T, t),                                        \
		.field = MC_FIELD(T, f, const char **), .parse = (fn),         \
		.encode = mc_ca_text_encode, .optional = true                  \
	}
#define BITS(T, f, t, table, none)                                             \
	{                                                                      \
		.said = offsetof(T, t), .field = MC_FIELD(T, f, unsigned *),   \
		.parse = mc_ca_bits_parse, .encode = mc_ca_bits_encode,        \
		.bits = (table), .optional = (none)                            \
	}
#define WORDS(T, f, t, fn, list)                                               \
	{                                                                      \
		.said = offsetof(T, t),                                        \
		.field = MC_FIELD(T, f, struct mc_ca_words *), .parse = (fn),  \
		.encode = mc_ca_words_encode, .schemes = (list),               \
		.optional = true                                               \
	}

const struct mc_ca_value mc_ca_head_values[] = {
	TEXT(H, c.ca_passphrase, said.ca_passphrase, mc_ca_secret_parse),
	TEXT(H, c.ra_passphrase, said.ra_passphrase, mc_ca_secret_parse),
	TEXT(H, c.ocsp_passphrase, said.ocsp_passphrase, mc_ca_secret_parse),
	TIME(H, c.crl_lifetime, said.crl_lifetime, MC_MINUTE, MC_DAY * 365),
	TIME(H, c.ocsp_lifetime, said.ocsp_lifetime, MC_MINUTE, MC_DAY * 30),
	TIME(H, c.pending_lifetime, said.pending_lifetime, MC_MINUTE,
	    MC_DAY * 365),
	TIME(H, c.budget.window, said.failure_window, 1, MC_DAY * 30),
	TIME(H, c.program_seconds, said.program_timeout, 1, MC_MINUTE * 10),
	{ 0 },
};

const struct mc_ca_value mc_ca_section_values[] = {
	BITS(S, p.accept, said.accept, accept_bits, false),
	TEXT(S, p.hmac_secret, said.hmac_secret, mc_ca_secret_parse),
	WORDS(S, p.decide, said.decide, mc_ca_words_parse, NULL),
	WORDS(S, p.notify, said.notify, mc_ca_words_parse, NULL),
	TEXT(S, p.subject_match, said.subject_match, mc_ca_subject_parse),
	TEXT(S, p.names_match, said.names_match, mc_ca_names_parse),
	TIME(S, p.lifetime, said.lifetime, 1, MC_DAY * 365 * 100),
	TIME(S, p.backdate, said.backdate, 0, MC_DAY * 30),
	BITS(S, p.key_usage, said.key_usage, usage_bits, true),
	WORDS(S, p.eku, said.eku, mc_ca_purposes_parse, NULL),
	WORDS(S, p.crl_url, said.crl_url, mc_ca_urls_parse, web_or_ldap),
	WORDS(S, p.ocsp_url, said.ocsp_url, mc_ca_urls_parse, web),
	WORDS(S, p.issuer_url, said.issuer_url, mc_ca_urls_parse, web_or_ldap),
	TIME(S, p.renew_window, said.renew_window, 0, MC_DAY * 365 * 100),
	TIME(S, p.clock_skew, said.clock_skew, 0, MC_DAY * 365),
	{ 0 },
};
