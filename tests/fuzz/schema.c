/* SPDX-License-Identifier: ISC */
/*
 * A schema file.  What is taken becomes a table that keeps what its comments
 * promise, and in which all that it names is found again; what is refused has
 * a place.
 */
#include "help.h"
#include "schema/parse.h"
#include "schema/table.h"

static void
check_keys(const struct mc_schema *s, uint32_t first, uint32_t n)
{
	struct mc_schema_key got;

	must(first <= s->nodes_n && n <= s->nodes_n - first);
	for (uint32_t id = first; id < first + n; id++) {
		struct mc_schema_key k = mc_schema_key_at(s, id);

		must(k.name == NULL || *k.name);
		must(mc_schema_key_find(
		    s, first, n, k.name ? k.name : "\x01", &got));
		/* the items of an array may share a name */
		must(!k.name || strcmp(k.name, got.name) == 0);
	}
}

static void
check_key(const struct mc_schema *s, uint32_t id)
{
	struct mc_schema_key k = mc_schema_key_at(s, id);

	must(k.type <= MC_PLIST_DATA);
	must(!k.types || (k.types & (1U << k.type)));
	must(!k.n || k.type == MC_PLIST_DICT || k.type == MC_PLIST_ARRAY);
	must(!k.has_min || !k.has_max || k.min <= k.max);
	must(!k.has_count || k.count_min <= k.count_max);
	for (uint32_t i = 0; i < k.allowed_n; i++)
		must(strlen(mc_schema_allowed(s, &k, i)) < s->text_n);
	for (size_t os = 0; os < MC_OS_COUNT; os++)
		must(k.support[os].there || !k.support[os].introduced);
	check_keys(s, k.first, k.n);
}

static void
check_schema(const struct mc_schema *s)
{
	size_t at;

	for (size_t i = 0; i < mc_schema_len(s); i++) {
		struct mc_schema_payload p = mc_schema_at(s, i);

		must(*p.type && p.release);
		must(mc_schema_find(s, p.type, &at) > i - at && at <= i);
		check_keys(s, p.first, p.n);
	}
	for (uint32_t id = 0; id < s->nodes_n; id++)
		check_key(s, id);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF text = { .limit = MC_SCHEMA_LIMIT };
	AUTO_DRAFT d = MC_DRAFT_INIT;
	struct mc_err e = MC_ERR_INIT;
	struct mc_schema *s = NULL;

	if (!mc_buf_add(&text, data, size, &e))
		return 0;
	if (!mc_schema_parse(&text, "f", 1, MC_PARSE_PAYLOADS, &d, &e) ||
	    !mc_schema_parse(&text, "f", 1, MC_PARSE_CHANGES, &d, &e)) {
		must(e.code == MC_MALFORMED && strncmp(e.text, "f:", 2) == 0);
		return 0;
	}
	must(mc_draft_build(&d, &s, &e));
	check_schema(s);
	mc_schema_free(s);
	return 0;
}
