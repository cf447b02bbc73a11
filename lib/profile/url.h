/* SPDX-License-Identifier: ISC */
/* What a URL in a profile must look like for a device to use it. */
#ifndef MC_URL_H
#define MC_URL_H

#include "base/err.h"

/*
 * MC_USAGE, with the reason, unless url is an absolute http or https URL of
 * printable ASCII with a host, without credentials or a fragment.
 */
MC_NODISCARD bool mc_url_check(const char *url, struct mc_err *e);

/* And is https. */
MC_NODISCARD bool mc_url_check_https(const char *url, struct mc_err *e);

#endif
