/* SPDX-License-Identifier: ISC */
#include "crypto/pkcs12.h"

#include "crypto/ber.h"

bool
mc_pkcs12_check(const struct mc_buf *der, struct mc_err *e)
{
	static const struct mc_oid kinds[] = {
		{ 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01 } },
		{ 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 } },
	};
	struct mc_ber pfx, safe;
	unsigned version;
	size_t which;

	if (!mc_ber_sequence_parse(der, "PKCS #12", &pfx, e) ||
	    !mc_ber_uint(&pfx, "PKCS #12 version", &version, e))
		return false;
	if (version != 3)
		return mc_fail(
		    e, MC_MALFORMED, "PKCS #12: version %u, want 3", version);
	if (!mc_ber_expect(
		&pfx, MC_BER_SEQUENCE, "PKCS #12 content", &safe, e) ||
	    !mc_ber_oid_of(
		&safe, kinds, 2, "PKCS #12 content type", &which, e) ||
	    !mc_ber_expect(
		&safe, MC_BER_CONTEXT(0), "PKCS #12 content", NULL, e) ||
	    !mc_ber_end(&safe, "PKCS #12 content", e))
		return false;
	return mc_ber_done(&pfx) ||
	    (mc_ber_expect(&pfx, MC_BER_SEQUENCE, "PKCS #12 MAC", NULL, e) &&
		mc_ber_end(&pfx, "PKCS #12", e));
}

/* What trying one password costs; 0 where it is not to be tried. */
static unsigned
rounds_of(const PKCS12 *p12, unsigned budget)
{
	const ASN1_INTEGER *count = NULL;
	int64_t n = 1;

	if (!PKCS12_mac_present(p12))
		return 0;
	PKCS12_get0_mac(NULL, NULL, NULL, &count, p12);
	if (count && ASN1_INTEGER_get_int64(&n, count) != 1)
		return 0;
	return n >= 1 && n <= (int64_t)budget ? (unsigned)n : 0;
}

enum mc_pkcs12_password
mc_pkcs12_password_check(
    const struct mc_buf *der, const char *password, unsigned *rounds)
{
	const unsigned char *p = der->data;
	AUTO(PKCS12) *p12 = d2i_PKCS12(NULL, &p, (long)der->len);
	unsigned cost = p12 ? rounds_of(p12, *rounds) : 0;
	bool right;
	unsigned long why;

	ERR_clear_error();
	if (cost == 0)
		return MC_PKCS12_UNKNOWN;
	*rounds -= cost;
	right = PKCS12_verify_mac(p12, password, -1) == 1;
	/* a password that is only wrong leaves nothing here; a digest that
	 * cannot be had does */
	why = ERR_peek_error();
	ERR_clear_error();
	if (right)
		return MC_PKCS12_RIGHT;
	return why ? MC_PKCS12_UNKNOWN : MC_PKCS12_WRONG;
}
