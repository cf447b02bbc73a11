/* SPDX-License-Identifier: ISC */
#include "crypto/weak.h"

#include <stdlib.h>

static struct weak {
	OSSL_LIB_CTX *ctx;
	OSSL_PROVIDER *normal;
	OSSL_PROVIDER *legacy;
} weak;

/* A provider that was loaded by hand has to be unloaded so. */
static void
clear(struct weak *w)
{
	if (w->legacy)
		OSSL_PROVIDER_unload(w->legacy);
	if (w->normal)
		OSSL_PROVIDER_unload(w->normal);
	OSSL_LIB_CTX_free(w->ctx);
	*w = (struct weak){ 0 };
}

/* Runs before OpenSSL's own, which was registered before it. */
static void
weak_clear(void)
{
	clear(&weak);
}

/* A context of its own reads no configuration and loads nothing by itself. */
static bool
load(struct weak *w)
{
	w->normal = OSSL_PROVIDER_load(w->ctx, "default");
	w->legacy = OSSL_PROVIDER_load(w->ctx, "legacy");
	return w->normal && w->legacy;
}

bool
mc_weak_get(OSSL_LIB_CTX **out, struct mc_err *e)
{
	struct weak made = { 0 };

	if (!weak.ctx) {
		made.ctx = OSSL_LIB_CTX_new();
		if (!made.ctx)
			return mc_fail_memory(e);
		if (!load(&made) || atexit(weak_clear) != 0) {
			clear(&made);
			ERR_clear_error();
			return mc_fail(e, MC_INTERNAL,
			    "single DES, RC2 and RC4 need OpenSSL's "
			    "legacy provider (legacy.so), which is not "
			    "here: install openssl-provider-legacy");
		}
		weak = made;
	}
	*out = weak.ctx;
	return true;
}
