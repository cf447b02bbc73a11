/* SPDX-License-Identifier: ISC */
#include "profile/sheet.h"

#include <stdlib.h>

#include "profile/sheet_part.h"

void
mc_sheet_clear(struct mc_sheet *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->names[i]);
	r->n = 0;
}

/* What spreadsheets save as "Unicode text". */
static bool
is_utf16(const struct mc_buf *text)
{
	return text->len >= 2 &&
	    (memcmp(text->data, "\xFF\xFE", 2) == 0 ||
		memcmp(text->data, "\xFE\xFF", 2) == 0);
}

bool
mc_sheet_init(struct mc_sheet *r, enum mc_sheet_format format,
    const struct mc_buf *text, struct mc_err *e)
{
	const char *s = mc_buf_str(text);
	size_t n = text->len;

	if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
		s += 3;
		n -= 3;
	}
	*r = (struct mc_sheet){
		.format = format,
		.at = s,
		.end = s + n,
		.line = 1,
		.head = { s, 0, 1 },
	};
	if (is_utf16(text))
		return mc_fail(
		    e, MC_MALFORMED, "is UTF-16; it must be saved as UTF-8");
	return format == MC_SHEET_JSON || mc_sheet_csv_head(r, e);
}

/* How many bytes of line end are at r->at. */
static size_t
line_end(const struct mc_sheet *r)
{
	size_t left = (size_t)(r->end - r->at);

	if (left >= 1 && r->at[0] == '\n')
		return 1;
	return left >= 2 && r->at[0] == '\r' && r->at[1] == '\n' ? 2 : 0;
}

bool
mc_sheet_take_line_end(struct mc_sheet *r)
{
	size_t n = line_end(r);

	r->at += n;
	r->line += n > 0;
	return n > 0;
}

void
mc_sheet_skip_line(struct mc_sheet *r)
{
	const char *lf = memchr(r->at, '\n', (size_t)(r->end - r->at));

	r->at = lf ? lf + 1 : r->end;
	r->line += lf != NULL;
}

bool
mc_sheet_begin(struct mc_sheet *r, struct mc_sheet_text *row)
{
	while (mc_sheet_take_line_end(r))
		continue;
	*row = (struct mc_sheet_text){ r->at, 0, r->line };
	return r->at < r->end;
}

enum mc_sheet_step
mc_sheet_next(struct mc_sheet *r, struct mc_vars *to, struct mc_err *e)
{
	bool good;

	if (!mc_sheet_begin(r, &r->row))
		return MC_SHEET_END;
	good = r->format == MC_SHEET_CSV ? mc_sheet_csv_next(r, to, e)
					 : mc_sheet_json_next(r, to, e);
	r->row.len = (size_t)(r->at - r->row.s);
	return good ? MC_SHEET_ROW : MC_SHEET_BAD;
}
