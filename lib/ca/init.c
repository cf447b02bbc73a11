/* SPDX-License-Identifier: ISC */
#include "ca/make.h"

#include <errno.h>
#include <unistd.h>

#include "base/fd.h"
#include "store/certificate.h"

static bool
refuse_any(void *ctx, const struct mc_certificate *c, struct mc_err *e)
{
	(void)c;
	return mc_fail(e, MC_DENIED,
	    "%s: its store has issued certificates, but there is no ca.pem; "
	    "restore it from a backup",
	    (const char *)ctx);
}

static bool
file_absent(const char *dir, const char *name, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (!mc_path_join(dir, name, &path, e))
		return false;
	if (access(mc_buf_str(&path), F_OK) == 0)
		return mc_fail(e, MC_DENIED, "%s: holds a CA already", dir);
	return errno == ENOENT || errno == ENOTDIR ||
	    mc_fail_errno(e, MC_IO, "%s", mc_buf_str(&path));
}

static bool
vacant_check(const char *dir, struct mc_err *e)
{
	return file_absent(dir, "ca.pem", e) &&
	    file_absent(dir, MC_CA_NEXT "/ca.pem", e);
}

bool
mc_ca_init(const struct mc_ca_spec *spec, struct mc_err *e)
{
	int64_t now = mc_time_now();
	AUTO_MAKING m = {
		.spec = spec,
		.subject = spec->subject,
		.not_before = now - MC_CA_BACKDATE,
	};
	const struct mc_certificate_filter any = { .now = now, .limit = 1 };
	AUTO_BUF dir = MC_BUF_INIT;
	struct mc_store *store;

	if (!vacant_check(spec->dir, e) || !mc_buf_puts(&dir, spec->dir, e) ||
	    !mc_making_run(&m, e) ||
	    !mc_store_open(spec->dir, true, &m.ca->store, e))
		return false;
	store = m.ca->store;
	/* the store's lock keeps a second init out until this one is whole */
	return mc_store_begin(store, e) && vacant_check(spec->dir, e) &&
	    mc_store_certificate_list(store, &any, refuse_any, dir.data, e) &&
	    mc_making_save(&m, spec->dir, spec->dir, e) &&
	    mc_store_commit(store, e);
}
