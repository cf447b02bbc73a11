/* SPDX-License-Identifier: ISC */
/*
 * Opening an encrypted profile with a real key.  Mutations of base64 in XML get
 * nowhere, so the first byte says what the input is: a profile as it is ("<",
 * "b"), an envelope that is put into a good profile (0x30), or the content that
 * a good envelope has (anything else, which is left out).
 */
#include "profile/sealed.h"
#include "help.h"

static X509 *cert;
static EVP_PKEY *key;
static mc_certs *certs;

static void
init(void)
{
	struct mc_err e = MC_ERR_INIT;

	ra_load(&cert, &key);
	certs = sk_X509_new_null();
	must(certs && mc_certs_add(certs, cert, &e));
}

/* A good profile around an envelope. */
static void
wrap(const struct mc_buf *envelope, struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = mc_plist_new_dict();

	must(
	    mc_plist_set(p, "PayloadType", mc_plist_new_str("Configuration")) &&
	    mc_plist_set(p, "EncryptedPayloadContent",
		mc_plist_new_data(envelope->data, envelope->len)) &&
	    mc_plist_encode(p, to, &e));
}

/* What was opened is a profile with payloads, and can be sealed again. */
static void
check_opened(const struct mc_buf *out)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = NULL;
	AUTO_BUF sealed = MC_BUF_INIT;
	AUTO_BUF again = MC_BUF_INIT;

	must(mc_plist_parse(out, MC_PLIST_DEPTH_FILE, &p, &e));
	must(!mc_plist_get(p, "EncryptedPayloadContent"));
	must(
	    mc_plist_type(mc_plist_get(p, "PayloadContent")) == MC_PLIST_ARRAY);
	must(mc_profile_seal(out, certs, MC_AES128_CBC, &sealed, &e));
	must(mc_profile_open(&sealed, cert, key, &again, &e));
	must(again.len == out->len &&
	    memcmp(again.data, out->data, out->len) == 0);
}

static bool
open_profile(const struct mc_buf *in)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	bool opened = mc_profile_open(in, cert, key, &out, &e);

	must(opened || (out.len == 0 && e.text[0]));
	must(opened || e.code == MC_MALFORMED || e.code == MC_DENIED);
	if (opened)
		check_opened(&out);
	return opened;
}

/* An envelope, and what the profile around it makes of it. */
static void
open_envelope(const struct mc_buf *envelope)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF in = MC_BUF_INIT;

	wrap(envelope, &in);
	if (open_profile(&in))
		must(mc_envelope_open(
		    envelope, cert, key, MC_OPEN_ANY, &text, &e));
}

/* What is in an envelope that opens is all that decides. */
static void
open_content(const struct mc_buf *content)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO(mc_plist) *p = NULL;
	AUTO_BUF envelope = MC_BUF_INIT;
	AUTO_BUF in = MC_BUF_INIT;
	const struct mc_plist_reading how = { .depth = MC_PLIST_DEPTH_FILE -
		    1 };
	bool good = mc_plist_read(content, &how, &p, &e) &&
	    mc_plist_type(p) == MC_PLIST_ARRAY;

	must(mc_envelope_seal(content, certs, MC_AES256_CBC, &envelope, &e));
	wrap(&envelope, &in);
	must(open_profile(&in) == good);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF in = MC_BUF_INIT;

	if (!cert)
		init();
	if (size == 0)
		return 0;
	if (data[0] == '<' || data[0] == 'b' || data[0] == 0x30) {
		must(mc_buf_add(&in, data, size, &e));
		if (data[0] == 0x30)
			open_envelope(&in);
		else
			(void)open_profile(&in);
	} else {
		must(mc_buf_add(&in, data + 1, size - 1, &e));
		open_content(&in);
	}
	must(ERR_peek_error() == 0);
	return 0;
}
