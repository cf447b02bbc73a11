/* SPDX-License-Identifier: ISC */
#include "lint/parts.h"
#include "lint/variables.h"

#include "crypto/look.h"
#include "crypto/pkcs12.h"

struct subject {
	const struct mc_lint *l;
	const mc_plist *payload;
	struct mc_path content;
	struct mc_path password;
	unsigned *rounds; /* the profile's budget */
};

/* A payload's own kind is for one thing; what came instead is worth a word. */
static bool
tell_foreign(const struct subject *s, const struct mc_buf *der,
    const struct mc_err *why, struct mc_err *e)
{
	AUTO_BLOB_LOOK blob = { 0 };

	if (!mc_blob_look_parse(der, &blob, e))
		return false;
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1320, .path = &s->content,
		.node = mc_plist_get(s->payload, "PayloadContent"),
		.expected = "PKCS #12: a certificate and its private key",
		.suggestion = blob.kind == MC_BLOB_CERT
		    ? "a certificate alone belongs into "
		      "com.apple.security.pkcs1"
		    : NULL),
	    e, "not PKCS #12: %s%s",
	    blob.kind == MC_BLOB_UNKNOWN || blob.kind == MC_BLOB_PKCS12
		? why->text
		: "it is ",
	    blob.kind == MC_BLOB_UNKNOWN || blob.kind == MC_BLOB_PKCS12
		? ""
		: mc_blob_name(blob.kind));
}

/* Nobody is there to ask when a server installs it. */
static unsigned
asking(const struct mc_lint *l)
{
	enum mc_lint_way way = l->options->way;

	return way == MC_WAY_MDM || way == MC_WAY_SUPERVISED ? MC_AS(MC_WARNING)
							     : 0;
}

static bool
tell_clear(const struct subject *s, const char *why, struct mc_err *e)
{
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1323, .path = &s->content,
		.node = mc_plist_get(s->payload, "PayloadContent"),
		.suggestion = "encrypt the profile to its device "
			      "(mcprofile-encrypt), or use SCEP or ACME"),
	    e, "the private key can be had by everybody who gets this file: %s",
	    why);
}

static bool
check_without(
    const struct subject *s, const struct mc_buf *der, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->payload, "Password");

	if (mc_pkcs12_password_check(der, "", s->rounds) == MC_PKCS12_RIGHT)
		return tell_clear(s, "it has no password", e);
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1321, .path = node ? &s->password : &s->content,
		.node = node ? node
			     : mc_plist_get(s->payload, "PayloadContent"),
		.severity = asking(s->l)),
	    e,
	    asking(s->l)
		? "no Password, and nobody to ask where a server installs it"
		: "no Password: the user is asked for it");
}

static bool
check_password(
    const struct subject *s, const struct mc_buf *der, struct mc_err *e)
{
	const mc_plist *node = mc_plist_get(s->payload, "Password");
	const char *password = mc_plist_str(node);
	const char *at;

	if (!password || !*password)
		return check_without(s, der, e);
	if (mc_variable_find(password, &at))
		return true;
	if (mc_pkcs12_password_check(der, password, s->rounds) !=
	    MC_PKCS12_WRONG)
		return tell_clear(s, "its password is beside it", e);
	return mc_lint_tell(s->l,
	    MC_ABOUT(.code = 1322, .path = &s->password, .node = node), e,
	    "the Password does not open the PKCS #12 beside it");
}

static bool
check(const struct subject *s, struct mc_err *e)
{
	AUTO_BUF der = MC_BUF_INIT;
	struct mc_err why = MC_ERR_INIT;
	const uint8_t *data;
	size_t len;

	if (!mc_plist_data(
		mc_plist_get(s->payload, "PayloadContent"), &data, &len))
		return true;
	if (!mc_buf_add(&der, data, len, e))
		return false;
	if (!mc_pkcs12_check(&der, &why))
		return tell_foreign(s, &der, &why, e);
	return check_password(s, &der, e);
}

bool
mc_part_pkcs12(const struct mc_lint *l, struct mc_err *e)
{
	unsigned rounds = MC_PKCS12_ROUNDS;
	struct mc_payload_iter it;

	mc_payload_iter_init(&it, l);
	while (mc_payload_iter_next(&it)) {
		struct subject s = { .l = l, .rounds = &rounds };

		if (strcmp(it.type, "com.apple.security.pkcs12") != 0)
			continue;
		s.payload = it.payload;
		s.content = (struct mc_path){ &it.item, "PayloadContent", 0 };
		s.password = (struct mc_path){ &it.item, "Password", 0 };
		if (!check(&s, e))
			return false;
	}
	return true;
}
