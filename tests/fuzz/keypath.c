/* SPDX-License-Identifier: ISC */
/*
 * A key path that is read has a text that is read as the same; what is set at
 * one is there.
 */
#include "help.h"
#include "plist/path.h"

/* p as text, which has what its messages leave out. */
static bool
encode(const struct mc_keypath *p, struct mc_buf *to)
{
	struct mc_err e = MC_ERR_INIT;
	char text[MC_PATH_TEXT];

	for (size_t i = 0; i < p->n; i++) {
		const struct mc_path one = { NULL, p->v[i].text, p->v[i].i };

		if (p->v[i].kind == MC_STEP_MATCH ||
		    p->v[i].kind == MC_STEP_APPEND)
			return false;
		mc_path_encode(&one, text);
		/* longer than messages have them, or not of one line */
		if (one.key &&
		    (strlen(one.key) > 60 || strpbrk(one.key, "\t\r\n\x7f") ||
			strstr(one.key, "\xc2")))
			return false;
		must(!one.key || i == 0 || mc_buf_puts(to, ".", &e));
		must(mc_buf_puts(to, text, &e));
	}
	return true;
}

static void
same(const struct mc_keypath *p, const struct mc_buf *text)
{
	AUTO_KEYPATH q = { .n = 0 };
	struct mc_err e = MC_ERR_INIT;

	must(mc_keypath_parse(mc_buf_str(text), text->len, &q, &e));
	must(q.n == p->n);
	for (size_t i = 0; i < p->n; i++) {
		must(q.v[i].kind == p->v[i].kind && q.v[i].i == p->v[i].i);
		must(!p->v[i].text || strcmp(q.v[i].text, p->v[i].text) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_KEYPATH p = { .n = 0 };
	AUTO_BUF text = MC_BUF_INIT;
	AUTO(mc_plist) *top = mc_plist_new_dict();
	struct mc_err e = MC_ERR_INIT;
	mc_plist *node = NULL;
	mc_plist *there = NULL;

	if (!mc_keypath_parse((const char *)data, size, &p, &e)) {
		must(e.code == MC_USAGE && p.n == 0 && !strchr(e.text, '\n'));
		return 0;
	}
	must(p.n > 0);
	if (encode(&p, &text))
		same(&p, &text);
	node = mc_plist_new_int(7);
	if (mc_keypath_set(top, &p, node, &e)) {
		if (mc_keypath_get(top, &p, &there, &e))
			must(there == node && mc_keypath_remove(top, &p, &e));
		else
			must(e.code == MC_USAGE);
	} else {
		must(e.code == MC_DENIED && mc_plist_len(top) == 0);
	}
	return 0;
}
