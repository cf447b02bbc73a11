/* SPDX-License-Identifier: ISC */
/* What can be made out of a message that is cut or changed. */
#include "scep_ca/dissect.h"

#include <stdio.h>

#include "crypto/ber.h"
#include "crypto/cert.h"

#define CERTS_MAX 8   /* shown, and so many places are tried ... */
#define TRIES_MAX 512 /* ... at most, for each costs a parse */

/* 2.16.840.1.113733.1.9, in an OBJECT IDENTIFIER with one arc more. */
static const uint8_t scep_arc[] = { 0x06, 0x0a, 0x60, 0x86, 0x48, 0x01, 0x86,
	0xf8, 0x45, 0x01, 0x09 };

static const char *const names[] = {
	[2] = "messageType",
	[3] = "pkiStatus",
	[4] = "failInfo",
	[5] = "senderNonce",
	[6] = "recipientNonce",
	[7] = "transactionID",
};

/* After the arc: its last number, a SET with one short value in it. */
static void
attribute_row(struct mc_rows *r, const uint8_t *p, const uint8_t *end)
{
	char label[32];
	char hex[MC_ROW_HEX];
	size_t len;
	unsigned arc;

	if (end - p < 5 || p[1] != MC_BER_SET || p[4] > 0x7f)
		return;
	arc = p[0];
	len = p[4];
	snprintf(label, sizeof(label), "  %s",
	    arc < sizeof(names) / sizeof(*names) && names[arc] ? names[arc]
							       : "another one");
	if ((size_t)(end - p - 5) < len)
		mc_row(r, label, "3.2.1", "cut");
	else if (p[3] == MC_BER_PRINTABLE)
		mc_row(r, label, "3.2.1", "\"%.*s\"", (int)len,
		    (const char *)p + 5);
	else
		mc_row(r, label, "3.2.1", "%zu octets, %s", len,
		    mc_row_hex(p + 5, len, hex));
}

/* The length of a SEQUENCE of 256 octets or more; 0 where there is none. */
static size_t
sequence_length(const uint8_t *p, size_t left)
{
	size_t n;

	if (left < 4 || p[0] != MC_BER_SEQUENCE || p[1] != 0x82)
		return 0;
	n = ((size_t)p[2] << 8 | p[3]) + 4;
	return n <= left ? n : 0;
}

static void
cert_rows(struct mc_rows *r, const struct mc_buf *msg)
{
	struct mc_err unused = MC_ERR_INIT;
	const uint8_t *bytes = (const uint8_t *)mc_buf_str(msg);
	int tries = 0;
	int shown = 0;

	for (size_t at = 0; at < msg->len && shown < CERTS_MAX; at++) {
		size_t n = sequence_length(bytes + at, msg->len - at);
		AUTO(X509) *cert = NULL;

		if (n == 0 || ++tries > TRIES_MAX)
			continue;
		if (!mc_cert_parse(msg->data + at, n, &cert, &unused))
			continue;
		mc_row(r, "  certificate", "", "at octet %zu", at);
		mc_row_cert(r, "    ", cert);
		at += n - 1;
		shown++;
	}
}

void
mc_dissect_debris(struct mc_rows *r, const struct mc_buf *msg)
{
	const uint8_t *p = msg->data;
	const uint8_t *end = p + msg->len;
	size_t before;

	mc_row_heading(r, "seen in it all the same, and not proven");
	before = r->text.len;
	while (p &&
	    (p = memmem(p, (size_t)(end - p), scep_arc, sizeof(scep_arc)))) {
		p += sizeof(scep_arc);
		attribute_row(r, p, end);
	}
	cert_rows(r, msg);
	if (r->text.len == before)
		mc_row(r, "  nothing", "", "of SCEP's, and no certificate");
}
