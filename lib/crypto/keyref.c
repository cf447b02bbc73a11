/* SPDX-License-Identifier: ISC */
#include "crypto/keyref.h"

#include <ctype.h>
#include <unistd.h>

#include "base/fd.h"
#include "crypto/engine.h"
#include "crypto/pem.h"

#define URI_MAX 1024
/* What PEM_read_bio_PrivateKey() has room for. */
#define PASSPHRASE_MAX 1024

/* The length of "scheme" in "scheme:..." (RFC 3986 section 3.1), or 0. */
static size_t
scheme_len(const char *ref)
{
	size_t n = 0;

	if (!isalpha((unsigned char)ref[0]))
		return 0;
	while (
	    isalnum((unsigned char)ref[n]) || (ref[n] && strchr("+-.", ref[n])))
		n++;
	return ref[n] == ':' ? n : 0;
}

bool
mc_keyref_is_uri(const char *ref)
{
	return scheme_len(ref) > 0 && access(ref, F_OK) == -1;
}

bool
mc_keyref_show(const char *ref, struct mc_buf *to, struct mc_err *e)
{
	static const char pin[] = "pin-value=";
	const char *at = scheme_len(ref) ? strstr(ref, pin) : NULL;
	size_t head;

	if (!at)
		return mc_buf_puts(to, ref, e);
	head = (size_t)(at - ref) + strlen(pin);
	return mc_buf_add(to, ref, head, e) && mc_buf_puts(to, "...", e) &&
	    mc_buf_puts(to, at + strcspn(at, ";&?"), e);
}

/* Who asks for a PIN or a passphrase gets this one, once, or none. */
struct answer {
	const struct mc_buf *passphrase;
	unsigned asked;
};

/*
 * A second question would be about a PIN that was wrong: tokens count those,
 * and lock.
 */
static int
give(UI *ui, UI_STRING *question)
{
	struct answer *a = UI_get0_user_data(ui);
	enum UI_string_types type = UI_get_string_type(question);

	if (type != UIT_PROMPT && type != UIT_VERIFY)
		return 1;
	if (a->asked++ || !a->passphrase || a->passphrase->len > PASSPHRASE_MAX)
		return 0;
	return UI_set_result_ex(ui, question, mc_buf_str(a->passphrase),
		   (int)a->passphrase->len) == 0;
}

/* The only private key that the store has by this name. */
static bool
only_key(
    OSSL_STORE_CTX *store, const char *name, EVP_PKEY **out, struct mc_err *e)
{
	AUTO(EVP_PKEY) *key = NULL;

	while (!OSSL_STORE_eof(store)) {
		AUTO(OSSL_STORE_INFO) *info = OSSL_STORE_load(store);

		if (!info ||
		    OSSL_STORE_INFO_get_type(info) != OSSL_STORE_INFO_PKEY)
			continue;
		if (key)
			return mc_fail(
			    e, MC_USAGE, "%s: names more than one key", name);
		key = OSSL_STORE_INFO_get1_PKEY(info);
	}
	*out = take(&key);
	return true;
}

static bool
store_load(const char *uri, const char *name, const struct mc_buf *passphrase,
    EVP_PKEY **out, struct mc_err *e)
{
	AUTO(UI_METHOD) *ui = UI_create_method("mcprofile");
	AUTO(OSSL_STORE_CTX) *store = NULL;
	AUTO(EVP_PKEY) *key = NULL;
	struct answer a = { passphrase, 0 };
	bool done;

	if (!ui || UI_method_set_reader(ui, give) != 0)
		return mc_fail_memory(e);
	store = OSSL_STORE_open_ex(uri, NULL, NULL, ui, &a, NULL, NULL, NULL);
	if (store)
		(void)OSSL_STORE_expect(store, OSSL_STORE_INFO_PKEY);
	done = !store || only_key(store, name, &key, e);
	/* what a store says of a wrong PIN is its own affair */
	ERR_clear_error();
	if (!done)
		return false;
	if (!key && !a.asked)
		return mc_fail(e, MC_NOINPUT, "%s: no such key", name);
	if (!key && !passphrase)
		return mc_fail(e, MC_MALFORMED,
		    "%s: asks for a PIN, and none was given", name);
	if (!key)
		return mc_fail(
		    e, MC_DENIED, "%s: wrong passphrase or PIN", name);
	*out = take(&key);
	return true;
}

static bool
has_store(const char *uri)
{
	char scheme[32] = "";
	size_t n = scheme_len(uri);
	OSSL_STORE_LOADER *loader = NULL;
	bool has;

	if (n < sizeof(scheme)) {
		memcpy(scheme, uri, n);
		loader = OSSL_STORE_LOADER_fetch(NULL, scheme, NULL);
	}
	has = loader != NULL;
	OSSL_STORE_LOADER_free(loader);
	ERR_clear_error();
	return has;
}

static bool
uri_load(const char *uri, const struct mc_buf *passphrase, EVP_PKEY **out,
    struct mc_err *e)
{
	AUTO_BUF name = MC_BUF_INIT;

	if (!mc_keyref_show(uri, &name, e))
		return false;
	if (has_store(uri))
		return store_load(uri, mc_buf_str(&name), passphrase, out, e);
	if (strncmp(uri, "pkcs11:", strlen("pkcs11:")) == 0)
		return mc_engine_key_load(
		    uri, mc_buf_str(&name), passphrase, out, e);
	return mc_fail(e, MC_USAGE,
	    "%s: no file, and OpenSSL has no store for such a URI",
	    mc_buf_str(&name));
}

/* A key file may hold, instead of a key, the URI of one, on a line. */
static bool
is_reference(const struct mc_buf *file)
{
	const char *text = mc_buf_str(file);
	size_t n = strcspn(text, " \t\r\n");

	return scheme_len(text) > 0 && n <= URI_MAX &&
	    text[n + strspn(text + n, "\r\n")] == '\0' &&
	    strlen(text) == file->len;
}

bool
mc_keyref_is_stored(const char *ref)
{
	AUTO_BUF file = { .limit = MC_SECRET_LIMIT };
	struct mc_err none = MC_ERR_INIT;

	return mc_keyref_is_uri(ref) ||
	    (mc_file_load(ref, &file, &none) && is_reference(&file));
}

bool
mc_keyref_load(const char *ref, const struct mc_buf *passphrase, EVP_PKEY **out,
    struct mc_err *e)
{
	AUTO_BUF file = { .limit = MC_SECRET_LIMIT };

	if (mc_keyref_is_uri(ref))
		return uri_load(ref, passphrase, out, e);
	if (!mc_file_load(ref, &file, e))
		return false;
	if (!is_reference(&file))
		return mc_pem_key_parse(&file, ref, passphrase, out, e);
	file.data[strcspn(mc_buf_str(&file), "\r\n")] = '\0';
	return uri_load(mc_buf_str(&file), passphrase, out, e) ||
	    mc_note(e, "%s", ref);
}

bool
mc_keyref_encrypt(EVP_PKEY *key, const struct mc_buf *passphrase,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO(BIO) *mem = BIO_new(BIO_s_mem());

	if (!mem)
		return mc_fail_memory(e);
	if (!passphrase || passphrase->len == 0 ||
	    passphrase->len > PASSPHRASE_MAX)
		return mc_fail(e, MC_USAGE, "a passphrase of 1 to %d bytes",
		    PASSPHRASE_MAX);
	if (PEM_write_bio_PKCS8PrivateKey(mem, key, EVP_aes_256_cbc(),
		mc_buf_str(passphrase), (int)passphrase->len, NULL, NULL) != 1)
		return mc_fail_ossl(e, MC_INTERNAL, "key to PEM");
	return mc_bio_drain(mem, to, e);
}
