/* SPDX-License-Identifier: ISC */
/*
 * The index of "openssl ca": six fields, tabs between them.
 *
 *	V|R|E  notAfter  revocation[,reason]  serial  file  /subject
 *
 * Times are as in certificates, serial numbers in upper-case hexadecimal, the
 * subject as X509_NAME_oneline() has it, which escapes what is not printable.
 */
#include "ca/transfer_part.h"

#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "crypto/crl.h"

#define FIELDS 6
enum { FLAG, EXPIRES, REVOKED, SERIAL, FILE_NAME, SUBJECT };

/* What openssl calls them; it knows no others. */
static const struct {
	int64_t reason;
	const char *name;
} reasons[] = {
	{ 1, "keyCompromise" },
	{ 2, "CACompromise" },
	{ 3, "affiliationChanged" },
	{ 4, "superseded" },
	{ 5, "cessationOfOperation" },
	{ 6, "certificateHold" },
};
#define REASONS (sizeof(reasons) / sizeof(*reasons))

static bool
put_time(int64_t t, struct mc_buf *to, struct mc_err *e)
{
	/* UTCTime, and from 2050 on GeneralizedTime */
	AUTO(ASN1_TIME) *time = ASN1_TIME_set(NULL, (time_t)t);

	if (!time)
		return mc_fail_ossl(e, MC_INTERNAL, "time");
	return mc_buf_add(to, ASN1_STRING_get0_data(time),
	    (size_t)ASN1_STRING_length(time), e);
}

static bool
put_revocation(
    const struct mc_certificate *c, struct mc_buf *to, struct mc_err *e)
{
	if (c->state != MC_CERTIFICATE_REVOKED)
		return true;
	if (!put_time(c->revoked_at, to, e))
		return false;
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].reason == c->reason)
			return mc_buf_printf(to, e, ",%s", reasons[i].name);
	return true;
}

/* Into an element, or past it; false where it is cut short or BER. */
static bool
element_begin(const unsigned char **p, const unsigned char **end)
{
	long len = 0;
	int tag;
	int class;

	if (ASN1_get_object(p, &len, &tag, &class, (long)(*end - *p)) & 0x81)
		return false;
	*end = *p + len;
	return true;
}

/*
 * The certificate's subject alone: OpenSSL would decode the key, too, which
 * takes ten times as long as the rest of a row.
 */
static X509_NAME *
subject_parse(const struct mc_buf *der)
{
	const unsigned char *p = der->data;
	const unsigned char *end = p + der->len;
	const unsigned char *next;

	/* the certificate, and what of it is signed */
	for (int depth = 0; depth < 2; depth++)
		if (!element_begin(&p, &end))
			return NULL;
	/* version, where there is one; serial, algorithm, issuer, validity */
	for (int skip = p < end && *p == 0xa0 ? 5 : 4; skip > 0; skip--) {
		next = end;
		if (!element_begin(&p, &next))
			return NULL;
		p = next;
	}
	return d2i_X509_NAME(NULL, &p, (long)(end - p));
}

static bool
put_subject(const struct mc_certificate *c, struct mc_buf *to, struct mc_err *e)
{
	AUTO(X509_NAME) *name = subject_parse(&c->der);
	char *text = name ? X509_NAME_oneline(name, NULL, 0) : NULL;
	bool done;

	ERR_clear_error();
	if (!text)
		return mc_fail(e, MC_MALFORMED,
		    "%s: its certificate cannot be read", c->serial);
	done = mc_buf_printf(to, e, "%s\n", text);
	OPENSSL_free(text);
	return done;
}

bool
mc_transfer_index_encode(const struct mc_certificate *c, int64_t now,
    struct mc_buf *to, struct mc_err *e)
{
	const char *flag = c->state == MC_CERTIFICATE_REVOKED ? "R"
	    : c->not_after < now                              ? "E"
							      : "V";

	return mc_buf_printf(to, e, "%s\t", flag) &&
	    put_time(c->not_after, to, e) && mc_buf_puts(to, "\t", e) &&
	    put_revocation(c, to, e) &&
	    mc_buf_printf(to, e, "\t%s\tunknown\t", c->serial) &&
	    put_subject(c, to, e);
}

void
mc_transfer_index_clear(struct mc_transfer_index *x)
{
	free(x->v);
	*x = (struct mc_transfer_index){ NULL, 0 };
}

/* A time that ends at end. */
static bool
time_parse(const char *text, const char *end, int64_t *out, struct mc_err *e)
{
	AUTO(ASN1_TIME) *time = ASN1_TIME_new();
	char copy[20];
	size_t n = (size_t)(end - text);

	if (!time)
		return mc_fail_memory(e);
	if (n > 0 && n < sizeof(copy)) {
		memcpy(copy, text, n);
		copy[n] = '\0';
		if (copy[n - 1] == 'Z' &&
		    ASN1_TIME_set_string(time, copy) == 1 &&
		    mc_asn1_time_get(time, out))
			return true;
	}
	ERR_clear_error();
	return mc_fail(e, MC_MALFORMED, "\"%.20s\": not a time", text);
}

/*
 * A reason that says when the key was lost has that time behind it, which has
 * no place here.
 */
static bool
revocation_parse(char *text, struct mc_transfer_entry *out, struct mc_err *e)
{
	char *comma = text + strcspn(text, ",");
	const char *name = *comma ? comma + 1 : "unspecified";

	if (!time_parse(text, comma, &out->revoked_at, e))
		return false;
	comma = *comma ? strchr(comma + 1, ',') : NULL;
	if (comma)
		*comma = '\0';
	out->reason = 0;
	if (strcasecmp(name, "unspecified") == 0)
		return true;
	if (strcasecmp(name, "keyTime") == 0)
		name = "keyCompromise";
	if (strcasecmp(name, "CAkeyTime") == 0)
		name = "CACompromise";
	for (size_t i = 0; i < REASONS; i++)
		if (strcasecmp(name, reasons[i].name) == 0) {
			out->reason = reasons[i].reason;
			return true;
		}
	return mc_fail(e, MC_MALFORMED, "\"%.40s\": no such reason", name);
}

static bool
entry_parse(
    char *const field[FIELDS], struct mc_transfer_entry *out, struct mc_err *e)
{
	AUTO(ASN1_INTEGER) *serial = NULL;
	const char *flag = field[FLAG];

	if (!*flag || flag[1] || !strchr("VRE", *flag))
		return mc_fail(
		    e, MC_MALFORMED, "\"%.8s\": want V, R or E", flag);
	out->flag = *flag;
	if (!time_parse(field[EXPIRES], field[EXPIRES] + strlen(field[EXPIRES]),
		&out->expires, e) ||
	    !mc_serial_parse(field[SERIAL], &serial, e) ||
	    !mc_serial_encode(serial, out->serial, e))
		return false;
	if (*flag == 'R')
		return revocation_parse(field[REVOKED], out, e);
	if (*field[REVOKED])
		return mc_fail(
		    e, MC_MALFORMED, "a revocation, and the flag is %s", flag);
	return true;
}

static bool
line_parse(char *line, struct mc_transfer_entry *out, struct mc_err *e)
{
	char *field[FIELDS];
	size_t n = 0;

	for (char *p = line; p && n < FIELDS; n++) {
		field[n] = p;
		/* a backslash takes a tab into the subject */
		p = n == SUBJECT ? NULL : strchr(p, '\t');
		if (p)
			*p++ = '\0';
	}
	if (n < FIELDS)
		return mc_fail(e, MC_MALFORMED,
		    "want the six fields of openssl's index, tabs between "
		    "them");
	return entry_parse(field, out, e);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct mc_transfer_entry *)a)->serial,
	    ((const struct mc_transfer_entry *)b)->serial);
}

static size_t
lines_count(const struct mc_buf *text)
{
	size_t n = 1;

	for (size_t i = 0; i < text->len; i++)
		n += text->data[i] == '\n';
	return n;
}

/* text is ours to edit. */
static bool
lines_parse(char *text, struct mc_transfer_index *x, struct mc_err *e)
{
	char *next;
	unsigned line = 1;

	for (; *text; text = next, line++) {
		next = text + strcspn(text, "\n");
		if (*next)
			*next++ = '\0';
		if (*text == '#' || !*text)
			continue;
		if (!line_parse(text, &x->v[x->n], e))
			return mc_note(e, "index:%u", line);
		x->v[x->n++].line = line;
	}
	return true;
}

bool
mc_transfer_index_parse(
    const struct mc_buf *text, struct mc_transfer_index *out, struct mc_err *e)
{
	AUTO_INDEX x = { NULL, 0 };
	AUTO_BUF copy = { .limit = text->limit };

	if (strlen(mc_buf_str(text)) != text->len)
		return mc_fail(e, MC_MALFORMED, "index: holds a NUL");
	x.v = calloc(lines_count(text), sizeof(*x.v));
	if (!x.v)
		return mc_fail_memory(e);
	if (!mc_buf_add(&copy, text->data, text->len, e) ||
	    (copy.len && !lines_parse((char *)copy.data, &x, e)))
		return false;
	if (x.n)
		qsort(x.v, x.n, sizeof(*x.v), compare);
	for (size_t i = 1; i < x.n; i++)
		if (strcmp(x.v[i - 1].serial, x.v[i].serial) == 0)
			return mc_fail(e, MC_MALFORMED,
			    "index:%u: serial number %s is in it twice",
			    x.v[i].line > x.v[i - 1].line ? x.v[i].line
							  : x.v[i - 1].line,
			    x.v[i].serial);
	*out = x;
	x = (struct mc_transfer_index){ NULL, 0 };
	return true;
}

bool
mc_transfer_index_check(
    const struct mc_buf *text, const char *name, struct mc_err *e)
{
	AUTO_INDEX x = { NULL, 0 };
	struct mc_err why = MC_ERR_INIT;
	const char *at;

	if (mc_transfer_index_parse(text, &x, &why))
		return true;
	at = strncmp(why.text, "index:", 6) == 0 ? why.text + 6 : why.text;
	return mc_fail(e, why.code, "%s:%s", name, at);
}

struct mc_transfer_entry *
mc_transfer_index_find(const struct mc_transfer_index *x, const char *serial)
{
	struct mc_transfer_entry key = { .flag = 0 };
	size_t n = strlen(serial);

	if (!x->n || n >= sizeof(key.serial))
		return NULL;
	memcpy(key.serial, serial, n + 1);
	return bsearch(&key, x->v, x->n, sizeof(*x->v), compare);
}
