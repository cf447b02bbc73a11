/* SPDX-License-Identifier: ISC */
#include "device/answer.h"

#include "crypto/cms.h"

/* In the order in which devices write them. */
static const char *const names[] = {
	"CHALLENGE",
	"COMPROMISED",
	"DEVICE_NAME",
	"ICCID",
	"IMEI",
	"LANGUAGE",
	"MAC_ADDRESS_EN0",
	"MEID",
	"NotOnConsole",
	"OS_VERSION",
	"PRODUCT",
	"SERIAL",
	"UDID",
	"UserID",
	"UserLongName",
	"UserShortName",
	"VERSION",
};
#define NAMES (sizeof(names) / sizeof(names[0]))

/* names[0], which is not an attribute */
#define CHALLENGE names[0]

bool
mc_answer_known(const char *attribute)
{
	for (size_t i = 1; i < NAMES; i++)
		if (strcmp(attribute, names[i]) == 0)
			return true;
	return false;
}

static bool
lists(const mc_plist *array, const char *name)
{
	const char *s;

	for (size_t i = 0; i < mc_plist_len(array); i++) {
		s = mc_plist_str(mc_plist_at(array, i));
		if (s && strcmp(s, name) == 0)
			return true;
	}
	return false;
}

/* A node of its own for the one value; NULL when out of memory. */
static mc_plist *
copy(const mc_plist *value)
{
	const uint8_t *data;
	size_t len;

	if (mc_plist_data(value, &data, &len))
		return mc_plist_new_data(data, len);
	return mc_plist_new_str(mc_plist_str(value));
}

bool
mc_answer_encode(const mc_plist *has, const mc_plist *wanted,
    const mc_plist *challenge, struct mc_buf *xml, struct mc_err *e)
{
	AUTO(mc_plist) *dict = mc_plist_new_dict();

	if (!dict)
		return mc_fail_memory(e);
	if (challenge && !mc_plist_set(dict, CHALLENGE, copy(challenge)))
		return mc_fail_memory(e);
	for (size_t i = 1; i < NAMES; i++) {
		const mc_plist *value = mc_plist_get(has, names[i]);

		if (value && lists(wanted, names[i]) &&
		    !mc_plist_set(dict, names[i], copy(value)))
			return mc_fail_memory(e);
	}
	return mc_plist_encode(dict, xml, e);
}

/*
 * Which element to open at each level, on the way to the content:
 * ContentInfo, [0], SignedData, encapContentInfo, [0], OCTET STRING.
 */
static const size_t way[] = { 0, 1, 0, 2, 1, 0 };
#define LEVELS (sizeof(way) / sizeof(way[0]))

/* Append DER elements, those on the way as indefinite-length BER. */
static bool
loosen(const uint8_t *p, size_t len, size_t level, struct mc_buf *ber,
    struct mc_err *e)
{
	const unsigned char *body;
	uint8_t head[2];
	size_t whole;
	long n;
	int tag, class;

	for (size_t i = 0; len > 0; i++, p += whole, len -= whole) {
		body = p;
		if (ASN1_get_object(&body, &n, &tag, &class, (long)len) & 0x80)
			return mc_fail_ossl(e, MC_INTERNAL, "BER");
		whole = (size_t)(body - p) + (size_t)n;
		if (i != way[level]) {
			if (!mc_buf_add(ber, p, whole, e))
				return false;
			continue;
		}
		head[0] = p[0] | V_ASN1_CONSTRUCTED;
		head[1] = 0x80;
		if (!mc_buf_add(ber, head, 2, e) ||
		    !(level + 1 == LEVELS
			    ? mc_buf_add(ber, p, whole, e)
			    : loosen(body, (size_t)n, level + 1, ber, e)) ||
		    !mc_buf_add(ber, "\0\0", 2, e))
			return false;
	}
	return true;
}

/* Devices send no root: borrow the rest. */
static mc_certs_lent *
without_root(const mc_certs *chain)
{
	mc_certs_lent *some = sk_X509_new_null();

	for (int i = 0; some && i < sk_X509_num(chain); i++) {
		X509 *cert = sk_X509_value(chain, i);

		if (X509_NAME_cmp(X509_get_subject_name(cert),
			X509_get_issuer_name(cert)) != 0 &&
		    !sk_X509_push(some, cert)) {
			sk_X509_free(some);
			return NULL;
		}
	}
	return some;
}

bool
mc_answer_sign(const struct mc_buf *xml, const struct mc_identity *id,
    enum mc_shape shape, struct mc_buf *cms, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;
	AUTO(mc_certs_lent) *chain = without_root(id->chain);
	const struct mc_cms_sign_spec spec = {
		.cert = id->cert,
		.key = id->key,
		.chain = chain,
		.md = shape == MC_SHAPE_IOS6 ? "SHA1" : "SHA256",
	};

	if (!chain)
		return mc_fail_memory(e);
	if (!mc_cms_sign(&spec, xml, &der, e))
		return false;
	return shape == MC_SHAPE_IOS6 ? loosen(der.data, der.len, 0, cms, e)
				      : mc_buf_add(cms, der.data, der.len, e);
}
