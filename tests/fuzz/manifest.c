/* SPDX-License-Identifier: ISC */
/*
 * A manifest that is read can be laid out, walked and told; one that is
 * refused says where, in one line.
 */
#include <regex.h>

#include "help.h"
#include "schema/describe.h"
#include "schema/manifest.h"

/* A pattern compiles, what is required has a name. */
static void
key_check(const struct mc_schema_key *k)
{
	regex_t re;

	must(!k->required || k->name);
	must(!k->has_count || k->count_min <= k->count_max);
	if (!k->pattern)
		return;
	must(regcomp(&re, k->pattern, REG_EXTENDED | REG_NOSUB) == 0);
	regfree(&re);
}

/* A manifest cannot hold itself, so this ends. */
static void
walk(const struct mc_schema *s, uint32_t first, uint32_t n, unsigned depth)
{
	struct mc_schema_key k;

	must(depth < MC_PLIST_DEPTH_FILE);
	for (uint32_t i = 0; i < n; i++) {
		k = mc_schema_key_at(s, first + i);
		key_check(&k);
		walk(s, k.first, k.n, depth + 1);
	}
}

static void
told(const struct mc_schema *s)
{
	const struct mc_describe_view view = { 80, true };
	struct mc_schema_payload p = mc_schema_at(s, 0);
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF json = MC_BUF_INIT;

	must(mc_describe_show(s, p.type, NULL, &view, &text, &e));
	must(mc_describe_encode(s, p.type, NULL, &json, &e));
	must(text.len > 0 && json.len > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_DRAFT d = MC_DRAFT_INIT;
	struct mc_err e = MC_ERR_INIT;
	struct mc_schema *s = NULL;
	struct mc_schema_payload p;
	bool is = false;

	if (size > 65536 || !mc_buf_add(&in, data, size, &e))
		return 0;
	if (!mc_manifest_parse(&in, "fuzz.plist", 1, &d, &is, &e)) {
		must(e.code == MC_MALFORMED && !strchr(e.text, '\n'));
		must(strncmp(e.text, "fuzz.plist:", 11) == 0);
		return 0;
	}
	must(is == (d.payloads_n == 1));
	if (!is)
		return 0;
	must(mc_draft_build(&d, &s, &e));
	must(mc_schema_len(s) == 1);
	p = mc_schema_at(s, 0);
	walk(s, p.first, p.n, 0);
	told(s);
	mc_schema_free(s);
	return 0;
}
