/* SPDX-License-Identifier: ISC */
/*
 * The build hides what OpenSSL 3 has deprecated, and engines are.  What takes
 * their place, a provider, is not packaged where OpenSSL 3.0 is, and a CA
 * whose key is in a token cannot wait for it; so this file, and no other,
 * sees them.  Its calls compile on every OpenSSL 3 that was built with them.
 */
#undef OPENSSL_NO_DEPRECATED
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/engine.h"

#ifdef OPENSSL_NO_ENGINE

bool
mc_engine_key_load(const char *uri, const char *name, const struct mc_buf *pin,
    EVP_PKEY **out, struct mc_err *e)
{
	(void)uri, (void)pin, (void)out;
	return mc_fail(e, MC_USAGE,
	    "%s: OpenSSL has no store for pkcs11: here; install its provider",
	    name);
}

#else

#include <openssl/engine.h>

/* Of PKCS #11: CKR_PIN_INCORRECT .. CKR_PIN_EXPIRED, CKR_PIN_LOCKED. */
#define PIN_WRONG_FIRST 0xa0
#define PIN_WRONG_LAST 0xa3
#define PIN_LOCKED 0xa4

static void
engine_free(ENGINE *engine)
{
	ENGINE_free(engine);
}
CLEANUP(ENGINE, engine_free);

/* Left alone, it would ask on the terminal, or read the request's body. */
static int
refuse(UI *ui, UI_STRING *question)
{
	(void)ui, (void)question;
	return 0;
}

/* Of the process, for the engine keeps it as long as keys are in use. */
static UI_METHOD *
mute(void)
{
	static UI_METHOD *ui;

	if (!ui)
		ui = UI_create_method("mcprofile");
	if (ui)
		(void)UI_method_set_reader(ui, refuse);
	return ui;
}

static bool
engine_get(const char *name, ENGINE **out, struct mc_err *e)
{
	AUTO(ENGINE) *engine = NULL;
	UI_METHOD *ui = mute();

	OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_DYNAMIC, NULL);
	engine = ENGINE_by_id("pkcs11");
	ERR_clear_error();
	if (!ui)
		return mc_fail_memory(e);
	if (!engine)
		return mc_fail(e, MC_USAGE,
		    "%s: OpenSSL has neither a store nor an engine for "
		    "pkcs11: here (Debian: libengine-pkcs11-openssl)",
		    name);
	/* it would speak to the user on fd 2 */
	if (ENGINE_ctrl_cmd_string(engine, "QUIET", NULL, 0) != 1 ||
	    ENGINE_ctrl_cmd(engine, "SET_USER_INTERFACE", 0, ui, NULL, 0) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "engine pkcs11");
	*out = take(&engine);
	return true;
}

static bool
has_pin(const char *uri)
{
	return strstr(uri, "pin-value=") || strstr(uri, "pin-source=");
}

/*
 * The engine remembers a PIN, and tries it on the next token, which counts it
 * as a wrong one: each key gets its own, or an empty one, which no token is
 * long in refusing.
 */
static bool
pin_set(
    ENGINE *engine, const char *uri, const struct mc_buf *pin, struct mc_err *e)
{
	static bool remembered;

	if ((pin || (remembered && !has_pin(uri))) &&
	    ENGINE_ctrl_cmd_string(
		engine, "PIN", pin ? mc_buf_str(pin) : "", 0) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "engine pkcs11");
	remembered = remembered || pin || has_pin(uri);
	return true;
}

static bool
is_of(unsigned long code, const char *library)
{
	const char *name = ERR_lib_error_string(code);

	return name && strcmp(name, library) == 0;
}

static bool
is_pin_wrong(unsigned long code)
{
	int reason = ERR_GET_REASON(code);

	return is_of(code, "PKCS#11 module") && reason >= PIN_WRONG_FIRST &&
	    reason <= PIN_WRONG_LAST;
}

/* The engine's numbers are known by the names of its two libraries. */
static bool
fail_load(const char *name, bool had_pin, struct mc_err *e)
{
	unsigned long code = ERR_peek_error();
	bool locked = is_of(code, "PKCS#11 module") &&
	    ERR_GET_REASON(code) == PIN_LOCKED;
	bool asked = is_of(code, "UI routines");
	bool absent = is_of(code, "pkcs11 engine") ||
	    is_of(code, "engine routines");

	if (!locked && !asked && !absent && !is_pin_wrong(code))
		return mc_fail_ossl(e, MC_INTERNAL, name);
	ERR_clear_error();
	if (locked)
		return mc_fail(
		    e, MC_DENIED, "%s: the token's PIN is locked", name);
	if (absent)
		return mc_fail(e, MC_NOINPUT,
		    "%s: no such token, or no such key in it", name);
	if (!had_pin)
		return mc_fail(e, MC_MALFORMED,
		    "%s: asks for a PIN, and none was given", name);
	return mc_fail(e, MC_DENIED, "%s: wrong PIN", name);
}

bool
mc_engine_key_load(const char *uri, const char *name, const struct mc_buf *pin,
    EVP_PKEY **out, struct mc_err *e)
{
	AUTO(ENGINE) *engine = NULL;
	EVP_PKEY *key;

	if (!engine_get(name, &engine, e) || !pin_set(engine, uri, pin, e))
		return false;
	if (ENGINE_init(engine) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "engine pkcs11");
	key = ENGINE_load_private_key(engine, uri, mute(), NULL);
	/* the key holds the engine as long as it lives */
	ENGINE_finish(engine);
	if (!key)
		return fail_load(name, pin || has_pin(uri), e);
	/* of an EC key it is in another object, which is found by its ID */
	if (i2d_PUBKEY(key, NULL) <= 0) {
		EVP_PKEY_free(key);
		ERR_clear_error();
		return mc_fail(e, MC_USAGE,
		    "%s: the token has no public key of the same ID (CKA_ID)",
		    name);
	}
	ERR_clear_error();
	*out = key;
	return true;
}

#endif
