/* SPDX-License-Identifier: ISC */
/*
 * One HTTP/1.1 or 1.0 request on one descriptor, its answer on another, as
 * under inetd, systemd or socat.  The connection ends with the answer.
 */
#ifndef MC_HTTP_BARE_H
#define MC_HTTP_BARE_H

#include "http/response.h"

/* Seconds that a whole request may take, and that an answer may stall. */
#define MC_BARE_SECONDS 30

/*
 * Serve one request.  https says that TLS ended in front of us.  False where
 * the answer could not be written; a connection without a byte is fine.
 */
MC_NODISCARD bool mc_bare_serve(int in, int out, bool https,
    mc_http_handler *handler, void *ctx, struct mc_err *e);

#endif
