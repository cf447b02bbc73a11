/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"

#include "crypto/envelope.h"

static bool
is_service(const struct mc_lint *l)
{
	const char *type = mc_plist_get_str(l->profile, "PayloadType");

	return type && strcmp(type, "Profile Service") == 0;
}

/* What stands at this point of an enrolment must be of this type. */
static bool
check_phase(const struct mc_lint *l, struct mc_err *e)
{
	bool want = l->options->phase == MC_PHASE_SERVICE;
	const char *type = mc_plist_get_str(l->profile, "PayloadType");
	struct mc_path path = { NULL, "PayloadType", 0 };
	char shown[MC_QUOTE_TEXT];

	if (l->options->phase == MC_PHASE_ANY || is_service(l) == want)
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1408, .path = &path,
		.node = mc_plist_get(l->profile, "PayloadType"),
		.expected = want ? "Profile Service" : "Configuration"),
	    e, "%s where an enrolment %s",
	    mc_path_quote(type ? type : "", shown),
	    want ? "begins with a Profile Service"
		 : "goes on with a Configuration profile");
}

/* Phase 2's answer: one payload, and it gets the device its identity. */
static bool
check_identity(const struct mc_lint *l, struct mc_err *e)
{
	struct mc_path path = { NULL, "PayloadContent", 0 };
	const mc_plist *content = mc_plist_get(l->profile, "PayloadContent");
	struct mc_payload_iter it;
	size_t n = 0;

	if (l->options->phase != MC_PHASE_IDENTITY || is_service(l) ||
	    mc_plist_get(l->profile, "EncryptedPayloadContent"))
		return true;
	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it))
		n += mc_lint_is_identity(it.type);
	if (n == 1 && mc_plist_len(content) == 1)
		return true;
	return mc_lint_tell(l,
	    MC_ABOUT(.code = 1406, .path = &path, .node = content,
		.expected = "one payload, scep, acme or pkcs12"),
	    e,
	    "%zu payloads, %zu of them identities: the device never asks for "
	    "the final profile",
	    mc_plist_type(content) == MC_PLIST_ARRAY ? mc_plist_len(content)
						     : 0,
	    n);
}

/* What an envelope is beyond what devices are known to read; NULL: nothing. */
static const char *
odd_envelope(const struct mc_envelope_facts *f)
{
	if (f->transport == MC_TRANSPORT_PASSWORD)
		return "it is encrypted to a password, which no device has";
	if (f->transport == MC_TRANSPORT_OAEP)
		return "its key is encrypted by RSAES-OAEP, which devices are "
		       "not known to read";
	if (f->cipher == MC_DES_CBC)
		return "its cipher is single DES";
	if (f->cipher == MC_AES192_CBC)
		return "its cipher is AES-192, which devices are not known to "
		       "read";
	return NULL;
}

static bool
check_envelope(const struct mc_lint *l, const mc_plist *node, struct mc_err *e)
{
	struct mc_path path = { NULL, "EncryptedPayloadContent", 0 };
	struct mc_about about = {
		.code = 1422,
		.path = &path,
		.node = node,
		.expected = "CMS EnvelopedData, in DER or BER",
	};
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_envelope_facts facts;
	struct mc_err why = MC_ERR_INIT;
	const uint8_t *data;
	const char *odd;
	size_t len;

	if (!mc_plist_data(node, &data, &len))
		return mc_lint_tell(l, &about, e, "%s instead of data",
		    mc_plist_type_name(mc_plist_type(node)));
	if (!mc_buf_add(&der, data, len, e))
		return false;
	if (len == 0)
		return mc_lint_tell(l, &about, e, "it is empty");
	if (!mc_envelope_parse(&der, &facts, &why)) {
		if (why.code == MC_DENIED)
			about.code = 1423;
		return mc_lint_tell(l, &about, e,
		    why.code == MC_DENIED ? "%s" : "no EnvelopedData: %s",
		    why.text);
	}
	odd = odd_envelope(&facts);
	about.code = 1423;
	about.expected = "AES-256, AES-128 or 3DES, to RSA certificates";
	return !odd || mc_lint_tell(l, &about, e, "%s", odd);
}

/* EncryptedPayloadContent. */
static bool
check_encrypted(const struct mc_lint *l, struct mc_err *e)
{
	const mc_plist *content = mc_plist_get(l->profile, "PayloadContent");
	const mc_plist *sealed = mc_plist_get(
	    l->profile, "EncryptedPayloadContent");
	struct mc_path path = { NULL, "EncryptedPayloadContent", 0 };
	struct mc_path plain = { NULL, "PayloadContent", 0 };

	/* what a Profile Service lacks, its own rule says */
	if (is_service(l) && !sealed)
		return true;
	if (!content && !sealed)
		return mc_lint_tell(l,
		    MC_ABOUT(.code = 1421, .path = &plain, .node = l->profile),
		    e, "neither PayloadContent nor EncryptedPayloadContent");
	if (!sealed)
		return true;
	if (content &&
	    !mc_lint_tell(l,
		MC_ABOUT(.code = 1420, .path = &path, .node = sealed,
		    .at_key = true,
		    .suggestion = "take PayloadContent out: what it had is "
				  "what gets encrypted"),
		e, "EncryptedPayloadContent beside PayloadContent"))
		return false;
	return check_envelope(l, sealed, e);
}

bool
mc_rule_enrolment(const struct mc_lint *l, struct mc_err *e)
{
	return check_phase(l, e) && (!is_service(l) || mc_part_service(l, e)) &&
	    check_identity(l, e) && check_encrypted(l, e) &&
	    mc_part_scep(l, e) && mc_part_acme(l, e) && mc_part_mdm(l, e);
}
