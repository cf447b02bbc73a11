/* SPDX-License-Identifier: ISC */
#include "ca/challenge.h"

#include <stdlib.h>

#include "ca/conf.h"
#include "ca/spell.h"

#define MAC_TEXT (2 * (size_t)MC_SHA256_LEN)
#define BODY_MAX (MC_CHALLENGE_MAX - 1 - MAC_TEXT)
#define SECRET_MIN 16
#define ID_MIN 16
#define ID_RAW 12 /* octets, which are 16 characters */
#define USES_MAX 1000000
#define EXPIRES_MAX ((int64_t)1 << 40)

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"abcdefghijklmnopqrstuvwxyz0123456789-_";

static bool
secret_check(const struct mc_buf *secret, struct mc_err *e)
{
	return secret->len >= SECRET_MIN ||
	    mc_fail(e, MC_USAGE,
		"a secret that signs challenges has %d bytes or more",
		SECRET_MIN);
}

/* RFC 4648 section 5, unpadded: the other alphabet's work, translated. */
static bool
url_encode(const void *data, size_t len, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	if (!mc_base64_encode(data, len, &text, e))
		return false;
	while (text.len > 0 && text.data[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '+')
			text.data[i] = '-';
		else if (text.data[i] == '/')
			text.data[i] = '_';
	return mc_buf_add(to, text.data, text.len, e);
}

static bool
url_decode(const char *text, size_t len, struct mc_buf *to, struct mc_err *e)
{
	AUTO_BUF plain = MC_BUF_INIT;

	if (!mc_buf_add(&plain, text, len, e))
		return false;
	for (size_t i = 0; i < len; i++)
		if (plain.data[i] == '-')
			plain.data[i] = '+';
		else if (plain.data[i] == '_')
			plain.data[i] = '/';
	return mc_base64_parse(mc_buf_str(&plain), len, true, to, e);
}

/* A line each; what is not wanted has none. */
static bool
line_add(
    struct mc_buf *to, const char *name, const char *value, struct mc_err *e)
{
	if (!value)
		return true;
	if (strchr(value, '\n'))
		return mc_fail(e, MC_USAGE, "%s: more than one line", name);
	return mc_buf_printf(to, e, "%s=%s\n", name, value);
}

static bool
body_make(
    const struct mc_challenge_spec *spec, struct mc_buf *to, struct mc_err *e)
{
	int64_t expires = mc_time_now() +
	    (spec->ttl ? spec->ttl : MC_CHALLENGE_TTL);
	uint8_t raw[ID_RAW];
	AUTO_BUF id = MC_BUF_INIT;
	AUTO_BUF subject = MC_BUF_INIT;
	AUTO_BUF names = MC_BUF_INIT;

	if (!mc_rand_bytes(raw, sizeof(raw), e) ||
	    !url_encode(raw, sizeof(raw), &id, e) ||
	    (spec->subject && !mc_spell_subject(spec->subject, &subject, e)) ||
	    (spec->names && !mc_spell_names(spec->names, &names, e)) ||
	    !mc_buf_printf(to, e, "expires=%lld\nid=%s\n", (long long)expires,
		mc_buf_str(&id)))
		return false;
	if (spec->uses > 1 && !mc_buf_printf(to, e, "uses=%u\n", spec->uses))
		return false;
	return line_add(to, "subject", (char *)subject.data, e) &&
	    line_add(to, "names", (char *)names.data, e) &&
	    line_add(to, "owner", spec->owner, e) &&
	    line_add(to, "user", spec->user, e) &&
	    line_add(to, "profile", spec->profile, e);
}

bool
mc_challenge_mint(const struct mc_buf *secret,
    const struct mc_challenge_spec *spec, struct mc_buf *text, struct mc_err *e)
{
	AUTO_BUF lines = MC_BUF_INIT;
	AUTO_BUF body = MC_BUF_INIT;
	uint8_t mac[MC_SHA256_LEN];

	if (!secret_check(secret, e) || !mc_challenge_spec_check(spec, e) ||
	    !body_make(spec, &lines, e) ||
	    !url_encode(lines.data, lines.len, &body, e))
		return false;
	if (body.len > BODY_MAX)
		return mc_fail(e, MC_USAGE,
		    "a challenge that says so much has %zu characters; %d are "
		    "possible",
		    body.len + 1 + MAC_TEXT, MC_CHALLENGE_MAX);
	return mc_hmac_sha256(secret, body.data, body.len, mac, e) &&
	    mc_buf_add(text, body.data, body.len, e) &&
	    mc_buf_puts(text, ".", e) &&
	    mc_hex_encode(mac, sizeof(mac), text, e);
}

/* The text, not the octets: a MAC has one spelling, and a challenge too. */
static bool
mac_check(const struct mc_buf *secret, const struct mc_buf *text, size_t body,
    bool *genuine, struct mc_err *e)
{
	uint8_t mac[MC_SHA256_LEN];
	AUTO_BUF want = MC_BUF_INIT;

	if (text->len != body + 1 + MAC_TEXT || text->data[body] != '.')
		return true;
	if (!mc_hmac_sha256(secret, text->data, body, mac, e) ||
	    !mc_hex_encode(mac, sizeof(mac), &want, e))
		return false;
	*genuine = want.len == MAC_TEXT &&
	    CRYPTO_memcmp(want.data, text->data + body + 1, MAC_TEXT) == 0;
	return true;
}

/* Decimal, and nothing else. */
static bool
number_parse(const char *s, int64_t max, int64_t *out)
{
	int64_t n = 0;

	if (!*s)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		n = n * 10 + (*s - '0');
		if (n > max)
			return false;
	}
	*out = n;
	return n > 0;
}

/* What the lines say, not yet looked at; each at most once. */
enum line { EXPIRES, ID, USES, SUBJECT, NAMES, OWNER, USER, PROFILE, LINES };
static const char *const line_names[LINES] = { "expires", "id", "uses",
	"subject", "names", "owner", "user", "profile" };

static bool
lines_split(char *text, char *values[static LINES], struct mc_err *e)
{
	char *rest = text;

	while (rest && *rest) {
		char *line = strsep(&rest, "\n");
		char *value = strchr(line, '=');
		size_t i = 0;

		if (!value)
			return mc_fail(
			    e, MC_MALFORMED, "challenge: a line without \"=\"");
		*value++ = '\0';
		while (i < LINES && strcmp(line, line_names[i]) != 0)
			i++;
		if (i == LINES || values[i])
			return mc_fail(e, MC_MALFORMED,
			    "challenge: %.32s is unknown or there twice", line);
		values[i] = value;
	}
	return true;
}

static bool
numbers_read(
    char *const values[static LINES], struct mc_challenge *c, struct mc_err *e)
{
	int64_t uses = 1;

	if (!values[EXPIRES] ||
	    !number_parse(values[EXPIRES], EXPIRES_MAX, &c->expires))
		return mc_fail(e, MC_MALFORMED,
		    "challenge: expires is missing, or no time");
	if (!values[ID] || strlen(values[ID]) < ID_MIN)
		return mc_fail(e, MC_MALFORMED,
		    "challenge: id is missing, or has less than %d characters",
		    ID_MIN);
	if (values[USES] && !number_parse(values[USES], USES_MAX, &uses))
		return mc_fail(
		    e, MC_MALFORMED, "challenge: uses is not a number of them");
	c->uses = (unsigned)uses;
	return true;
}

static bool
texts_read(
    char *const values[static LINES], struct mc_challenge *c, struct mc_err *e)
{
	const struct mc_challenge_spec spec = { .owner = values[OWNER],
		.user = values[USER],
		.profile = values[PROFILE] };
	AUTO_BUF subject = MC_BUF_INIT;
	AUTO_BUF names = MC_BUF_INIT;

	if (!mc_challenge_spec_check(&spec, e) ||
	    (values[SUBJECT] &&
		!mc_spell_subject(values[SUBJECT], &subject, e)) ||
	    (values[NAMES] && !mc_spell_names(values[NAMES], &names, e))) {
		if (e->code == MC_USAGE)
			e->code = MC_MALFORMED;
		return mc_note(e, "challenge");
	}
	return mc_spell_copy((char *)subject.data, &c->subject, e) &&
	    mc_spell_copy((char *)names.data, &c->names, e) &&
	    mc_spell_copy(spec.owner, &c->owner, e) &&
	    mc_spell_copy(spec.user, &c->user, e) &&
	    mc_spell_copy(spec.profile ? spec.profile : MC_CA_PROFILE_DEFAULT,
		&c->profile, e);
}

static bool
body_parse(
    const char *text, size_t len, struct mc_challenge *c, struct mc_err *e)
{
	char *values[LINES] = { NULL };
	AUTO_BUF lines = MC_BUF_INIT;

	if (!url_decode(text, len, &lines, e))
		return mc_note(e, "challenge");
	if (lines.len == 0 || memchr(lines.data, '\0', lines.len))
		return mc_fail(e, MC_MALFORMED, "challenge: not text");
	return lines_split((char *)lines.data, values, e) &&
	    numbers_read(values, c, e) && texts_read(values, c, e);
}

bool
mc_challenge_hmac_parse(const struct mc_buf *secret, const struct mc_buf *text,
    struct mc_challenge *out, bool *genuine, struct mc_err *e)
{
	size_t body = text->len > 0 ? strspn(mc_buf_str(text), base64url) : 0;
	AUTO_CHALLENGE c = { 0 };

	*genuine = false;
	if (!secret_check(secret, e))
		return false;
	if (body == 0 || body > BODY_MAX ||
	    !mac_check(secret, text, body, genuine, e))
		return body == 0 || body > BODY_MAX;
	if (!*genuine)
		return true;
	/* of what the MAC covers, and nothing besides */
	if (!mc_sha256_hex(text->data, body, c.hash, e) ||
	    !body_parse(mc_buf_str(text), body, &c, e))
		return false;
	mc_challenge_clear(out);
	*out = c;
	c = (struct mc_challenge){ 0 };
	return true;
}
