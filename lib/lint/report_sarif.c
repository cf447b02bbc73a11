/* SPDX-License-Identifier: ISC */
/*
 * SARIF 2.1.0 (OASIS): one run, whose rules are all codes in the order of the
 * catalogue, so that results can follow as they come.
 */
#include "lint/report_json.h"

#include "crypto/digest.h"

static const char *
level(enum mc_severity s)
{
	static const char *const names[] = {
		[MC_NOTICE] = "note",
		[MC_WARNING] = "warning",
		[MC_ERROR] = "error",
	};

	return names[s];
}

/* {"text": s} at key. */
static bool
text_put(json_t *o, const char *key, const char *s, struct mc_err *e)
{
	AUTO(json_t) *text = json_object();

	if (!text)
		return mc_fail_memory(e);
	return mc_json_set_text(text, "text", s, e) &&
	    mc_json_set(o, key, take(&text), e);
}

static bool
rule_add(const struct mc_lint_code *code, const char *before, struct mc_buf *to,
    struct mc_err *e)
{
	char id[MC_REPORT_CODE];
	AUTO(json_t) *o = json_object();
	AUTO(json_t) *configuration = json_object();

	if (!o || !configuration)
		return mc_fail_memory(e);
	return mc_json_set_text(o, "id", mc_report_code(code, id), e) &&
	    mc_json_set_text(o, "name", code->name, e) &&
	    text_put(o, "shortDescription", code->title, e) &&
	    text_put(o, "fullDescription", code->why, e) &&
	    text_put(o, "help", code->mend, e) &&
	    mc_json_set_text(
		configuration, "level", level(code->severity), e) &&
	    mc_json_set(o, "defaultConfiguration", take(&configuration), e) &&
	    mc_report_json_add(o, before, to, e);
}

static bool
sarif_begin(const struct mc_lint_report *r, struct mc_err *e)
{
	const struct mc_lint_code *code;

	if (!mc_buf_puts(r->to,
		"{\"version\":\"2.1.0\",\"$schema\":"
		"\"https://json.schemastore.org/sarif-2.1.0.json\","
		"\"runs\":[{\"tool\":{\"driver\":{\"name\":\"mcprofile-lint\","
		"\"version\":\"" MC_VERSION "\",\"rules\":[",
		e))
		return false;
	for (size_t i = 0; (code = mc_lint_code_at(i)) != NULL; i++)
		if (!rule_add(code, i ? ",\n" : "\n", r->to, e))
			return false;
	return mc_buf_puts(r->to, "\n]}},\"results\":[", e);
}

/*
 * A file's name as a reference (RFC 3986): relative to where the tool ran, or
 * of the scheme file.  Every byte but the plainest is escaped.
 */
static bool
uri_add(const char *file, struct mc_buf *to, struct mc_err *e)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "-._~/";

	if (*file == '/' && !mc_buf_puts(to, "file://", e))
		return false;
	for (; *file; file++)
		if (!(strchr(plain, *file)
			    ? mc_buf_add(to, file, 1, e)
			    : mc_buf_printf(to, e, "%%%02X",
				  (unsigned)(unsigned char)*file)))
			return false;
	return true;
}

/* {"uri": ...} and {"startLine": ...}: where it is. */
static bool
physical_put(
    json_t *location, const char *file, struct mc_place at, struct mc_err *e)
{
	AUTO_BUF uri = MC_BUF_INIT;
	AUTO(json_t) *physical = json_object();
	AUTO(json_t) *artifact = json_object();
	AUTO(json_t) *region = json_object();

	if (!physical || !artifact || !region)
		return mc_fail_memory(e);
	if (!uri_add(file, &uri, e) ||
	    !mc_json_set_text(artifact, "uri", mc_buf_str(&uri), e) ||
	    !mc_json_set(physical, "artifactLocation", take(&artifact), e))
		return false;
	if (at.line &&
	    (!mc_json_set(region, "startLine", json_integer(at.line), e) ||
		(at.column &&
		    !mc_json_set(
			region, "startColumn", json_integer(at.column), e)) ||
		!mc_json_set(physical, "region", take(&region), e)))
		return false;
	return mc_json_set(location, "physicalLocation", take(&physical), e);
}

/* The key path; nothing for the file as a whole. */
static bool
logical_put(json_t *location, const char *path, struct mc_err *e)
{
	AUTO(json_t) *list = json_array();
	AUTO(json_t) *logical = json_object();

	if (!*path)
		return true;
	if (!list || !logical)
		return mc_fail_memory(e);
	return mc_json_set_text(logical, "fullyQualifiedName", path, e) &&
	    mc_json_set_text(logical, "kind", "member", e) &&
	    mc_json_add(list, take(&logical), e) &&
	    mc_json_set(location, "logicalLocations", take(&list), e);
}

static bool
locations_put(
    json_t *o, const char *file, const struct mc_finding *f, struct mc_err *e)
{
	AUTO(json_t) *list = json_array();
	AUTO(json_t) *location = json_object();

	if (!list || !location)
		return mc_fail_memory(e);
	return physical_put(location, file, f->at, e) &&
	    logical_put(location, f->path, e) &&
	    mc_json_add(list, take(&location), e) &&
	    mc_json_set(o, "locations", take(&list), e);
}

/* The same finding in another version of the file has the same one. */
static bool
fingerprint_put(json_t *o, const struct mc_finding *f, struct mc_err *e)
{
	char hex[MC_SHA256_HEX];
	AUTO_BUF text = MC_BUF_INIT;
	AUTO(json_t) *prints = json_object();

	if (!prints)
		return mc_fail_memory(e);
	return mc_buf_printf(&text, e, "MC%04u\n%s\n%s", f->code->number,
		   f->path, f->message) &&
	    mc_sha256_hex(text.data, text.len, hex, e) &&
	    mc_json_set_text(prints, "findingHash/v1", hex, e) &&
	    mc_json_set(o, "partialFingerprints", take(&prints), e);
}

static bool
properties_put(json_t *o, const struct mc_finding *f, struct mc_err *e)
{
	AUTO(json_t) *properties = json_object();

	if (!f->expected && !f->suggestion)
		return true;
	if (!properties)
		return mc_fail_memory(e);
	if (f->expected &&
	    !mc_json_set_text(properties, "expected", f->expected, e))
		return false;
	if (f->suggestion &&
	    !mc_json_set_text(properties, "suggestion", f->suggestion, e))
		return false;
	return mc_json_set(o, "properties", take(&properties), e);
}

static bool
result_add(const char *file, const struct mc_finding *f, const char *before,
    struct mc_buf *to, struct mc_err *e)
{
	char id[MC_REPORT_CODE];
	AUTO_BUF sentence = MC_BUF_INIT;
	AUTO(json_t) *o = json_object();

	if (!o || !mc_report_sentence_add(&sentence, f, e))
		return mc_fail_memory(e);
	return mc_json_set_text(o, "ruleId", mc_report_code(f->code, id), e) &&
	    mc_json_set(o, "ruleIndex",
		json_integer((json_int_t)mc_lint_code_index(f->code)), e) &&
	    mc_json_set_text(o, "level", level(f->severity), e) &&
	    text_put(o, "message", mc_buf_str(&sentence), e) &&
	    locations_put(o, file, f, e) && fingerprint_put(o, f, e) &&
	    properties_put(o, f, e) && mc_report_json_add(o, before, to, e);
}

static bool
sarif_add(const struct mc_lint_report *r, const struct mc_lint_result *result,
    struct mc_err *e)
{
	for (size_t i = 0; i < result->findings.n; i++)
		if (!result_add(result->file, &result->findings.v[i],
			r->with || i ? ",\n" : "\n", r->to, e))
			return false;
	return true;
}

/* A notification; invocations stand behind the results. */
static bool
sarif_unread(struct mc_lint_report *r, const char *file, const char *why,
    struct mc_err *e)
{
	AUTO(json_t) *o = json_object();
	AUTO(json_t) *list = json_array();
	AUTO(json_t) *location = json_object();

	if (!o || !list || !location)
		return mc_fail_memory(e);
	return physical_put(location, file, (struct mc_place){ 0, 0 }, e) &&
	    (json_array_append_new(list, take(&location)) == 0 ||
		mc_fail_memory(e)) &&
	    mc_json_set_text(o, "level", "error", e) &&
	    text_put(o, "message", why, e) &&
	    mc_json_set(o, "locations", take(&list), e) &&
	    mc_report_json_add(o, r->unread ? ",\n" : "\n", &r->later, e);
}

static bool
sarif_end(const struct mc_lint_report *r, struct mc_err *e)
{
	return mc_buf_printf(r->to, e,
		   "\n],\"invocations\":[{\"executionSuccessful\":%s,"
		   "\"toolExecutionNotifications\":[",
		   r->unread ? "false" : "true") &&
	    mc_buf_puts(r->to, mc_buf_str(&r->later), e) &&
	    mc_buf_puts(
		r->to, "]}],\"columnKind\":\"unicodeCodePoints\"}]}\n", e);
}

const struct mc_report_form mc_report_sarif = {
	.begin = sarif_begin,
	.add = sarif_add,
	.unread = sarif_unread,
	.end = sarif_end,
};
