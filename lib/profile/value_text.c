/* SPDX-License-Identifier: ISC */
/* Text, and what it is read from, made the value that a key wants. */
#include "profile/value_part.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"
#include "base/hex.h"
#include "base/secret.h"
#include "base/time.h"
#include "plist/scalar.h"

#define STAMP "9999-99-99T99:99:99"

static bool
parse_bool(const char *s, mc_plist **out, struct mc_err *e)
{
	bool yes = strcmp(s, "true") == 0;

	if (!yes && strcmp(s, "false") != 0)
		return mc_fail(e, MC_USAGE, "want true or false");
	*out = mc_plist_new_bool(yes);
	return *out || mc_fail_memory(e);
}

static bool
parse_int(const char *s, mc_plist **out, struct mc_err *e)
{
	int64_t n;

	if (!mc_scalar_int_parse(s, &n))
		return mc_fail(
		    e, MC_USAGE, "want an integer, decimal and of 64 bits");
	*out = mc_plist_new_int(n);
	return *out || mc_fail_memory(e);
}

static bool
parse_real(const char *s, mc_plist **out, struct mc_err *e)
{
	double v;

	if (!mc_scalar_real_parse(s, &v))
		return mc_fail(e, MC_USAGE, "want a number, like 0.5");
	*out = mc_plist_new_real(v);
	return *out || mc_fail_memory(e);
}

/* "Z", "+01:00": seconds to the east. */
static bool
parse_offset(const char *s, int64_t *out)
{
	int hours;
	int minutes;
	char again[sizeof("+00:00")];
	char sign = *s;

	*out = 0;
	if (strcmp(s, "Z") == 0 || strcmp(s, "z") == 0)
		return true;
	if (strlen(s) != sizeof(again) - 1 || (sign != '+' && sign != '-') ||
	    s[3] != ':')
		return false;
	hours = (s[1] - '0') * 10 + (s[2] - '0');
	minutes = (s[4] - '0') * 10 + (s[5] - '0');
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	/* what was no digit is written in another way */
	snprintf(again, sizeof(again), "%c%02d:%02d", sign, hours, minutes);
	if (strcmp(again, s) != 0)
		return false;
	*out = hours * MC_HOUR + minutes * MC_MINUTE;
	if (sign == '-')
		*out = -*out;
	return true;
}

/* RFC 3339 without fractions, or a day alone. */
static bool
parse_time(const char *s, int64_t *out)
{
	char text[sizeof(STAMP "Z")];
	size_t n = strlen(s);
	int64_t east = 0;

	if (n == strlen("9999-99-99")) {
		snprintf(text, sizeof(text), "%sT00:00:00Z", s);
		return mc_scalar_date_parse(text, out);
	}
	if (n < sizeof(STAMP) || !parse_offset(s + strlen(STAMP), &east))
		return false;
	snprintf(text, sizeof(text), "%.*sZ", (int)strlen(STAMP), s);
	if (text[10] == 't')
		text[10] = 'T';
	if (!mc_scalar_date_parse(text, out))
		return false;
	*out -= east;
	return true;
}

static bool
parse_date(const char *s, mc_plist **out, struct mc_err *e)
{
	int64_t t;

	if (!parse_time(s, &t))
		return mc_fail(e, MC_USAGE,
		    "want a date like 2030-12-31T23:59:59Z or "
		    "2030-12-31T23:59:59+01:00");
	if (t < MC_PLIST_DATE_MIN || t > MC_PLIST_DATE_MAX)
		return mc_fail(e, MC_USAGE, "want a date of " MC_PLIST_DATES);
	*out = mc_plist_new_date(t);
	return *out || mc_fail_memory(e);
}

static bool
parse_data(const char *s, mc_plist **out, struct mc_err *e)
{
	AUTO_BUF bytes = MC_BUF_INIT;

	if (!mc_base64_parse(s, strlen(s), false, &bytes, e))
		return e->code == MC_RETRY ||
		    mc_fail(e, MC_USAGE, "want data in base64");
	*out = mc_plist_new_data(bytes.data, bytes.len);
	return *out || mc_fail_memory(e);
}

static bool
parse_str(const char *s, mc_plist **out, struct mc_err *e)
{
	if (!mc_plist_text_check(s))
		return mc_fail(
		    e, MC_USAGE, "want text, UTF-8 without control characters");
	*out = mc_plist_new_str(s);
	return *out || mc_fail_memory(e);
}

static bool
parse_as(
    enum mc_plist_type type, const char *s, mc_plist **out, struct mc_err *e)
{
	switch (type) {
	case MC_PLIST_NONE:
	case MC_PLIST_STRING:
		return parse_str(s, out, e);
	case MC_PLIST_BOOL:
		return parse_bool(s, out, e);
	case MC_PLIST_INT:
		return parse_int(s, out, e);
	case MC_PLIST_REAL:
		return parse_real(s, out, e);
	case MC_PLIST_DATE:
		return parse_date(s, out, e);
	case MC_PLIST_DATA:
		return parse_data(s, out, e);
	case MC_PLIST_DICT:
		return mc_fail(e, MC_USAGE,
		    "want a dict: name a key of it, KEY.NAME=VALUE, or all of "
		    "it, KEY:=json:{...}");
	case MC_PLIST_ARRAY:
		break;
	}
	return mc_fail(e, MC_USAGE,
	    "want an array: add items, KEY+=VALUE or KEY[0].NAME=VALUE, or all "
	    "of it, KEY:=json:[...]");
}

/* The key's own type first, then the others that it may have. */
bool
mc_value_parse(const struct mc_schema_key *key, const char *text,
    mc_plist **out, struct mc_err *e)
{
	struct mc_err other = MC_ERR_INIT;

	if (parse_as(key->type, text, out, e))
		return true;
	for (enum mc_plist_type t = MC_PLIST_STRING; t <= MC_PLIST_DATA; t++)
		if (t != key->type && (key->types & 1U << t) &&
		    parse_as(t, text, out, &other))
			return true;
	return false;
}

void
mc_value_text_clear(struct mc_value_text *t)
{
	mc_buf_clear(&t->raw);
	mc_buf_clear(&t->text);
}

/* A file's last line end is its editor's. */
static bool
make_text(struct mc_value_text *t, struct mc_err *e)
{
	size_t n = t->raw.len;

	if (t->loaded && n && t->raw.data[n - 1] == '\n')
		n--;
	if (t->loaded && n < t->raw.len && n && t->raw.data[n - 1] == '\r')
		n--;
	return mc_buf_add(&t->text, t->raw.data, n, e);
}

/* path as it is seen from rules->folder. */
static bool
beside(const struct mc_value_rules *rules, const char *path, struct mc_buf *to,
    struct mc_err *e)
{
	if (!rules->folder || *path == '/')
		return mc_buf_puts(to, path, e);
	return mc_path_join(rules->folder, path, to, e);
}

static bool
load_secret(const struct mc_value_rules *rules, const char *source,
    struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF spec = MC_BUF_INIT;

	if (rules->secret)
		*rules->secret = true;
	if (strncmp(source, "file:", 5) != 0)
		return mc_secret_load_exact(source, rules->facts, to, e);
	return beside(rules, source + 5, &path, e) &&
	    mc_buf_printf(&spec, e, "file:%s", mc_buf_str(&path)) &&
	    mc_secret_load_exact(mc_buf_str(&spec), rules->facts, to, e);
}

bool
mc_value_text_from(const struct mc_value_rules *rules, const char *where,
    bool secret, struct mc_value_text *out, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	out->loaded = true;
	if (secret ? !load_secret(rules, where, &out->raw, e)
		   : !beside(rules, where, &path, e) ||
		    !mc_file_load(mc_buf_str(&path), &out->raw, e))
		return false;
	if (!make_text(out, e))
		return false;
	return !secret || out->text.len ||
	    mc_fail(e, MC_MALFORMED, "%s: is empty", where);
}

static bool
is_secret_source(const char *s)
{
	return strncmp(s, "fd:", 3) == 0 || strncmp(s, "env:", 4) == 0 ||
	    strncmp(s, "file:", 5) == 0;
}

bool
mc_value_text_load(const struct mc_value_rules *rules, const char *word,
    struct mc_value_text *out, struct mc_err *e)
{
	if (word[0] != '@' || word[1] == '@')
		return mc_buf_puts(&out->raw, word + (*word == '@'), e) &&
		    make_text(out, e);
	word++;
	if (strncmp(word, "uuid:", 5) == 0) {
		out->who = word + 5;
		return true;
	}
	if (!*word)
		return mc_fail(e, MC_USAGE,
		    "want @FILE, or @@ for a text that begins with @");
	return mc_value_text_from(rules, word, is_secret_source(word), out, e);
}

bool
mc_value_reference_new(const char *who, mc_plist **out, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	if (!*who || !mc_plist_text_check(who))
		return mc_fail(e, MC_USAGE,
		    "want the type or the identifier of a payload behind "
		    "@uuid:");
	if (!mc_buf_printf(&text, e, "%s%s", MC_VALUE_REFERENCE, who))
		return false;
	*out = mc_plist_new_str(mc_buf_str(&text));
	return *out || mc_fail_memory(e);
}

bool
mc_value_text_node(const struct mc_schema_key *key,
    const struct mc_value_text *t, mc_plist **out, struct mc_err *e)
{
	char kind[MC_FIT_TEXT];

	if (t->who) {
		if (!mc_schema_type_fits(key, MC_PLIST_STRING))
			return mc_fail(e, MC_USAGE,
			    "want %s; @uuid: gives a string",
			    mc_fit_types_show(key, true, kind));
		return mc_value_reference_new(t->who, out, e);
	}
	if (key->type == MC_PLIST_DATA && t->loaded) {
		*out = mc_plist_new_data(t->raw.data, t->raw.len);
		return *out || mc_fail_memory(e);
	}
	if (strlen(mc_buf_str(&t->text)) != t->text.len)
		return mc_fail(e, MC_USAGE,
		    "want %s; what was read holds a NUL",
		    mc_fit_types_show(key, true, kind));
	return mc_value_parse(key, mc_buf_str(&t->text), out, e);
}
