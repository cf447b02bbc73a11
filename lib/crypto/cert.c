/* SPDX-License-Identifier: ISC */
#include "crypto/cert.h"

#include <limits.h>

#include "base/time.h"

#define SERIAL_OCTETS_MAX 20

bool
mc_cert_parse(const void *der, size_t len, X509 **out, struct mc_err *e)
{
	const unsigned char *p = der;
	AUTO(X509) *cert = NULL;

	if (len > 0 && len <= LONG_MAX)
		cert = d2i_X509(NULL, &p, (long)len);
	ERR_clear_error();
	if (!cert)
		return mc_fail(e, MC_MALFORMED, "not a certificate");
	if (p != (const unsigned char *)der + len)
		return mc_fail(e, MC_MALFORMED, "bytes follow a certificate");
	*out = take(&cert);
	return true;
}

bool
mc_cert_encode(const X509 *cert, struct mc_buf *to, struct mc_err *e)
{
	unsigned char *der = NULL;

	return mc_der_take(
	    &der, i2d_X509(cert, &der), "certificate to DER", to, e);
}

bool
mc_cert_sha256(
    const X509 *cert, char out[static MC_SHA256_HEX], struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;

	return mc_cert_encode(cert, &der, e) &&
	    mc_sha256_hex(der.data, der.len, out, e);
}

bool
mc_cert_serial(
    const X509 *cert, char out[static MC_SERIAL_TEXT], struct mc_err *e)
{
	return mc_serial_encode(X509_get0_serialNumber(cert), out, e);
}

bool
mc_serial_encode(const ASN1_INTEGER *serial, char out[static MC_SERIAL_TEXT],
    struct mc_err *e)
{
	static const char digits[] = "0123456789ABCDEF";
	const unsigned char *p = ASN1_STRING_get0_data(serial);
	int n = ASN1_STRING_length(serial);
	char *to = out;

	if (n > SERIAL_OCTETS_MAX)
		return mc_fail(e, MC_MALFORMED,
		    "a serial number longer than %d octets", SERIAL_OCTETS_MAX);
	if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		*to++ = '-';
	for (int i = 0; i < n; i++) {
		*to++ = digits[p[i] >> 4];
		*to++ = digits[p[i] & 15];
	}
	*to = '\0';
	return true;
}

bool
mc_serial_parse(const char *text, ASN1_INTEGER **out, struct mc_err *e)
{
	bool negative = *text == '-';
	size_t n = strlen(text + negative);
	uint8_t raw[SERIAL_OCTETS_MAX];
	AUTO(BIGNUM) *number = NULL;
	AUTO(ASN1_INTEGER) *value = NULL;

	if (n == 0 || n % 2 || n > sizeof(raw) * 2 ||
	    !mc_hex_parse(text + negative, raw, n / 2))
		return mc_fail(
		    e, MC_MALFORMED, "\"%.48s\": not a serial number", text);
	number = BN_bin2bn(raw, (int)n / 2, NULL);
	if (!number)
		return mc_fail_memory(e);
	BN_set_negative(number, negative);
	value = BN_to_ASN1_INTEGER(number, NULL);
	if (!value)
		return mc_fail_memory(e);
	*out = take(&value);
	return true;
}

static bool
time_get(const ASN1_TIME *t, int64_t *out, struct mc_err *e)
{
	return mc_asn1_time_get(t, out) ||
	    mc_fail(e, MC_MALFORMED, "a certificate's time");
}

bool
mc_cert_validity(
    const X509 *cert, int64_t *not_before, int64_t *not_after, struct mc_err *e)
{
	return time_get(X509_get0_notBefore(cert), not_before, e) &&
	    time_get(X509_get0_notAfter(cert), not_after, e);
}

bool
mc_cert_dates_check(const X509 *cert, int64_t now, struct mc_err *e)
{
	char when[MC_TIME_TEXT];
	int64_t from;
	int64_t to;

	if (!mc_cert_validity(cert, &from, &to, e))
		return false;
	if (now < from)
		return mc_fail(e, MC_OUTOFDATE,
		    "not valid before %s; is this machine's clock right?",
		    mc_time_format(from, when));
	if (now > to)
		return mc_fail(
		    e, MC_OUTOFDATE, "expired at %s", mc_time_format(to, when));
	return true;
}

ASN1_BIT_STRING *
mc_key_usage_new(unsigned bits)
{
	/* digitalSignature, the first bit, is 0x80 of OpenSSL's first octet */
	static const unsigned order[] = { KU_DIGITAL_SIGNATURE,
		KU_NON_REPUDIATION, KU_KEY_ENCIPHERMENT, KU_DATA_ENCIPHERMENT,
		KU_KEY_AGREEMENT, KU_KEY_CERT_SIGN, KU_CRL_SIGN,
		KU_ENCIPHER_ONLY, KU_DECIPHER_ONLY };
	AUTO(ASN1_BIT_STRING) *value = ASN1_BIT_STRING_new();

	for (int i = 0; value && i < (int)(sizeof(order) / sizeof(*order)); i++)
		if ((bits & order[i]) &&
		    ASN1_BIT_STRING_set_bit(value, i, 1) != 1)
			return NULL;
	return take(&value);
}

bool
mc_cert_serial_new(uint8_t out[static 16], struct mc_err *e)
{
	if (!mc_rand_bytes(out, 16, e))
		return false;
	/* positive, and always of the same length */
	out[0] = (uint8_t)((out[0] & 0x7f) | 0x40);
	return true;
}
