/* SPDX-License-Identifier: ISC */
#include "device/device.h"

#include <stdlib.h>

#include "base/fd.h"
#include "base/text.h"
#include "crypto/cert.h"
#include "crypto/cms.h"
#include "crypto/key.h"
#include "crypto/trust.h"
#include "device/answer.h"
#include "device/exchange.h"
#include "device/factory.h"

#include "keys.h"
#include "tap.h"

static struct mc_err e;

static void
test_clean(void)
{
	char text[] = "a\033[2J\nb\x7f\xc2\x9b\xc3\xa5";

	mc_text_clean(text);
	/* a letter beyond ASCII stays */
	ok(strcmp(text, "a?[2J?b???\xc3\xa5") == 0);
}

static char said[2048];
static void
hear(const char *line)
{
	snprintf(said, sizeof(said), "%s", line);
}

static void
test_tell(void)
{
	struct mc_tell t = { .say = hear };
	char longer[2000];

	mc_tell(&t, "%s and %d", "x\r", 7);
	ok(strcmp(said, "x? and 7") == 0);
	memset(longer, 'y', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	mc_tell(&t, "%s", longer);
	ok(strlen(said) == 1023);
	t.say = NULL;
	mc_tell(&t, "unheard");
	ok(said[0] == 'y');
}

static void
test_url(void)
{
	AUTO_BUF b = MC_BUF_INIT;

	ok(mc_fetch_is_https("https://a"));
	ok(mc_fetch_is_https("HTTPS://a/b"));
	ok(!mc_fetch_is_https("http://a"));
	ok(!mc_fetch_is_https("https://"));
	ok(!mc_fetch_is_https("https:///a"));
	ok(!mc_fetch_is_https("https://?a"));
	ok(!mc_fetch_is_https(""));
	ok(mc_fetch_escape("aZ09-._~ +/=&%\xc3\xa5", &b, &e));
	ok(mc_buf_is(&b, "aZ09-._~%20%2B%2F%3D%26%25%C3%A5"));
}

static enum mc_code
meaning(long status, bool post)
{
	struct mc_buf body = MC_BUF_INIT;
	struct mc_fetch ask = { .url = "https://x",
		.body = post ? &body : NULL };
	struct mc_fetched f = { .status = status };
	struct mc_err why = MC_ERR_INIT;

	if (mc_exchange_check(&ask, &f, &why) != (why.code == MC_OK))
		return MC_INTERNAL;
	return why.code;
}

static void
test_status(void)
{
	ok(meaning(200, false) == MC_OK);
	ok(meaning(201, false) == MC_MALFORMED);
	ok(meaning(204, true) == MC_MALFORMED);
	ok(meaning(301, true) == MC_DENIED);
	ok(meaning(400, true) == MC_DENIED);
	ok(meaning(401, false) == MC_DENIED);
	ok(meaning(403, true) == MC_DENIED);
	ok(meaning(404, true) == MC_NOINPUT);
	ok(meaning(405, true) == MC_DENIED);
	ok(meaning(413, true) == MC_DENIED);
	ok(meaning(415, true) == MC_DENIED);
	ok(meaning(418, true) == MC_DENIED);
	ok(meaning(502, true) == MC_IO);
	ok(meaning(500, true) == MC_IO);
	ok(meaning(503, false) == MC_RETRY);
	ok(meaning(100, false) == MC_MALFORMED);
}

/* What is said of a page with this text. */
static const char *
said_of(const char *page, struct mc_err *why)
{
	struct mc_fetch ask = { .url = "https://x", .forbidden = "is it?" };
	AUTO_FETCHED f = { .status = 403 };

	*why = (struct mc_err)MC_ERR_INIT;
	if (!mc_buf_puts(&f.body, page, &e) || mc_exchange_check(&ask, &f, why))
		return "";
	return why->text;
}

static void
test_id(void)
{
#define NO "https://x: answered 403: the server does not allow this; is it?"
#define ID "8F0C2E1A-5B7D-4E31-9C43-0D6E21B7A955"
	struct mc_err why;

	ok(strcmp(said_of("", &why), NO) == 0);
	ok(strcmp(said_of(ID, &why), NO "; the server's id of it: " ID) == 0);
	ok(strcmp(said_of("<code>" ID "</code>", &why),
	       NO "; the server's id of it: " ID) == 0);
	ok(strcmp(said_of("8F0C2E1A-5B7D-4E31-9C43-0D6E21B7A95", &why), NO) ==
	    0);
	ok(strcmp(said_of("8F0C2E1A-5B7D-4E31-9C43-0D6E21B7A9\033[2J", &why),
	       NO) == 0);
#undef NO
#undef ID
}

static mc_plist *
strings(const char *const *s)
{
	mc_plist *a = mc_plist_new_array();

	for (; *s; s++)
		if (!mc_plist_append(a, mc_plist_new_str(*s)))
			return NULL;
	return a;
}

static void
test_attributes(void)
{
	AUTO(mc_plist) *has = NULL;
	AUTO(mc_plist) *other = NULL;
	AUTO(mc_plist) *wanted = strings((const char *const[]){
	    "VERSION", "IMEI", "UDID", "CHALLENGE", NULL });
	AUTO(mc_plist) *challenge = mc_plist_new_data("\0\xff", 2);
	AUTO(mc_plist) *back = NULL;
	AUTO_BUF xml = MC_BUF_INIT;
	const uint8_t *data;
	size_t n;

	ok(mc_device_attributes(NULL, &has, &e));
	ok(mc_device_attributes(NULL, &other, &e));
	ok(strcmp(mc_plist_get_str(has, "UDID"),
	       mc_plist_get_str(other, "UDID")) != 0);
	ok(strcmp(mc_plist_get_str(has, "SERIAL"),
	       mc_plist_get_str(other, "SERIAL")) != 0);
	ok(mc_answer_known("UserLongName"));
	ok(!mc_answer_known("CHALLENGE"));
	ok(!mc_answer_known("USER"));

	/* what it has not is passed over, and nobody can ask for CHALLENGE */
	ok(mc_plist_set(has, "CHALLENGE", mc_plist_new_str("mine")));
	ok(mc_answer_encode(has, wanted, NULL, &xml, &e));
	ok(mc_plist_parse(&xml, MC_PLIST_DEPTH_NET, &back, &e));
	ok(mc_plist_len(back) == 2);
	ok(key_is(back, 0, "UDID"));
	ok(strcmp(mc_plist_get_str(back, "UDID"),
	       mc_plist_get_str(has, "UDID")) == 0);

	mc_buf_clear(&xml);
	mc_plist_free(back);
	back = NULL;
	ok(mc_answer_encode(has, wanted, challenge, &xml, &e));
	ok(mc_plist_parse(&xml, MC_PLIST_DEPTH_NET, &back, &e));
	ok(mc_plist_data(mc_plist_get(back, "CHALLENGE"), &data, &n));
	ok(n == 2 && memcmp(data, "\0\xff", 2) == 0);
}

/* The message is what a server takes on the factory leg, and only there. */
static void
answer_holds(const char *dir, const struct mc_identity *id, enum mc_shape shape)
{
	AUTO_BUF xml = MC_BUF_INIT;
	AUTO_BUF cms = MC_BUF_INIT;
	AUTO_BUF content = MC_BUF_INIT;
	AUTO(mc_signed) *s = NULL;
	AUTO(mc_trust) *t = NULL;
	AUTO(mc_certs) *chain = NULL;

	ok(mc_buf_puts(&xml, "a\nb\r\n", &e));
	ok(mc_answer_sign(&xml, id, shape, &cms, &e));
	ok(cms.data[1] == (shape == MC_SHAPE_IOS6 ? 0x80 : 0x82));
	ok(mc_signed_parse(&cms, MC_GATE_STRICT, NULL, &s, &e));
	ok(strcmp(mc_signed_digest(s),
	       shape == MC_SHAPE_IOS6 ? "SHA1" : "SHA256") == 0);
	ok(sk_X509_num(mc_signed_bag(s)) == 3);
	ok(mc_trust_new(&t, &e) && mc_trust_device_load(t, dir, &e));
	ok(mc_trust_check(
	    t, mc_signed_signer(s), mc_signed_bag(s), 0, &chain, &e));
	ok(mc_signed_content(s, &content, &e));
	ok(mc_buf_is(&content, "a\nb\r\n"));
}

static void
test_factory(const char *dir)
{
	AUTO_BUF pins = MC_BUF_INIT;
	AUTO_BUF memory = MC_BUF_INIT;
	AUTO_IDENTITY now = { 0 };
	AUTO_IDENTITY old = { 0 };
	AUTO_IDENTITY again = { 0 };
	int64_t from, to;

	ok(mc_factory_make(dir, &pins, &e));
	e = (struct mc_err)MC_ERR_INIT;
	ok(!mc_factory_make(dir, &pins, &e) && e.code == MC_DENIED);
	ok(mc_path_join(dir, "memory", &memory, &e));
	ok(mc_device_factory(mc_buf_str(&memory), dir, 2048, &now, &e));
	ok(mc_cert_validity(now.cert, &from, &to, &e) && to == 1397606400);
	answer_holds(dir, &now, MC_SHAPE_CURRENT);
	ok(mc_factory_issue(dir, 1024, &old, &e));
	ok(EVP_PKEY_get_bits(old.key) == 1024);
	ok(!mc_key_equal(old.key, now.key));
	answer_holds(dir, &old, MC_SHAPE_IOS6);

	/* remembered: the factory is not asked again */
	ok(mc_device_factory(mc_buf_str(&memory), NULL, 2048, &again, &e));
	ok(mc_key_equal(now.key, again.key));
	ok(X509_cmp(now.cert, again.cert) == 0);
	ok(sk_X509_num(again.chain) == 2);
}

static void
test_memory(const char *dir)
{
	AUTO_IDENTITY id = { 0 };
	AUTO_ENROLLED m = { 0 };
	AUTO_BUF path = MC_BUF_INIT;
	AUTO(mc_plist) *names = strings(
	    (const char *const[]){ "UDID", "SERIAL", NULL });

	e = (struct mc_err)MC_ERR_INIT;
	ok(!mc_enrolled_load("/nonexistent", &m, &e) && e.code == MC_NOINPUT);
	ok(mc_factory_issue(dir, 2048, &id, &e));
	ok(mc_enrolled_save(NULL, "https://x/", names, &id, &e));
	ok(mc_enrolled_save(dir, "https://x/", names, &id, &e));
	ok(mc_enrolled_load(dir, &m, &e));
	ok(strcmp(m.url, "https://x/") == 0);
	ok(mc_plist_len(m.attributes) == 2);
	ok(mc_key_equal(m.id.key, id.key));
	mc_enrolled_clear(&m);

	/* a key that is another one's is noticed */
	ok(mc_path_join(dir, "device-ca.key", &path, &e));
	{
		AUTO_BUF key = MC_BUF_INIT;

		ok(mc_file_load(mc_buf_str(&path), &key, &e));
		ok(mc_path_join(dir, "identity.key", &path, &e));
		ok(mc_file_save(mc_buf_str(&path), &key, 0600, &e));
	}
	e = (struct mc_err)MC_ERR_INIT;
	ok(!mc_enrolled_load(dir, &m, &e) && e.code == MC_MALFORMED);
	ok(!m.url && !m.dict && !m.id.cert);
}

int
main(void)
{
	char dir[] = "/tmp/mc-device-XXXXXX";
	char command[64];

	ok(mkdtemp(dir) != NULL);
	test_clean();
	test_tell();
	test_url();
	test_status();
	test_id();
	test_attributes();
	test_factory(dir);
	test_memory(dir);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ok(system(command) == 0);
	return done();
}
