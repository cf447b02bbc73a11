/* SPDX-License-Identifier: ISC */
#include "profile/value_secret.h"

#include <string.h>
#include <strings.h>

static bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s);
	size_t m = strlen(end);

	return n >= m && strcasecmp(s + n - m, end) == 0;
}

bool
mc_value_is_password(const char *key)
{
	static const char *const ends[] = { "password", "passphrase",
		"sharedsecret", "clientsecret", "privatekey", NULL };
	static const char *const whole[] = { "Challenge", "PPK",
		"RegistrationToken", "PEMData", "secret", NULL };

	for (size_t i = 0; ends[i]; i++)
		if (ends_in(key, ends[i]))
			return true;
	for (size_t i = 0; whole[i]; i++)
		if (strcmp(key, whole[i]) == 0)
			return true;
	return false;
}

bool
mc_value_is_secret(const char *key)
{
	static const char *const parts[] = { "password", "passcode", "secret",
		"challenge", "passphrase", "token", "credential", "privatekey",
		NULL };

	for (size_t i = 0; parts[i]; i++)
		if (strcasestr(key, parts[i]))
			return true;
	return mc_value_is_password(key) || strcasecmp(key, "PIN") == 0;
}

bool
mc_value_path_is_secret(const struct mc_path *path)
{
	for (; path; path = path->up)
		if (path->key && mc_value_is_secret(path->key))
			return true;
	return false;
}
