/* SPDX-License-Identifier: ISC */
#include "crypto/name_forms.h"

#include <arpa/inet.h>
#include <ctype.h>

#define DNS_MAX 253
#define LABEL_MAX 63

static bool
is_alnum(char c)
{
	return isalnum((unsigned char)c) != 0;
}

/* RFC 1034 section 3.5, as RFC 1123 section 2.1 has it: letters, digits, - */
static bool
label_check(const char *s, size_t n)
{
	bool good = n > 0 && n <= LABEL_MAX && s[0] != '-' && s[n - 1] != '-';

	for (size_t i = 0; good && i < n; i++)
		good = is_alnum(s[i]) || s[i] == '-';
	return good;
}

static bool
host_check(const char *s)
{
	if (strlen(s) > DNS_MAX)
		return false;
	for (;;) {
		size_t n = strcspn(s, ".");

		if (!label_check(s, n))
			return false;
		if (!s[n])
			return true;
		s += n + 1;
	}
}

static bool
dns_check(const char *s)
{
	if (s[0] == '*' && s[1] == '.')
		return strlen(s) <= DNS_MAX && host_check(s + 2);
	return host_check(s);
}

/* RFC 5321's Mailbox without quoting: dot-atom "@" domain */
static bool
email_check(const char *s)
{
	static const char atext[] = "!#$%&'*+-/=?^_`{|}~";
	const char *at = strchr(s, '@');

	if (!at || at == s || at - s > 64 || at[-1] == '.' || *s == '.')
		return false;
	for (const char *p = s; p < at; p++)
		if (*p == '.' ? p[1] == '.'
			      : !is_alnum(*p) && !strchr(atext, *p))
			return false;
	return host_check(at + 1);
}

/* RFC 3986: absolute; where "//" says that a host follows, one does */
static bool
uri_check(const char *s)
{
	static const char legal[] = "-._~:/?#[]@!$&'()*+,;=";
	const char *rest = s + strcspn(s, ":");

	if (!isalpha((unsigned char)*s) || !*rest || !rest[1])
		return false;
	for (const char *p = s; p < rest; p++)
		if (!is_alnum(*p) && !strchr("+-.", *p))
			return false;
	if (strncmp(rest, "://", 3) == 0 &&
	    (!rest[3] || strchr("/?#", rest[3])))
		return false;
	for (const char *p = rest; *p; p++) {
		if (*p == '%' && isxdigit((unsigned char)p[1]) &&
		    isxdigit((unsigned char)p[2]))
			p += 2;
		else if (!is_alnum(*p) && !strchr(legal, *p))
			return false;
	}
	return true;
}

size_t
mc_name_ip_parse(const char *s, uint8_t to[static 16])
{
	if (inet_pton(AF_INET, s, to) == 1)
		return 4;
	return inet_pton(AF_INET6, s, to) == 1 ? 16 : 0;
}

static bool
ip_check(const char *s)
{
	uint8_t raw[16];

	return mc_name_ip_parse(s, raw) != 0;
}

const struct mc_name_form mc_name_forms[MC_NAME_FORMS] = {
	{ "dns", GEN_DNS, dns_check, "a DNS name" },
	{ "email", GEN_EMAIL, email_check, "an email address" },
	{ "uri", GEN_URI, uri_check, "an absolute URI" },
	{ "ip", GEN_IPADD, ip_check, "an IP address" },
	{ "upn", GEN_OTHERNAME, email_check, "a user principal name" },
};

const struct mc_name_form *
mc_name_form_find(const char *s, const char **value)
{
	for (size_t i = 0; i < MC_NAME_FORMS; i++) {
		size_t n = strlen(mc_name_forms[i].word);

		if (strncmp(s, mc_name_forms[i].word, n) != 0 || s[n] != ':')
			continue;
		*value = s + n + 1;
		return &mc_name_forms[i];
	}
	return NULL;
}

/* The next name of a text; moves to the one after. */
static bool
name_next(const char **text, struct mc_name_text *out, struct mc_err *e)
{
	const char *from = *text;
	const char *p;
	size_t n = 0;

	out->form = mc_name_form_find(from, &p);
	if (!out->form)
		return mc_fail(e, MC_MALFORMED,
		    "\"%.80s\": want dns:, email:, uri:, ip: or upn:", from);
	for (; *p && *p != ','; p++) {
		if (n == sizeof(out->value) - 1)
			return mc_fail(e, MC_MALFORMED,
			    "\"%.80s\": longer than %d characters", from,
			    MC_NAME_VALUE - 1);
		if (*p == '\\' && *++p != ',' && *p != '\\')
			return mc_fail(e, MC_MALFORMED,
			    "\"%.80s\": a backslash before what needs none",
			    from);
		out->value[n++] = *p;
	}
	out->value[n] = '\0';
	if (!out->form->check(out->value))
		return mc_fail(e, MC_MALFORMED, "\"%.*s\": not %s",
		    (int)(p - from < 300 ? p - from : 300), from,
		    out->form->what);
	if (*p && !p[1])
		return mc_fail(
		    e, MC_MALFORMED, "\"%.80s\": a comma at the end", from);
	*text = *p ? p + 1 : p;
	return true;
}

void
mc_name_fold(struct mc_name_text *n)
{
	int type = n->form->type;
	char *p = n->value;
	uint8_t raw[16];

	if (type == GEN_URI)
		return;
	if (type == GEN_IPADD) {
		size_t len = mc_name_ip_parse(p, raw);

		if (len) {
			inet_ntop(len == 4 ? AF_INET : AF_INET6, raw, p,
			    sizeof(n->value));
			return;
		}
	}
	if (type == GEN_EMAIL || type == GEN_OTHERNAME)
		p += strcspn(p, "@");
	for (; *p; p++)
		*p = (char)tolower((unsigned char)*p);
}

bool
mc_name_list_holds(const struct mc_name_list *l, const struct mc_name_text *n)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].form == n->form &&
		    strcmp(l->v[i].value, n->value) == 0)
			return true;
	return false;
}

bool
mc_name_list_parse(
    const char *text, bool folded, struct mc_name_list *out, struct mc_err *e)
{
	out->n = 0;
	if (strlen(text) >= MC_NAMES_TEXT)
		return mc_fail(e, MC_MALFORMED,
		    "names of more than %d characters", MC_NAMES_TEXT - 1);
	do {
		struct mc_name_text *n = &out->v[out->n];

		if (out->n == MC_NAMES_MAX)
			return mc_fail(e, MC_MALFORMED, "more than %d names",
			    MC_NAMES_MAX);
		if (!name_next(&text, n, e))
			return false;
		if (folded)
			mc_name_fold(n);
		if (mc_name_list_holds(out, n))
			return mc_fail(e, MC_MALFORMED, "%s:%.80s: twice",
			    n->form->word, n->value);
		out->n++;
	} while (*text);
	return true;
}
