/* SPDX-License-Identifier: ISC */
/* JSON: what is refused and where, what is written and how. */
#include "base/json.h"

#include "tap.h"

static struct mc_err e;

/* Not parsed, for this reason. */
static bool
refuses(const char *s, size_t n, const char *why)
{
	AUTO_BUF in = MC_BUF_INIT;
	json_t *out = NULL;

	e = (struct mc_err)MC_ERR_INIT;
	if (mc_buf_add(&in, s, n, &e) && !mc_json_parse(&in, &out, &e) &&
	    !out && e.code == MC_MALFORMED && strcmp(e.text, why) == 0)
		return true;
	printf("# %s\n", e.text);
	return false;
}
#define REFUSES(s, why) refuses(s, sizeof(s) - 1, why)

static void
refused(void)
{
	ok(REFUSES("", "1:1: want JSON, not nothing"));
	ok(REFUSES("{\"a\":\n hunter2}", "2:7: this is not JSON"));
	ok(REFUSES("{\"a\":1,\"a\":2}",
	    "1:10: this object has two members of one name"));
	ok(REFUSES("{} {}", "1:4: want nothing after the value"));
	ok(REFUSES("{}\0", "1:3: want nothing after the value"));
	ok(REFUSES("[1", "1:2: the input ends too early"));
	ok(REFUSES("[\"\\u0000\"]", "1:9: holds a NUL"));
	ok(REFUSES("[\"\xff\"]", "1:2: want UTF-8"));
	ok(REFUSES(
	    "99999999999999999999", "1:20: the number does not fit 64 bits"));
}

static void
depth(void)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO(json_t) *out = NULL;

	for (int i = 0; i < MC_JSON_DEPTH; i++)
		ok(mc_buf_puts(&in, "[", &e));
	ok(mc_buf_puts(&in, "\"[[[\\\"[\"", &e)); /* in a text there is none */
	for (int i = 0; i < MC_JSON_DEPTH; i++)
		ok(mc_buf_puts(&in, "]", &e));
	ok(mc_json_parse(&in, &out, &e));
	mc_buf_clear(&in);
	ok(mc_buf_puts(&in, "\n\n", &e));
	for (int i = 0; i <= MC_JSON_DEPTH; i++)
		ok(mc_buf_puts(&in, "[", &e));
	ok(refuses(mc_buf_str(&in), in.len, "3:65: nested more than 64 deep"));
}

static bool
line_says(const char *s, const char *why)
{
	json_t *out = NULL;

	e = (struct mc_err)MC_ERR_INIT;
	return !mc_json_line_parse(s, strlen(s), &out, &e) && !out &&
	    e.code == MC_MALFORMED && strcmp(e.text, why) == 0;
}

static void
lines(void)
{
	AUTO(json_t) *out = NULL;

	/* of more text only what it is told to read */
	ok(mc_json_line_parse("{\"a\":1}\n{", 7, &out, &e));
	ok(json_integer_value(json_object_get(out, "a")) == 1);
	ok(line_says("[]", "want an object in each line"));
	ok(line_says("", "column 1: want JSON, not nothing"));
	ok(line_says("{\"a\":hunter2}", "column 11: this is not JSON"));
}

static void
written(void)
{
	AUTO_BUF to = MC_BUF_INIT;
	AUTO_BUF small = { .limit = 8 };
	AUTO(json_t) *o = json_object();
	json_t *list = json_array();

	ok(mc_json_set_text(o, "z", "a\x1b\xff\"", &e));
	ok(mc_json_set_text(o, "none", "", &e));
	ok(mc_json_set_text(o, "null", NULL, &e));
	ok(mc_json_set_number(o, "n", -7, &e));
	ok(mc_json_set_time(o, "t", 1, &e) &&
	    mc_json_set_time(o, "never", 0, &e));
	ok(mc_json_add(list, json_true(), &e) && mc_json_set(o, "a", list, &e));
	ok(mc_json_encode(o, JSON_COMPACT, &to, &e));
	ok(strcmp(mc_buf_str(&to),
	       "{\"z\":\"a??\\\"\",\"none\":null,\"null\":null,\"n\":-7,"
	       "\"t\":\"1970-01-01T00:00:01Z\",\"never\":null,"
	       "\"a\":[true]}") == 0);
	ok(!mc_json_encode(o, JSON_COMPACT, &small, &e));
	ok(e.code == MC_MALFORMED && strcmp(e.text, "more than 8 bytes") == 0);
	/* what could not be made is told as what it is */
	ok(!mc_json_set(o, "x", NULL, &e) && e.code != MC_MALFORMED);
	ok(!mc_json_encode(NULL, 0, &to, &e));
}

int
main(void)
{
	refused();
	depth();
	lines();
	written();
	return done();
}
