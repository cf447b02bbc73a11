/* SPDX-License-Identifier: ISC */
/*
 * Pages for people: an HTML template with values put in.
 *
 *	${name}                   the value, escaped for HTML
 *	${if name=value}..${end}  kept where the value is exactly that one
 *	$${                       a literal ${
 *
 * A site may replace the templates by its own, so everything in one is
 * checked whether it is shown or not, and a mistake is told by file, line and
 * column.  Values are escaped for text and for quoted attributes; they have
 * no place in a style, and there are no scripts.
 */
#ifndef MC_PAGE_H
#define MC_PAGE_H

#include "base/buf.h"

#define MC_PAGE_LIMIT MC_CONF_LIMIT /* a template, and the page made of it */
#define MC_PAGE_DEPTH 8             /* ${if} within ${if} */

/*
 * What pages are sent with: nothing may run, load or be framed.  The inline
 * style is the templates' own: no value can get into it.
 */
#define MC_PAGE_CSP                                                            \
	"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "     \
	"form-action 'none'; frame-ancestors 'none'"

struct mc_page_values {
	/* The value, lent; NULL where there is no such name. */
	const char *(*lookup)(const void *ctx, const char *name);
	const void *ctx;
};

/*
 * Append the page made of a template's text; nothing where it fails.
 * MC_MALFORMED, beginning "FILE:LINE:COLUMN:", for a mistake in it.
 */
MC_NODISCARD bool mc_page_render(const char *file, const struct mc_buf *text,
    const struct mc_page_values *values, struct mc_buf *to, struct mc_err *e);

/*
 * As mc_page_render(), of DIR/NAME.html.  name is a constant of the program
 * or of the routes file, [a-z0-9-]+, never taken from a request.
 */
MC_NODISCARD bool mc_page_load(const char *dir, const char *name,
    const struct mc_page_values *values, struct mc_buf *to, struct mc_err *e);

/*
 * An HTTP status folded to what there is to say about it, the value "problem"
 * of refused.html: request, login, denied, missing, method, size, type, busy
 * or server.
 */
const char *mc_page_problem(int status);

#endif
