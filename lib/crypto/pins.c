/* SPDX-License-Identifier: ISC */
#include "crypto/pins.h"

#include "base/fd.h"
#include "base/hex.h"
#include "crypto/cert.h"

static const char blanks[] = " \t\r";

/* The next word of *line, NUL-terminated in place; "" at the end. */
static char *
word(char **line)
{
	char *s = *line + strspn(*line, blanks);

	*line = s + strcspn(s, blanks);
	if (**line)
		*(*line)++ = '\0';
	return s;
}

static bool
fingerprint_add(struct mc_pins *p, char *text, struct mc_err *e)
{
	char *to = text;

	for (const char *s = text; *s; s++)
		if (*s != ':')
			*to++ = *s;
	*to = '\0';
	if (p->n == MC_PINS_MAX)
		return mc_fail(
		    e, MC_MALFORMED, "more than %d fingerprints", MC_PINS_MAX);
	if (!mc_hex_parse(text, p->sha256[p->n], MC_SHA256_LEN))
		return mc_fail(e, MC_MALFORMED,
		    "not a SHA-256 fingerprint of 64 hexadecimal digits");
	p->n++;
	return true;
}

static bool
extension_add(struct mc_pins *p, const char *oid, struct mc_err *e)
{
	AUTO(ASN1_OBJECT) *obj = OBJ_txt2obj(oid, 1);
	size_t len = obj ? OBJ_length(obj) : 0;

	ERR_clear_error();
	if (len == 0 || len > sizeof(p->extension[0].b))
		return mc_fail(
		    e, MC_MALFORMED, "extension \"%s\": not an OID", oid);
	if (p->extensions == MC_PINS_EXTENSIONS_MAX)
		return mc_fail(e, MC_MALFORMED, "more than %d extensions",
		    MC_PINS_EXTENSIONS_MAX);
	memcpy(p->extension[p->extensions].b, OBJ_get0_data(obj), len);
	p->extension[p->extensions++].len = len;
	return true;
}

static bool
line_parse(struct mc_pins *p, char *line, struct mc_err *e)
{
	char *first = word(&line);

	if (*first == '\0' || *first == '#')
		return true;
	if (strcmp(first, "extension") == 0)
		return extension_add(p, word(&line), e);
	return fingerprint_add(p, first, e);
}

bool
mc_pins_load(struct mc_pins *p, const char *path, struct mc_err *e)
{
	AUTO_BUF file = { .limit = MC_CONF_LIMIT };
	size_t before = p->n;
	size_t number = 0;
	char *line;
	char *next;

	if (!mc_file_load(path, &file, e))
		return false;
	if (memchr(file.data ? file.data : (const void *)"", 0, file.len))
		return mc_fail(e, MC_MALFORMED, "%s: holds a NUL", path);
	for (line = (char *)file.data; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		number++;
		if (!line_parse(p, line, e))
			return mc_note(e, "%s:%zu", path, number);
	}
	if (p->n == before)
		return mc_fail(
		    e, MC_MALFORMED, "%s: holds no fingerprint", path);
	return true;
}

bool
mc_pins_find(
    const struct mc_pins *p, const X509 *cert, bool *pinned, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;
	uint8_t hash[MC_SHA256_LEN];

	*pinned = false;
	if (!mc_cert_encode(cert, &der, e) ||
	    !mc_sha256(der.data, der.len, hash, e))
		return false;
	for (size_t i = 0; i < p->n && !*pinned; i++)
		*pinned = memcmp(hash, p->sha256[i], sizeof(hash)) == 0;
	return true;
}

static bool
is_under(const struct mc_pins *p, const ASN1_OBJECT *oid)
{
	for (size_t i = 0; i < p->extensions; i++)
		if (OBJ_length(oid) >= p->extension[i].len &&
		    memcmp(OBJ_get0_data(oid), p->extension[i].b,
			p->extension[i].len) == 0)
			return true;
	return false;
}

bool
mc_pins_extension_check(const struct mc_pins *p, const X509 *cert)
{
	for (int i = 0; i < X509_get_ext_count(cert); i++)
		if (is_under(
			p, X509_EXTENSION_get_object(X509_get_ext(cert, i))))
			return true;
	return p->extensions == 0;
}
