/* SPDX-License-Identifier: ISC */
#include "scep_ca/common.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "crypto/key.h"
#include "crypto/name.h"
#include "crypto/names.h"
#include "crypto/pem.h"

#define PREFIX_MIN 12 /* digits of a hash, as challenge list shows it */

static bool
is_login(const char *s)
{
	const char *why;

	return s && *s && strlen(s) < MC_CA_WHO_TEXT &&
	    mc_text_check(s, strlen(s), &why);
}

const char *
mc_ca_admin_who(char who[static MC_CA_WHO_TEXT])
{
	const char *name = getenv("SUDO_USER");
	const struct passwd *pw;

	if (!is_login(name))
		name = getenv("LOGNAME");
	if (!is_login(name)) {
		pw = getpwuid(getuid());
		name = pw ? pw->pw_name : NULL;
	}
	if (is_login(name))
		snprintf(who, MC_CA_WHO_TEXT, "%s", name);
	else
		snprintf(who, MC_CA_WHO_TEXT, "uid %ld", (long)getuid());
	return who;
}

bool
mc_ca_admin_when(const char *option, const char *text, bool ahead, int64_t *out,
    struct mc_err *e)
{
	int64_t n;

	if (mc_time_parse(text, out))
		return true;
	if (!mc_time_seconds_parse(text, &n))
		return mc_fail(e, MC_USAGE,
		    "--%s: want a day like 2026-11-22, a time like "
		    "2026-11-22T12:00:00Z, or a span like 30d, not %s",
		    option, text);
	*out = mc_time_now() + (ahead ? n : -n);
	return true;
}

struct mc_report_view
mc_ca_admin_view(const struct mc_io *io)
{
	return (
	    struct mc_report_view){ io->columns, io->colour, mc_time_now() };
}

void
mc_ca_admin_progress(void *ctx, int64_t done, int64_t all)
{
	const struct ca_work *w = ctx;

	if (w->io->progress)
		w->io->progress(w->what, done, all);
}

/* A full hash, in lower case. */
static bool
is_hash(const char *text, char out[static MC_SHA256_HEX])
{
	uint8_t bytes[(MC_SHA256_HEX - 1) / 2];

	if (strlen(text) != MC_SHA256_HEX - 1 ||
	    !mc_hex_parse(text, bytes, sizeof(bytes)))
		return false;
	for (size_t i = 0; i < MC_SHA256_HEX; i++)
		out[i] = (char)tolower((unsigned char)text[i]);
	return true;
}

static bool
is_hex(const char *text, size_t n)
{
	return strspn(text, "0123456789abcdefABCDEF") == n;
}

/* The challenges, or keys, whose hash begins as a person wrote it. */
struct begins {
	char prefix[MC_SHA256_HEX];
	size_t n;
	char hash[MC_SHA256_HEX];
	unsigned found;
};

static bool
begins_each(void *ctx, const struct mc_challenge *c, struct mc_err *e)
{
	struct begins *b = ctx;

	(void)e;
	if (strncmp(c->hash, b->prefix, b->n) != 0)
		return true;
	memcpy(b->hash, c->hash, sizeof(b->hash));
	b->found++;
	return true;
}

static bool
choose_challenge(struct mc_store *s, const char *text,
    char out[static MC_SHA256_HEX], struct mc_err *e)
{
	struct begins b = { .n = strlen(text) };

	if (is_hash(text, out))
		return true;
	if (b.n < PREFIX_MIN || b.n >= MC_SHA256_HEX || !is_hex(text, b.n))
		return mc_fail(e, MC_USAGE,
		    "--challenge: want %d hexadecimal digits or more, as "
		    "challenge list shows them",
		    PREFIX_MIN);
	for (size_t i = 0; i < b.n; i++)
		b.prefix[i] = (char)tolower((unsigned char)text[i]);
	if (!mc_store_challenge_list(s, 0, begins_each, &b, e))
		return false;
	if (b.found != 1)
		return mc_fail(e, MC_DENIED, "--challenge: %s begins with %s",
		    b.found ? "more than one" : "none", text);
	memcpy(out, b.hash, sizeof(b.hash));
	return true;
}

/* Certificates of one key are one key. */
static bool
key_each(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	struct begins *b = ctx;

	(void)e;
	if (strncmp(c->key, b->prefix, b->n) != 0 ||
	    (b->found && strcmp(c->key, b->hash) == 0))
		return true;
	memcpy(b->hash, c->key, sizeof(b->hash));
	b->found++;
	return true;
}

static bool
choose_key_prefix(struct mc_store *s, const char *text,
    char out[static MC_SHA256_HEX], struct mc_err *e)
{
	const struct mc_certificate_filter all = { .now = mc_time_now() };
	struct begins b = { .n = strlen(text) };

	for (size_t i = 0; i < b.n; i++)
		b.prefix[i] = (char)tolower((unsigned char)text[i]);
	if (!mc_store_certificate_list(s, &all, key_each, &b, e))
		return false;
	if (b.found != 1)
		return mc_fail(e, MC_DENIED, "--key: %s begins with %s",
		    b.found ? "more than one" : "none", text);
	memcpy(out, b.hash, sizeof(b.hash));
	return true;
}

static bool
choose_key(struct mc_store *s, const char *text, char out[static MC_SHA256_HEX],
    struct mc_err *e)
{
	AUTO(EVP_PKEY) *key = NULL;
	size_t n = strlen(text);

	if (is_hash(text, out))
		return true;
	if (access(text, F_OK) == -1 && errno == ENOENT) {
		if (n >= PREFIX_MIN && n < MC_SHA256_HEX - 1 && is_hex(text, n))
			return choose_key_prefix(s, text, out, e);
		return mc_fail(e, MC_NOINPUT,
		    "--key: %s: neither a file nor 64 hexadecimal digits, or "
		    "the first %d or more of them",
		    text, PREFIX_MIN);
	}
	return (mc_pem_pubkey_load(text, &key, e) &&
		   mc_key_sha256(key, out, e)) ||
	    mc_note(e, "--key");
}

static bool
choose_times(
    const struct ca_args *a, struct mc_certificate_filter *f, struct mc_err *e)
{
	f->now = mc_time_now();
	if (a->expiring)
		f->expires_before = f->now + a->expiring;
	if (a->issued_after &&
	    !mc_ca_admin_when(
		"issued-after", a->issued_after, false, &f->created_from, e))
		return false;
	if (a->issued_before &&
	    !mc_ca_admin_when(
		"issued-before", a->issued_before, false, &f->created_until, e))
		return false;
	return true;
}

bool
mc_ca_admin_choose(const struct ca_args *a, struct mc_store *s,
    struct ca_choice *out, struct mc_err *e)
{
	struct mc_certificate_filter *f = &out->filter;
	struct mc_err none = MC_ERR_INIT;

	*out = (struct ca_choice){ 0 };
	if (a->status != STATUS_PENDING)
		f->status = (enum mc_certificate_status)a->status;
	f->pattern = a->pattern;
	if (a->pattern && mc_ca_serial_parse(a->pattern, out->pattern, &none))
		f->pattern_serial = out->pattern;
	f->transaction = a->transaction;
	f->user = a->user;
	f->owner = a->owner;
	f->profile = a->profile;
	f->limit = a->limit;
	if (!choose_times(a, f, e))
		return false;
	if (a->serial) {
		if (!mc_ca_serial_parse(a->serial, out->serial, e))
			return false;
		f->serial = a->with_renewals ? NULL : out->serial;
		f->line = a->with_renewals ? out->serial : NULL;
	}
	if (a->challenge) {
		if (!choose_challenge(s, a->challenge, out->challenge, e))
			return false;
		f->challenge = out->challenge;
	}
	if (a->key) {
		if (!choose_key(s, a->key, out->key, e))
			return false;
		f->key = out->key;
	}
	return true;
}

bool
mc_ca_admin_names_check(const struct ca_args *a, struct mc_err *e)
{
	AUTO(X509_NAME) *name = NULL;
	AUTO(GENERAL_NAMES) *names = NULL;
	const char *option = "--subject";

	if (!a->subject || mc_name_parse(a->subject, &name, e)) {
		if (!a->names || mc_names_parse(a->names, &names, e))
			return true;
		option = "--names";
	}
	if (e->code == MC_MALFORMED)
		e->code = MC_USAGE;
	return mc_note(e, "%s", option);
}

bool
mc_ca_admin_profile(const struct mc_ca_conf *conf, const char *name,
    const struct mc_ca_profile **out, struct mc_err *e)
{
	*out = mc_ca_conf_profile_find(conf, name);
	return *out ||
	    mc_fail(e, MC_USAGE, "--profile: ca.conf has no profile %.40s",
		name ? name : MC_CA_PROFILE_DEFAULT);
}

const char *
mc_ca_admin_s(int64_t n)
{
	return n == 1 ? "" : "s";
}
