/* SPDX-License-Identifier: ISC */
/* Lists of variables: CSV and lines of JSON. */
#include "profile/sheet.h"

#include <stdio.h>
#include <string.h>

#include "profile/plain.h"
#include "tap.h"

/*
 * What a list holds, as text: "NAME=VALUE;" for each variable, a "|" behind a
 * row, "LINE!REASON|" for a bad one; of a bad beginning "!REASON".
 */
static const char *
read_list(enum mc_sheet_format format, const char *text, size_t n)
{
	static char told[4096];
	AUTO_SHEET rows = { 0 };
	AUTO_VARS vars = { 0 };
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	enum mc_sheet_step step;
	bool done = mc_buf_add(&in, text, n, &e);

	if (!mc_sheet_init(&rows, format, &in, &e))
		done = e.code == MC_MALFORMED &&
		    mc_buf_printf(&out, &e, "!%u: %s", rows.head.line, e.text);
	else
		while (done &&
		    (step = mc_sheet_next(&rows, &vars, &e)) != MC_SHEET_END) {
			for (size_t i = 0; step == MC_SHEET_ROW && i < vars.n;
			     i++)
				done &= mc_buf_printf(&out, &e, "%s=%s;",
				    vars.v[i].name, vars.v[i].value);
			if (step == MC_SHEET_BAD)
				done &= mc_buf_printf(
				    &out, &e, "%u!%s", rows.row.line, e.text);
			done &= mc_buf_puts(&out, "|", &e);
			mc_vars_cut(&vars, 0);
		}
	snprintf(told, sizeof(told), "%s", done ? mc_buf_str(&out) : e.text);
	return told;
}

static bool
list_is(enum mc_sheet_format format, const char *text, const char *want)
{
	const char *have = read_list(format, text, strlen(text));

	if (strcmp(have, want) == 0)
		return true;
	printf("# want %s\n# have %s\n", want, have);
	return false;
}

#define csv(text, want) ok(list_is(MC_SHEET_CSV, text, want))
#define json(text, want) ok(list_is(MC_SHEET_JSON, text, want))

static void
csv_that_is_good(void)
{
	csv("a,b\n1,2\n3,4\n", "a=1;b=2;|a=3;b=4;|");
	csv("a,b\r\n1,2\r\n", "a=1;b=2;|");
	csv("a,b\n1,2", "a=1;b=2;|"); /* no line end at the end */
	csv("\xEF\xBB\xBF"
	    "a\nx\n",
	    "a=x;|");
	csv("\"a\",b\n\"1\",\"2\"\n", "a=1;b=2;|");
	csv("a,b\n,\n\"\",x\n", "a=;b=;|a=;b=x;|");
	csv("a\n\"x, \"\"y\"\"\"\n", "a=x, \"y\";|");
	csv("a\n\"\"\"\"\n", "a=\";|");
	csv("a,b\n\"two\nlines\",x\n\"and\r\nCRLF\",y\n",
	    "a=two\nlines;b=x;|a=and\r\nCRLF;b=y;|");
	csv("a\n x \n", "a= x ;|"); /* blanks belong to the field */
	csv("\n\na\n\nx\n\r\n\ny\n\n", "a=x;|a=y;|");
	csv("a\n", "");
	csv("a\nGr\xC3\xBC\xC3\x9F"
	    "e\n",
	    "a=Gr\xC3\xBC\xC3\x9F"
	    "e;|");
}

static void
csv_that_is_bad(void)
{
	csv("a,b\n1\n2,3,4\n5,6\n",
	    "2!has 1 field, and the first row has 2|"
	    "3!has 3 fields, and the first row has 2|a=5;b=6;|");
	csv("a\nx\"y\nz\n",
	    "2!field 1: has a quote inside; such a field is quoted as a whole,"
	    " and the quote in it doubled|a=z;|");
	csv("a,b\n1,\"x\"y\n5,6\n",
	    "2!field 2: goes on behind its closing quote|a=5;b=6;|");
	csv("a\n\"x\" \nz\n",
	    "2!field 1: goes on behind its closing quote|a=z;|");
	csv("a\nx\n\"never\nclosed\n",
	    "a=x;|3!a field's quote is never closed; what follows it cannot be"
	    " read|");
	csv("a\nx\ry\nz\n",
	    "2!field 1: has a carriage return that ends no line|a=z;|");
	csv("a\n\"x\"\ry\nz\n",
	    "2!field 1: has a carriage return that ends no line|a=z;|");
	csv("a\nx\x01\nz\n",
	    "2!a: want UTF-8 without control characters|a=z;|");
	csv("a\n\xFF\nz\n", "2!a: want UTF-8 without control characters|a=z;|");
	/* the line of a row is where it begins, also behind a long one */
	csv("a,b\n\"1\n2\n3\",x\nbad\n",
	    "a=1\n2\n3;b=x;|5!has 1 field, and the first row has 2|");
	ok(strcmp(read_list(MC_SHEET_CSV, "a\nx\0y\nz\n", 8),
	       "2!holds a NUL|a=z;|") == 0);
	ok(strcmp(read_list(MC_SHEET_JSON, "{}\0\n", 4),
	       "1!column 3: want nothing after the value|") == 0);
	ok(strcmp(read_list(MC_SHEET_CSV,
		      "\xFF\xFE"
		      "a\0",
		      4),
	       "!1: is UTF-16; it must be saved as UTF-8") == 0);
}

static void
first_rows(void)
{
	char many[3 * (MC_VARS_ROW + 1) * 2];
	size_t n = 0;

	csv("", "!1: is empty; the first row names the variables");
	csv("\n\n", "!3: is empty; the first row names the variables");
	csv("a,\n", "!1: column 2 has no name");
	csv("\na,b c\n", "!2: column 2: \"b c\": not a variable's name");
	csv("a,b,a\n", "!1: column 3: a: is given twice");
	csv("a;b\n1;2\n",
	    "!1: want columns that commas separate, not semicolons or tabs");
	csv("a\tb\n",
	    "!1: want columns that commas separate, not semicolons or tabs");
	csv("a,\"b\n",
	    "!1: a field's quote is never closed; what follows it cannot be"
	    " read");
	for (int i = 0; i <= MC_VARS_ROW; i++)
		n += (size_t)snprintf(
		    &many[n], sizeof(many) - n, "%sa%d", i ? "," : "", i);
	csv(many, "!1: has 129 columns; at most 128");
	*strrchr(many, ',') = '\0';
	csv(many, "");
}

static void
json_lines(void)
{
	json("{\"a\":\"x\",\"b\":7}\n{\"a\":\"\"}\n", "a=x;b=7;|a=;|");
	json("{\"a\":true,\"b\":false,\"c\":null}", "a=true;b=false;c=;|");
	json("{\"a\":1.5,\"b\":0.1,\"c\":-9223372036854775808}\r\n",
	    "a=1.5;b=0.1;c=-9223372036854775808;|");
	json("\n{\"a\":\"\\u00fc\\n\"}\n\n", "a=\xC3\xBC\n;|");
	json("", "");
	json("{}\n", "|");
	json("{\"a\":[1]}\n{\"a\":{}}\n{\"a\":1}\n",
	    "1!a: want a string, a number, a boolean or null|"
	    "2!a: want a string, a number, a boolean or null|a=1;|");
	json("[{\"a\":1}]\n7\n",
	    "1!want an object in each line|"
	    "2!want an object in each line|");
	json("{\"a\":1\n{\"a\":2}\n",
	    "1!column 6: the input ends too early|a=2;|");
	json("{\"a\":1,\"a\":2}\n",
	    "1!column 10: this object has two members of one name|");
	json("{\"b c\":1}\n", "1!\"b c\": not a variable's name|");
	json("{\"a\":\"\\u0001\"}\n",
	    "1!a: want UTF-8 without control characters|");
	json("{\"a\":\"\\u0000\"}\n", "1!column 13: holds a NUL|");
	json("{\"a\":99999999999999999999}\n",
	    "1!column 25: the number does not fit 64 bits|");
}

/* What failed is kept as it stands, to be mended. */
static void
texts(void)
{
	static const char text[] = "a,b\r\n1,\"x\n\"\r\nbad\nlast,one";
	AUTO_SHEET rows = { 0 };
	AUTO_VARS vars = { 0 };
	AUTO_BUF in = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_buf_puts(&in, text, &e));
	ok(mc_sheet_init(&rows, MC_SHEET_CSV, &in, &e));
	ok(rows.head.len == 5 && memcmp(rows.head.s, "a,b\r\n", 5) == 0);
	ok(mc_sheet_next(&rows, &vars, &e) == MC_SHEET_ROW);
	ok(rows.row.len == 8 && memcmp(rows.row.s, "1,\"x\n\"\r\n", 8) == 0);
	mc_vars_cut(&vars, 0);
	ok(mc_sheet_next(&rows, &vars, &e) == MC_SHEET_BAD);
	ok(rows.row.len == 4 && memcmp(rows.row.s, "bad\n", 4) == 0);
	ok(mc_sheet_next(&rows, &vars, &e) == MC_SHEET_ROW);
	ok(rows.row.len == 8 && memcmp(rows.row.s, "last,one", 8) == 0);
	ok(mc_sheet_next(&rows, &vars, &e) == MC_SHEET_END);
}

/* Common variables stay when those of a row go; no row has one again. */
static void
common(void)
{
	AUTO_SHEET rows = { 0 };
	AUTO_VARS vars = { 0 };
	AUTO_BUF in = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_vars_add(&vars, "all", "x", &e));
	ok(mc_buf_puts(&in, "{\"a\":1}\n{\"all\":2}\n", &e));
	ok(mc_sheet_init(&rows, MC_SHEET_JSON, &in, &e));
	ok(mc_sheet_next(&rows, &vars, &e) == MC_SHEET_ROW && vars.n == 2);
	mc_vars_cut(&vars, 1);
	ok(strcmp(mc_vars_get(&vars, "all"), "x") == 0);
	ok(!mc_vars_get(&vars, "a"));
	ok(mc_sheet_next(&rows, &vars, &e) == MC_SHEET_BAD);
	ok(strcmp(e.text, "all: is given twice") == 0);
}

static void
reals(void)
{
	char text[MC_PLAIN_REAL];

	ok(strcmp(mc_plain_real(0.1, text), "0.1") == 0);
	ok(strcmp(mc_plain_real(1, text), "1") == 0);
	ok(strcmp(mc_plain_real(1.0 / 3, text), "0.3333333333333333") == 0);
	ok(strcmp(mc_plain_real(0.1 + 0.2, text), "0.30000000000000004") == 0);
	ok(strcmp(mc_plain_real(-1e300, text), "-1e+300") == 0);
}

int
main(void)
{
	csv_that_is_good();
	csv_that_is_bad();
	first_rows();
	json_lines();
	texts();
	common();
	reals();
	return done();
}
