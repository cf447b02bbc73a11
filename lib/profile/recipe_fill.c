/* SPDX-License-Identifier: ISC */
/* The profile of a recipe and its options. */
#include "profile/recipe_load.h"

#include <stdlib.h>

#include "crypto/cert.h"
#include "crypto/name.h"
#include "profile/payload.h"

#define APPLE "com.apple."
#define PKCS12 "com.apple.security.pkcs12"
/* Of a certificate's SHA-256, in its payload's identifier. */
#define CERT_DIGITS 16

static void
filling_clear(struct mc_recipe_filling *f)
{
	mc_recipe_values_clear(&f->values);
	for (size_t i = 0; i < MC_RECIPE_PAYLOADS; i++)
		for (size_t j = 0; j < f->made[i].n; j++)
			free(f->made[i].identifier[j]);
}
#define AUTO_FILLING                                                           \
	__attribute__((cleanup(filling_clear))) struct mc_recipe_filling

static bool
is_profile(const struct mc_recipe_payload *p)
{
	return p->type && strcmp(p->type, MC_SCHEMA_TOP) == 0;
}

static bool
add_identifier(
    struct mc_recipe_made *m, const struct mc_buf *text, struct mc_err *e)
{
	m->identifier[m->n] = strdup(mc_buf_str(text));
	if (!m->identifier[m->n])
		return mc_fail_memory(e);
	m->n++;
	return true;
}

/* As mc_configuration_finish() would name it. */
static bool
name_payload(struct mc_recipe_filling *f, size_t at, struct mc_err *e)
{
	const char *type = f->r->payloads[at].type;
	AUTO_BUF text = MC_BUF_INIT;
	size_t nth = 1;

	for (size_t i = 0; i < at; i++) {
		const char *other = f->r->payloads[i].type;

		nth += f->made[i].n > 0 && other &&
		    strcmp(mc_payload_stem(other), mc_payload_stem(type)) == 0;
	}
	if (!mc_payload_identifier(f->identifier, type, nth, &text, e))
		return false;
	return add_identifier(&f->made[at], &text, e);
}

/* A root or not: what a device trusts of itself, or only has. */
static const char *
cert_type(X509 *cert)
{
	return X509_get_extension_flags(cert) & EXFLAG_SS ? "security.root"
							  : "security.pkcs1";
}

/*
 * By what the certificate is, and not by its place: so the others keep their
 * UUIDs when one comes or goes.
 */
static bool
name_certs(struct mc_recipe_filling *f, size_t at, struct mc_err *e)
{
	const mc_certs *certs = f->values.v[f->r->payloads[at].certificates - 1]
				    .certs;
	char sha256[MC_SHA256_HEX];

	for (int i = 0; i < sk_X509_num(certs); i++) {
		AUTO_BUF text = MC_BUF_INIT;
		X509 *cert = sk_X509_value(certs, i);

		if (!mc_cert_sha256(cert, sha256, e) ||
		    !mc_buf_printf(&text, e, "%s.%s.%.*s", f->identifier,
			cert_type(cert), CERT_DIGITS, sha256) ||
		    !add_identifier(&f->made[at], &text, e))
			return false;
	}
	return true;
}

/* Which payloads there will be, so that a line can refer to a later one. */
static bool
name_all(struct mc_recipe_filling *f, struct mc_err *e)
{
	const struct mc_recipe_payload *p = f->r->payloads;

	for (size_t i = 0; i < f->r->payloads_n; i++, p++) {
		if (is_profile(p) || !mc_recipe_if_holds(&f->values, &p->when))
			continue;
		if (p->certificates ? !name_certs(f, i, e)
				    : !name_payload(f, i, e))
			return false;
	}
	return true;
}

static bool
payload_new(
    const char *type, const char *identifier, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *dict = mc_plist_new_dict();

	if (!mc_payload_set_text(dict, "PayloadType", type, e) ||
	    !mc_payload_set_text(dict, "PayloadIdentifier", identifier, e))
		return false;
	*out = take(&dict);
	return true;
}

static bool
add(mc_plist *content, mc_plist *payload, struct mc_err *e)
{
	return mc_plist_append(content, payload) || mc_fail_memory(e);
}

/* What people call it: the last CN, or else all of its subject. */
static bool
cert_name(X509 *cert, struct mc_buf *to, struct mc_err *e)
{
	const X509_NAME *name = X509_get_subject_name(cert);
	struct mc_err none = MC_ERR_INIT;
	char text[MC_NAME_TEXT];
	int at = -1;

	for (int i = -1;
	     (i = X509_NAME_get_index_by_NID(name, NID_commonName, i)) >= 0;)
		at = i;
	if (at >= 0 &&
	    mc_asn1_text(
		X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)), to,
		&none) &&
	    to->len > 0)
		return true;
	return mc_buf_puts(to, mc_name_show(name, text), e);
}

static bool
add_cert(
    X509 *cert, const char *identifier, mc_plist *content, struct mc_err *e)
{
	AUTO_BUF type = MC_BUF_INIT;
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(mc_plist) *dict = NULL;
	AUTO_BUF name = MC_BUF_INIT;

	return cert_name(cert, &name, e) &&
	    mc_buf_printf(&type, e, APPLE "%s", cert_type(cert)) &&
	    payload_new(mc_buf_str(&type), identifier, &dict, e) &&
	    mc_payload_set_text(
		dict, "PayloadDisplayName", mc_buf_str(&name), e) &&
	    mc_cert_encode(cert, &der, e) &&
	    mc_payload_set(dict, "PayloadContent",
		mc_plist_new_data(der.data, der.len), e) &&
	    add(content, take(&dict), e);
}

static bool
fill_payload(const struct mc_recipe_filling *f, size_t at, mc_plist *profile,
    mc_plist *content, struct mc_err *e)
{
	const struct mc_recipe_payload *p = &f->r->payloads[at];
	const struct mc_recipe_made *m = &f->made[at];
	AUTO(mc_plist) *dict = NULL;

	if (is_profile(p))
		return !mc_recipe_if_holds(&f->values, &p->when) ||
		    mc_recipe_lines_fill(f, p, profile, e);
	for (size_t i = 0; p->certificates && i < m->n; i++)
		if (!add_cert(
			sk_X509_value(
			    f->values.v[p->certificates - 1].certs, (int)i),
			m->identifier[i], content, e))
			return false;
	if (p->certificates || m->n == 0)
		return true;
	return payload_new(p->type, m->identifier[0], &dict, e) &&
	    mc_recipe_lines_fill(f, p, dict, e) && add(content, take(&dict), e);
}

/* What comes out is for its owner's eyes only: a secret or a key is in it. */
static bool
is_secret(const struct mc_recipe_filling *f)
{
	for (size_t i = 0; i < f->r->options_n; i++)
		if (f->values.v[i].has &&
		    f->r->options[i].kind == MC_RECIPE_SECRET)
			return true;
	for (size_t i = 0; i < f->r->payloads_n; i++)
		if (f->made[i].n && f->r->payloads[i].type &&
		    strcmp(f->r->payloads[i].type, PKCS12) == 0)
			return true;
	return false;
}

bool
mc_recipe_fill(const struct mc_recipe *r, const union mc_recipe_value *values,
    const char *identifier, const struct mc_value_rules *rules, mc_plist **out,
    struct mc_err *e)
{
	AUTO_FILLING f = { .r = r, .identifier = identifier, .rules = rules };
	AUTO(mc_plist) *profile = mc_plist_new_dict();
	AUTO(mc_plist) *content = mc_plist_new_array();

	if (!mc_recipe_values_load(r, values, rules->facts, &f.values, e) ||
	    !name_all(&f, e) ||
	    !mc_payload_set_text(profile, "PayloadIdentifier", identifier, e))
		return false;
	if (rules->secret && is_secret(&f))
		*rules->secret = true;
	for (size_t i = 0; i < r->payloads_n; i++)
		if (!fill_payload(&f, i, profile, content, e))
			return false;
	if (!mc_payload_set(profile, "PayloadContent", take(&content), e))
		return false;
	*out = take(&profile);
	return true;
}
