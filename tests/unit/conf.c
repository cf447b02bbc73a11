/* SPDX-License-Identifier: ISC */
#include "ca/conf.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "ca/conf_table.h"
#include "crypto/ossl.h"
#include "tap.h"

static bool
parse(const char *text, struct mc_ca_conf **c, struct mc_err *e)
{
	AUTO_BUF b = MC_BUF_INIT;

	*c = NULL;
	*e = (struct mc_err)MC_ERR_INIT;
	return mc_buf_puts(&b, text, e) &&
	    mc_ca_conf_parse(&b, "ca.conf", c, e);
}

/* It is refused with just these words. */
static bool
says(const char *text, const char *want)
{
	AUTO(mc_ca_conf) *c = NULL;
	struct mc_err e;

	if (!parse(text, &c, &e) && e.code == MC_USAGE && !c &&
	    strcmp(e.text, want) == 0)
		return true;
	printf("# %s\n# %s\n", want, e.text);
	return false;
}

static bool
takes(const char *text)
{
	AUTO(mc_ca_conf) *c = NULL;
	struct mc_err e;

	if (parse(text, &c, &e))
		return true;
	printf("# %s\n", e.text);
	return false;
}

static bool
encodes(const char *text, struct mc_buf *out)
{
	AUTO(mc_ca_conf) *c = NULL;
	struct mc_err e;

	mc_buf_clear(out);
	return parse(text, &c, &e) && mc_ca_conf_encode(c, out, &e);
}

/* What is printed says the same again, to the byte. */
static bool
returns(const char *text)
{
	AUTO_BUF a = MC_BUF_INIT;
	AUTO_BUF b = MC_BUF_INIT;

	return encodes(text, &a) && encodes(mc_buf_str(&a), &b) &&
	    mc_buf_is(&b, mc_buf_str(&a));
}

static void
without_a_file_there_are_defaults(void)
{
	AUTO(mc_ca_conf) *c = NULL;
	const struct mc_ca_profile *p;
	struct mc_err e = MC_ERR_INIT;

	ok(mc_ca_conf_load("/nowhere", &c, &e));
	ok(c && c->n == 1 && e.code == MC_OK);
	p = mc_ca_conf_profile_find(c, NULL);
	ok(p == &c->profile[0] && strcmp(p->name, "default") == 0);
	ok(p == mc_ca_conf_profile_find(c, "default"));
	ok(!mc_ca_conf_profile_find(c, "wifi"));
	ok(p->accept == MC_ACCEPT_CHALLENGE && !p->hmac_secret && !p->hold);
	ok(p->subject == MC_SUBJECT_CHALLENGE && p->names == MC_FROM_CHALLENGE);
	ok(p->keys == MC_KEYS_ANY && p->rsa_min == 2048 && p->rsa_max == 4096);
	ok(p->lifetime == 365 * MC_DAY && p->backdate == MC_HOUR);
	ok(p->key_usage == (KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT));
	ok(strcmp(p->eku.v[0], "clientAuth") == 0 && !p->eku.v[1]);
	ok(!p->crl_url.v[0] && !p->ocsp_url.v[0] && !p->issuer_url.v[0]);
	ok(p->renew && p->renew_window == 0 && p->renew_same_key);
	ok(!p->revoke_replaced && p->reply == MC_REPLY_LEAF);
	ok(p->order == MC_ORDER_RA && p->sha1 && p->des3 && !p->insecure);
	ok(p->short_nonces && p->clock_skew == 0);
	ok(c->crl_lifetime == 7 * MC_DAY && c->ocsp_lifetime == MC_HOUR);
	ok(c->pending_lifetime == 30 * MC_DAY && c->program_seconds == 30);
	ok(c->pending_limit == 20);
	ok(c->budget.failures == 20 && c->budget.window == 600);
	ok(c->challenge_failures == 10 && !c->ca_key && !c->ocsp_passphrase);
	ok(mc_ca_conf_check(c, "ca.conf", &e));
}

static const char big[] =
    "# our CA\r\n"
    "ca-key = pkcs11:token=ca;object=key\r\n"
    "ca-passphrase = file:/etc/pin\n"
    "crl-lifetime = 36h\n"
    "failures = 0\n"
    "challenge-failures = 3\n"
    "program-timeout = 5\n"
    "accept = hmac program challenge\n"
    "hmac-secret = file:hmac.secret\n"
    "decide = /usr/local/bin/decide --strict\n"
    "lifetime = 90d\n"
    "crl-url = http://ca.example.com/ca.crl\tldap:///cn=x\n"
    "des3 = no\n"
    "\n"
    "  [ profile  wifi ]  \n"
    "subject = impose\n"
    "renew-max = 0\n"
    "subject-match = /O=ACME Inc./CN=*\n"
    "names = request\n"
    "names-match = dns:*.example.com  ip:10.0.0.*\n"
    "accept = approval\n"
    "decide = none\n"
    "keys = ec\n"
    "backdate = 0\n"
    "key-usage = digitalSignature keyAgreement\n"
    "extended-key-usage = clientAuth 1.3.6.1.4.1.311.20.2.2\n"
    "[profile vpn]\n"
    "renew = no\n"
    "crl-url = none\n"
    "ca-certs = chain\n"
    "reply = chain\n"
    "hold = yes\n"
    "clock-skew = 1h\n";

static void
profiles_inherit(void)
{
	AUTO(mc_ca_conf) *c = NULL;
	const struct mc_ca_profile *d;
	const struct mc_ca_profile *w;
	const struct mc_ca_profile *v;
	struct mc_err e;

	ok(parse(big, &c, &e));
	ok(c && c->n == 3);
	d = mc_ca_conf_profile_find(c, NULL);
	w = mc_ca_conf_profile_find(c, "wifi");
	v = mc_ca_conf_profile_find(c, "vpn");
	ok(d && w && v && d != w && w != v);
	ok(strcmp(c->ca_key, "pkcs11:token=ca;object=key") == 0);
	ok(strcmp(c->ca_passphrase, "file:/etc/pin") == 0);
	ok(c->crl_lifetime == 36 * MC_HOUR && c->budget.failures == 0);
	ok(c->challenge_failures == 3 && c->program_seconds == 5);
	ok(d->accept ==
	    (MC_ACCEPT_HMAC | MC_ACCEPT_PROGRAM | MC_ACCEPT_CHALLENGE));
	ok(strcmp(d->decide.v[1], "--strict") == 0 && !d->decide.v[2]);
	ok(strcmp(d->crl_url.v[1], "ldap:///cn=x") == 0 && !d->crl_url.v[2]);
	ok(w->accept == MC_ACCEPT_APPROVAL && !w->decide.v[0]);
	ok(strcmp(w->hmac_secret, "file:hmac.secret") == 0);
	ok(strcmp(w->subject_match, "/O=ACME Inc./CN=*") == 0);
	ok(strcmp(w->names_match, "dns:*.example.com  ip:10.0.0.*") == 0);
	ok(w->subject == MC_SUBJECT_IMPOSE && w->renew_max == 0 &&
	    d->renew_max == 3);
	ok(w->keys == MC_KEYS_EC && w->backdate == 0);
	ok(w->key_usage == (KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT));
	ok(strcmp(w->eku.v[1], "1.3.6.1.4.1.311.20.2.2") == 0);
	ok(w->lifetime == 90 * MC_DAY && !w->des3 && w->sha1);
	ok(strcmp(w->crl_url.v[0], "http://ca.example.com/ca.crl") == 0);
	/* the one after it does not inherit from it */
	ok(v->subject == MC_SUBJECT_CHALLENGE && !v->subject_match);
	ok(v->accept == d->accept && v->decide.v[0] && v->backdate == MC_HOUR);
	ok(!v->renew && !v->crl_url.v[0] && v->order == MC_ORDER_CHAIN);
	ok(v->reply == MC_REPLY_CHAIN && v->hold && v->clock_skew == MC_HOUR);
	ok(d->renew && !d->hold);
}

static void
what_is_printed_says_the_same(void)
{
	AUTO_BUF b = MC_BUF_INIT;

	ok(returns(""));
	ok(returns(big));
	ok(encodes("crl-lifetime = 36h\nprogram-timeout = 90\n"
		   "[profile a]\nlifetime = 730d\nkey-usage = none\n",
	    &b));
	ok(strstr(mc_buf_str(&b), "crl-lifetime = 36h\n") != NULL);
	ok(strstr(mc_buf_str(&b), "program-timeout = 90s\n") != NULL);
	ok(strstr(mc_buf_str(&b), "\n[profile a]\n") != NULL);
	ok(strstr(mc_buf_str(&b), "lifetime = 2y\n") != NULL);
	ok(strstr(mc_buf_str(&b), "key-usage = none\n") != NULL);
	ok(strstr(mc_buf_str(&b), "ca-certs = ra-first\n") != NULL);
	ok(strstr(mc_buf_str(&b), "clock-skew = 0\n") != NULL);
	/* files that are not said have no line, secrets have */
	ok(strstr(mc_buf_str(&b), "ca-key") == NULL);
	ok(strstr(mc_buf_str(&b), "ca-passphrase = none\n") != NULL);
}

static void
sections_are_what_they_say(void)
{
	ok(says("lifetime = 1y\n[wifi]\n", "ca.conf:2: want [profile NAME]"));
	ok(says("[profile]", "ca.conf:1: want [profile NAME]"));
	ok(says("[profile ]", "ca.conf:1: want [profile NAME]"));
	ok(says("[profilex y]", "ca.conf:1: want [profile NAME]"));
	ok(says("[profile a b]", "ca.conf:1: want [profile NAME]"));
	ok(says("[profile a", "ca.conf:1: want [profile NAME]"));
	ok(says("[profile a] b", "ca.conf:1: want [profile NAME]"));
	ok(says("\n\n[profile a.b]\n",
	    "ca.conf:3: profile a.b: a name is letters, digits and dashes"));
	ok(says("[profile a]\n#\n[profile a]\n",
	    "ca.conf:3: profile a: is there twice"));
	ok(says("[profile default]\n",
	    "ca.conf:1: profile default: is what stands before the first "
	    "[profile]: write it there"));
	ok(says("[profile abcdefghijklmnopqrstuvwxyz0123456]\n",
	    "ca.conf:1: profile abcdefghijklmnopqrstuvwxyz0123456...: a name "
	    "has 32 characters at most"));
	ok(takes("[profile abcdefghijklmnopqrstuvwxyz012345]\n"));
	ok(says("[profile a]\n\nca-key = x\n",
	    "ca.conf:3: ca-key: is the whole CA's: write it before the first "
	    "[profile]"));
	ok(says("[profile a]\nkeys = ec\nkeys = ec\n",
	    "ca.conf:3: keys: is there twice"));
	ok(takes("keys = ec\n[profile a]\nkeys = ec\n[profile b]\r\n"));
}

static void
there_is_a_limit_to_profiles(void)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool good = true;

	for (int i = 1; i < MC_CA_PROFILES; i++)
		good = good && mc_buf_printf(&b, &e, "[profile p%d]\n", i);
	ok(good && takes(mc_buf_str(&b)) && returns(mc_buf_str(&b)));
	ok(mc_buf_puts(&b, "[profile more]\n", &e) &&
	    says(mc_buf_str(&b), "ca.conf:32: more than 31 profiles"));
}

static void
settings_are_checked_one_by_one(void)
{
	ok(says("a\n", "ca.conf:1: want NAME = VALUE"));
	ok(says("accpet = challenge",
	    "ca.conf:1: accpet: no such setting; did you mean accept?"));
	ok(says("colour = red", "ca.conf:1: colour: no such setting"));
	ok(says("accept =", "ca.conf:1: accept: is empty"));
	ok(says("accept = none",
	    "ca.conf:1: accept: none: no such word; there are challenge hmac "
	    "program approval"));
	ok(says("\naccept = chalenge",
	    "ca.conf:2: accept: chalenge: no such word; did you mean "
	    "challenge?"));
	ok(says(
	    "accept = hmac hmac", "ca.conf:1: accept: hmac: is there twice"));
	ok(says("hold = true", "ca.conf:1: hold: want yes or no"));
	ok(says("subject = csr",
	    "ca.conf:1: subject: want one of challenge|impose|none, not "
	    "csr"));
	ok(says("failures = -1", "ca.conf:1: failures: not a number: -1"));
	ok(says("lifetime = 0",
	    "ca.conf:1: lifetime: want a time like 90s, 15m, 1h, 2d or 1y, "
	    "not 0"));
	ok(says("lifetime = 101y",
	    "ca.conf:1: lifetime: 101y: want a time of 1s to 100y"));
	ok(says("clock-skew = 1w",
	    "ca.conf:1: clock-skew: want a time like 90s, 15m, 1h, 2d or 1y, "
	    "or 0, not 1w"));
	ok(says("crl-lifetime = 30s",
	    "ca.conf:1: crl-lifetime: 30s: want a time of 1m to 1y"));
	ok(says("ca-passphrase = hunter2",
	    "ca.conf:1: ca-passphrase: want file:PATH, env:NAME or fd:N, not "
	    "the secret itself"));
	ok(says("ca-passphrase = fd:x",
	    "ca.conf:1: ca-passphrase: want file:PATH, env:NAME or fd:N, not "
	    "the secret itself"));
	ok(takes("ca-passphrase = env:PIN\nra-passphrase = fd:3"));
	ok(says("notify = bin/x y",
	    "ca.conf:1: notify: bin/x: want a program's whole path, from the "
	    "/ on, or its name alone"));
	ok(says("notify = a b c d e f g h i j k l m n o p q",
	    "ca.conf:1: notify: more than 16 words"));
	ok(takes("notify = a a c d e f g h i j k l m n o p"));
}

static void
usages_are_words_that_we_know(void)
{
	ok(says("key-usage = digitalSignatur",
	    "ca.conf:1: key-usage: digitalSignatur: no such word; did you mean "
	    "digitalSignature?"));
	ok(says("key-usage = digitalSignature keyCertSign",
	    "ca.conf:1: key-usage: keyCertSign: is for CAs, and nobody enrols "
	    "for one"));
	ok(says("key-usage = keyEncipherment",
	    "ca.conf:1: key-usage: leaves nothing for an EC key: add "
	    "digitalSignature, or say keys = rsa"));
	ok(takes("key-usage = keyEncipherment\nkeys = rsa"));
	ok(says("keys = rsa\nkey-usage = keyEncipherment\n[profile a]\n"
		"keys = any\n",
	    "ca.conf:4: key-usage: leaves nothing for an EC key: add "
	    "digitalSignature, or say keys = rsa"));
	ok(says("key-usage = digitalSignature encipherOnly",
	    "ca.conf:1: key-usage: encipherOnly and decipherOnly mean nothing "
	    "without keyAgreement"));
	ok(says("key-usage = keyAgreement encipherOnly decipherOnly",
	    "ca.conf:1: key-usage: encipherOnly and decipherOnly exclude each "
	    "other"));
	ok(says("extended-key-usage = clientauth",
	    "ca.conf:1: extended-key-usage: clientauth: no such word; did you "
	    "mean clientAuth?"));
	ok(says("extended-key-usage = CN",
	    "ca.conf:1: extended-key-usage: CN: no such word"));
	ok(says("extended-key-usage = 1.3.6.1.",
	    "ca.conf:1: extended-key-usage: 1.3.6.1.: want a purpose's name, "
	    "like clientAuth, or its dotted OID"));
	ok(says("extended-key-usage = OCSPSigning",
	    "ca.conf:1: extended-key-usage: OCSPSigning: is for the CA's own "
	    "responder: who has it can say that a revoked certificate is "
	    "good"));
	ok(says("extended-key-usage = 1.3.6.1.5.5.7.3.9",
	    "ca.conf:1: extended-key-usage: 1.3.6.1.5.5.7.3.9: is for the "
	    "CA's own responder: who has it can say that a revoked "
	    "certificate is good"));
	ok(says("extended-key-usage = serverAuth serverAuth",
	    "ca.conf:1: extended-key-usage: serverAuth: is there twice"));
	ok(takes("extended-key-usage = none"));
}

static void
purposes_are_openssls(void)
{
	AUTO(mc_ca_conf) *c = NULL;
	struct mc_err e;

	ok(parse("extended-key-usage = serverAuth clientAuth codeSigning "
		 "emailProtection timeStamping ipsecEndSystem ipsecTunnel "
		 "ipsecUser ipsecIKE msSmartcardLogin msEFS pkInitClientAuth "
		 "pkInitKDC secureShellClient secureShellServer "
		 "anyExtendedKeyUsage\n",
	    &c, &e));
	ok(mc_ca_conf_check(c, "ca.conf", &e));
}

static void
urls_are_urls(void)
{
	ok(says("crl-url = ca.example.com/crl",
	    "ca.conf:1: crl-url: ca.example.com/crl: want http:// or https:// "
	    "or ldap:// and a host"));
	ok(says("ocsp-url = ldap://a/",
	    "ca.conf:1: ocsp-url: ldap://a/: want http:// or https:// and a "
	    "host"));
	ok(says("crl-url = http:///x",
	    "ca.conf:1: crl-url: http:///x: want http:// or https:// or "
	    "ldap:// and a host"));
	ok(says("issuer-url = http://a/\xc3\xa4",
	    "ca.conf:1: issuer-url: a URL is printable ASCII; write the rest "
	    "as %XX"));
	ok(says("crl-url = http://a/ http://b/ http://a/",
	    "ca.conf:1: crl-url: http://a/: is there twice"));
	ok(takes("crl-url = http://a/ https://b/ ldap://c/\n"
		 "ocsp-url = http://a:8080/ocsp\nissuer-url = none"));
}

static void
patterns_are_well_formed(void)
{
	ok(says("subject-match = CN=*",
	    "ca.conf:1: subject-match: \"CN=*\": a name begins with a slash, "
	    "/CN=Alice"));
	ok(says("subject-match = /CN=*/XY=*",
	    "ca.conf:1: subject-match: \"XY\": no such name type"));
	ok(says("subject-match = /O=/CN=*",
	    "ca.conf:1: subject-match: O: is empty; write O=* for any"));
	ok(takes("subject-match = /C=*/O=ACME Inc./OU=a*b/CN=*/"
		 "serialNumber=*/emailAddress=*/DC=*/2.5.4.97=*"));
	ok(says("names-match = *.example.com",
	    "ca.conf:1: names-match: \"*.example.com\": want dns:, email:, "
	    "uri:, "
	    "ip: or upn: and a pattern"));
	ok(says("names-match = dns:a email:",
	    "ca.conf:1: names-match: \"email:\": want dns:, email:, uri:, ip: "
	    "or "
	    "upn: and a pattern"));
	ok(takes("names-match = dns:*.a email:*@a uri:https://* ip:* upn:*@a"));
}

static void
settings_are_checked_against_each_other(void)
{
	ok(says("\naccept = hmac\n",
	    "ca.conf:2: accept: hmac needs the secret: hmac-secret = "
	    "file:PATH"));
	ok(says("accept = hmac\nhmac-secret = file:/x\n[profile a]\n"
		"hmac-secret = none\n",
	    "ca.conf:4: accept: hmac needs the secret: hmac-secret = "
	    "file:PATH"));
	ok(says("accept = program",
	    "ca.conf:1: accept: program needs the program: decide = PATH"));
	ok(says("hmac-secret = file:/x\n[profile a]\n",
	    "ca.conf:1: hmac-secret: no profile has a use for it: say accept "
	    "= hmac, or leave it out"));
	ok(takes("hmac-secret = file:/x\n[profile a]\naccept = hmac"));
	ok(says("[profile a]\ndecide = /x\n",
	    "ca.conf:2: decide: no profile has a use for it: say accept = "
	    "program, or leave it out"));
	ok(says("rsa-min = 1023", "ca.conf:1: rsa-min: want 1024 to 4096"));
	ok(says("rsa-max = 8192", "ca.conf:1: rsa-max: want 1024 to 4096"));
	ok(says("rsa-max = 3072\n[profile a]\nrsa-min = 4096\n",
	    "ca.conf:3: rsa-min: is 4096, and rsa-max 3072: no RSA key would "
	    "do"));
	ok(takes("rsa-min = 1024\nrsa-max = 1024"));
	ok(says("subject = none\nnames = none",
	    "ca.conf:2: subject: a certificate without subject needs names"));
	ok(takes("subject = none\nnames = request"));
}

static void
bytes_that_are_no_text_are_refused(void)
{
	AUTO_BUF b = MC_BUF_INIT;
	AUTO(mc_ca_conf) *c = NULL;
	struct mc_err e = MC_ERR_INIT;

	ok(says("\n# \xff\n", "ca.conf:2: is not UTF-8"));
	ok(says(
	    "crl-url = http://a/\x01", "ca.conf:1: holds a control character"));
	ok(says("keys = ec\rrsa\n", "ca.conf:1: holds a control character"));
	ok(mc_buf_add(&b, "keys = ec\n\0x", 12, &e));
	ok(!mc_ca_conf_parse(&b, "ca.conf", &c, &e) && !c);
	ok(strcmp(e.text, "ca.conf:2: holds a NUL") == 0);
}

static bool
put(const char *path, const char *text, mode_t mode)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_buf_puts(&b, text, &e) && mc_file_save(path, &b, mode, &e);
}

static char dir[] = "/tmp/conf-XXXXXX";

/* What check-config says of this file in dir; NULL: nothing.  %s is dir. */
static bool
finds(const char *text, enum mc_code code, const char *want)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF words = MC_BUF_INIT;
	AUTO(mc_ca_conf) *c = NULL;
	struct mc_err e = MC_ERR_INIT;
	bool done;

	if (!mc_path_join(dir, "ca.conf", &path, &e) ||
	    !put(mc_buf_str(&path), text, 0600) ||
	    (want && !mc_buf_printf(&words, &e, want, dir, dir)))
		return false;
	done = mc_ca_conf_load(dir, &c, &e) &&
	    mc_ca_conf_check(c, "ca.conf", &e);
	if (done == !want && e.code == code &&
	    mc_buf_is(&words, want ? e.text : ""))
		return true;
	printf("# %s\n", e.text);
	return false;
}

static void
the_machine_is_looked_at(void)
{
	static const char hmac[] = "accept = hmac\nhmac-secret = file:h\n";
	char path[64];

	ok(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/h", dir);
	ok(put(path, "0123456789abcdef\n", 0600));
	ok(finds(hmac, MC_OK, NULL));
	ok(chmod(path, 0644) == 0);
	ok(finds(hmac, MC_USAGE,
	    "ca.conf: profile default: hmac-secret: file:%s/h: is for others "
	    "to read: chmod o= %s/h"));
	ok(put(path, "0123456789abcde\n", 0600));
	ok(finds(hmac, MC_USAGE,
	    "ca.conf: profile default: hmac-secret: file:%s/h: want 16 bytes "
	    "or more, as \"openssl rand -hex 32\" makes"));
	ok(finds("ra-passphrase = file:h\n", MC_OK, NULL));
	ok(finds("notify = /bin/true x\n", MC_OK, NULL));
	ok(finds("notify = true\n", MC_OK, NULL));
	ok(finds("notify = /bin\n", MC_USAGE,
	    "ca.conf: profile default: notify: /bin: no such program that we "
	    "may run"));
	ok(finds("[profile a]\nnotify = nowhere-at-all\n", MC_USAGE,
	    "ca.conf: profile a: notify: nowhere-at-all: no such program that "
	    "we may run"));
	ok(finds("ra-passphrase = env:NOT_THERE\n", MC_OK, NULL));
	ok(unlink(path) == 0);
	ok(finds("ra-passphrase = file:h\n", MC_NOINPUT,
	    "ca.conf: ra-passphrase: %s/h: No such file or directory"));
	snprintf(path, sizeof(path), "%s/ca.conf", dir);
	ok(unlink(path) == 0 && rmdir(dir) == 0);
}

int
main(void)
{
	without_a_file_there_are_defaults();
	profiles_inherit();
	what_is_printed_says_the_same();
	sections_are_what_they_say();
	there_is_a_limit_to_profiles();
	settings_are_checked_one_by_one();
	usages_are_words_that_we_know();
	purposes_are_openssls();
	urls_are_urls();
	patterns_are_well_formed();
	settings_are_checked_against_each_other();
	bytes_that_are_no_text_are_refused();
	the_machine_is_looked_at();
	return done();
}
