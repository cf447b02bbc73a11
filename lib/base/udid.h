/* SPDX-License-Identifier: ISC */
/* What a device's UDID may look like; Apple promises nothing but a string. */
#ifndef MC_UDID_H
#define MC_UDID_H

#include <stdbool.h>

#define MC_UDID_MAX 64

/* 1 to MC_UDID_MAX letters, digits and dashes. */
bool mc_udid_check(const char *udid);

#endif
