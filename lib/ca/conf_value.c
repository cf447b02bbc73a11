/* SPDX-License-Identifier: ISC */
#include "ca/conf_table.h"

#include <ctype.h>

#include "base/near.h"
#include "base/subject.h"
#include "crypto/name.h"
#include "crypto/names.h"

#define NONE "none"
#define BLANKS " \t"

/* NULL where the text ends; each word found ends with a NUL then. */
static char *
next_word(char **text)
{
	char *word = *text + strspn(*text, BLANKS);
	char *end = word + strcspn(word, BLANKS);

	if (!*word)
		return NULL;
	*text = end;
	if (*end)
		*(*text)++ = '\0';
	return word;
}

static bool
fail_word(const char *word, const struct mc_near *near, struct mc_err *e)
{
	if (near->n > 0)
		return mc_fail(e, MC_USAGE,
		    "%.64s: no such word; did you mean %s?", word,
		    mc_near_text(near));
	return mc_fail(e, MC_USAGE, "%.64s: no such word", word);
}

static bool
fail_bit(const struct mc_ca_bit *bits, const char *word, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(word);
	AUTO_BUF all = MC_BUF_INIT;

	if (strcmp(word, "keyCertSign") == 0 || strcmp(word, "cRLSign") == 0)
		return mc_fail(e, MC_USAGE,
		    "%s: is for CAs, and nobody enrols for one", word);
	for (const struct mc_ca_bit *b = bits; b->word; b++) {
		mc_near_add(&near, b->word);
		if (!mc_buf_printf(&all, e, " %s", b->word))
			return false;
	}
	if (near.n > 0)
		return fail_word(word, &near, e);
	return mc_fail(e, MC_USAGE, "%.64s: no such word; there are%s", word,
	    mc_buf_str(&all));
}

bool
mc_ca_bits_parse(
    const struct mc_ca_value *v, char *text, void *field, struct mc_err *e)
{
	const struct mc_ca_bit *b;
	unsigned all = 0;
	char *word;

	if (v->optional && strcmp(text, NONE) == 0)
		text += strlen(text);
	while ((word = next_word(&text))) {
		for (b = v->bits; b->word && strcmp(b->word, word) != 0; b++)
			;
		if (!b->word)
			return fail_bit(v->bits, word, e);
		if (all & b->bit)
			return mc_fail(e, MC_USAGE, "%s: is there twice", word);
		all |= b->bit;
	}
	memcpy(field, &all, sizeof(all));
	return true;
}

bool
mc_ca_bits_encode(const struct mc_ca_value *v, const void *field,
    struct mc_buf *to, struct mc_err *e)
{
	const char *blank = "";
	unsigned all;

	memcpy(&all, field, sizeof(all));
	if (!all)
		return mc_buf_puts(to, NONE, e);
	for (const struct mc_ca_bit *b = v->bits; b->word; b++) {
		if (!(all & b->bit))
			continue;
		if (!mc_buf_printf(to, e, "%s%s", blank, b->word))
			return false;
		blank = " ";
	}
	return true;
}

/* Words, each of which check lets pass. */
static bool
words_parse(const struct mc_ca_value *v, char *text, struct mc_ca_words *out,
    bool (*check)(const struct mc_ca_value *, const char *, struct mc_err *),
    struct mc_err *e)
{
	struct mc_ca_words words = { { NULL } };
	size_t n = 0;
	char *word;

	if (strcmp(text, NONE) == 0)
		text += strlen(text);
	for (; (word = next_word(&text)); n++) {
		if (n == MC_CA_WORDS)
			return mc_fail(
			    e, MC_USAGE, "more than %d words", MC_CA_WORDS);
		if (check && !check(v, word, e))
			return false;
		for (size_t i = 0; check && i < n; i++)
			if (strcmp(words.v[i], word) == 0)
				return mc_fail(
				    e, MC_USAGE, "%.64s: is there twice", word);
		words.v[n] = word;
	}
	*out = words;
	return true;
}

/* A program: found by its path, or beside ours and in PATH by its name. */
bool
mc_ca_words_parse(
    const struct mc_ca_value *v, char *text, void *field, struct mc_err *e)
{
	struct mc_ca_words words;

	if (!words_parse(v, text, &words, NULL, e))
		return false;
	if (words.v[0] && words.v[0][0] != '/' && strchr(words.v[0], '/'))
		return mc_fail(e, MC_USAGE,
		    "%.128s: want a program's whole path, from the / on, or "
		    "its name alone",
		    words.v[0]);
	memcpy(field, &words, sizeof(words));
	return true;
}

static bool
url_check(const struct mc_ca_value *v, const char *url, struct mc_err *e)
{
	size_t n = strcspn(url, ":");
	AUTO_BUF all = MC_BUF_INIT;

	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return mc_fail(e, MC_USAGE,
			    "a URL is printable ASCII; write the rest as %%XX");
	for (const char *const *s = v->schemes; *s; s++) {
		if (strlen(*s) == n && strncmp(url, *s, n) == 0 &&
		    strncmp(url + n, "://", 3) == 0 && url[n + 3] &&
		    (url[n + 3] != '/' || strcmp(*s, "ldap") == 0))
			return true;
		if (!mc_buf_printf(
			&all, e, "%s%s://", s == v->schemes ? "" : " or ", *s))
			return false;
	}
	return mc_fail(
	    e, MC_USAGE, "%.128s: want %s and a host", url, mc_buf_str(&all));
}

bool
mc_ca_urls_parse(
    const struct mc_ca_value *v, char *text, void *field, struct mc_err *e)
{
	return words_parse(v, text, field, url_check, e);
}

/* 1.3.6.1.5.5.7.3.9 makes whoever has it a responder for this CA. */
static const char *const purposes[] = { "serverAuth", "clientAuth",
	"codeSigning", "emailProtection", "timeStamping", "ipsecEndSystem",
	"ipsecTunnel", "ipsecUser", "ipsecIKE", "msSmartcardLogin", "msEFS",
	"pkInitClientAuth", "pkInitKDC", "secureShellClient",
	"secureShellServer", "anyExtendedKeyUsage", NULL };

static bool
purpose_check(const struct mc_ca_value *v, const char *word, struct mc_err *e)
{
	struct mc_near near = MC_NEAR_INIT(word);
	AUTO(ASN1_OBJECT) *oid = NULL;
	char dotted[128] = "";

	(void)v;
	if (strcmp(word, "OCSPSigning") == 0 ||
	    strcmp(word, "1.3.6.1.5.5.7.3.9") == 0)
		return mc_fail(e, MC_USAGE,
		    "%s: is for the CA's own responder: who has it can say "
		    "that a revoked certificate is good",
		    word);
	for (const char *const *p = purposes; *p; p++) {
		if (strcmp(*p, word) == 0)
			return true;
		mc_near_add(&near, *p);
	}
	if (!isdigit((unsigned char)*word))
		return fail_word(word, &near, e);
	/* there and back, since OpenSSL lets "1.2." and "01.2" pass */
	oid = OBJ_txt2obj(word, 1);
	ERR_clear_error();
	if (oid && OBJ_obj2txt(dotted, sizeof(dotted), oid, 1) > 0 &&
	    strcmp(dotted, word) == 0)
		return true;
	return mc_fail(e, MC_USAGE,
	    "%.64s: want a purpose's name, like clientAuth, or its dotted OID",
	    word);
}

bool
mc_ca_purposes_parse(
    const struct mc_ca_value *v, char *text, void *field, struct mc_err *e)
{
	return words_parse(v, text, field, purpose_check, e);
}

bool
mc_ca_words_encode(const struct mc_ca_value *v, const void *field,
    struct mc_buf *to, struct mc_err *e)
{
	const struct mc_ca_words *words = field;

	(void)v;
	if (!words->v[0])
		return mc_buf_puts(to, NONE, e);
	for (size_t i = 0; words->v[i]; i++)
		if (!mc_buf_printf(to, e, "%s%s", i ? " " : "", words->v[i]))
			return false;
	return true;
}

/* In the largest unit that says it exactly. */
static bool
put_time(int64_t t, struct mc_buf *to, struct mc_err *e)
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = { { MC_DAY * 365, 'y' }, { MC_DAY, 'd' }, { MC_HOUR, 'h' },
		{ MC_MINUTE, 'm' }, { 1, 's' } };
	size_t i = 0;

	if (t == 0)
		return mc_buf_puts(to, "0", e);
	while (t % units[i].seconds != 0)
		i++;
	return mc_buf_printf(
	    to, e, "%lld%c", (long long)(t / units[i].seconds), units[i].unit);
}

bool
mc_ca_time_parse(
    const struct mc_ca_value *v, char *text, void *field, struct mc_err *e)
{
	AUTO_BUF least = MC_BUF_INIT;
	AUTO_BUF most = MC_BUF_INIT;
	int64_t t = 0;

	/* base/time.h has no zero: options mean nothing by it */
	if ((v->min > 0 || strcmp(text, "0") != 0) &&
	    !mc_time_seconds_parse(text, &t))
		return mc_fail(e, MC_USAGE,
		    "want a time like 90s, 15m, 1h, 2d or 1y%s, not %.64s",
		    v->min > 0 ? "" : ", or 0", text);
	if (!put_time(v->min, &least, e) || !put_time(v->max, &most, e))
		return false;
	if (t < v->min || t > v->max)
		return mc_fail(e, MC_USAGE, "%.64s: want a time of %s to %s",
		    text, mc_buf_str(&least), mc_buf_str(&most));
	memcpy(field, &t, sizeof(t));
	return true;
}

bool
mc_ca_time_encode(const struct mc_ca_value *v, const void *field,
    struct mc_buf *to, struct mc_err *e)
{
	int64_t t;

	(void)v;
	memcpy(&t, field, sizeof(t));
	return put_time(t, to, e);
}

static bool
text_store(const char *text, void *field)
{
	const char *value = strcmp(text, NONE) == 0 ? NULL : text;

	memcpy(field, &value, sizeof(value));
	return true;
}

bool
mc_ca_text_encode(const struct mc_ca_value *v, const void *field,
    struct mc_buf *to, struct mc_err *e)
{
	const char *text;

	(void)v;
	memcpy(&text, field, sizeof(text));
	return mc_buf_puts(to, text ? text : NONE, e);
}

bool
mc_ca_secret_parse(
    const struct mc_ca_value *v, char *text, void *field, struct mc_err *e)
{
	(void)v;
	if (strcmp(text, NONE) == 0 ||
	    (strncmp(text, "file:", 5) == 0 && text[5]) ||
	    (strncmp(text, "env:", 4) == 0 && text[4] &&
		!strpbrk(text + 4, "= \t")) ||
	    (strncmp(text, "fd:", 3) == 0 && text[3] &&
		text[3 + strspn(text + 3, "0123456789")] == '\0'))
		return text_store(text, field);
	/* it may be the secret itself: do not repeat it */
	return mc_fail(e, MC_USAGE,
	    "want file:PATH, env:NAME or fd:N, not the secret itself");
}

/* The type is one that a name can have; a value of it is anything. */
static bool
subject_part(void *ctx, const char *type, const char *value, struct mc_err *e)
{
	AUTO_BUF sample = MC_BUF_INIT;
	AUTO(X509_NAME) *name = NULL;

	(void)ctx;
	if (!*value)
		return mc_fail(e, MC_USAGE,
		    "%.64s: is empty; write %.64s=* for any", type, type);
	/* two letters are a value of every type, countries too */
	return mc_buf_printf(&sample, e, "/%s=XX", type) &&
	    mc_name_parse(mc_buf_str(&sample), &name, e);
}

bool
mc_ca_subject_parse(
    const struct mc_ca_value *v, char *text, void *field, struct mc_err *e)
{
	(void)v;
	if (strcmp(text, NONE) != 0 &&
	    !mc_subject_read(text, subject_part, NULL, e))
		return false;
	return text_store(text, field);
}

bool
mc_ca_names_parse(
    const struct mc_ca_value *v, char *text, void *field, struct mc_err *e)
{
	(void)v;
	if (strcmp(text, NONE) != 0 && !mc_names_match(NULL, text, e))
		return false;
	return text_store(text, field);
}
