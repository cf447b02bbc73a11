/* SPDX-License-Identifier: ISC */
#include "ca/revoke.h"

#include <sys/stat.h>

#include "base/fd.h"
#include "crypto/crl.h"
#include "store/number.h"

/* One number for both generations: they may have the same name. */
#define NUMBER "crl"

#define FILE_CURRENT "crl.der"
#define FILE_PREVIOUS "crl-previous.der"

/* Where the last one is kept; nothing where the CA is not from a folder. */
static bool
path_get(const struct mc_ca *ca, bool of_previous, struct mc_buf *path,
    struct mc_err *e)
{
	mc_buf_clear(path);
	return !ca->conf->dir ||
	    mc_path_join(ca->conf->dir,
		of_previous ? FILE_PREVIOUS : FILE_CURRENT, path, e);
}

/* *found is false where there is none, or something else. */
static bool
last_load(const struct mc_ca *ca, bool of_previous, struct mc_buf *der,
    bool *found, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	*found = false;
	if (!path_get(ca, of_previous, &path, e))
		return false;
	if (path.len == 0)
		return true;
	*found = mc_file_load(mc_buf_str(&path), der, e);
	if (*found || (e->code != MC_NOINPUT && e->code != MC_MALFORMED))
		return *found;
	*e = (struct mc_err)MC_ERR_INIT;
	return true;
}

/* Whichever generation has signed it, for a file outlives a rollover. */
static bool
ours_parse(const struct mc_ca *ca, const struct mc_buf *file,
    struct mc_crl_facts *out, struct mc_err *e)
{
	struct mc_err second = MC_ERR_INIT;

	if (mc_crl_parse(file, ca->cert, out, e))
		return true;
	if (!ca->previous ||
	    !mc_crl_parse(file, ca->previous->cert, out, &second))
		return false;
	*e = (struct mc_err)MC_ERR_INIT;
	return true;
}

/* What came before the one that is being made. */
struct before {
	int64_t number;  /* the largest that is known */
	int64_t updated; /* thisUpdate of the last one, or now */
};

static bool
before_find(const struct mc_ca *ca, bool of_previous,
    const struct mc_buf *published, int64_t now, struct before *out,
    struct mc_err *e)
{
	AUTO_BUF last = MC_BUF_INIT;
	struct mc_crl_facts facts = { 0 };
	struct mc_err odd = MC_ERR_INIT;
	bool found = false;

	out->updated = now;
	if (!mc_store_number_get(ca->store, NUMBER, &out->number, e))
		return false;
	if (published && published->len > 0) {
		if (!ours_parse(ca, published, &facts, e))
			return mc_note(e, "the CRL that is published");
		if (facts.number > out->number)
			out->number = facts.number;
	}
	if (!last_load(ca, of_previous, &last, &found, e))
		return false;
	/* one that cannot be read is replaced like any other */
	if (found && ours_parse(ca, &last, &facts, &odd)) {
		if (facts.number > out->number)
			out->number = facts.number;
		if (facts.this_update < now)
			out->updated = facts.this_update;
	}
	return true;
}

static bool
entry_add(
    void *ctx, const char *serial, int64_t at, int64_t reason, struct mc_err *e)
{
	return mc_crl_add(ctx, serial, at, reason, e);
}

static bool
make(const struct mc_ca *ca, const struct mc_ca *of, bool of_previous,
    const struct mc_buf *published, struct mc_buf *der, struct mc_err *e)
{
	AUTO(mc_crl_draft) *draft = NULL;
	AUTO_BUF path = MC_BUF_INIT;
	int64_t now = mc_time_now();
	int64_t lifetime = ca->conf->crl_lifetime;
	struct before before;
	int64_t number;
	int64_t since;

	if (!before_find(ca, of_previous, published, now, &before, e))
		return false;
	number = before.number < now ? now : before.number + 1;
	/*
	 * RFC 5280 section 3.3: an entry stays until it was on one that came
	 * after its certificate's end, and was regular.
	 */
	since = before.updated < now - lifetime ? before.updated
						: now - lifetime;
	if (!mc_store_number_raise(ca->store, NUMBER, number, e) ||
	    !mc_crl_new(of->cert, number, now, now + lifetime, &draft, e) ||
	    !mc_store_certificate_revoked(
		ca->store, of->id, since, entry_add, draft, e) ||
	    !mc_crl_sign(draft, of->key, der, e) ||
	    !path_get(ca, of_previous, &path, e))
		return false;
	return path.len == 0 ||
	    mc_file_save(mc_buf_str(&path), der,
		S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH, e);
}

/*
 * The file is written before the number is committed, by one process at a
 * time: so it never goes back, and where a crash comes between the two, its
 * own number counts.
 */
bool
mc_crl_make(const struct mc_ca *ca, bool of_previous,
    const struct mc_buf *published, struct mc_buf *der, struct mc_err *e)
{
	const struct mc_ca *of = of_previous ? ca->previous : ca;
	AUTO_BUF made = { .limit = der->limit };

	if (!of)
		return mc_fail(
		    e, MC_NOINPUT, "this CA has no previous generation");
	if (!of->key || !ca->store)
		return mc_fail(e, MC_USAGE, "a CRL needs the CA's key");
	if (!mc_store_begin(ca->store, e))
		return false;
	if (!make(ca, of, of_previous, published, &made, e) ||
	    !mc_store_commit(ca->store, e)) {
		mc_store_rollback(ca->store);
		return false;
	}
	return mc_buf_add(der, made.data, made.len, e);
}

/* Has one of its certificates been revoked that is not in it? */
struct search {
	X509_CRL *crl;
	bool missed;
};

static bool
entry_find(
    void *ctx, const char *serial, int64_t at, int64_t reason, struct mc_err *e)
{
	struct search *s = ctx;
	AUTO(ASN1_INTEGER) *number = NULL;
	X509_REVOKED *entry = NULL;

	(void)at;
	(void)reason;
	if (s->missed)
		return true;
	if (!mc_serial_parse(serial, &number, e))
		return false;
	s->missed = X509_CRL_get0_by_serial(s->crl, &entry, number) != 1 ||
	    !entry;
	return true;
}

/* By what is on record, not by times: two things happen in one second. */
static bool
is_complete(const struct mc_ca *ca, const struct mc_ca *of,
    const struct mc_buf *der, int64_t now, bool *complete, struct mc_err *e)
{
	const unsigned char *p = der->data;
	AUTO(X509_CRL) *crl = d2i_X509_CRL(NULL, &p, (long)der->len);
	struct search s = { crl, false };

	if (!crl)
		return mc_fail_ossl(e, MC_INTERNAL, "CRL");
	if (!mc_store_certificate_revoked(
		ca->store, of->id, now, entry_find, &s, e))
		return false;
	*complete = !s.missed;
	return true;
}

/* A clock that was set back makes it one from the future. */
static bool
has_time_left(const struct mc_crl_facts *f, int64_t now)
{
	return f->this_update <= now &&
	    f->next_update - now >= (f->next_update - f->this_update) / 2;
}

bool
mc_crl_kept(const struct mc_ca *ca, bool of_previous, struct mc_buf *der,
    bool *good, struct mc_err *e)
{
	const struct mc_ca *of = of_previous ? ca->previous : ca;
	AUTO_BUF last = MC_BUF_INIT;
	struct mc_crl_facts facts = { 0 };
	struct mc_err odd = MC_ERR_INIT;
	int64_t now = mc_time_now();

	*good = false;
	if (of && !last_load(ca, of_previous, &last, good, e))
		return false;
	*good = *good && mc_crl_parse(&last, of->cert, &facts, &odd) &&
	    has_time_left(&facts, now);
	if (*good && !is_complete(ca, of, &last, now, good, e))
		return false;
	return !*good || mc_buf_add(der, last.data, last.len, e);
}

bool
mc_crl_get(const struct mc_ca *ca, bool of_previous, struct mc_buf *der,
    struct mc_err *e)
{
	AUTO(mc_ca) *whole = NULL;
	bool good;

	if (!mc_crl_kept(ca, of_previous, der, &good, e))
		return false;
	if (good)
		return true;
	if (!ca->key &&
	    !mc_ca_load(ca->conf->dir, MC_CA_STORE | MC_CA_KEY, &whole, e))
		return false;
	return mc_crl_make(whole ? whole : ca, of_previous, NULL, der, e);
}

bool
mc_crl_last(const struct mc_ca *ca, struct mc_crl_facts *out, bool *found,
    struct mc_err *e)
{
	AUTO_BUF last = MC_BUF_INIT;
	struct mc_err odd = MC_ERR_INIT;

	if (!last_load(ca, false, &last, found, e))
		return false;
	/* one that cannot be read is none, as everywhere here */
	*found = *found && mc_crl_parse(&last, ca->cert, out, &odd);
	return true;
}
