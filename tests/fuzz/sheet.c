/* SPDX-License-Identifier: ISC */
/*
 * A list of variables: rows lie one behind the other, with nothing but line
 * ends between them; a good one has a text that a profile can hold for each
 * name; and a row that is read by itself, behind the same names, says the same.
 */
#include "profile/sheet.h"
#include "help.h"
#include "plist/plist.h"

/* The row alone, behind the names. */
static void
again(const struct mc_sheet *r, const struct mc_vars *want)
{
	AUTO_SHEET alone = { 0 };
	AUTO_VARS vars = { 0 };
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	must(mc_buf_add(&text, r->head.s, r->head.len, &e));
	must(mc_buf_add(&text, r->row.s, r->row.len, &e));
	must(mc_sheet_init(&alone, r->format, &text, &e));
	must(mc_sheet_next(&alone, &vars, &e) == MC_SHEET_ROW);
	must(vars.n == want->n);
	for (size_t i = 0; i < vars.n; i++)
		must(strcmp(vars.v[i].value, want->v[i].value) == 0);
	mc_vars_cut(&vars, 0);
	must(mc_sheet_next(&alone, &vars, &e) == MC_SHEET_END);
}

static void
between(const char *from, const char *to)
{
	for (; from < to; from++)
		must(*from == '\n' || *from == '\r');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_SHEET rows = { 0 };
	AUTO_VARS vars = { 0 };
	struct mc_err e = MC_ERR_INIT;
	enum mc_sheet_step step;
	const char *behind;
	unsigned line;

	if (size == 0 || !mc_buf_add(&in, data + 1, size - 1, &e))
		return 0;
	if (!mc_sheet_init(&rows, data[0] == 'j' ? MC_SHEET_JSON : MC_SHEET_CSV,
		&in, &e)) {
		must(e.code == MC_MALFORMED);
		return 0;
	}
	behind = rows.at;
	line = rows.line;
	while ((step = mc_sheet_next(&rows, &vars, &e)) != MC_SHEET_END) {
		between(behind, rows.row.s);
		must(rows.row.len > 0 && rows.row.line >= line);
		must(step == MC_SHEET_ROW || e.code == MC_MALFORMED ||
		    e.code == MC_USAGE);
		behind = rows.row.s + rows.row.len;
		line = rows.row.line;
		if (step == MC_SHEET_ROW) {
			must(rows.format == MC_SHEET_JSON || vars.n == rows.n);
			for (size_t i = 0; i < vars.n; i++)
				must(mc_plist_text_check(vars.v[i].value));
			again(&rows, &vars);
		}
		mc_vars_cut(&vars, 0);
	}
	between(behind, rows.end);
	return 0;
}
