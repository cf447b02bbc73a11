/* SPDX-License-Identifier: ISC */
#include "lint/update.h"

#include "lint/supersede.h"

/*
 * [doc] is Apple's Configuration Profile Reference: a profile takes the place
 * of an installed one with the same PayloadIdentifier; where that one was
 * signed, only if the signer is the same.  [told] is what administrators and
 * servers' makers found.
 */
#define REMOVAL_PASSWORD "com.apple.profileRemovalPassword"

static const char *
text_at(const mc_plist *profile, const char *key)
{
	const char *s = mc_plist_get_str(profile, key);

	return s ? s : "";
}

static bool
tell_top(const struct mc_update *u, unsigned code, unsigned severity,
    const char *key, const char *what, struct mc_err *e)
{
	struct mc_path path = { NULL, key, 0 };
	const mc_plist *node = mc_plist_get(u->l->profile, key);

	return mc_lint_tell(u->l,
	    MC_ABOUT(.code = code, .path = &path,
		.node = node ? node : u->l->profile, .severity = severity),
	    e, "%s", what);
}

/* A server that installed a profile may also put another in its place [told].
 */
static bool
is_managed(const struct mc_update *u)
{
	enum mc_lint_way way = u->l->options->way;

	return way == MC_WAY_MDM || way == MC_WAY_SUPERVISED;
}

/* [doc] */
static bool
check_identifier(const struct mc_update *u, bool *refused, struct mc_err *e)
{
	const mc_plist *old = u->old->root;
	const mc_plist *new = u->l->profile;
	char was[MC_QUOTE_TEXT];
	char is[MC_QUOTE_TEXT];
	struct mc_path path = { NULL, "PayloadIdentifier", 0 };

	if (strcmp(text_at(old, "PayloadType"), text_at(new, "PayloadType")) !=
	    0) {
		*refused = true;
		return tell_top(u, 1601, 0, "PayloadType",
		    "another type of profile than the installed one", e);
	}
	if (strcmp(text_at(old, "PayloadIdentifier"),
		text_at(new, "PayloadIdentifier")) == 0)
		return true;
	*refused = true;
	return mc_lint_tell(u->l,
	    MC_ABOUT(.code = 1601, .path = &path,
		.node = mc_plist_get(new, "PayloadIdentifier")),
	    e, "%s, was %s: installed beside the old one, which stays",
	    mc_path_quote(text_at(new, "PayloadIdentifier"), is),
	    mc_path_quote(text_at(old, "PayloadIdentifier"), was));
}

/* [doc]; that an unsigned one may be followed by a signed one is [told]. */
static bool
check_signer(const struct mc_update *u, bool *refused, struct mc_err *e)
{
	const char *was = u->old->signer;
	const char *is = u->l->doc->signer;
	unsigned as = is_managed(u) ? MC_AS(MC_WARNING) : 0;

	if (was && !is) {
		*refused = !as;
		return mc_lint_tell(u->l,
		    MC_ABOUT(.code = 1603, .severity = as), e,
		    "the installed profile is signed, and this one is not");
	}
	if (was && strcmp(was, is) != 0) {
		*refused = !as;
		return mc_lint_tell(u->l,
		    MC_ABOUT(.code = 1602, .severity = as), e,
		    "signed by another certificate (%.16s...) than the "
		    "installed one (%.16s...)",
		    is, was);
	}
	if (!was && is)
		return mc_lint_tell(u->l, MC_ABOUT(.code = 1604), e,
		    "signed, which the installed one is not");
	return true;
}

/*
 * A Mac keeps the profiles of the computer apart from those of its users, so
 * that one does not take the place of the other [told].
 */
static bool
check_scope(const struct mc_update *u, bool *refused, struct mc_err *e)
{
	const char *was = text_at(u->old->root, "PayloadScope");
	const char *is = text_at(u->l->profile, "PayloadScope");

	/* left out it is "User" [doc] */
	was = *was ? was : "User";
	is = *is ? is : "User";
	if (strcmp(was, is) == 0 || !mc_lint_is_target(u->l, MC_OS_MACOS, true))
		return true;
	*refused = true;
	return tell_top(u, 1605, 0, "PayloadScope",
	    strcmp(is, "System") == 0
		? "for the whole Mac, where the installed one is one user's"
		: "for one user, where the installed one is the whole Mac's",
	    e);
}

static const char *
removal_passcode(const mc_plist *profile)
{
	const mc_plist *content = mc_plist_get(profile, "PayloadContent");
	AUTO_PLIST_ITER it = { .in = content };

	if (mc_plist_type(content) != MC_PLIST_ARRAY)
		return NULL;
	while (mc_plist_iter_next(&it))
		if (strcmp(text_at(it.value, "PayloadType"),
			REMOVAL_PASSWORD) == 0)
			return mc_plist_get_str(it.value, "RemovalPassword");
	return NULL;
}

static bool
check_passcode(const struct mc_update *u, struct mc_err *e)
{
	const char *was = removal_passcode(u->old->root);
	const char *is = removal_passcode(u->l->profile);

	if ((!was && !is) || (was && is && strcmp(was, is) == 0))
		return true;
	return mc_lint_tell(u->l, MC_ABOUT(.code = 1606), e, "%s",
	    !was     ? "from now on a passcode is needed to remove it"
		: is ? "another passcode removes it than before"
		     : "no passcode is needed any more to remove it");
}

static bool
is_sealed(const mc_plist *profile)
{
	return mc_plist_get(profile, "EncryptedPayloadContent") != NULL;
}

static bool
check_content(const struct mc_update *u, struct mc_err *e)
{
	if (is_sealed(u->old->root) || is_sealed(u->l->profile))
		return mc_lint_tell(u->l, MC_ABOUT(.code = 1618), e,
		    "the content of %s is encrypted: what becomes of the "
		    "payloads is not seen here",
		    !is_sealed(u->old->root)       ? "the new profile"
			: is_sealed(u->l->profile) ? "both profiles"
						   : "the installed profile");
	if (mc_plist_type(mc_plist_get(u->l->profile, "PayloadContent")) ==
	    MC_PLIST_DICT)
		return mc_update_keys(
		    u, u->old->root, u->l->profile, NULL, NULL, e);
	return mc_update_keys(
		   u, u->old->root, u->l->profile, NULL, "PayloadContent", e) &&
	    mc_update_payloads(u, e);
}

static bool
compare(const struct mc_update *u, struct mc_err *e)
{
	bool refused = false;

	if (!check_identifier(u, &refused, e) ||
	    !check_signer(u, &refused, e) || !check_scope(u, &refused, e) ||
	    !check_passcode(u, e))
		return false;
	if (!refused &&
	    !mc_lint_tell(u->l, MC_ABOUT(.code = 1600), e,
		mc_plist_equal(u->old->root, u->l->profile)
		    ? "the profile that is installed, and nothing else"
		    : "takes the place of the installed profile"))
		return false;
	return check_content(u, e);
}

/* What a linter says of a file's form is not asked for here. */
static bool
pass_over(void *ctx, enum mc_fault fault, struct mc_place at, const char *path,
    const char *text, struct mc_err *e)
{
	(void)ctx;
	(void)fault;
	(void)at;
	(void)path;
	(void)text;
	(void)e;
	return true;
}

/* *readable: it is a dict; else a finding was told, or *e is set. */
static bool
read_one(const struct mc_buf *file, const char *which, struct mc_document *doc,
    struct mc_findings *out, bool *readable, struct mc_err *e)
{
	const struct mc_plist_reading how = {
		.depth = MC_PLIST_DEPTH_FILE,
		.fault = pass_over,
	};
	struct mc_err why = MC_ERR_INIT;

	*readable = mc_document_parse(file, &how, doc, &why);
	if (!*readable && why.code != MC_MALFORMED &&
	    !mc_code_is_verdict(why.code)) {
		*e = why;
		return false;
	}
	if (*readable && mc_plist_type(doc->root) == MC_PLIST_DICT)
		return true;
	if (*readable)
		(void)mc_fail(&why, MC_MALFORMED, "it is no dict");
	*readable = false;
	/* a place in the old file would be taken for one in the new */
	return mc_lint_tell_place(out, 1620, (struct mc_place){ 0 }, NULL, e,
	    "%s cannot be read: %s", which, why.text);
}

bool
mc_lint_update(const struct mc_lint_options *options, const struct mc_buf *old,
    const struct mc_buf *new, struct mc_findings *out, struct mc_err *e)
{
	AUTO_DOCUMENT was = { 0 };
	AUTO_DOCUMENT is = { 0 };
	bool old_ok;
	bool new_ok;
	struct mc_lint l = { .options = options, .findings = out };
	struct mc_update u = { .l = &l, .old = &was };

	if (!read_one(old, "the old profile", &was, out, &old_ok, e) ||
	    !read_one(new, "the new profile", &is, out, &new_ok, e))
		return false;
	l.doc = &is;
	l.profile = is.root;
	if (old_ok && new_ok && !compare(&u, e))
		return false;
	mc_findings_supersede(out);
	mc_findings_sort(out);
	return true;
}
