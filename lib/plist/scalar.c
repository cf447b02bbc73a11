/* SPDX-License-Identifier: ISC */
#include "plist/scalar.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The first second of year 1 and the last of year 9999. */
#define DATE_MIN INT64_C(-62135596800)
#define DATE_MAX INT64_C(253402300799)

static const char digits[] = "0123456789";

bool
mc_scalar_int_parse(const char *s, int64_t *out)
{
	const char *p = s + (*s == '+' || *s == '-');
	long long n;

	if (!*p || p[strspn(p, digits)])
		return false;
	errno = 0;
	n = strtoll(s, NULL, 10);
	if (errno)
		return false;
	*out = n;
	return true;
}

/* Past one or more digits; NULL where there is none. */
static const char *
skip_digits(const char *s)
{
	size_t n = strspn(s, digits);

	return n ? s + n : NULL;
}

static bool
is_real(const char *s)
{
	s = skip_digits(s + (*s == '+' || *s == '-'));
	if (s && *s == '.')
		s = skip_digits(s + 1);
	if (s && (*s == 'e' || *s == 'E')) {
		s++;
		s = skip_digits(s + (*s == '+' || *s == '-'));
	}
	return s && !*s;
}

/* strtod(3) where the decimal point is a point. */
static bool
to_double(const char *s, double *out)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);

	if (c == (locale_t)0)
		return false;
	*out = strtod_l(s, NULL, c);
	freelocale(c);
	return true;
}

bool
mc_scalar_real_parse(const char *s, double *out)
{
	double v;

	if (!is_real(s) || !to_double(s, &v) || !isfinite(v))
		return false;
	*out = v;
	return true;
}

/* The digits of a form in which 9 stands for one, with all else equal. */
static bool
has_form(const char *s, const char *form)
{
	for (; *form; s++, form++)
		if (*form == '9' ? *s < '0' || *s > '9' : *s != *form)
			return false;
	return !*s;
}

static int
number(const char *s, int n)
{
	int v = 0;

	for (; n > 0; n--, s++)
		v = 10 * v + (*s - '0');
	return v;
}

bool
mc_scalar_date_parse(const char *s, int64_t *out)
{
	struct tm tm = { 0 };
	struct tm again;
	time_t t;

	if (!has_form(s, "9999-99-99T99:99:99Z"))
		return false;
	tm.tm_year = number(s, 4) - 1900;
	tm.tm_mon = number(s + 5, 2) - 1;
	tm.tm_mday = number(s + 8, 2);
	tm.tm_hour = number(s + 11, 2);
	tm.tm_min = number(s + 14, 2);
	tm.tm_sec = number(s + 17, 2);
	again = tm;
	/* timegm makes March of a 30th February: then the fields differ */
	t = timegm(&again);
	if (t < DATE_MIN || t > DATE_MAX || again.tm_mon != tm.tm_mon ||
	    again.tm_mday != tm.tm_mday || again.tm_hour != tm.tm_hour ||
	    again.tm_min != tm.tm_min || again.tm_sec != tm.tm_sec)
		return false;
	*out = t;
	return true;
}
