/* SPDX-License-Identifier: ISC */
/*
 * One request -> one route -> one chain of stages -> one answer, one line in
 * the log.  The error's text goes to the log only; whoever asks gets an id.
 */
#ifndef MC_CGI_ANSWER_H
#define MC_CGI_ANSWER_H

#include "cgi/site.h"
#include "http/response.h"

struct mc_driver {
	struct mc_site site;
	struct mc_chain_env env;
	bool tls; /* every request comes by TLS, whatever the server says */
};

/* An mc_http_handler; ctx is a struct mc_driver. */
void mc_answer(void *ctx, struct mc_http_request *r, int status,
    const struct mc_err *why, struct mc_response *out);

#endif
