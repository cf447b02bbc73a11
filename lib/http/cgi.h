/* SPDX-License-Identifier: ISC */
/*
 * A request as CGI/1.1 hands it over (RFC 3875): variables and a body.
 *
 * Also what a FastCGI server sends.  argv is never looked at, for a query
 * without "=" ends up there.
 */
#ifndef MC_HTTP_CGI_H
#define MC_HTTP_CGI_H

#include <sys/types.h>

#include "http/response.h"

/* As read(2): at most n bytes, 0 at the end, -1 for trouble. */
typedef ssize_t mc_cgi_read(void *ctx, void *to, size_t n);

/*
 * The path is SCRIPT_NAME and PATH_INFO together: the URL's whole path,
 * however the server is told to split it.  On failure *status is the HTTP
 * status to answer with, and r holds what was understood.
 */
MC_NODISCARD bool mc_cgi_parse(char *const *envp, mc_cgi_read *read, void *ctx,
    struct mc_http_request *r, int *status, struct mc_err *e);

/* Serve the request of this process's environment, descriptors 0 and 1. */
MC_NODISCARD bool
mc_cgi_serve(mc_http_handler *handler, void *ctx, struct mc_err *e);

#endif
