/* SPDX-License-Identifier: ISC */
#include "ca/succeed.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "ca/make.h"
#include "crypto/cert.h"
#include "crypto/cms.h"
#include "crypto/name.h"
#include "crypto/pem.h"

/* What GetNextCACert answers; a backup has what ends in ".pem". */
#define ANNOUNCED "announced.pem"

/* Take the files of a folder away, the one that makes them count first. */
static bool
generation_remove(const char *at, struct mc_err *e)
{
	if (!mc_ca_file_remove(at, "ca.pem", e))
		return false;
	for (const char *const *name = mc_ca_files; *name; name++)
		if (!mc_ca_file_remove(at, *name, e))
			return false;
	if (!mc_ca_file_remove(at, ANNOUNCED, e))
		return false;
	/* what somebody else has put there stays, and the folder with it */
	return rmdir(at) == 0 || errno == ENOTEMPTY || errno == EEXIST ||
	    errno == ENOENT || mc_fail_errno(e, MC_IO, "%s", at);
}

/* All but ca.pem, which is the last of the list. */
static bool
files_copy(const char *from, const char *to, struct mc_err *e)
{
	for (const char *const *name = mc_ca_files; name[1]; name++)
		if (!mc_ca_file_copy(from, to, *name, e))
			return false;
	return true;
}

/* The generation before the previous one, complete, into old-SERIAL/. */
static bool
put_aside(const char *dir, const struct mc_ca_place *p, struct mc_err *e)
{
	char serial[MC_SERIAL_TEXT];
	AUTO_BUF name = MC_BUF_INIT;
	AUTO_BUF to = MC_BUF_INIT;

	if (!mc_cert_serial(p->top, serial, e) ||
	    !mc_buf_printf(&name, e, "old-%s", serial) ||
	    !mc_path_join(dir, mc_buf_str(&name), &to, e))
		return false;
	return mc_dir_make(mc_buf_str(&to), 0700, e) &&
	    files_copy(dir, mc_buf_str(&to), e) &&
	    mc_ca_file_copy(dir, mc_buf_str(&to), "ca.pem", e);
}

/*
 * next/, which has taken over, gets the place of what is above it.  From the
 * moment that ca.pem is the same in both, next/ is all that is looked at; from
 * the moment that it is gone there, what is above it.
 */
static bool
settle(const char *dir, struct mc_ca_place *p, struct mc_err *e)
{
	const char *next = mc_buf_str(&p->next_dir);

	if (!p->taken_over)
		return true;
	if (!p->settling &&
	    (!put_aside(dir, p, e) || !mc_ca_file_copy(next, dir, "ca.pem", e)))
		return false;
	return files_copy(next, dir, e) && generation_remove(next, e);
}

static bool
announced_fail(const struct mc_ca_place *p, struct mc_err *e)
{
	char when[MC_TIME_TEXT];
	int64_t since, until;

	return mc_cert_validity(p->next, &since, &until, e) &&
	    mc_fail(e, MC_DENIED,
		"a next CA is announced already, and takes over at %s",
		mc_time_format(since, when));
}

static bool
at_check(const struct mc_ca_spec *spec, int64_t at, const struct mc_ca *ca,
    struct mc_err *e)
{
	char when[MC_TIME_TEXT];
	int64_t since, until;

	if (spec->ca_cert)
		return at == 0 ||
		    mc_fail(e, MC_USAGE,
			"a CA that exists takes over when its certificate "
			"says");
	if (at < mc_time_now())
		return mc_fail(
		    e, MC_USAGE, "the next CA cannot take over in the past");
	if (!mc_cert_validity(ca->cert, &since, &until, e))
		return false;
	return at <= until ||
	    mc_fail(e, MC_USAGE,
		"the next CA has to take over before this one expires, %s",
		mc_time_format(until, when));
}

/* Who asks with the old key may not be told from who asks with the new one. */
static bool
key_differs(const struct mc_ca *ca, const struct mc_making *m, struct mc_err *e)
{
	const struct mc_ca *older = ca->previous;

	if (mc_key_equal(m->ca->key, X509_get0_pubkey(ca->cert)) ||
	    (older && mc_key_equal(m->ca->key, X509_get0_pubkey(older->cert))))
		return mc_fail(e, MC_USAGE,
		    "the next CA needs a key of its own, not the one that is "
		    "in use");
	return true;
}

/* Certs-only, signed by the CA that is current (RFC 8894 section 4.7.1). */
static bool
announcement_make(const struct mc_making *m, X509 *cert, EVP_PKEY *key,
    struct mc_buf *der, struct mc_err *e)
{
	AUTO(mc_certs_lent) *certs = NULL;
	AUTO_BUF bag = MC_BUF_INIT;
	const EVP_MD *md = mc_sign_md(key);
	const struct mc_cms_sign_spec spec = {
		.cert = cert, .key = key, .md = md ? EVP_MD_get0_name(md) : NULL
	};

	return mc_ca_certs_get(
		   m->ca, m->ca->conf->profile[0].order, &certs, e) &&
	    mc_cms_certs_encode(certs, &bag, e) &&
	    mc_cms_sign(&spec, &bag, der, e);
}

/*
 * Signed once, here: whoever asks for it is a stranger, and the CA's key does
 * not work for strangers.  The current generation is in dir by now.
 */
static bool
announce(struct mc_making *m, const struct mc_ca *ca, const char *dir,
    const char *next, struct mc_err *e)
{
	AUTO(EVP_PKEY) *key = NULL;
	AUTO(BIO) *bio = BIO_new(BIO_s_mem());
	AUTO_BUF der = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF path = MC_BUF_INIT;

	if (!mc_ca_key_load(
		&m->ring, MC_ROLE_CA, dir, "ca", ca->cert, NULL, &key, e) ||
	    !announcement_make(m, ca->cert, key, &der, e))
		return mc_note(e, "the announcement");
	if (!bio ||
	    PEM_write_bio(bio, PEM_STRING_CMS, "", der.data, (long)der.len) <=
		0)
		return mc_fail_ossl(e, MC_INTERNAL, ANNOUNCED);
	return mc_bio_drain(bio, &text, e) &&
	    mc_path_join(next, ANNOUNCED, &path, e) &&
	    mc_file_save(mc_buf_str(&path), &text, 0644, e);
}

bool
mc_ca_announcement_load(
    const struct mc_ca *ca, struct mc_buf *der, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;

	if (!ca->next)
		return mc_fail(e, MC_MALFORMED, "no next CA is announced");
	if (!mc_path_join(ca->conf->dir, MC_CA_NEXT "/" ANNOUNCED, &path, e) ||
	    !mc_file_load(mc_buf_str(&path), &text, e))
		return false;
	return mc_pem_cms_parse(&text, der, e) ||
	    mc_note(e, "%s", mc_buf_str(&path));
}

static bool
save(struct mc_making *m, const struct mc_ca *ca, const char *dir,
    struct mc_err *e)
{
	AUTO(mc_store) *lock = NULL;
	AUTO_CA_PLACE p = { 0 };
	const char *next;

	if (!mc_ca_store_open(dir, &lock, e) || !mc_store_begin(lock, e) ||
	    !mc_ca_place_load(dir, &p, e))
		return false;
	if (p.next && !p.taken_over)
		return announced_fail(&p, e);
	next = mc_buf_str(&p.next_dir);
	/* what an interrupted call has left there is nothing */
	return settle(dir, &p, e) && generation_remove(next, e) &&
	    mc_dir_make(next, 0700, e) && announce(m, ca, dir, next, e) &&
	    mc_making_save(m, dir, next, e) && mc_store_commit(lock, e);
}

bool
mc_ca_rollover(const struct mc_ca_spec *spec, int64_t at, struct mc_err *e)
{
	AUTO(mc_ca) *ca = NULL;
	AUTO_BUF subject = MC_BUF_INIT;
	AUTO_MAKING m = {
		.spec = spec,
		.rollover = true,
		.not_before = at,
	};

	if (!mc_ca_load(spec->dir, MC_CA_CERTS, &ca, e))
		return false;
	if (ca->next) {
		struct mc_ca_place p = { .next = ca->next->cert };

		return announced_fail(&p, e);
	}
	if (!at_check(spec, at, ca, e))
		return false;
	m.subject = spec->subject;
	if (!spec->subject && !spec->ca_cert) {
		if (!mc_name_encode(
			X509_get_subject_name(ca->cert), &subject, e))
			return mc_note(e, "subject");
		m.subject = mc_buf_str(&subject);
	}
	return mc_making_run(&m, e) && key_differs(ca, &m, e) &&
	    save(&m, ca, spec->dir, e);
}

bool
mc_ca_rollover_cancel(const char *dir, struct mc_err *e)
{
	AUTO(mc_store) *lock = NULL;
	AUTO_CA_PLACE p = { 0 };

	if (!mc_ca_store_open(dir, &lock, e) || !mc_store_begin(lock, e) ||
	    !mc_ca_place_load(dir, &p, e))
		return false;
	if (p.taken_over)
		return mc_fail(
		    e, MC_DENIED, "%s: the next CA has taken over", dir);
	if (!p.next)
		return mc_fail(
		    e, MC_NOINPUT, "%s: no next CA is announced", dir);
	return generation_remove(mc_buf_str(&p.next_dir), e) &&
	    mc_store_commit(lock, e);
}
