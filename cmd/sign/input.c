/* SPDX-License-Identifier: ISC */
#include "sign/input.h"

#include "base/time.h"
#include "crypto/cms.h"
#include "crypto/pem.h"
#include "lint/lint.h"
#include "profile/document.h"

/* Of a signed message, its content, by whomever it was signed. */
static bool
content_get(const struct mc_buf *message, struct mc_buf *own, struct mc_err *e)
{
	AUTO(mc_signed) *s = NULL;

	if (!mc_signed_parse(message, MC_GATE_FILE, NULL, &s, e))
		return mc_note(e, "--resign");
	if (!mc_signed_has_content(s))
		return mc_fail(e, MC_MALFORMED,
		    "a detached signature: the profile is not in it");
	own->limit = MC_SIGNED_LIMIT;
	return mc_signed_content(s, own, e) || mc_note(e, "--resign");
}

/* Devices install these, and take nothing else for a profile. */
static bool
type_check(const mc_plist *root, struct mc_err *e)
{
	const char *type = mc_plist_get_str(root, "PayloadType");

	if (mc_plist_type(root) != MC_PLIST_DICT)
		return mc_fail(e, MC_MALFORMED,
		    "not a profile: %s instead of dict",
		    mc_plist_type_name(mc_plist_type(root)));
	if (!type)
		return mc_fail(
		    e, MC_MALFORMED, "not a profile: PayloadType is missing");
	return strcmp(type, "Configuration") == 0 ||
	    strcmp(type, "Profile Service") == 0 ||
	    mc_fail(e, MC_MALFORMED,
		"not a profile: PayloadType is \"%s\" instead of "
		"\"Configuration\"",
		type);
}

bool
mc_sign_input_get(const struct mc_buf *in, bool resign, struct mc_buf *own,
    const struct mc_buf **profile, struct mc_err *e)
{
	AUTO_DOCUMENT doc = { 0 };
	AUTO_BUF der = { .limit = MC_SIGNED_LIMIT };
	const struct mc_buf *message = NULL;

	if (in->len == 0)
		return mc_fail(e, MC_MALFORMED, "nothing to sign: empty input");
	if (!mc_pem_cms_find(in, &der, &message, e)) {
		e->code = MC_MALFORMED;
		return false;
	}
	if (message && !resign)
		return mc_fail(e, MC_MALFORMED,
		    "this is CMS, signed or encrypted already (--resign takes "
		    "a signature off and signs again)");
	if (message && !content_get(message, own, e))
		return false;
	*profile = message ? own : in;
	if ((*profile)->len > MC_PROFILE_LIMIT)
		return mc_fail(e, MC_MALFORMED,
		    "larger than a profile may be, %zu bytes",
		    MC_PROFILE_LIMIT);
	return mc_document_parse(*profile, NULL, &doc, e) &&
	    (doc.is_signed ? mc_fail(e, MC_MALFORMED,
				 "it is signed twice: no device "
				 "installs that")
			   : type_check(doc.root, e));
}

/* The codes of updates, and an error among them: no update, or a refused one.
 */
static bool
refuses(const struct mc_finding *f)
{
	return f->severity == MC_ERROR && f->code->number / 100 == 16;
}

bool
mc_sign_update_check(
    const struct mc_buf *old, const struct mc_buf *message, struct mc_err *e)
{
	const struct mc_lint_options options = {
		.schema = mc_schema_builtin(),
		.now = mc_time_now(),
		.no_suppress = true,
	};
	AUTO_FINDINGS found = { 0 };

	if (!mc_lint_update(&options, old, message, &found, e))
		return false;
	for (size_t i = 0; i < found.n; i++) {
		const struct mc_finding *f = &found.v[i];

		if (refuses(f))
			return mc_fail(e, MC_DENIED, "--replaces: %s [MC%u]",
			    f->message, f->code->number);
	}
	return true;
}
