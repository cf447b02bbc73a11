/* SPDX-License-Identifier: ISC */
#include "verify/print.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/name.h"
#include "verify/profile.h"
#include "verify/tree.h"

#define INDENT "#            "

static bool
answer(const char *name, const struct mc_err *why, struct mc_buf *to,
    struct mc_err *e)
{
	bool good = why->code == MC_OK;
	struct mc_err shown = *why;

	mc_text_show(shown.text); /* strangers are quoted in it */
	return mc_buf_printf(to, e, "# %-11s%s%s\n", name,
	    good ? "yes" : "no: ", good ? "" : shown.text);
}

/* Nothing that another day, or another machine, would tell differently. */
static bool
signature(const struct mc_verdict *v, struct mc_buf *to, struct mc_err *e)
{
	X509 *cert = mc_signed_signer(v->message);
	char text[MC_NAME_TEXT];
	char sha256[MC_SHA256_HEX];
	int64_t at;

	if (!mc_cert_sha256(cert, sha256, e) ||
	    !mc_buf_printf(to, e, "# signer:    %s\n# sha256:    %s\n",
		mc_name_show(X509_get_subject_name(cert), text), sha256))
		return false;
	if (mc_signed_time(v->message, &at) &&
	    !mc_buf_printf(
		to, e, "# signed at: %s\n", mc_time_format(at, text)))
		return false;
	return mc_buf_printf(to, e, "# digest:    %s\n# algorithm: %s\n",
		   mc_signed_digest(v->message),
		   mc_signed_algorithm(v->message)) &&
	    answer("intact:", &v->intact, to, e) &&
	    answer("trusted:", &v->trust, to, e) &&
	    (v->dateless || answer("in date:", &v->dates, to, e)) &&
	    (!v->revocable || answer("unrevoked:", &v->revoked, to, e)) &&
	    (!v->demanding || answer("demanded:", &v->demands, to, e));
}

static bool
head(const struct mc_verdict *v, bool unverified, struct mc_buf *to,
    struct mc_err *e)
{
	struct mc_err why = MC_ERR_INIT;
	bool good = mc_verdict_check(v, &why);

	if (!good && unverified && why.code != MC_UNSIGNED &&
	    !mc_buf_puts(to, "# NOT VERIFIED\n", e))
		return false;
	if (v->message)
		return signature(v, to, e);
	why = v->form;
	mc_text_show(why.text);
	return mc_buf_printf(to, e, "# %s%s\n",
	    why.code == MC_MALFORMED ? "not readable: " : "", why.text);
}

/* What is no property list, as it is, but for what terminals obey. */
static bool
raw(const struct mc_buf *content, struct mc_buf *to, struct mc_err *e)
{
	char *copy = strdup(mc_buf_str(content));
	bool done = copy != NULL;
	char *next;

	if (!copy)
		return mc_fail_memory(e);
	for (char *at = copy; done && at && *at; at = next) {
		next = strchr(at, '\n');
		if (next)
			*next++ = '\0';
		mc_text_show(at);
		done = mc_buf_puts(to, at, e) && mc_buf_puts(to, "\n", e);
	}
	free(copy);
	return done;
}

/* Text, or bytes that are told by their number and digest alone. */
static bool
other(const struct mc_buf *content, const struct mc_err *why, struct mc_buf *to,
    struct mc_err *e)
{
	char sha256[MC_SHA256_HEX];
	bool text = memchr(mc_buf_str(content), '\0', content->len) == NULL &&
	    (content->len == 0 || content->data[0] != 0x30);
	struct mc_err shown = *why;

	mc_text_show(shown.text);
	if (!mc_buf_printf(to, e, "# no property list: %s\n", shown.text))
		return false;
	if (text)
		return mc_buf_puts(to, "\n", e) && raw(content, to, e);
	if (mc_sealed_is(content))
		return mc_buf_puts(to, "# encrypted: ", e) &&
		    mc_sealed_describe(content, INDENT, to, e);
	return mc_sha256_hex(content->data, content->len, sha256, e) &&
	    mc_buf_printf(
		to, e, "# %zu bytes, sha256 %s\n", content->len, sha256);
}

bool
mc_print_encode(const struct mc_verdict *v, const struct mc_buf *content,
    bool unverified, struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_plist) *tree = NULL;
	struct mc_err why = MC_ERR_INIT;

	if (mc_plist_read(content, NULL, &tree, &why))
		return head(v, unverified, to, e) && mc_buf_puts(to, "\n", e) &&
		    mc_tree_encode(tree, to, e);
	if (why.code != MC_MALFORMED || !unverified) {
		*e = why;
		return false;
	}
	return head(v, unverified, to, e) && other(content, &why, to, e);
}
