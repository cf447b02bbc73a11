/* SPDX-License-Identifier: ISC */
#include "lint/lint.h"

#include <string.h>

#include "lint/rule.h"
#include "lint/supersede.h"
#include "lint/suppress.h"

/* What goes on while a file is read. */
struct reading {
	const struct mc_lint_options *options;
	struct mc_findings *findings;
	struct mc_suppress suppress;
	struct mc_place stopped; /* where that ended in an error */
};

static void
reading_clear(struct reading *r)
{
	mc_suppress_clear(&r->suppress);
}
#define AUTO_READING __attribute__((cleanup(reading_clear))) struct reading

static bool
on_fault(void *ctx, enum mc_fault fault, struct mc_place at, const char *path,
    const char *text, struct mc_err *e)
{
	static const unsigned codes[] = {
		[MC_FAULT_DUPLICATE] = 1010,
		[MC_FAULT_DOCTYPE] = 1011,
		[MC_FAULT_VERSION] = 1012,
		[MC_FAULT_BLANKS] = 1013,
		[MC_FAULT_INTEGER] = 1014,
		[MC_FAULT_REAL] = 1015,
		[MC_FAULT_DATE] = 1016,
		[MC_FAULT_BASE64] = 1017,
		[MC_FAULT_COMMENT] = 1018,
		[MC_FAULT_INSTRUCTION] = 1019,
		[MC_FAULT_ATTRIBUTE] = 1021,
		[MC_FAULT_TRAILING] = 1022,
		[MC_FAULT_VALUE] = 1023,
	};
	struct reading *r = ctx;

	return mc_lint_tell_place(
	    r->findings, codes[fault], at, path, e, "%s", text);
}

static bool
on_comment(void *ctx, struct mc_place at, const char *text, struct mc_err *e)
{
	struct reading *r = ctx;

	return r->options->no_suppress ||
	    mc_suppress_add(&r->suppress, at, text, r->findings, e);
}

static bool
begins(const struct mc_buf *file, const char *with)
{
	size_t n = strlen(with);

	return file->len >= n && strncasecmp(mc_buf_str(file), with, n) == 0;
}

static bool
is_blank(const struct mc_buf *file)
{
	return strspn(mc_buf_str(file), " \t\r\n") == file->len;
}

/* Not even meant to be a property list. */
static bool
is_foreign(const struct mc_buf *file, const struct mc_document *doc)
{
	const char *s = mc_buf_str(file);

	if (doc->is_signed || mc_plist_is_binary(file))
		return false;
	if (begins(file, "<!doctype html") || begins(file, "<html"))
		return true;
	if (begins(file, "\xef\xbb\xbf"))
		s += 3;
	s += strspn(s, " \t\r\n");
	return *s != '<' && !begins(file, "\xff\xfe") &&
	    !begins(file, "\xfe\xff");
}

/* Reading ended with why: what kind of finding that is. */
static bool
tell_unreadable(const struct mc_buf *file, const struct mc_document *doc,
    const struct reading *r, const struct mc_err *why, struct mc_err *e)
{
	unsigned code = 1003;

	/* altered, or signed with a key that nobody should trust */
	if (mc_code_is_verdict(why->code))
		code = 1005;
	else if (why->code != MC_MALFORMED) {
		*e = *why;
		return false;
	} else if (is_foreign(file, doc))
		code = 1004;
	return mc_lint_tell_place(
	    r->findings, code, r->stopped, NULL, e, "%s", why->text);
}

/* What a property list without a key of a profile may be. */
static const char *
other_kind(const mc_plist *root)
{
	if (mc_plist_get(root, "CFBundleIdentifier"))
		return "the description of an app or a bundle (Info.plist)";
	if (mc_plist_get(root, "Entitlements") ||
	    mc_plist_get(root, "ProvisionsAllDevices"))
		return "a provisioning profile, which is for apps";
	if (mc_plist_get(root, "RequestType") ||
	    mc_plist_get(root, "CommandUUID"))
		return "a message of the MDM protocol";
	if (mc_plist_get(root, "Label") &&
	    mc_plist_get(root, "ProgramArguments"))
		return "a launchd job";
	return "a property list";
}

static bool
is_profile(const mc_plist *root)
{
	static const char *const keys[] = { "PayloadType", "PayloadContent",
		"PayloadIdentifier", "PayloadUUID", "PayloadVersion",
		"PayloadDisplayName", "EncryptedPayloadContent", NULL };

	for (size_t i = 0; keys[i]; i++)
		if (mc_plist_get(root, keys[i]))
			return true;
	return false;
}

static bool
run_rules(const struct mc_lint_options *options, const struct mc_document *doc,
    struct mc_findings *out, struct mc_err *e)
{
	static mc_rule *const rules[] = { mc_rule_schema, mc_rule_profile,
		mc_rule_references, mc_rule_secrets, mc_rule_certificates,
		mc_rule_enrolment, mc_rule_wifi, mc_rule_vpn, mc_rule_privacy,
		mc_rule_blobs };
	const struct mc_lint l = {
		.options = options,
		.doc = doc,
		.profile = doc->root,
		.findings = out,
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!rules[i](&l, e))
			return false;
	return true;
}

static bool
check_document(const struct mc_lint_options *options,
    const struct mc_document *doc, struct mc_findings *out, struct mc_err *e)
{
	const struct mc_place at = doc->marks
	    ? mc_marks_value(doc->marks, doc->root)
	    : (struct mc_place){ 0 };
	enum mc_plist_type type = mc_plist_type(doc->root);

	if (type != MC_PLIST_DICT)
		return mc_lint_tell_place(out, 1006, at, NULL, e,
		    "%s instead of dict: a profile is a dict",
		    mc_plist_type_name(type));
	if (!is_profile(doc->root))
		return mc_lint_tell_place(out, 1007, at, NULL, e,
		    "no configuration profile: %s without any of a profile's "
		    "keys",
		    other_kind(doc->root));
	return run_rules(options, doc, out, e);
}

/* What was lost is at least said to be: with the severity of the worst. */
static bool
tell_lost(struct mc_findings *f, struct mc_err *e)
{
	enum mc_severity worst = MC_ERROR;

	while (worst > MC_NOTICE && f->added[worst] <= MC_FINDINGS_MAX)
		worst--;
	if (f->lost == 0)
		return true;
	f->added[MC_ERROR] = 0; /* this one is told in any case */
	if (!mc_lint_tell_place(f, 1024, (struct mc_place){ 0 }, NULL, e,
		"%zu more findings, the worst of them %s%s", f->lost,
		worst == MC_ERROR ? "an " : "a ", mc_severity_name(worst)))
		return false;
	f->v[f->n - 1].severity = worst;
	return true;
}

bool
mc_lint_check(const struct mc_lint_options *options, const struct mc_buf *file,
    struct mc_findings *out, struct mc_err *e)
{
	AUTO_DOCUMENT doc = { 0 };
	AUTO_READING r = { .options = options, .findings = out };
	struct mc_err why = MC_ERR_INIT;
	const struct mc_plist_reading how = {
		.depth = MC_PLIST_DEPTH_FILE,
		.fault = on_fault,
		.comment = on_comment,
		.ctx = &r,
		.stopped = &r.stopped,
	};

	if (!file || file->len > MC_BUF_LIMIT)
		return mc_lint_tell_place(out, 1002, (struct mc_place){ 0 },
		    NULL, e, "the file is larger than %zu MiB",
		    MC_BUF_LIMIT >> 20);
	if (is_blank(file))
		return mc_lint_tell_place(out, 1001, (struct mc_place){ 0 },
		    NULL, e, "the file is empty");
	if (!mc_document_parse(file, &how, &doc, &why)) {
		if (!tell_unreadable(file, &doc, &r, &why, e))
			return false;
	} else if (!check_document(options, &doc, out, e)) {
		return false;
	}
	mc_findings_supersede(out);
	mc_suppress_apply(&r.suppress, &doc, out);
	if (!tell_lost(out, e))
		return false;
	mc_findings_sort(out);
	return true;
}
