/* SPDX-License-Identifier: ISC */
/* Schema files: what is taken, what is refused and where, what replaces what.
 */
#include "schema/schema.h"

#include <sys/stat.h>

#include "schema/parse.h"
#include "schema/table.h"
#include "tap.h"
#include "tool.h"

typedef struct mc_schema mc_schema;
CLEANUP(mc_schema, mc_schema_free);

#define PATTERN                                                                \
	"the pattern is no POSIX extended regular expression, or one that "    \
	"takes too long"

static struct mc_err e;

static bool
parse(const char *s, struct mc_draft *d)
{
	AUTO_BUF text = MC_BUF_INIT;

	e = (struct mc_err)MC_ERR_INIT;
	return mc_buf_puts(&text, s, &e) &&
	    mc_schema_parse(&text, "x", 0, MC_PARSE_PAYLOADS, d, &e) &&
	    mc_schema_parse(&text, "x", 0, MC_PARSE_CHANGES, d, &e);
}

static struct mc_schema *
build(const char *s)
{
	AUTO_DRAFT d = MC_DRAFT_INIT;
	struct mc_schema *out = NULL;

	if (!parse(s, &d) || !mc_draft_build(&d, &out, &e))
		printf("# %s\n", e.text);
	return out;
}

static bool
fails(const char *s, const char *want)
{
	AUTO_DRAFT d = MC_DRAFT_INIT;

	if (!parse(s, &d) && e.code == MC_MALFORMED &&
	    strcmp(e.text, want) == 0)
		return true;
	printf("# %s\n", e.text);
	return false;
}

/* The same, within a payload. */
static bool
key_fails(const char *line, const char *want)
{
	char text[512];

	snprintf(text, sizeof(text), "payload p\n\t%s\n", line);
	return fails(text, want);
}

static bool
is(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

static struct mc_schema_key
key(const struct mc_schema *s, const char *type, const char *name)
{
	struct mc_schema_key k = { .name = "none" };

	ok(mc_schema_payload_key_find(s, type, name, &k));
	return k;
}

static struct mc_schema_key
below(
    const struct mc_schema *s, const struct mc_schema_key *up, const char *name)
{
	struct mc_schema_key k = { .name = "none" };

	ok(mc_schema_key_find(s, up->first, up->n, name, &k));
	return k;
}

static void
notation(void)
{
	AUTO(mc_schema) *s = build(
	    "# a comment, \"as it is\n"
	    "release \"Test 1, \\\"2\\\"\"\n"
	    "\n"
	    "payload b\n"
	    "\tone string or array required values \"a, b\", on, default "
	    "default on pattern ^a\\b$ form url\n"
	    "\t# a comment among keys\n"
	    "\ttwo integer from -5 to 10 default -1\n"
	    "\tthree real from 0.5\n"
	    "\tfour real to 2.25\n"
	    "\t\"five six\" array items 2\n"
	    "\t\titem inner string\n"
	    "\t\titem other dict\n"
	    "\t\t\t* any required\n"
	    "\t\"*\" boolean default \"true\"\n"
	    "\t\"item\" date\n"
	    "payload a on macos 10.7 device\n"
	    "payload b\n"
	    "\tseven data\n");
	struct mc_schema_key k;
	size_t at;

	ok(mc_schema_len(s) == 3 && mc_schema_find(s, "b", &at) == 2);
	ok(at == 1 && mc_schema_at(s, 1).n == 7 && mc_schema_at(s, 2).n == 1);
	ok(is(mc_schema_at(s, 0).release, "Test 1, \"2\""));
	k = key(s, "b", "one");
	ok(k.required && k.allowed_n == 3 && k.type == MC_PLIST_STRING);
	ok(is(mc_schema_allowed(s, &k, 0), "a, b"));
	ok(is(mc_schema_allowed(s, &k, 1), "on"));
	ok(is(mc_schema_allowed(s, &k, 2), "default"));
	ok(is(k.fallback, "on") && is(k.pattern, "^a\\b$") &&
	    is(k.form, "url"));
	ok(k.types == (1U << MC_PLIST_STRING | 1U << MC_PLIST_ARRAY));
	k = key(s, "b", "two");
	ok(k.has_min && k.min == -5 && k.has_max && k.max == 10 && !k.types);
	k = key(s, "b", "three");
	ok(k.has_min && k.min == 0.5 && !k.has_max);
	k = key(s, "b", "four");
	ok(!k.has_min && k.has_max && k.max == 2.25);
	k = key(s, "b", "five six");
	ok(k.has_count && k.count_min == 2 && k.count_max == UINT32_MAX);
	ok(k.n == 2 && is(mc_schema_key_at(s, k.first + 1).name, "other"));
	k = mc_schema_key_at(s, k.first + 1);
	k = below(s, &k, "whatever");
	ok(!k.name && k.required && k.type == MC_PLIST_NONE);
	k = key(s, "b", "*");
	ok(is(k.name, "*") && k.type == MC_PLIST_BOOL);
	ok(key(s, "b", "item").type == MC_PLIST_DATE);
	ok(key(s, "b", "seven").type == MC_PLIST_DATA);
	ok(!mc_schema_payload_key_find(s, "b", "eight", &k));
	ok(!mc_schema_payload_key_find(s, "a", "one", &k));
	ok(!mc_schema_payload_key_find(s, "c", "one", &k));
}

static const struct mc_support *
on(const struct mc_schema_key *k, enum mc_os os)
{
	return &k->support[os];
}

static void
inheritance(void)
{
	AUTO(mc_schema) *s = build(
	    "payload p on ios 7.0 deprecated 15.0 multiple supervised "
	    "personal-forbidden, macos 10.9 device user\n"
	    "\ta dict on ios 8.0 removed 14.0 personal-ignored, not macos\n"
	    "\t\tb string on ios 6.0 deprecated 16.0 removed 13.0 mdm-only, "
	    "macos 11.0\n"
	    "\tc string\n"
	    "\td string on tvos 12.0, macos all\n"
	    "payload q\n"
	    "\te string on not ios, macos 11.0 deprecated 12.0\n");
	struct mc_schema_key k = key(s, "p", "a");

	ok(on(&k, MC_OS_IOS)->there && on(&k, MC_OS_IOS)->introduced == 80000);
	ok(on(&k, MC_OS_IOS)->deprecated == 150000);
	ok(on(&k, MC_OS_IOS)->removed == 140000);
	ok(on(&k, MC_OS_IOS)->flags ==
	    (MC_SUPPORT_MULTIPLE | MC_SUPPORT_SUPERVISED |
		MC_SUPPORT_PERSONAL_IGNORED));
	ok(!on(&k, MC_OS_MACOS)->there && !on(&k, MC_OS_MACOS)->flags);
	ok(!on(&k, MC_OS_TVOS)->there);
	k = below(s, &k, "b");
	/* not before, and not after, what holds it */
	ok(on(&k, MC_OS_IOS)->introduced == 80000);
	ok(on(&k, MC_OS_IOS)->deprecated == 150000);
	ok(on(&k, MC_OS_IOS)->removed == 130000);
	ok(on(&k, MC_OS_IOS)->flags ==
	    (MC_SUPPORT_MULTIPLE | MC_SUPPORT_SUPERVISED | MC_SUPPORT_MDM_ONLY |
		MC_SUPPORT_PERSONAL_IGNORED));
	ok(!on(&k, MC_OS_MACOS)->there && !on(&k, MC_OS_MACOS)->introduced);
	k = key(s, "p", "c");
	ok(k.support == mc_schema_at(s, 0).support);
	k = key(s, "p", "d");
	ok(!on(&k, MC_OS_TVOS)->there); /* for the payload is not */
	ok(on(&k, MC_OS_MACOS)->introduced == 100900);
	/* where a payload says nothing, it is everywhere */
	k = key(s, "q", "e");
	ok(!on(&k, MC_OS_IOS)->there && on(&k, MC_OS_WATCHOS)->there);
	ok(on(&k, MC_OS_MACOS)->introduced == 110000);
	ok(on(&k, MC_OS_MACOS)->deprecated == 120000);
}

static void
again(void)
{
	AUTO(mc_schema) *s = build("payload p on ios 7.0\n"
				   "\ttree dict required\n"
				   "\t\tname string on ios 9.0\n"
				   "\t\tlist array on ios 8.0\n"
				   "\t\t\titem tree again\n"
				   "\t\tlist2 array\n"
				   "\t\t\titem tree dict\n"
				   "\t\t\t\ttree again\n"
				   "\t\t\t\tx string\n");
	struct mc_schema_key tree = key(s, "p", "tree");
	struct mc_schema_key k = below(s, &tree, "list");

	k = mc_schema_key_at(s, k.first);
	ok(is(k.name, "tree") && k.first == tree.first && k.n == 3);
	ok(k.required && k.id != tree.id);
	ok(on(&k, MC_OS_IOS)->introduced == 80000); /* by where it is */
	k = below(s, &tree, "list2");
	k = mc_schema_key_at(s, k.first);
	tree = below(s, &k, "tree"); /* the nearest of its name */
	ok(tree.first == k.first && tree.n == 2);
	ok(fails("payload p\n\ta dict\n\t\tb again\n",
	    "x:3:3: b is no key above this one"));
	ok(fails("payload p\n\ta dict\n\t\ta again x\n",
	    "x:3:11: want the end of the line"));
	ok(fails("payload p\n\ta dict\n\t\ta again\n\t\t\tb string\n",
	    "x:4:4: what is below a key that is there again is told above"));
}

static void
lines(void)
{
	ok(fails("x\n", "x:1:1: want release, payload or change"));
	ok(fails("\ta string\n", "x:1:2: a key comes after payload or change"));
	ok(fails(
	    " payload p\n", "x:1:1: lines begin with tabs, not with blanks"));
	ok(fails(
	    "payload\tp\n", "x:1:1: tabs are for the beginning of a line"));
	ok(fails("payload p\r\n", "x:1:10: a line ends in LF, without CR"));
	ok(fails(
	    "payload \x01\n", "x:1:1: the line holds a control character"));
	ok(fails("# \xff\n", "x:1:1: the line is not UTF-8"));
	ok(fails("payload\n", "x:1:8: the payload's type is missing"));
	ok(fails("payload \"\"\n", "x:1:9: the payload's type is empty"));
	ok(fails("payload \"p\n", "x:1:9: the quotes are not closed"));
	ok(fails(
	    "payload \"p\"q\n", "x:1:12: a blank is missing after the quotes"));
	ok(fails("payload p\"q\"\n", "x:1:10: quotes go around a whole word"));
	ok(fails("payload \"\\n\"\n",
	    "x:1:10: in quotes a backslash is before \\ or \" only"));
	ok(fails("payload p x\n", "x:1:11: want the end of the line"));
	ok(fails("payload p on\n", "x:1:13: a system is missing"));
	ok(fails("payload p on ipados 4.0\n",
	    "x:1:14: want ios, macos, tvos, visionos or watchos"));
	ok(fails(
	    "payload p on ios 4.0, ios 5.0\n", "x:1:23: ios is said twice"));
	ok(fails("payload p on ios 4.0 multiple multiple\n",
	    "x:1:31: want the end of the line"));
	ok(fails("payload p on ios deprecated all\n",
	    "x:1:29: want a version such as 17.4"));
	ok(fails("payload p on ios removed 1.0 removed 2.0\n",
	    "x:1:38: this is said twice"));
	ok(fails("release a\nrelease b\n",
	    "x:2:9: the release is told once, before all payloads"));
	ok(fails("payload p\nrelease b\n",
	    "x:2:9: the release is told once, before all payloads"));
	ok(fails("payload p\n\t\ta string\n",
	    "x:2:3: the line is too deep for what is above it"));
	ok(fails("payload p\n\ta string\n\t\tb string\n",
	    "x:3:3: only a dict or an array holds keys"));
}

static void
keys(void)
{
	ok(key_fails("a",
	    "x:2:3: want dict, array, string, boolean, integer, "
	    "real, date, data or any"));
	ok(key_fails("a \"string\"",
	    "x:2:4: want dict, array, string, boolean, integer, real, date, "
	    "data or any"));
	ok(key_fails("a string or",
	    "x:2:4: want dict, array, string, boolean, "
	    "integer, real, date, data or any"));
	ok(key_fails("item a string",
	    "x:2:7: only an array has items; a key of this name is quoted"));
	ok(key_fails("\"\" string", "x:2:2: the key is empty"));
	ok(key_fails(
	    "a string required required", "x:2:20: this is said twice"));
	ok(key_fails("a string optional",
	    "x:2:11: want required, values, from, to, default, pattern, form, "
	    "items, on, or the end of the line"));
	ok(key_fails("a integer from 1 to", "x:2:21: a number is missing"));
	ok(key_fails(
	    "a integer from 1e3", "x:2:17: want a number such as 12 or -0.5"));
	ok(key_fails("a integer from 123456789012345678901",
	    "x:2:17: want a number such as 12 or -0.5"));
	ok(key_fails("a integer from 2 to 1", "x:2:2: the range is empty"));
	ok(key_fails("a string from 1", "x:2:2: only numbers have a range"));
	ok(key_fails("a string values a,", "x:2:20: a value is missing"));
	ok(key_fails("a integer values 1, 2.5",
	    "x:2:2: the value 2.5 is not of the key's type"));
	ok(key_fails("a boolean values yes",
	    "x:2:2: the value yes is not of the key's type"));
	ok(key_fails(
	    "a data values x", "x:2:2: the value x is not of the key's type"));
	ok(key_fails("a integer default true",
	    "x:2:2: the default is not of the key's type"));
	ok(key_fails("a boolean pattern x",
	    "x:2:2: only strings have a pattern or a form"));
	ok(key_fails("a string pattern (", "x:2:2: " PATTERN));
	ok(key_fails(
	    "a string pattern (((a{255}){255}){255}){255}", "x:2:2: " PATTERN));
	ok(key_fails("a string pattern ((((((((((((((((((a+)+)+)+)+)+)+)+)+)+)"
		     "+)+)+)+)+)+)+)+",
	    "x:2:2: " PATTERN));
	ok(key_fails("a string pattern (a*)\\1", "x:2:2: " PATTERN));
	ok(key_fails("a string items 1", "x:2:2: only arrays have items"));
	ok(key_fails("a array items 2 to 1", "x:2:2: the count is empty"));
	ok(key_fails(
	    "a array items 1.5", "x:2:16: want a count of 0 to 1000000"));
	ok(key_fails("a array\n\t\tb string",
	    "x:3:3: below an array want item and its name"));
	ok(key_fails("a string\n\ta string", "x:3:2: is there already"));
	ok(key_fails("* string\n\t* string", "x:3:2: is there already"));
}

/* head and n times more. */
static bool
fails_long(const char *head, const char *more, size_t n, const char *want)
{
	AUTO_BUF text = MC_BUF_INIT;
	bool good = mc_buf_puts(&text, head, &e);

	for (size_t i = 0; i < n; i++)
		good = good && mc_buf_puts(&text, more, &e);
	return good && fails(mc_buf_str(&text), want);
}

static void
limits(void)
{
	AUTO_BUF text = MC_BUF_INIT;
	char tabs[MC_SCHEMA_DEPTH + 2] = "";
	bool good = mc_buf_puts(&text, "payload p\n", &e);

	for (size_t i = 0; i < MC_SCHEMA_DEPTH + 1; i++) {
		tabs[i] = '\t';
		good = good && mc_buf_printf(&text, &e, "%sa dict\n", tabs);
	}
	ok(good &&
	    fails(mc_buf_str(&text),
		"x:18:18: keys are nested more than 16 deep"));
	ok(fails_long(
	    "payload ", "a", MC_SCHEMA_LINE, "x:1:1: the line is too long"));
	ok(fails_long("payload p\n\ta string values x", ",x", MC_SCHEMA_WORDS,
	    "x:2:1039: too many words in a line"));
	ok(fails_long("payload p\n", "payload p\n", MC_SCHEMA_PAYLOADS,
	    "x:8193:1: more than 8192 payloads"));
}

static void
changes(void)
{
	AUTO(mc_schema) *s = build(
	    "payload p on ios 7.0\n"
	    "\ta dict required\n"
	    "\t\tone string values x, y default x\n"
	    "\t\ttwo string\n"
	    "\t\tinner dict\n"
	    "\t\t\tz string\n"
	    "\tlist array\n"
	    "\t\titem entry integer from 1 to 5 required\n"
	    "payload p\n"
	    "\tb string\n"
	    "change p on macos 11.0, ios 8.0 because \"a reason\"\n"
	    "\ta optional because r\n"
	    "\ta/one string or array no values default z because r\n"
	    "\tadd a/three boolean default true because r\n"
	    "\tadd a/* any because r\n"
	    "\tdrop a/inner/* because r\n"
	    "\ta/two named 2nd required on not macos because r\n"
	    "\tlist/entry optional no range because r\n"
	    "\tadd c date because r\n"
	    "\tadd c string because r\n"
	    "\tadd b date because r\n");
	struct mc_schema_key a = key(s, "p", "a");
	struct mc_schema_key k;

	ok(!a.required && a.n == 5);
	k = below(s, &a, "one");
	ok(k.allowed_n == 0 && is(k.fallback, "z"));
	ok(mc_schema_type_fits(&k, MC_PLIST_ARRAY));
	k = below(s, &a, "three");
	ok(k.type == MC_PLIST_BOOL && is(k.fallback, "true"));
	k = below(s, &a, "four");
	ok(!k.name && k.type == MC_PLIST_NONE);
	k = below(s, &a, "inner");
	ok(k.n == 0);
	k = below(s, &a, "2nd");
	ok(k.required && !k.support[MC_OS_MACOS].there);
	ok(!mc_schema_key_find(s, a.first, 3, "two", &k) || !k.name);
	ok(a.support[MC_OS_MACOS].there);
	ok(a.support[MC_OS_IOS].introduced == 80000);
	a = key(s, "p", "list");
	k = mc_schema_key_at(s, a.first);
	ok(!k.required && !k.has_min && !k.has_max);
	/* to one part; what is there is changed */
	ok(key(s, "p", "c").type == MC_PLIST_STRING);
	ok(mc_schema_at(s, 0).n == 3 && mc_schema_at(s, 1).n == 1);
	ok(key(s, "p", "b").type == MC_PLIST_DATE);
}

static bool
change_fails(const char *line, const char *want)
{
	char text[512];

	snprintf(text, sizeof(text),
	    "payload p\n\ta dict\n\t\tb string\n\tc string\nchange p\n\t%s\n",
	    line);
	return fails(text, want);
}

static void
wrong_changes(void)
{
	ok(change_fails("a/b required",
	    "x:6:14: want because and the reason for this change"));
	ok(change_fails(
	    "a/b required because", "x:6:22: the reason is missing"));
	ok(change_fails(
	    "a/b required because \"\"", "x:6:23: the reason is empty"));
	ok(change_fails("a/b because r", "x:6:2: nothing is changed"));
	ok(change_fails(
	    "a/x required because r", "x:6:2: there is no a/x to change"));
	ok(change_fails(
	    "c/x required because r", "x:6:2: there is no c/x to change"));
	ok(change_fails("drop x because r", "x:6:7: there is no x to change"));
	ok(change_fails(
	    "add x because r", "x:6:8: want the type of the key to add"));
	ok(change_fails("add c/x string because r",
	    "x:6:6: only a dict or an array holds keys"));
	ok(change_fails(
	    "a string because r", "x:6:2: only a dict or an array holds keys"));
	ok(change_fails("c integer default x because r",
	    "x:6:2: the default is not of the key's type"));
	ok(change_fails(
	    "c named a because r", "x:6:2: the new name is there already"));
	ok(change_fails("c no because because r",
	    "x:6:7: want values, range, default, pattern, form or items after "
	    "no"));
	ok(change_fails("a//b required because r", "x:6:2: the path is none"));
	ok(change_fails(
	    "\tc required because r", "x:6:3: a change begins with one tab"));
	ok(fails("payload p\n\ta dict\n\t\ta again\n"
		 "change p\n\ta/a required because r\n",
	    "x:5:2: a key that is there again is changed where it is told"));
	ok(fails("change q\n", "x:1:8: there is no q to change"));
	ok(fails("payload p\nchange p on ios\n",
	    "x:2:16: want because and the reason for this change"));
}

static bool
put(const char *path, const char *text)
{
	AUTO_BUF b = MC_BUF_INIT;

	return mc_buf_puts(&b, text, &e) && mc_file_save(path, &b, 0600, &e);
}

static bool
load(struct mc_schema **s, const char *a, const char *b)
{
	const char *paths[] = { a, b };

	e = (struct mc_err)MC_ERR_INIT;
	return mc_schema_load(paths, b ? 2 : 1, s, &e);
}

static bool
refuses(const char *path, enum mc_code code, const char *want)
{
	struct mc_schema *s = NULL;

	if (!load(&s, path, NULL) && !s && e.code == code &&
	    strcmp(e.text, want) == 0)
		return true;
	printf("# %s\n", e.text);
	return false;
}

static void
same_key(const struct mc_schema *a, const struct mc_schema *b, uint32_t id,
    size_t *differences)
{
	struct mc_schema_key x = mc_schema_key_at(a, id);
	struct mc_schema_key y = mc_schema_key_at(b, id);

	*differences += (x.name ? !is(y.name, x.name) : y.name != NULL) ||
	    x.type != y.type || x.types != y.types || x.first != y.first ||
	    x.n != y.n || x.allowed_n != y.allowed_n || x.min != y.min ||
	    x.max != y.max || x.required != y.required ||
	    memcmp(x.support, y.support, sizeof(*x.support) * MC_OS_COUNT) != 0;
}

/* What is read at run time is what was compiled. */
static void
compiled(void)
{
	const struct mc_schema *a = mc_schema_builtin();
	AUTO(mc_schema) *b = NULL;
	size_t differences = 0;

	ok(mc_schema_load(NULL, 0, &b, &e));
	ok(a->nodes_n == b->nodes_n && a->parts_n == b->parts_n);
	for (uint32_t id = 0; id < a->nodes_n; id++)
		same_key(a, b, id, &differences);
	ok(differences == 0);
}

static void
loaded(void)
{
	AUTO(mc_schema) *s = NULL;
	AUTO(mc_schema) *s2 = NULL;
	struct mc_schema_key k;
	size_t at;

	ok(put("a.schema",
	    "payload com.acme.a\n\tone string\n"
	    "change com.acme.b\n\ttwo required because r\n"));
	ok(put("b.schema",
	    "release \"Acme 2\"\n"
	    "payload com.acme.b\n\ttwo string\n"
	    "payload com.apple.MCX on macos 10.7\n\tnew string\n"
	    "payload com.apple.TCC.configuration-profile-policy\n"
	    "\tServices dict\n\t\tX array\n\t\t\titem I dict\n"
	    "\t\t\t\tAllowed boolean required\n"));
	ok(load(&s, "a.schema", "b.schema"));
	ok(mc_schema_find(s, "com.acme.a", &at) == 1);
	ok(is(mc_schema_at(s, at).release, "a.schema"));
	ok(mc_schema_find(s, "com.acme.b", &at) == 1);
	ok(is(mc_schema_at(s, at).release, "Acme 2"));
	ok(key(s, "com.acme.b", "two").required); /* whatever came first */
	/* all six parts have gone for the one */
	ok(mc_schema_find(s, "com.apple.MCX", &at) == 1);
	ok(is(key(s, "com.apple.MCX", "new").name, "new"));
	ok(!mc_schema_payload_key_find(s, "com.apple.MCX", "timeServer", &k));
	ok(mc_schema_len(s) == 128 - 5 + 2);
	/* our overrides hold for what is loaded */
	k = key(s, "com.apple.TCC.configuration-profile-policy", "Services");
	k = below(s, &k, "X");
	k = mc_schema_key_at(s, k.first);
	ok(!below(s, &k, "Allowed").required);
	ok(key(s, "com.acme.a", "PayloadUUID").required);

	ok(mkdir("d", 0700) == 0 && mkdir("d/e", 0700) == 0);
	ok(put("d/e/z.schema", "payload com.acme.b\n\tthree string\n"));
	ok(put("d/b.schema", "payload com.acme.b\n\ttwo string\n"));
	ok(put("d/.hidden.schema", "x"));
	ok(put("d/README", "x"));
	ok(load(&s2, "d", NULL)); /* in the order of names: e's is the last */
	ok(mc_schema_find(s2, "com.acme.b", &at) == 1);
	ok(key(s2, "com.acme.b", "three").type == MC_PLIST_STRING);
}

static bool
differs(struct mc_draft *d, enum mc_parse_pass pass, const char *change)
{
	AUTO_BUF text = MC_BUF_INIT;

	e = (struct mc_err)MC_ERR_INIT;
	return !mc_buf_puts(&text, change, &e) ||
	    !mc_schema_parse(&text, "o", 0, pass, d, &e);
}

/*
 * Our overrides pass over what a newer schema has another way: whoever loads
 * one does not have the file that would be named.
 */
static void
overrides(void)
{
	static const char *const changes[] = {
		"change p\n\told named new because r\n",
		"change p\n\tadd s/x string because r\n",
		"change p\n\td string because r\n",
		"change p\n\tt/t required because r\n",
		"change p\n\ts from 1 because r\n",
	};
	AUTO_DRAFT d = MC_DRAFT_INIT;
	AUTO(mc_schema) *s = NULL;
	struct mc_schema_key k;

	ok(parse("payload p\n\told string\n\tnew integer\n\ts string\n"
		 "\td dict\n\t\tx string\n\tt dict\n\t\tt again\n",
	    &d));
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		ok(differs(&d, MC_PARSE_CHANGES, changes[i]));
		ok(strncmp(e.text, "o:2:", 4) == 0);
		ok(!differs(&d, MC_PARSE_OVERRIDES, changes[i]));
	}
	/* what is no line of the form is wrong all the same */
	ok(differs(&d, MC_PARSE_OVERRIDES, "change p\n\told because\n"));
	ok(mc_draft_build(&d, &s, &e));
	ok(key(s, "p", "old").type == MC_PLIST_STRING);
	ok(key(s, "p", "new").type == MC_PLIST_INT);
	ok(!key(s, "p", "s").has_min && key(s, "p", "s").n == 0);
	k = key(s, "p", "d");
	ok(k.type == MC_PLIST_DICT && k.n == 1);
}

/* The same where it is met: a schema that has had our corrections. */
static void
newer(void)
{
	AUTO(mc_schema) *s = NULL;

	ok(put("newer.schema",
	    "payload com.apple.SystemConfiguration on macos 10.7\n"
	    "\tProxies dict\n\t\tSOCKSPort integer\n"
	    "\t\tSOCKSPortinteger integer\n"
	    "payload com.apple.MCX on macos 10.7\n"
	    "\tcom.apple.EnergySaver.desktop.ACPower string\n"));
	ok(load(&s, "newer.schema", NULL));
	ok(s || (printf("# %s\n", e.text), false));
}

static void
refused(void)
{
	ok(refuses(
	    "nowhere", MC_NOINPUT, "nowhere: No such file or directory"));
	ok(put("bad.schema", "payload p\n\n\tq strin\n"));
	ok(refuses("bad.schema", MC_MALFORMED,
	    "bad.schema:3:4: want dict, array, string, boolean, integer, "
	    "real, date, data or any"));
	ok(put("stale.schema", "change com.acme.none\n"));
	ok(refuses("stale.schema", MC_MALFORMED,
	    "stale.schema:1:8: there is no com.acme.none to change"));
	ok(mkdir("empty", 0700) == 0);
	ok(refuses(
	    "empty", MC_NOINPUT, "empty: holds no .schema and no .plist"));
	ok(put("list.plist", "<plist version=\"1.0\"><array/></plist>"));
	ok(refuses("list.plist", MC_MALFORMED,
	    "list.plist:1: is neither a schema file nor a ProfileManifests "
	    "plist"));
}

int
main(void)
{
	notation();
	inheritance();
	again();
	lines();
	keys();
	limits();
	changes();
	wrong_changes();
	compiled();
	tool_init();
	loaded();
	overrides();
	newer();
	refused();
	tool_done();
	return done();
}
