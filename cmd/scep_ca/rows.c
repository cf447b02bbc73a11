/* SPDX-License-Identifier: ISC */
#include "scep_ca/rows.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/describe.h"
#include "crypto/name.h"

#define VALUE 1024 /* bytes of one line's value */

void
mc_rows_clear(struct mc_rows *r)
{
	mc_buf_clear(&r->text);
}

void
mc_row(struct mc_rows *r, const char *what, const char *section,
    const char *fmt, ...)
{
	char value[VALUE];
	va_list ap;

	if (r->failed)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	/* whatever a stranger wrote, it is one line and obeys nobody */
	mc_text_show(value);
	r->failed = !mc_buf_printf(
	    &r->text, &r->e, "%s\t%s\t%s\n", what, section, value);
}

void
mc_row_heading(struct mc_rows *r, const char *what)
{
	if (!r->failed)
		r->failed = !mc_buf_printf(
		    &r->text, &r->e, "%s%s\n", r->text.len ? "\n" : "", what);
}

const char *
mc_row_hex(const void *data, size_t len, char text[static MC_ROW_HEX])
{
	const uint8_t *p = data;
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < len && i < 16; i++)
		n += (size_t)snprintf(
		    text + n, MC_ROW_HEX - n, "%02x", (unsigned)p[i]);
	if (len > 16)
		snprintf(text + n, MC_ROW_HEX - n, "...");
	return text;
}

const char *
mc_row_key(const EVP_PKEY *key, char text[static MC_ROW_KEY])
{
	char group[40] = "";
	const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;

	if (!type)
		snprintf(text, MC_ROW_KEY, "none that can be read");
	else if (EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1)
		snprintf(text, MC_ROW_KEY, "%.10s on %s", type, group);
	else
		snprintf(text, MC_ROW_KEY, "%.10s of %d bits", type,
		    EVP_PKEY_get_bits(key));
	ERR_clear_error();
	return text;
}

static void
name_row(struct mc_rows *r, const char *indent, const char *what,
    const X509_NAME *name)
{
	char label[40];
	char text[MC_NAME_TEXT];

	snprintf(label, sizeof(label), "%s%s", indent, what);
	mc_row(r, label, "", "%s", mc_name_show(name, text));
}

static void
dates_row(struct mc_rows *r, const char *label, const X509 *cert)
{
	char from[MC_TIME_TEXT], until[MC_TIME_TEXT];
	int64_t not_before, not_after;
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF days = MC_BUF_INIT;

	if (mc_cert_validity(cert, &not_before, &not_after, &e) &&
	    mc_cert_days(cert, mc_time_now(), &days, &e))
		mc_row(r, label, "", "%s to %s, %s",
		    mc_time_format(not_before, from),
		    mc_time_format(not_after, until), mc_buf_str(&days));
	else
		mc_row(r, label, "", "%s", e.text);
}

void
mc_row_cert(struct mc_rows *r, const char *indent, X509 *cert)
{
	char label[40];
	char serial[MC_SERIAL_TEXT];
	char key[MC_ROW_KEY];
	struct mc_err e = MC_ERR_INIT;
	bool self = X509_NAME_cmp(X509_get_subject_name(cert),
			X509_get_issuer_name(cert)) == 0;

	name_row(r, indent, "subject", X509_get_subject_name(cert));
	if (self) {
		snprintf(label, sizeof(label), "%sissuer", indent);
		mc_row(r, label, "", "itself");
	} else {
		name_row(r, indent, "issuer", X509_get_issuer_name(cert));
	}
	snprintf(label, sizeof(label), "%sserial", indent);
	mc_row(r, label, "", "%s, X.509 v%ld",
	    mc_cert_serial(cert, serial, &e) ? serial : e.text,
	    X509_get_version(cert) + 1);
	snprintf(label, sizeof(label), "%svalid", indent);
	dates_row(r, label, cert);
	snprintf(label, sizeof(label), "%skey", indent);
	mc_row(r, label, "", "%s", mc_row_key(X509_get0_pubkey(cert), key));
	ERR_clear_error();
}
