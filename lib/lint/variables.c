/* SPDX-License-Identifier: ISC */
#include "lint/variables.h"
#include "lint/parts.h"

#include <ctype.h>

static size_t
name_length(const char *s)
{
	size_t n = 0;

	if (!isalpha((unsigned char)s[0]) && s[0] != '_')
		return 0;
	while (isalnum((unsigned char)s[n]) || (s[n] && strchr("_.-:", s[n])))
		n++;
	return n;
}

/* The name at s is one of these, whole; their case counts. */
static bool
is_name_of(const char *s, size_t n, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == n && strncmp(s, *list, n) == 0)
			return true;
	return false;
}

/* "${name}"; the shell's own variables are left to shells. */
static size_t
dollar_brace(const char *s)
{
	static const char *const shell[] = { "HOME", "PATH", "USER", "LOGNAME",
		"SHELL", "PWD", "OLDPWD", "TMPDIR", "LANG", "IFS", "UID",
		"EUID", NULL };
	size_t n = name_length(s + 2);

	if (n == 0 || s[2 + n] != '}' || is_name_of(s + 2, n, shell))
		return 0;
	return n + 3;
}

/* "$USERNAME": only words that management systems are known to fill in. */
static size_t
dollar_word(const char *s)
{
	static const char *const words[] = { "USERNAME", "FULLNAME",
		"FULL_NAME", "REALNAME", "EMAIL", "EMAILADDRESS", "PHONE",
		"POSITION", "DEPARTMENT", "BUILDING", "ROOM", "DEVICENAME",
		"DEVICE_NAME", "DEVICE_ID", "DEVICESERIAL", "SERIALNUMBER",
		"SERIAL_NUMBER", "UDID", "ASSET_TAG", "ASSETTAG", "MACADDRESS",
		"SITEID", "SITENAME", "JSSID", "JSSURL", "MANAGEMENTID",
		"PROFILE_UUID", "PROFILEIDENTIFIER", "PAYLOAD_UUID",
		"PROFILE_IDENTIFIER", "PAYLOAD_IDENTIFIER", "OWNEREMAIL",
		"OWNERUSERNAME", "JAMF_USERNAME", NULL };
	static const char *const begins[] = { "FLEET_VAR_", "FLEET_SECRET_",
		"EXTENSIONATTRIBUTE_" };
	size_t n = 0;

	while (isalnum((unsigned char)s[1 + n]) || s[1 + n] == '_')
		n++;
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (strncmp(s + 1, begins[i], strlen(begins[i])) == 0 &&
		    n > strlen(begins[i]))
			return n + 1;
	return is_name_of(s + 1, n, words) ? n + 1 : 0;
}

/* "$ANY_WORD" that is all of a value: nobody calls a thing so. */
static size_t
whole_word(const char *s)
{
	static const char *const shell[] = { "HOME", "PATH", "USER", "LOGNAME",
		"SHELL", "TMPDIR", NULL };
	size_t n = strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	if (n < 4 || s[1 + n] || !isupper((unsigned char)s[1]) ||
	    is_name_of(s + 1, n, shell))
		return 0;
	return n + 1;
}

/* From "{{" or "<%=" to its end on the same line, with a name inside. */
static size_t
between(const char *s, const char *begin, const char *end)
{
	size_t n = strlen(begin);
	size_t name;

	if (strncmp(s, begin, n) != 0)
		return 0;
	while (s[n] == ' ')
		n++;
	/* Go's templates have a dot first */
	if (s[n] == '.' || s[n] == '@' || s[n] == '$')
		n++;
	name = name_length(s + n);
	if (name == 0)
		return 0;
	n += name;
	while (
	    s[n] && s[n] != '\n' && s[n] != '{' && s[n] != '}' && s[n] != '%')
		n++;
	return strncmp(s + n, end, strlen(end)) == 0 ? n + strlen(end) : 0;
}

static bool
is_hex2(const char *s)
{
	return isxdigit((unsigned char)s[0]) && isxdigit((unsigned char)s[1]);
}

/*
 * "%SerialNumber%".  In "%E2abc%20" both percents are a URL's; "100%of%" has a
 * digit before the first.
 */
static size_t
percent(const char *whole, const char *s)
{
	size_t n = 0;

	if (!isalpha((unsigned char)s[1]) ||
	    (s > whole && isalnum((unsigned char)s[-1]) && is_hex2(s + 1)))
		return 0;
	while (isalnum((unsigned char)s[1 + n]) || s[1 + n] == '_')
		n++;
	if (n < 3 || s[1 + n] != '%' || (is_hex2(s + 1) && is_hex2(s + 2 + n)))
		return 0;
	return n + 2;
}

/* "{DeviceSerialNumber}": of one system, and a closed list. */
static size_t
brace_word(const char *s)
{
	static const char *const words[] = { "EnrollmentUser", "EmailAddress",
		"EmailDomain", "EmailUserName", "DeviceSerialNumber",
		"DeviceUid", "DeviceWLANMac", "UserPrincipalName", "FirstName",
		"LastName", "DeviceFriendlyName", "DeviceAssetNumber", NULL };
	size_t n = name_length(s + 1);

	return n > 0 && s[1 + n] == '}' && is_name_of(s + 1, n, words) ? n + 2
								       : 0;
}

static size_t
at_dollar(const char *s)
{
	return s[1] == '{' ? dollar_brace(s) : dollar_word(s);
}

static size_t
at_brace(const char *s)
{
	return s[1] == '{' ? between(s, "{{", "}}") : brace_word(s);
}

/* A script's own variables are nobody's to fill in. */
static bool
is_script(const char *s)
{
	static const char *const signs[] = { "#!", "$(", "`", " && ", " || ",
		"; do", "; then", "function ", NULL };

	for (const char *const *sign = signs; *sign; sign++)
		if (strstr(s, *sign))
			return true;
	return false;
}

size_t
mc_variable_find(const char *s, const char **at)
{
	const char *p = s + strcspn(s, "$%{<");

	*at = NULL;
	if (!*p || is_script(s))
		return 0;
	if (p == s && *p == '$' && whole_word(s) > 0) {
		*at = s;
		return whole_word(s);
	}
	for (; *p; p += 1 + strcspn(p + 1, "$%{<")) {
		size_t n = *p == '$' ? at_dollar(p)
		    : *p == '%'      ? percent(s, p)
		    : *p == '{'      ? at_brace(p)
				     : between(p, "<%=", "%>");

		if (n > 0) {
			*at = p;
			return n;
		}
	}
	return 0;
}

bool
mc_variable_is_native(const char *at, size_t n)
{
	static const char *const names[] = { "ComputerName", "HardwareUUID",
		"HostName", "LocalHostName", "MACAddress", "SerialNumber",
		"AD_ComputerID", "AD_Domain", "AD_DomainForestName",
		"AD_DomainGuid", "AD_DomainNameDns", "AD_DomainNameFlat",
		"AD_KerberosID", NULL };

	return n > 2 && at[0] == '%' && is_name_of(at + 1, n - 2, names);
}
