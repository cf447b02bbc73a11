/* SPDX-License-Identifier: ISC */
#include "base/udid.h"

#include <string.h>

bool
mc_udid_check(const char *udid)
{
	size_t n = strspn(udid,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-");

	return n > 0 && n <= MC_UDID_MAX && udid[n] == '\0';
}
