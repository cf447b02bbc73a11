/* SPDX-License-Identifier: ISC */
/* What several of scep-ca's verbs need. */
#ifndef MC_CA_COMMON_H
#define MC_CA_COMMON_H

#include "ca/report.h"
#include "scep_ca/admin.h"

/* Lists, exports and imports may be larger than messages. */
#define MC_CA_LARGE ((size_t)1 << 30)

/*
 * Who types this: the login name, of the person behind sudo where there is
 * one.  For the history, and never for a decision: the environment says it.
 */
#define MC_CA_WHO_TEXT 65
const char *mc_ca_admin_who(char who[static MC_CA_WHO_TEXT]);

/*
 * A time that a person writes: "2026-11-22", "2026-11-22T12:00:00Z", or a
 * duration from now on (ahead) or ago.  Messages begin with the option's name.
 */
MC_NODISCARD bool mc_ca_admin_when(const char *option, const char *text,
    bool ahead, int64_t *out, struct mc_err *e);

/* How the output is looked at. */
struct mc_report_view mc_ca_admin_view(const struct mc_io *io);

/* Of a struct mc_watch; ctx is a struct ca_work. */
struct ca_work {
	const struct mc_io *io;
	const char *what;
};
void mc_ca_admin_progress(void *ctx, int64_t done, int64_t all);

/*
 * The filter that the options describe, and room for what it lends.  store is
 * asked for the challenge whose hash begins as given.
 */
struct ca_choice {
	struct mc_certificate_filter filter;
	char serial[MC_SERIAL_TEXT];
	char pattern[MC_SERIAL_TEXT];
	char challenge[MC_SHA256_HEX];
	char key[MC_SHA256_HEX];
};
MC_NODISCARD bool mc_ca_admin_choose(const struct ca_args *a,
    struct mc_store *s, struct ca_choice *out, struct mc_err *e);

/* --subject and --names are well formed.  MC_USAGE where they are not. */
MC_NODISCARD bool
mc_ca_admin_names_check(const struct ca_args *a, struct mc_err *e);

/* The profile of that name, NULL being "default".  MC_USAGE: there is none. */
MC_NODISCARD bool mc_ca_admin_profile(const struct mc_ca_conf *conf,
    const char *name, const struct mc_ca_profile **out, struct mc_err *e);

/* "s" after any number but one. */
const char *mc_ca_admin_s(int64_t n);

#endif
