/* SPDX-License-Identifier: ISC */
/*
 * Who is the person that asks: REMOTE_USER, or a name and a password that a
 * program of the checkpassword kind says yes to.
 */
#ifndef MC_LOGIN_H
#define MC_LOGIN_H

#include "cgi/site.h"
#include "http/request.h"

/* A Basic user name, and with it a password, at most (checkpassword's 512). */
#define MC_LOGIN_LIMIT 512

/*
 * Append the user's name.  Where there is none, *status is the HTTP status to
 * answer with: 401 for no login or a wrong one, 403 where there was no TLS to
 * protect it, 500 where nobody can check it, 503 where it cannot be checked
 * just now.
 */
MC_NODISCARD bool
mc_login_check(const struct mc_site *site, const struct mc_http_request *r,
    struct mc_buf *user, int *status, struct mc_err *e);

#endif
