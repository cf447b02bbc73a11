/* SPDX-License-Identifier: ISC */
/* Variables that a server fills in, and text that only looks like some. */
#include "lint/parts.h"
#include "lint/variables.h"

#include "base/time.h"
#include "profile/value_secret.h"

#include "tap.h"

/* The variable found first; "" for none. */
static const char *
found(const char *s)
{
	static char text[64];
	const char *at;
	size_t n = mc_variable_find(s, &at);

	if ((n > 0) != (at != NULL))
		return "n and at differ";
	snprintf(text, sizeof(text), "%.*s", (int)n, at ? at : "");
	return text;
}

static bool
is(const char *s, const char *want)
{
	return strcmp(found(s), want) == 0;
}

static void
variables(void)
{
	ok(is("${user}", "${user}"));
	ok(is("a ${user.mail}@x", "${user.mail}"));
	ok(is("${HOME}", "") && is("${home}", "${home}"));
	ok(is("${}", "") && is("${1}", "") && is("${user", ""));
	ok(is("$FLEET_VAR_HOST_END_USER_IDP_USERNAME",
	    "$FLEET_VAR_HOST_END_USER_IDP_USERNAME"));
	ok(is("a $FLEET_VAR_", "") && is("$FLEET_SECRET_X", "$FLEET_SECRET_X"));
	ok(is("x$EMAIL.", "$EMAIL"));
	ok(is("$NETWORK_SSID", "$NETWORK_SSID") && is("$HOME", ""));
	ok(is("$NETWORK_SSID ", "") && is("$ABC", "") && is("$4711", ""));
	ok(is("my $EMAILS", "") && is("$email", "") && is("$5 and $10", ""));
	ok(is("$EXTENSIONATTRIBUTE_7", "$EXTENSIONATTRIBUTE_7"));
	ok(is("a $EXTENSIONATTRIBUTE", ""));
	ok(is("{{serialnumber}}", "{{serialnumber}}"));
	ok(is("{{ .User.Mail | lower }}", "{{ .User.Mail | lower }}"));
	ok(is("{{", "") && is("{{}}", "") && is("{{a", "") && is("{{a}", ""));
	ok(is("{\"a\":{\"b\":{}}}", "") && is("{{{a}}}", "{{a}}"));
	ok(is("<%= name %>", "<%= name %>") && is("<% name %>", ""));
	ok(is("{DeviceSerialNumber}", "{DeviceSerialNumber}"));
	ok(is("{2}", "") && is("{name}", ""));
}

static void
percents(void)
{
	ok(is("%SerialNumber%", "%SerialNumber%"));
	ok(is("cn=%ComputerName%,o=x", "%ComputerName%"));
	ok(is("%E2%80%93", "") && is("a%20b%20c", ""));
	ok(is("%C3%A9t%C3%A9", "") && is("%ABCdef%20", ""));
	ok(is("100% of 50%", "") && is("%d of %s", "") && is("%s%", ""));
	ok(is("%DeviceName%", "%DeviceName%"));
	ok(is("%%", "") && is("%", "") && is("%a", "") && is("%ab", ""));
}

static void
scripts(void)
{
	ok(is("#!/bin/sh\necho ${user}\n", ""));
	ok(is("echo $(id -un) ${user}", "") && is("a && ${b}", ""));
	ok(is("if [ ${a} ]; then b; fi", ""));
}

static void
native(void)
{
	const char *at;
	size_t n = mc_variable_find("%AD_ComputerID%", &at);

	ok(n > 0 && mc_variable_is_native(at, n));
	n = mc_variable_find("%Email%", &at);
	ok(n > 0 && !mc_variable_is_native(at, n));
	ok(!mc_variable_is_native("%%", 2));
}

static void
secrets(void)
{
	ok(mc_value_is_password("Password") &&
	    mc_value_is_password("UserPassword"));
	ok(mc_value_is_password("password") &&
	    mc_value_is_password("SharedSecret"));
	ok(mc_value_is_password("Challenge") && mc_value_is_password("PPK"));
	ok(mc_value_is_secret("Token") && !mc_value_is_password("Token"));
	ok(mc_value_is_secret("PPK") && mc_value_is_secret("PEMData"));
	ok(mc_value_is_secret("MyPrivateKey") && mc_value_is_secret("pin"));
	ok(!mc_value_is_secret("SSID_STR") && !mc_value_is_secret("Pinned"));
	ok(!mc_value_is_password("XAuthPasswordEncryption"));
	ok(!mc_value_is_password("allowPasswordAutoFill"));
	ok(!mc_value_is_password("ChallengeType") && !mc_value_is_password(""));
}

/* What is inside of a secret is one, and what is beside it is not. */
static void
secret_places(void)
{
	const struct mc_path top = { NULL, "PayloadContent", 0 };
	const struct mc_path item = { &top, NULL, 3 };
	const struct mc_path key = { &item, "Passwords", 0 };
	const struct mc_path in = { &key, NULL, 0 };
	const struct mc_path deep = { &in, "value", 0 };

	ok(!mc_value_path_is_secret(NULL) && !mc_value_path_is_secret(&item));
	ok(mc_value_path_is_secret(&key) && mc_value_path_is_secret(&in));
	ok(mc_value_path_is_secret(&deep));
}

static bool
span(int64_t t, int64_t now, const char *want)
{
	char text[MC_SPAN_TEXT];

	return strcmp(mc_lint_span(t, now, text), want) == 0;
}

static void
spans(void)
{
	ok(span(100, 100, "0 seconds ago") && span(101, 100, "in 1 second"));
	ok(span(0, MC_DAY, "1 day ago") && span(0, 2 * MC_DAY, "2 days ago"));
	ok(span(MC_DAY - 1, 0, "in 23 hours") && span(60, 0, "in 1 minute"));
	ok(span(0, 395 * MC_DAY, "395 days ago"));
	ok(span(3 * 365 * MC_DAY, 0, "in 3 years"));
	ok(span(INT64_MIN / 2, INT64_MAX / 2, "292471208677 years ago"));
}

int
main(void)
{
	variables();
	percents();
	scripts();
	native();
	secrets();
	secret_places();
	spans();
	return done();
}
