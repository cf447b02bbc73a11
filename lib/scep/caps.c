/* SPDX-License-Identifier: ISC */
/* What is said around the messages: capabilities, CA certificates, GET. */
#include "scep/scep.h"

#include <strings.h>

#include "base/hex.h"
#include "crypto/cert.h"

/*
 * What works.  SCEPStandard is RFC 8894 section 2.9: GetCACaps, GetCACert,
 * PKCSReq, POST, AES-128-CBC, SHA-256.  There is a client that sees none of
 * them where SHA-384 is missing.
 */
bool
mc_scep_caps_encode(
    const struct mc_scep_offer *offer, struct mc_buf *text, struct mc_err *e)
{
	const struct {
		const char *word;
		bool works;
	} words[] = {
		{ "AES", true },
		{ "DES3", offer->des3 },
		{ "GetNextCACert", offer->next },
		{ "POSTPKIOperation", true },
		{ "Renewal", offer->renewal },
		{ "SCEPStandard", true },
		{ "SHA-1", offer->sha1 },
		{ "SHA-256", true },
		{ "SHA-384", true },
		{ "SHA-512", true },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].works &&
		    !mc_buf_printf(text, e, "%s\n", words[i].word))
			return false;
	return true;
}

static bool
word_is(const char *p, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(p, word, len) == 0;
}

static void
word_parse(const char *p, size_t len, struct mc_scep_caps *out)
{
	const struct {
		const char *word;
		bool *flag;
	} words[] = {
		{ "AES", &out->aes },
		{ "GetNextCACert", &out->next },
		{ "POSTPKIOperation", &out->post },
		{ "Renewal", &out->renewal },
		{ "SHA-256", &out->sha256 },
		{ "SHA-512", &out->sha512 },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (word_is(p, len, words[i].word))
			*words[i].flag = true;
	if (word_is(p, len, "SCEPStandard"))
		out->aes = out->sha256 = out->post = true;
}

void
mc_scep_caps_parse(const struct mc_buf *text, struct mc_scep_caps *out)
{
	const char *p = mc_buf_str(text);
	const char *end = p + text->len;
	size_t n;

	*out = (struct mc_scep_caps){ 0 };
	while (p < end) {
		n = 0;
		while (p + n < end && p[n] != ' ' && p[n] != '\t' &&
		    p[n] != '\r' && p[n] != '\n')
			n++;
		word_parse(p, n, out);
		p += n + 1;
	}
}

bool
mc_scep_certs_encode(const mc_certs *certs, struct mc_buf *body,
    const char **content_type, struct mc_err *e)
{
	int n = sk_X509_num(certs);

	if (n < 1)
		return mc_fail(e, MC_USAGE, "GetCACert: no certificate");
	*content_type = n == 1 ? MC_SCEP_HTTP_CERT : MC_SCEP_HTTP_CERTS;
	return n == 1 ? mc_cert_encode(sk_X509_value(certs, 0), body, e)
		      : mc_cms_certs_encode(certs, body, e);
}

/*
 * A blank was once a "+": some client's, or some web server's, idea of a form.
 */
bool
mc_scep_message_parse(
    const char *value, size_t len, struct mc_buf *msg, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	if (len == 0)
		return mc_fail(e, MC_MALFORMED, "message: is empty");
	if (!mc_buf_add(&text, value, len, e))
		return false;
	for (size_t i = 0; i < len; i++)
		if (text.data[i] == ' ')
			text.data[i] = '+';
	return mc_base64_parse(mc_buf_str(&text), text.len, true, msg, e) ||
	    mc_note(e, "message");
}
