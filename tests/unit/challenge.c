/* SPDX-License-Identifier: ISC */
/* Challenges that say themselves what they are good for. */
#include "ca/challenge.h"

#include "tap.h"

static struct mc_buf secret;

/* A challenge of these lines with our MAC, as somebody else would make it. */
static bool
forge(const char *lines, size_t n, struct mc_buf *out)
{
	struct mc_err e = MC_ERR_INIT;
	uint8_t mac[MC_SHA256_LEN];
	AUTO_BUF body = MC_BUF_INIT;

	mc_buf_clear(out);
	if (!mc_base64_encode(lines, n, &body, &e))
		return false;
	while (body.len > 0 && body.data[body.len - 1] == '=')
		body.len--;
	for (size_t i = 0; i < body.len; i++)
		if (body.data[i] == '+')
			body.data[i] = '-';
		else if (body.data[i] == '/')
			body.data[i] = '_';
	return mc_hmac_sha256(&secret, body.data, body.len, mac, &e) &&
	    mc_buf_add(out, body.data, body.len, &e) &&
	    mc_buf_puts(out, ".", &e) &&
	    mc_hex_encode(mac, sizeof(mac), out, &e);
}

static void
there_and_back(void)
{
	const struct mc_challenge_spec full = { .subject = "/CN=A",
		.names = "dns:a.example.com",
		.owner = "o",
		.user = "\xc3\xa5sa l",
		.profile = "vpn-1",
		.ttl = 600,
		.uses = 7 };
	const struct mc_challenge_spec least = { 0 };
	const struct mc_challenge_spec any = { .profile = MC_CHALLENGE_ANY };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_CHALLENGE c = { 0 };
	char hash[MC_SHA256_HEX];
	bool genuine = false;

	ok(mc_challenge_mint(&secret, &full, &text, &e));
	ok(text.len <= MC_CHALLENGE_MAX);
	ok(mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
	    genuine);
	if (!genuine || !c.subject)
		return;
	ok(strcmp(c.subject, full.subject) == 0 &&
	    strcmp(c.names, full.names) == 0 &&
	    strcmp(c.owner, full.owner) == 0 &&
	    strcmp(c.user, full.user) == 0 &&
	    strcmp(c.profile, full.profile) == 0 && c.uses == 7 &&
	    c.expires >= mc_time_now() + 598 &&
	    c.expires <= mc_time_now() + 600);
	ok(mc_sha256_hex(text.data, text.len - 65, hash, &e) &&
	    strcmp(hash, c.hash) == 0);

	mc_buf_clear(&text);
	ok(mc_challenge_mint(&secret, &least, &text, &e));
	ok(mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
	    genuine);
	ok(!c.subject && !c.names && !c.owner && !c.user && c.profile &&
	    strcmp(c.profile, "default") == 0 && c.uses == 1);
	/* every profile, only where it says so */
	mc_buf_clear(&text);
	ok(mc_challenge_mint(&secret, &any, &text, &e));
	ok(mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
	    genuine && strcmp(c.profile, MC_CHALLENGE_ANY) == 0);
}

/* Each byte counts, and so does the secret. */
static void
altered(void)
{
	const struct mc_challenge_spec least = { 0 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT, wrong = MC_BUF_INIT;
	AUTO_CHALLENGE c = { 0 };
	bool genuine = true;
	int passed = 0;

	ok(mc_challenge_mint(&secret, &least, &text, &e));
	for (size_t i = 0; i < text.len; i++) {
		text.data[i] ^= 1;
		if (!mc_challenge_hmac_parse(
			&secret, &text, &c, &genuine, &e) ||
		    genuine)
			passed++;
		text.data[i] ^= 1;
	}
	ok(passed == 0);
	ok(mc_buf_puts(&wrong, "0123456789abcdeX", &e));
	ok(mc_challenge_hmac_parse(&wrong, &text, &c, &genuine, &e) &&
	    !genuine);
	for (size_t n = 0; n < text.len; n++) {
		AUTO_BUF cut = MC_BUF_INIT;

		ok(mc_buf_add(&cut, text.data, n, &e));
		ok(mc_challenge_hmac_parse(&secret, &cut, &c, &genuine, &e) &&
		    !genuine);
	}
	ok(mc_buf_puts(&text, "0", &e));
	ok(mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
	    !genuine);
	ok(c.hash[0] == '\0');
}

/* A MAC has one spelling, for every other would be another challenge. */
static void
spellings(void)
{
	const struct mc_challenge_spec least = { 0 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_CHALLENGE c = { 0 };
	bool genuine;
	int letters = 0;
	char *mac;

	ok(mc_challenge_mint(&secret, &least, &text, &e));
	mac = (char *)text.data + text.len - 64;
	ok(strspn(mac, "0123456789abcdef") == 64);
	for (char *p = mac; *p; p++) {
		if (*p < 'a')
			continue;
		letters++;
		*p ^= 0x20;
		ok(mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
		    !genuine);
		*p ^= 0x20;
	}
	ok(letters > 0);
	for (char *p = mac; *p; p++)
		if (*p >= 'a')
			*p ^= 0x20;
	ok(mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
	    !genuine);
	ok(c.hash[0] == '\0');
}

/* Genuine, but no use: whoever has the secret is told. */
static void
nonsense(void)
{
	static const struct {
		const char *lines, *why;
	} rows[] = {
		{ "id=0123456789abcdef", "expires" },
		{ "expires=\nid=0123456789abcdef", "expires" },
		{ "expires=0\nid=0123456789abcdef", "expires" },
		{ "expires=-1\nid=0123456789abcdef", "expires" },
		{ "expires=12x\nid=0123456789abcdef", "expires" },
		{ "expires=99999999999999999999\nid=0123456789abcdef",
		    "expires" },
		{ "expires=2000000000", "id" },
		{ "expires=2000000000\nid=0123456789abcde", "id" },
		{ "expires=2000000000\nid=0123456789abcdef\nuses=0", "uses" },
		{ "expires=2000000000\nid=0123456789abcdef\nuses=1000001",
		    "uses" },
		{ "expires=2000000000\nid=0123456789abcdef\nuses=1\nuses=2",
		    "twice" },
		{ "expires=2000000000\nid=0123456789abcdef\nca=yes",
		    "unknown" },
		{ "expires=2000000000\nid=0123456789abcdef\nsubject",
		    "without" },
		{ "expires=2000000000\nid=0123456789abcdef\n\nuses=1",
		    "without" },
		{ "expires=2000000000\nid=0123456789abcdef\nsubject=CN",
		    "subject" },
		{ "expires=2000000000\nid=0123456789abcdef\nnames=x", "names" },
		{ "expires=2000000000\nid=0123456789abcdef\nowner=a b",
		    "owner" },
		{ "expires=2000000000\nid=0123456789abcdef\nprofile=a/b",
		    "profile" },
		{ "expires=2000000000\nid=0123456789abcdef\nuser=\x1b[",
		    "user" },
	};
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_CHALLENGE c = { 0 };
	bool genuine;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ok(forge(rows[i].lines, strlen(rows[i].lines), &text));
		ok(!mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
		    e.code == MC_MALFORMED && strstr(e.text, rows[i].why));
		printf("# %s\n", e.text);
	}
	/* a NUL would hide what follows it */
	ok(forge("expires=2000000000\nid=0123456789abcdef\0uses=9", 43, &text));
	ok(!mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
	    e.code == MC_MALFORMED);
	ok(c.hash[0] == '\0');
	ok(forge("expires=2000000000\nid=0123456789abcdef", 38, &text));
	ok(mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
	    genuine && c.expires == 2000000000);
	ok(forge("expires=2000000000\nid=0123456789abcdef\n", 39, &text));
	ok(mc_challenge_hmac_parse(&secret, &text, &c, &genuine, &e) &&
	    genuine);
}

/* What is not made in the first place. */
static void
limits(void)
{
	static const char long_subject[] =
	    "/O=A company with a name of some length/OU=And a department/"
	    "CN=And somebody in it/CN=who has another name";
	const struct {
		struct mc_challenge_spec spec;
		enum mc_code code;
	} rows[] = {
		{ { .ttl = -1 }, MC_USAGE },
		{ { .ttl = MC_DAY * 3651 }, MC_USAGE },
		{ { .uses = 1000001 }, MC_USAGE },
		{ { .owner = "" }, MC_USAGE },
		{ { .owner = "a b" }, MC_USAGE },
		{ { .user = "a\nb" }, MC_USAGE },
		{ { .profile = "" }, MC_USAGE },
		{ { .profile = "a b" }, MC_USAGE },
		{ { .profile = "**" }, MC_USAGE },
		{ { .subject = "x" }, MC_MALFORMED },
		{ { .names = "x" }, MC_MALFORMED },
		{ { .subject = long_subject }, MC_USAGE },
	};
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF text = MC_BUF_INIT, weak = MC_BUF_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ok(!mc_challenge_mint(&secret, &rows[i].spec, &text, &e) &&
		    e.code == rows[i].code);
		printf("# %s\n", e.text);
	}
	ok(mc_buf_puts(&weak, "0123456789abcde", &e));
	ok(!mc_challenge_mint(&weak, &rows[0].spec, &text, &e) &&
	    e.code == MC_USAGE);
	ok(text.len == 0);
}

int
main(void)
{
	struct mc_err e = MC_ERR_INIT;

	ok(mc_buf_puts(&secret, "0123456789abcdef", &e));
	there_and_back();
	altered();
	spellings();
	nonsense();
	limits();
	mc_buf_clear(&secret);
	ok(ERR_peek_error() == 0);
	return done();
}
