/* SPDX-License-Identifier: ISC */
#include "profile/describe.h"

#include "base/text.h"
#include "plist/path.h"
#include "plist/plist.h"

#define LINES_MAX 64

/* A name that somebody else wrote, for a line of people's. */
static const char *
quote(const char *s, char text[static MC_QUOTE_TEXT])
{
	mc_path_quote(s, text);
	mc_text_show(text);
	return text;
}

/* "com.apple.wifi.managed, com.acme.wifi" */
static bool
payload(const mc_plist *p, struct mc_buf *to, struct mc_err *e)
{
	const char *type = mc_plist_get_str(p, "PayloadType");
	const char *id = mc_plist_get_str(p, "PayloadIdentifier");
	char text[MC_QUOTE_TEXT];

	return mc_buf_puts(
		   to, type ? quote(type, text) : "no PayloadType", e) &&
	    mc_buf_puts(to, ", ", e) &&
	    mc_buf_puts(to, id ? quote(id, text) : "no PayloadIdentifier", e);
}

static bool
payloads(const mc_plist *array, const char *indent, struct mc_buf *to,
    struct mc_err *e)
{
	size_t n = mc_plist_len(array);

	if (!mc_buf_printf(to, e, ", %zu payload%s\n", n, n == 1 ? "" : "s"))
		return false;
	for (size_t i = 0; i < n && i < LINES_MAX; i++)
		if (!mc_buf_printf(to, e, "%s  ", indent) ||
		    !payload(mc_plist_at(array, i), to, e) ||
		    !mc_buf_puts(to, "\n", e))
			return false;
	return n <= LINES_MAX ||
	    mc_buf_printf(to, e, "%s  and %zu more\n", indent, n - LINES_MAX);
}

static bool
profile(
    const mc_plist *p, const char *indent, struct mc_buf *to, struct mc_err *e)
{
	const mc_plist *inner = mc_plist_get(p, "PayloadContent");

	if (!payload(p, to, e))
		return false;
	if (mc_plist_get(p, "EncryptedPayloadContent"))
		return mc_buf_puts(to, ", encrypted payloads\n", e);
	if (mc_plist_type(inner) == MC_PLIST_ARRAY)
		return payloads(inner, indent, to, e);
	return mc_buf_puts(to, "\n", e);
}

/* A device's answer: the names of what it tells. */
static bool
keys(const mc_plist *p, struct mc_buf *to, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = p };
	char text[MC_QUOTE_TEXT];
	size_t n = mc_plist_len(p);

	if (mc_plist_type(p) != MC_PLIST_DICT)
		return mc_buf_printf(to, e, "a plist whose top is a %s\n",
		    mc_plist_type_name(mc_plist_type(p)));
	if (!mc_buf_printf(
		to, e, "no PayloadType; %zu key%s", n, n == 1 ? "" : "s"))
		return false;
	while (it.next < LINES_MAX && mc_plist_iter_next(&it))
		if (!mc_buf_printf(
			to, e, "%s%s", it.i ? ", " : ": ", quote(it.key, text)))
			return false;
	return it.failed ? mc_fail_memory(e) : mc_buf_puts(to, "\n", e);
}

bool
mc_profile_describe(const struct mc_buf *content, const char *indent,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO(mc_plist) *p = NULL;
	struct mc_err why = MC_ERR_INIT;

	if (!mc_buf_printf(to, e, "%zu bytes%s\n%s", content->len,
		mc_plist_is_binary(content) ? ", binary" : "", indent))
		return false;
	if (!mc_plist_read(content, NULL, &p, &why))
		return mc_buf_printf(
		    to, e, "not a property list: %s\n", why.text);
	if (mc_plist_get(p, "PayloadType"))
		return profile(p, indent, to, e);
	return keys(p, to, e);
}
