/* SPDX-License-Identifier: ISC */
#include "profile/sealed.h"

#include "crypto/pem.h"

#define PLAIN "PayloadContent"
#define SEALED "EncryptedPayloadContent"

/* DER, BER or PEM, and so no plist. */
static bool
looks_signed(const struct mc_buf *in)
{
	return in->len > 0 && (in->data[0] == 0x30 || mc_pem_is(in));
}

static bool
type_check(const mc_plist *profile, struct mc_err *e)
{
	const char *type = mc_plist_get_str(profile, "PayloadType");

	return (type && strcmp(type, "Configuration") == 0) ||
	    mc_fail(e, MC_MALFORMED,
		"not a configuration profile: PayloadType is %.80s",
		type ? type : "missing");
}

/* Put node into the profile under key; node is taken in any case. */
static bool
put(mc_plist *profile, const char *key, mc_plist *node, struct mc_err *e)
{
	return mc_plist_set(profile, key, node) || mc_fail_memory(e);
}

/* The profile's content as XML, and the profile without it. */
static bool
take_content(mc_plist *profile, struct mc_buf *xml, struct mc_err *e)
{
	const mc_plist *content = mc_plist_get(profile, PLAIN);

	if (mc_plist_get(profile, SEALED))
		return mc_fail(e, MC_MALFORMED, "already encrypted");
	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return mc_fail(e, MC_MALFORMED, PLAIN ": %s instead of array",
		    mc_plist_type_name(mc_plist_type(content)));
	if (!mc_plist_encode(content, xml, e))
		return false;
	mc_plist_remove(profile, PLAIN);
	return true;
}

bool
mc_profile_seal(const struct mc_buf *in, const mc_certs *certs,
    enum mc_cipher cipher, struct mc_buf *out, struct mc_err *e)
{
	AUTO(mc_plist) *profile = NULL;
	AUTO_BUF xml = { .limit = MC_SIGNED_LIMIT };
	AUTO_BUF sealed = { .limit = MC_SIGNED_LIMIT };

	if (looks_signed(in))
		return mc_fail(e, MC_MALFORMED,
		    "signed already, and its signature is on what would be "
		    "encrypted: encrypt first, sign last (mcprofile-verify "
		    "--extract takes a signature off)");
	return mc_plist_read(in, NULL, &profile, e) && type_check(profile, e) &&
	    take_content(profile, &xml, e) &&
	    mc_envelope_seal(&xml, certs, cipher, &sealed, e) &&
	    put(profile, SEALED, mc_plist_new_data(sealed.data, sealed.len),
		e) &&
	    mc_plist_encode(profile, out, e);
}

bool
mc_sealed_get(
    const mc_plist *profile, struct mc_buf *envelope, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(profile, SEALED);
	const uint8_t *data;
	size_t len;

	if (!type_check(profile, e))
		return false;
	if (!node)
		return mc_fail(e, MC_MALFORMED, "not encrypted: no " SEALED);
	if (mc_plist_get(profile, PLAIN))
		return mc_fail(e, MC_MALFORMED, PLAIN " beside " SEALED);
	if (!mc_plist_data(node, &data, &len))
		return mc_fail(e, MC_MALFORMED, SEALED ": %s instead of data",
		    mc_plist_type_name(mc_plist_type(node)));
	return mc_buf_add(envelope, data, len, e);
}

bool
mc_sealed_open(mc_plist *profile, const struct mc_buf *envelope, X509 *cert,
    EVP_PKEY *key, struct mc_err *e)
{
	/* it goes back to where one level is taken */
	const struct mc_plist_reading how = { .depth = MC_PLIST_DEPTH_FILE -
		    1 };
	AUTO(mc_plist) *content = NULL;
	AUTO_BUF xml = { .limit = MC_SIGNED_LIMIT };

	if (!mc_envelope_open(envelope, cert, key, MC_OPEN_ANY, &xml, e))
		return mc_note(e, SEALED);
	if (!mc_plist_read(&xml, &how, &content, e))
		return mc_note(e, SEALED ", decrypted");
	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return mc_fail(e, MC_MALFORMED,
		    SEALED ", decrypted: %s instead of array",
		    mc_plist_type_name(mc_plist_type(content)));
	mc_plist_remove(profile, SEALED);
	return put(profile, PLAIN, take(&content), e);
}

bool
mc_profile_open(const struct mc_buf *in, X509 *cert, EVP_PKEY *key,
    struct mc_buf *out, struct mc_err *e)
{
	AUTO(mc_plist) *profile = NULL;
	AUTO_BUF envelope = { .limit = MC_SIGNED_LIMIT };

	if (looks_signed(in))
		return mc_fail(e, MC_MALFORMED,
		    "signed: mcprofile-verify --extract comes first");
	return mc_plist_read(in, NULL, &profile, e) &&
	    mc_sealed_get(profile, &envelope, e) &&
	    mc_sealed_open(profile, &envelope, cert, key, e) &&
	    mc_plist_encode(profile, out, e);
}
