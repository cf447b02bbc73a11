/* SPDX-License-Identifier: ISC */
/*
 * FastCGI: requests one after the other from a listening socket on fd 0.
 *
 * SIGTERM and SIGUSR1 (as Apache's mod_fcgid sends) let the request in hand
 * finish and end the loop.
 */
#ifndef MC_HTTP_FCGI_H
#define MC_HTTP_FCGI_H

#include "http/response.h"

/* fd is a socket that listens. */
bool mc_fcgi_check(int fd);

/* Serve until told to stop. */
MC_NODISCARD bool
mc_fcgi_serve(mc_http_handler *handler, void *ctx, struct mc_err *e);

#endif
