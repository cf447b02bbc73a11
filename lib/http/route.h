/* SPDX-License-Identifier: ISC */
/*
 * The routes file (mcprofile-routes(5)): a table like inetd.conf, one row a
 * line, of which an HTTP request chooses one.
 *
 *	path  methods  who  content-type  chain
 *
 * The chain is only text here; stage/chain.h makes something of it.
 */
#ifndef MC_HTTP_ROUTE_H
#define MC_HTTP_ROUTE_H

#include "base/buf.h"

#define MC_ROUTES_MAX 64

/* Bits: a row may have several. */
enum mc_method {
	MC_METHOD_GET = 1,
	MC_METHOD_HEAD = 2,
	MC_METHOD_POST = 4,
};

enum mc_who {
	MC_WHO_ANYONE,
	MC_WHO_USER,     /* has logged in */
	MC_WHO_DEVICE,   /* the body is signed by a factory's certificate */
	MC_WHO_ENROLLED, /* the body is signed by one of our own */
};

struct mc_route {
	const char *path; /* "/x", or "/x/ *" without the blank: all below */
	unsigned methods;
	enum mc_who who;
	const char *type;  /* Content-Type; NULL for "-", a stage says it */
	const char *chain; /* or "page NAME" */
	unsigned line;     /* in the file, for messages */
};

struct mc_routes {
	struct mc_buf text; /* owns the rows' strings */
	struct mc_route v[MC_ROUTES_MAX];
	size_t n;
};

#define AUTO_ROUTES __attribute__((cleanup(mc_routes_clear))) struct mc_routes

void mc_routes_clear(struct mc_routes *r);

/*
 * Parse a routes file; takes text, whose content it edits.  A line that ends
 * in a backslash goes on in the next, # begins a comment line.  Messages
 * begin "NAME:LINE:".
 */
MC_NODISCARD bool mc_routes_parse(struct mc_buf *text, const char *name,
    struct mc_routes *out, struct mc_err *e);

/* 0 for a method that no row can have. */
unsigned mc_method_find(const char *name);

/* "GET, POST": appended for the header Allow. */
MC_NODISCARD bool
mc_method_encode(unsigned methods, struct mc_buf *to, struct mc_err *e);

/* The methods of all rows with this path; 0 where no row has it. */
unsigned mc_routes_methods(const struct mc_routes *r, const char *path);

/*
 * The first row for path and method; NULL where there is none.  Whoever asks
 * a row of kind device or enrolled finds out who signed, then looks for that
 * kind's row.
 */
const struct mc_route *
mc_routes_find(const struct mc_routes *r, const char *path, unsigned method);
const struct mc_route *mc_routes_find_signed(const struct mc_routes *r,
    const char *path, unsigned method, enum mc_who who);

#endif
