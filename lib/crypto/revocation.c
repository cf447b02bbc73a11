/* SPDX-License-Identifier: ISC */
#include "crypto/revocation.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/hex.h"
#include "crypto/ber.h"
#include "crypto/crl.h"
#include "crypto/pem.h"
#include "crypto/revocation_part.h"

/* Of all files together. */
#define STATEMENTS_MAX 256
#define BYTES_MAX ((size_t)64 << 20)

#define REASON_HOLD 6 /* certificateHold: may be lifted again */

struct mc_revocation {
	struct mc_statement all[STATEMENTS_MAX];
	size_t n;
	size_t bytes;
};

static void
statement_clear(struct mc_statement *s)
{
	X509_CRL_free(s->crl);
	OCSP_BASICRESP_free(s->ocsp);
	free(s->source);
	*s = (struct mc_statement){ .crl = NULL };
}

bool
mc_revocation_new(struct mc_revocation **out, struct mc_err *e)
{
	*out = calloc(1, sizeof(**out));
	return *out || mc_fail_memory(e);
}

void
mc_revocation_free(struct mc_revocation *r)
{
	for (size_t i = 0; i < r->n; i++)
		statement_clear(&r->all[i]);
	free(r);
}

/* The next free place, for a statement of this many bytes from this file. */
static bool
place_get(struct mc_revocation *r, const char *path, size_t bytes,
    struct mc_statement **out, struct mc_err *e)
{
	if (r->n == STATEMENTS_MAX)
		return mc_fail(e, MC_MALFORMED,
		    "more than %d CRLs and OCSP responses", STATEMENTS_MAX);
	r->bytes += bytes;
	if (r->bytes > BYTES_MAX)
		return mc_fail(e, MC_MALFORMED,
		    "more than %zu bytes of CRLs and OCSP responses",
		    BYTES_MAX);
	r->all[r->n].source = strdup(path);
	if (!r->all[r->n].source)
		return mc_fail_memory(e);
	*out = &r->all[r->n];
	r->n++;
	return true;
}

static bool
crl_add(struct mc_revocation *r, const char *path, const void *der, size_t len,
    struct mc_err *e)
{
	AUTO(X509_CRL) *crl = NULL;
	struct mc_statement *s;

	if (!mc_crl_der_parse(der, len, &crl, e) ||
	    !mc_statement_crl_check(crl, e) || !place_get(r, path, len, &s, e))
		return false;
	s->crl = take(&crl);
	return true;
}

static bool
blocks_add(struct mc_revocation *r, const char *path, const struct mc_buf *text,
    struct mc_err *e)
{
	AUTO(BIO) *in = mc_bio_view(text);
	bool more = true;

	if (!in)
		return mc_fail_memory(e);
	while (more) {
		AUTO_PEM_BLOCK b = { 0 };

		if (!mc_pem_block_next(in, &b, &more, e))
			return false;
		if (more && strcmp(b.label, PEM_STRING_X509_CRL) == 0 &&
		    !crl_add(r, path, b.data, (size_t)b.len, e))
			return false;
	}
	return true;
}

/* DER in a folder may be a certificate: it is passed over. */
static bool
is_other(const struct mc_buf *der)
{
	const unsigned char *p = der->data;
	AUTO(X509) *cert = d2i_X509(NULL, &p, (long)der->len);

	ERR_clear_error();
	return cert != NULL;
}

/*
 * One of a folder, empty where it is a pipe or a device: those are opened
 * without waiting for whoever writes them, and passed over.
 */
static bool
regular_load(const char *path, struct mc_buf *to, struct mc_err *e)
{
	AUTO_FD fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat st;

	if (fd == -1 && errno == ENXIO)
		return true; /* a socket */
	if (fd == -1 || fstat(fd, &st) == -1)
		return mc_fail_errno(
		    e, errno == ENOENT ? MC_NOINPUT : MC_IO, "%s", path);
	return !S_ISREG(st.st_mode) || mc_buf_read_fd(to, fd, e) ||
	    mc_note(e, "%s", path);
}

static bool
file_load(
    struct mc_revocation *r, const char *path, bool in_folder, struct mc_err *e)
{
	AUTO_BUF file = MC_BUF_INIT;
	size_t before = r->n;
	bool good;

	if (in_folder ? !regular_load(path, &file, e)
		      : !mc_file_load(path, &file, e))
		return false;
	if (file.len > 0 && file.data[0] == MC_BER_SEQUENCE)
		good = (in_folder && is_other(&file)) ||
		    crl_add(r, path, file.data, file.len, e);
	else
		good = blocks_add(r, path, &file, e);
	if (!good)
		return mc_note(e, "%s", path);
	return in_folder || r->n > before ||
	    mc_fail(e, MC_MALFORMED, "%s: holds no CRL", path);
}

static int
is_crl_file(const struct dirent *f)
{
	const char *dot = strrchr(f->d_name, '.');

	return f->d_name[0] != '.' && dot &&
	    (strcmp(dot, ".crl") == 0 || strcmp(dot, ".pem") == 0 ||
		strcmp(dot, ".der") == 0);
}

bool
mc_revocation_crl_load(
    struct mc_revocation *r, const char *path, struct mc_err *e)
{
	struct dirent **files = NULL;
	AUTO_BUF file = MC_BUF_INIT;
	struct stat st;
	bool done;
	int n;

	if (stat(path, &st) == -1 || !S_ISDIR(st.st_mode))
		return file_load(r, path, false, e);
	n = scandir(path, &files, is_crl_file, alphasort);
	done = n >= 0 || mc_fail_errno(e, MC_IO, "%s", path);
	for (int i = 0; i < n; i++) {
		done = done && mc_path_join(path, files[i]->d_name, &file, e) &&
		    file_load(r, mc_buf_str(&file), true, e);
		free(files[i]);
	}
	free(files);
	return done;
}

static bool
ocsp_add(struct mc_revocation *r, const char *path, const struct mc_buf *file,
    struct mc_err *e)
{
	AUTO_BUF own = { .limit = MC_NET_LIMIT };
	AUTO(OCSP_BASICRESP) *basic = NULL;
	const struct mc_buf *der = file;
	struct mc_statement *s;

	if (file->len > 0 && file->data[0] != MC_BER_SEQUENCE) {
		if (!mc_base64_parse(
			mc_buf_str(file), file->len, false, &own, e))
			return mc_fail(e, MC_MALFORMED,
			    "neither an OCSP response nor base64 of one");
		der = &own;
	}
	if (!mc_statement_ocsp_parse(der, &basic, e) ||
	    !place_get(r, path, der->len, &s, e))
		return false;
	s->ocsp = take(&basic);
	return true;
}

bool
mc_revocation_ocsp_load(
    struct mc_revocation *r, const char *path, struct mc_err *e)
{
	AUTO_BUF file = { .limit = MC_NET_LIMIT };

	return mc_file_load(path, &file, e) &&
	    (ocsp_add(r, path, &file, e) || mc_note(e, "%s", path));
}

bool
mc_statement_strong(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *id;
	int md = NID_undef;
	int key;

	X509_ALGOR_get0(&id, NULL, NULL, alg);
	/* RSASSA-PSS names its digest elsewhere, and nobody uses an old one */
	return OBJ_find_sigid_algs(OBJ_obj2nid(id), &md, &key) == 1 &&
	    md != NID_md5 && md != NID_sha1 && md != NID_md4 && md != NID_md2 &&
	    md != NID_md5_sha1;
}

void
mc_statement_date(int64_t at, struct mc_revoked_facts *out)
{
	if (at < out->from || at > out->till)
		out->status = MC_REVOKED_STALE;
}

static bool
is_hold(const struct mc_revoked_facts *f)
{
	return f->status == MC_REVOKED_YES && f->reason == REASON_HOLD;
}

/* Of two statements: a revocation counts, but a hold may have been lifted. */
static bool
outweighs(const struct mc_revoked_facts *a, const struct mc_revoked_facts *b)
{
	static const int weight[] = {
		[MC_REVOKED_UNKNOWN] = 0,
		[MC_REVOKED_STALE] = 1,
		[MC_REVOKED_NO] = 2,
		[MC_REVOKED_YES] = 3,
	};

	if ((is_hold(a) && b->status == MC_REVOKED_NO) ||
	    (is_hold(b) && a->status == MC_REVOKED_NO))
		return a->from > b->from || (a->from == b->from && is_hold(a));
	if (a->status == b->status)
		return a->from > b->from;
	return weight[a->status] > weight[b->status];
}

void
mc_revocation_find(const struct mc_revocation *r, X509 *cert, X509 *issuer,
    int64_t at, struct mc_revoked_facts *out)
{
	const struct mc_revocation_ask ask = { cert, issuer, at };

	*out = (struct mc_revoked_facts){ .reason = -1 };
	for (size_t i = 0; i < r->n; i++) {
		const struct mc_statement *s = &r->all[i];
		struct mc_revoked_facts one = { .reason = -1,
			.source = s->source };

		if (s->crl)
			mc_statement_crl_ask(s, &ask, &one);
		else if (s->ocsp)
			mc_statement_ocsp_ask(s, &ask, &one);
		if (one.status != MC_REVOKED_UNKNOWN && outweighs(&one, out))
			*out = one;
	}
}
