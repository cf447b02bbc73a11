/* SPDX-License-Identifier: ISC */
/*
 * What is known of Apple's reader is from the source of CFPropertyList that
 * Apple has published.
 */
#include "plist/loose.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "plist/scalar.h"

static const char blanks[] = " \t\r\n\f\v";
static const char digits[] = "0123456789";
static const char hex_digits[] = "0123456789abcdefABCDEF";

/* Blanks behind a value: no device takes them. */
static bool
ends(const char *s, enum mc_fault *fault)
{
	if (!*s)
		return true;
	*fault = MC_FAULT_VALUE;
	return !s[strspn(s, blanks)];
}

/* [blanks][+-][blanks](0x)digits, up to 64 bits without a sign. */
static mc_plist *
integer(const char *s, enum mc_fault *fault)
{
	bool negative;
	bool hex;
	size_t n;
	unsigned long long v;

	*fault = MC_FAULT_BLANKS;
	s += strspn(s, blanks);
	negative = *s == '-';
	s += *s == '-' || *s == '+';
	s += strspn(s, blanks);
	hex = strncasecmp(s, "0x", 2) == 0;
	s += hex ? 2 : 0;
	n = strspn(s, hex ? hex_digits : digits);
	errno = 0;
	v = n ? strtoull(s, NULL, hex ? 16 : 10) : 0;
	if (hex || (v > INT64_MAX && !negative))
		*fault = MC_FAULT_INTEGER;
	if (n == 0 || errno || (negative && v > (uint64_t)INT64_MAX + 1))
		*fault = MC_FAULT_VALUE;
	if (!ends(s + n, fault))
		v = 0;
	if (negative)
		return mc_plist_new_int(
		    v > INT64_MAX ? INT64_MIN : -(int64_t)v);
	return mc_plist_new_int(v > INT64_MAX ? INT64_MAX : (int64_t)v);
}

static bool
is_infinite(const char *s)
{
	s += *s == '+' || *s == '-';
	return strcasecmp(s, "inf") == 0 || strcasecmp(s, "infinity") == 0;
}

static mc_plist *
real(const char *s, enum mc_fault *fault)
{
	const char *from = s + strspn(s, blanks);
	const char *number = from + (*from == '+' || *from == '-');
	locale_t c;
	char *end;
	double v;

	*fault = MC_FAULT_REAL;
	if (strcasecmp(s, "nan") == 0 || is_infinite(s))
		return mc_plist_new_real(0);
	/* no hexadecimal, and none of the names but as above */
	if (strcspn(number, digits) > (*number == '.') ||
	    strncasecmp(number, "0x", 2) == 0) {
		*fault = MC_FAULT_VALUE;
		return mc_plist_new_real(0);
	}
	c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (c == (locale_t)0)
		return NULL;
	v = strtod_l(from, &end, c);
	freelocale(c);
	if (mc_scalar_real_parse(from, &v))
		*fault = MC_FAULT_BLANKS;
	if (end == from)
		*fault = MC_FAULT_VALUE;
	if (!ends(end, fault) || !isfinite(v))
		v = 0;
	return mc_plist_new_real(v);
}

/* The nearest date that a tree can hold. */
static int64_t
nearest(int64_t t)
{
	if (t < MC_PLIST_DATE_MIN)
		return MC_PLIST_DATE_MIN;
	return t > MC_PLIST_DATE_MAX ? MC_PLIST_DATE_MAX : t;
}

/* Two digits after this character; NULL for others. */
static const char *
pair(const char *s, char after, int *out)
{
	if (!s || s[0] != after || strspn(s + 1, digits) < 2)
		return NULL;
	*out = 10 * (s[1] - '0') + s[2] - '0';
	return s + 3;
}

/* [-]YEAR-MM-DDTHH:MM:SSZ, whatever the numbers are: they carry over. */
static const char *
date_parse(const char *s, struct tm *tm)
{
	bool negative = *s == '-';
	long year;
	size_t n;

	s += negative;
	n = strspn(s, digits);
	if (n == 0 || n > 9)
		return NULL;
	year = strtol(s, NULL, 10);
	tm->tm_year = (int)(negative ? -year : year) - 1900;
	s = pair(s + n, '-', &tm->tm_mon);
	s = pair(s, '-', &tm->tm_mday);
	s = pair(s, 'T', &tm->tm_hour);
	s = pair(s, ':', &tm->tm_min);
	s = pair(s, ':', &tm->tm_sec);
	tm->tm_mon--;
	return s && *s == 'Z' ? s + 1 : NULL;
}

static mc_plist *
date(const char *s, enum mc_fault *fault)
{
	const char *from = s + strspn(s, blanks);
	struct tm tm = { 0 };
	const char *end = date_parse(from, &tm);

	*fault = from == s ? MC_FAULT_DATE : MC_FAULT_VALUE;
	if (!end) {
		*fault = MC_FAULT_VALUE;
		return mc_plist_new_date(0);
	}
	(void)ends(end, fault);
	return mc_plist_new_date(nearest(timegm(&tm)));
}

static int
sextet(char c)
{
	static const char std[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(std, c) : NULL;

	if (c == '=')
		return 0;
	return at ? (int)(at - std) : -1;
}

/*
 * Four characters are three bytes, less the padding that the last one ends; a
 * group that is not whole is nothing, and other characters are not there.
 */
static mc_plist *
data(const char *s, size_t n, enum mc_fault *fault)
{
	AUTO_BUF to = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	unsigned count = 0;
	unsigned padding = 0;
	uint32_t v = 0;

	*fault = MC_FAULT_BASE64;
	for (size_t i = 0; i < n; i++) {
		int six = sextet(s[i]);

		if ((unsigned char)s[i] >= 0x80)
			*fault = MC_FAULT_VALUE;
		if (s[i] == '=')
			padding++;
		else if (!strchr(blanks, s[i]))
			padding = 0;
		if (six < 0)
			continue;
		v = v << 6 | (uint32_t)six;
		if (++count % 4)
			continue;
		if (!mc_buf_add(&to,
			(uint8_t[]){
			    (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v },
			padding < 2 ? 3 - padding : 1, &e))
			return NULL;
	}
	return mc_plist_new_data(to.data, to.len);
}

mc_plist *
mc_loose_parse(
    enum mc_plist_type type, const char *s, size_t n, enum mc_fault *fault)
{
	if (type == MC_PLIST_DATA)
		return data(s, n, fault);
	if (type == MC_PLIST_DATE)
		return date(s, fault);
	return type == MC_PLIST_REAL ? real(s, fault) : integer(s, fault);
}
