/* SPDX-License-Identifier: ISC */
#include "crypto/trust.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/fd.h"
#include "crypto/path.h"
#include "crypto/pem.h"
#include "crypto/trust_part.h"

/* Certificates in all the files of one trust. */
#define CERTS_MAX 1024

bool
mc_trust_new(struct mc_trust **out, struct mc_err *e)
{
	AUTO(mc_trust) *t = calloc(1, sizeof(*t));

	if (!t)
		return mc_fail_memory(e);
	t->anchors = sk_X509_new_null();
	t->certs = sk_X509_new_null();
	if (!t->anchors || !t->certs)
		return mc_fail_memory(e);
	*out = take(&t);
	return true;
}

void
mc_trust_free(struct mc_trust *t)
{
	mc_certs_free(t->anchors);
	mc_certs_free(t->certs);
	X509_STORE_free(t->system);
	ASN1_OBJECT_free(t->eku);
	free(t);
}

bool
mc_trust_chain_load(struct mc_trust *t, const char *path, struct mc_err *e)
{
	if (!mc_pem_certs_load(path, t->certs, e))
		return false;
	if (sk_X509_num(t->certs) > CERTS_MAX)
		return mc_fail(e, MC_MALFORMED, "%s: more than %d certificates",
		    path, CERTS_MAX);
	return true;
}

bool
mc_trust_anchors_load(struct mc_trust *t, const char *path, struct mc_err *e)
{
	int n = sk_X509_num(t->certs);

	if (t->factory)
		return mc_fail(
		    e, MC_USAGE, "%s: a factory leg has only pins", path);
	if (!mc_trust_chain_load(t, path, e))
		return false;
	for (; n < sk_X509_num(t->certs); n++)
		if (!mc_certs_add(t->anchors, sk_X509_value(t->certs, n), e))
			return false;
	return true;
}

static int
is_cert_file(const struct dirent *f)
{
	const char *dot = strrchr(f->d_name, '.');

	return f->d_name[0] != '.' && dot &&
	    (strcmp(dot, ".pem") == 0 || strcmp(dot, ".cer") == 0 ||
		strcmp(dot, ".der") == 0 || strcmp(dot, ".crt") == 0);
}

static bool
folder_load(struct mc_trust *t, const char *dir, struct mc_err *e)
{
	struct dirent **files = NULL;
	AUTO_BUF path = MC_BUF_INIT;
	/* sorted, so that a folder means the same on every machine */
	int n = scandir(dir, &files, is_cert_file, alphasort);
	bool done = n >= 0 || mc_fail_errno(e, MC_IO, "%s", dir);

	for (int i = 0; i < n; i++) {
		done = done && mc_path_join(dir, files[i]->d_name, &path, e) &&
		    mc_trust_chain_load(t, mc_buf_str(&path), e);
		free(files[i]);
	}
	free(files);
	return done;
}

bool
mc_trust_device_load(struct mc_trust *t, const char *dir, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (sk_X509_num(t->anchors) > 0 || t->system)
		return mc_fail(
		    e, MC_USAGE, "%s: a factory leg has only pins", dir);
	if (!mc_path_join(dir, "pins", &path, e) ||
	    !mc_pins_load(&t->pins, mc_buf_str(&path), e))
		return false;
	t->factory = true;
	return folder_load(t, dir, e);
}

bool
mc_trust_system_load(struct mc_trust *t, struct mc_err *e)
{
	if (t->factory)
		return mc_fail(
		    e, MC_USAGE, "a factory leg has only pins for anchors");
	return t->system || mc_system_store_new(&t->system, e);
}

bool
mc_trust_eku_set(struct mc_trust *t, const char *eku, struct mc_err *e)
{
	AUTO(ASN1_OBJECT) *purpose = OBJ_txt2obj(eku, 0);
	ASN1_OBJECT *before = t->eku;

	ERR_clear_error();
	if (!purpose)
		return mc_fail(e, MC_USAGE,
		    "\"%s\": neither an OID nor the name of a purpose; "
		    "codeSigning and emailProtection are such",
		    eku);
	t->eku = take(&purpose);
	ASN1_OBJECT_free(before);
	return true;
}

const mc_certs *
mc_trust_certs(const struct mc_trust *t)
{
	return t->certs;
}

bool
mc_trust_factory(const struct mc_trust *t)
{
	return t->factory;
}
