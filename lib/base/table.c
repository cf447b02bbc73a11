/* SPDX-License-Identifier: ISC */
#include "base/table.h"

#include "base/text.h"

#define COLUMNS_MAX 12
#define GAP 2
#define ELLIPSIS "\xe2\x80\xa6"
#define BOLD "\x1b[1m"
#define PLAIN "\x1b[0m"

/* One cell of a row. */
struct cell {
	const char *text;
	size_t n;     /* bytes of it */
	size_t width; /* columns that they take */
	bool last;    /* no cell that holds anything follows in its row */
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
	return c;
}

/* Widths of the columns, and of what the widest row adds to them at its end. */
struct layout {
	size_t width[COLUMNS_MAX];
	size_t n;    /* columns */
	size_t last; /* the widest last cell */
};

static void
measure(const struct mc_buf *rows, bool whole, struct layout *l)
{
	size_t col = 0;
	struct cell c;

	for (const char *p = mc_buf_str(rows); *p;) {
		c = cell_next(&p);
		if (!whole && c.width > MC_TABLE_CELL)
			c.width = MC_TABLE_CELL;
		/* nothing stands under what comes after a row's last */
		if (!c.last && c.width > l->width[col])
			l->width[col] = c.width;
		if (c.last && c.width > l->last)
			l->last = c.width;
		if (col >= l->n)
			l->n = col + 1;
		col = c.last ? 0 : (col + 1) % COLUMNS_MAX;
	}
}

/* The widest column that may become narrower; 0: none. */
static size_t
widest_find(const struct layout *l, unsigned rigid)
{
	size_t widest = 0;
	size_t width = MC_TABLE_CELL_MIN;

	for (size_t i = 1; i + 1 < l->n; i++) {
		if (rigid & (1U << i) || l->width[i] <= width)
			continue;
		widest = i;
		width = l->width[i];
	}
	return widest;
}

/* Columns but the first and the last give way, the widest first. */
static void
narrow(struct layout *l, const struct mc_table_view *view)
{
	size_t sum = l->last < MC_TABLE_CELL_MIN ? MC_TABLE_CELL_MIN : l->last;
	size_t widest;

	for (size_t i = 0; i + 1 < l->n; i++)
		sum += l->width[i] + GAP;
	for (; sum > view->width; sum--) {
		widest = widest_find(l, view->rigid);
		if (widest == 0)
			return;
		l->width[widest]--;
	}
}

/* How many bytes of a cell fit, with room for the ellipsis where it is cut. */
static size_t
fitting(const struct cell *c, size_t room)
{
	size_t n = c->n;

	if (c->width <= room)
		return n;
	while (n > 0 && mc_text_width(c->text, n) >= room)
		n--;
	return n;
}

/* The same of its end. */
static size_t
fitting_end(const struct cell *c, size_t room)
{
	size_t n = c->n;

	if (c->width <= room)
		return n;
	while (n > 0 &&
	    (mc_text_width(c->text + c->n - n, n) >= room ||
		((unsigned char)c->text[c->n - n] & 0xc0) == 0x80))
		n--;
	return n;
}

/* How a cell is shown. */
struct look {
	size_t room;
	bool pad;  /* another one follows */
	bool tail; /* its end is kept */
	const char *colour;
};

static bool
cell_encode(const struct cell *c, const struct look *look, struct mc_buf *to,
    struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	const char *colour = look->colour;
	size_t room = look->room;
	size_t n = look->tail ? fitting_end(c, room) : fitting(c, room);
	bool cut = n < c->n && room > 0;
	size_t shown;

	if (!mc_buf_add(&text, look->tail ? c->text + c->n - n : c->text, n, e))
		return false;
	if (text.data) {
		mc_text_show((char *)text.data);
		text.len = strlen((char *)text.data);
	}
	shown = mc_text_width(mc_buf_str(&text), text.len) + cut;
	return mc_buf_printf(to, e, "%s%s%s%s%s%*s", colour ? colour : "",
	    cut && look->tail ? ELLIPSIS : "", mc_buf_str(&text),
	    cut && !look->tail ? ELLIPSIS : "", colour ? PLAIN : "",
	    look->pad && room > shown ? (int)(room - shown) : 0, "");
}

/* The row at *p, which moves to the next one. */
static bool
row_encode(const char **p, const struct layout *l,
    const struct mc_table_view *view, bool heading, struct mc_buf *to,
    struct mc_err *e)
{
	size_t left = view->width ? view->width : SIZE_MAX;
	const char *colour = NULL;
	struct cell c = { 0 };
	struct look look;
	size_t room;

	for (size_t col = 0; !c.last; col = (col + 1) % COLUMNS_MAX) {
		c = cell_next(p);
		room = c.last ? left : l->width[col];
		if (room > left)
			room = left;
		if (view->colour)
			colour = heading ? BOLD
					 : view->colour(col, c.text, c.n);
		look = (struct look){ room, !c.last,
			!heading && view->tails & (1U << col), colour };
		if (!cell_encode(&c, &look, to, e))
			return false;
		left -= room;
		room = left < GAP || c.last ? 0 : GAP;
		if (!mc_buf_printf(to, e, "%*s", (int)room, ""))
			return false;
		left -= room;
	}
	return mc_buf_puts(to, "\n", e);
}

bool
mc_table_show(const struct mc_buf *rows, const struct mc_table_view *view,
    struct mc_buf *to, struct mc_err *e)
{
	struct layout l = { 0 };
	bool heading = view->headings;

	measure(rows, view->whole && !view->width, &l);
	if (view->width)
		narrow(&l, view);
	for (const char *p = mc_buf_str(rows); *p; heading = false)
		if (!row_encode(&p, &l, view, heading, to, e))
			return false;
	return true;
}

bool
mc_table_encode(const struct mc_buf *rows, struct mc_buf *to, struct mc_err *e)
{
	const struct mc_table_view plain = { 0 };

	return mc_table_show(rows, &plain, to, e);
}
