/* SPDX-License-Identifier: ISC */
#include "base/table.h"

#include "base/text.h"

#define COLUMNS_MAX 8
#define ELLIPSIS "\xe2\x80\xa6"

/* One cell of a row. */
struct cell {
	const char *text;
	size_t n;     /* bytes of it that are shown */
	size_t width; /* columns, with the ellipsis where it is cut */
	bool cut;
	bool last; /* no cell that holds anything follows in its row */
};

/* The cell at *p, which moves to the next one, or to the next row's first. */
static struct cell
cell_next(const char **p)
{
	struct cell c = { .text = *p, .n = strcspn(*p, "\t\n") };
	const char *after = *p + c.n;
	const char *rest = after + strspn(after, "\t");

	c.width = mc_text_width(c.text, c.n);
	c.last = *rest == '\n' || *rest == '\0';
	if (c.last)
		after = rest;
	*p = after + (*after != '\0');
	c.cut = !c.last && c.width > MC_TABLE_CELL;
	while (c.cut && mc_text_width(c.text, c.n) >= MC_TABLE_CELL)
		c.n--;
	if (c.cut)
		c.width = MC_TABLE_CELL;
	return c;
}

bool
mc_table_encode(const struct mc_buf *rows, struct mc_buf *to, struct mc_err *e)
{
	size_t width[COLUMNS_MAX] = { 0 };
	size_t col = 0;
	struct cell c;
	size_t pad;

	for (const char *p = mc_buf_str(rows); *p;) {
		c = cell_next(&p);
		/* nothing stands under what comes after a row's last */
		if (!c.last && c.width > width[col])
			width[col] = c.width;
		col = c.last ? 0 : (col + 1) % COLUMNS_MAX;
	}
	for (const char *p = mc_buf_str(rows); *p;) {
		c = cell_next(&p);
		pad = c.last ? 0 : width[col] - c.width + 2;
		if (!mc_buf_printf(to, e, "%.*s%s%*s%s", (int)c.n, c.text,
			c.cut ? ELLIPSIS : "", (int)pad, "",
			c.last ? "\n" : ""))
			return false;
		col = c.last ? 0 : (col + 1) % COLUMNS_MAX;
	}
	return true;
}
