/* SPDX-License-Identifier: ISC */
#include "plist/plist.h"

static bool
equal_dicts(const mc_plist *a, const mc_plist *b)
{
	AUTO_PLIST_ITER it = { .in = a };

	if (mc_plist_len(a) != mc_plist_len(b))
		return false;
	while (mc_plist_iter_next(&it))
		if (!mc_plist_equal(it.value, mc_plist_get(b, it.key)))
			return false;
	return !it.failed;
}

static bool
equal_arrays(const mc_plist *a, const mc_plist *b)
{
	AUTO_PLIST_ITER x = { .in = a };
	AUTO_PLIST_ITER y = { .in = b };

	if (mc_plist_len(a) != mc_plist_len(b))
		return false;
	while (mc_plist_iter_next(&x) && mc_plist_iter_next(&y))
		if (!mc_plist_equal(x.value, y.value))
			return false;
	return !x.failed && !y.failed;
}

static bool
equal_data(const mc_plist *a, const mc_plist *b)
{
	const uint8_t *x;
	const uint8_t *y;
	size_t n;
	size_t m;

	return mc_plist_data(a, &x, &n) && mc_plist_data(b, &y, &m) && n == m &&
	    (n == 0 || memcmp(x, y, n) == 0);
}

static bool
equal_numbers(const mc_plist *a, const mc_plist *b)
{
	int64_t i = 0;
	int64_t j = 0;
	double x = 0;
	double y = 0;

	if (mc_plist_real(a, &x) && mc_plist_real(b, &y))
		return x >= y && x <= y;
	return (mc_plist_int(a, &i) && mc_plist_int(b, &j) && i == j) ||
	    (mc_plist_date(a, &i) && mc_plist_date(b, &j) && i == j);
}

/* As deep as the trees. */
bool
mc_plist_equal(const mc_plist *a, const mc_plist *b)
{
	enum mc_plist_type type = mc_plist_type(a);
	bool x;
	bool y;

	if (type != mc_plist_type(b))
		return false;
	switch (type) {
	case MC_PLIST_NONE:
		return true;
	case MC_PLIST_DICT:
		return equal_dicts(a, b);
	case MC_PLIST_ARRAY:
		return equal_arrays(a, b);
	case MC_PLIST_STRING:
		return strcmp(mc_plist_str(a), mc_plist_str(b)) == 0;
	case MC_PLIST_BOOL:
		return mc_plist_bool(a, &x) && mc_plist_bool(b, &y) && x == y;
	case MC_PLIST_DATA:
		return equal_data(a, b);
	case MC_PLIST_INT:
	case MC_PLIST_REAL:
	case MC_PLIST_DATE:
		return equal_numbers(a, b);
	}
	return false;
}
