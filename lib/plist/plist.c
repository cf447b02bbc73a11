/* SPDX-License-Identifier: ISC */
#include "plist/plist.h"

#include <math.h>
#include <stdlib.h>

#include "plist/tree.h"

/* 1 January 2001, where libplist's dates begin. */
#define EPOCH INT64_C(978307200)

static mc_plist *
disguise(plist_t p)
{
	return p;
}

void
mc_plist_free(mc_plist *p)
{
	plist_free(p);
}

enum mc_plist_type
mc_plist_type(const mc_plist *p)
{
	static const struct {
		plist_type theirs;
		enum mc_plist_type ours;
	} types[] = {
		{ PLIST_DICT, MC_PLIST_DICT },
		{ PLIST_ARRAY, MC_PLIST_ARRAY },
		{ PLIST_STRING, MC_PLIST_STRING },
		{ PLIST_BOOLEAN, MC_PLIST_BOOL },
		{ PLIST_UINT, MC_PLIST_INT },
		{ PLIST_REAL, MC_PLIST_REAL },
		{ PLIST_DATE, MC_PLIST_DATE },
		{ PLIST_DATA, MC_PLIST_DATA },
	};
	plist_type type = p ? plist_get_node_type(mc_plist_raw(p)) : PLIST_NONE;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].theirs == type)
			return types[i].ours;
	return MC_PLIST_NONE;
}

const char *
mc_plist_type_name(enum mc_plist_type t)
{
	static const char *const names[] = {
		[MC_PLIST_NONE] = "nothing",
		[MC_PLIST_DICT] = "dict",
		[MC_PLIST_ARRAY] = "array",
		[MC_PLIST_STRING] = "string",
		[MC_PLIST_BOOL] = "boolean",
		[MC_PLIST_INT] = "integer",
		[MC_PLIST_REAL] = "real",
		[MC_PLIST_DATE] = "date",
		[MC_PLIST_DATA] = "data",
	};

	return names[t];
}

mc_plist *
mc_plist_get(const mc_plist *dict, const char *key)
{
	if (mc_plist_type(dict) != MC_PLIST_DICT)
		return NULL;
	return disguise(plist_dict_get_item(mc_plist_raw(dict), key));
}

mc_plist *
mc_plist_at(const mc_plist *array, size_t i)
{
	if (i >= mc_plist_len(array) || mc_plist_type(array) != MC_PLIST_ARRAY)
		return NULL;
	return disguise(plist_array_get_item(mc_plist_raw(array), (uint32_t)i));
}

size_t
mc_plist_len(const mc_plist *p)
{
	enum mc_plist_type type = mc_plist_type(p);

	if (type == MC_PLIST_DICT)
		return plist_dict_get_size(mc_plist_raw(p));
	if (type == MC_PLIST_ARRAY)
		return plist_array_get_size(mc_plist_raw(p));
	return 0;
}

static void
next_of_dict(struct mc_plist_iter *it)
{
	plist_t value = NULL;

	if (!it->at)
		plist_dict_new_iter(mc_plist_raw(it->in), &it->at);
	if (it->at)
		plist_dict_next_item(
		    mc_plist_raw(it->in), it->at, &it->key, &value);
	it->failed = !it->at || (value && !it->key);
	it->value = it->key ? disguise(value) : NULL;
}

bool
mc_plist_iter_next(struct mc_plist_iter *it)
{
	free(it->key);
	it->key = NULL;
	it->value = NULL;
	if (mc_plist_type(it->in) == MC_PLIST_DICT)
		next_of_dict(it);
	else
		it->value = mc_plist_at(it->in, it->next);
	if (!it->value)
		return false;
	it->i = it->next++;
	return true;
}

void
mc_plist_iter_clear(struct mc_plist_iter *it)
{
	free(it->key);
	free(it->at);
	*it = (struct mc_plist_iter){ 0 };
}

const char *
mc_plist_str(const mc_plist *p)
{
	return mc_plist_type(p) == MC_PLIST_STRING
	    ? plist_get_string_ptr(mc_plist_raw(p), NULL)
	    : NULL;
}

bool
mc_plist_bool(const mc_plist *p, bool *out)
{
	uint8_t v = 0;

	if (mc_plist_type(p) != MC_PLIST_BOOL)
		return false;
	plist_get_bool_val(mc_plist_raw(p), &v);
	*out = v != 0;
	return true;
}

/*
 * libplist 2.2 has unsigned integers only, but writes their 64 bits as a
 * signed number.  2.3 has both, and PLIST_UINT as a macro.
 */
bool
mc_plist_int(const mc_plist *p, int64_t *out)
{
	if (mc_plist_type(p) != MC_PLIST_INT)
		return false;
#ifdef PLIST_UINT
	plist_get_int_val(mc_plist_raw(p), out);
#else
	uint64_t v = 0;

	plist_get_uint_val(mc_plist_raw(p), &v);
	*out = (int64_t)v;
#endif
	return true;
}

bool
mc_plist_real(const mc_plist *p, double *out)
{
	if (mc_plist_type(p) != MC_PLIST_REAL)
		return false;
	plist_get_real_val(mc_plist_raw(p), out);
	return true;
}

bool
mc_plist_date(const mc_plist *p, int64_t *out)
{
	int32_t sec = 0;
	int32_t usec = 0;

	if (mc_plist_type(p) != MC_PLIST_DATE)
		return false;
	plist_get_date_val(mc_plist_raw(p), &sec, &usec);
	*out = EPOCH + sec;
	return true;
}

bool
mc_plist_data(const mc_plist *p, const uint8_t **data, size_t *len)
{
	uint64_t n = 0;

	if (mc_plist_type(p) != MC_PLIST_DATA)
		return false;
	*data = (const void *)plist_get_data_ptr(mc_plist_raw(p), &n);
	*len = (size_t)n;
	return true;
}

const char *
mc_plist_get_str(const mc_plist *dict, const char *key)
{
	return mc_plist_str(mc_plist_get(dict, key));
}

mc_plist *
mc_plist_new_dict(void)
{
	return disguise(plist_new_dict());
}

mc_plist *
mc_plist_new_array(void)
{
	return disguise(plist_new_array());
}

mc_plist *
mc_plist_new_str(const char *s)
{
	return mc_plist_text_check(s) ? disguise(plist_new_string(s)) : NULL;
}

mc_plist *
mc_plist_new_bool(bool v)
{
	return disguise(plist_new_bool(v));
}

mc_plist *
mc_plist_new_int(int64_t v)
{
#ifdef PLIST_UINT
	return disguise(plist_new_int(v));
#else
	return disguise(plist_new_uint((uint64_t)v));
#endif
}

mc_plist *
mc_plist_new_real(double v)
{
	return isfinite(v) ? disguise(plist_new_real(v)) : NULL;
}

mc_plist *
mc_plist_new_date(int64_t t)
{
	if (t < MC_PLIST_DATE_MIN || t > MC_PLIST_DATE_MAX)
		return NULL;
	return disguise(plist_new_date((int32_t)(t - EPOCH), 0));
}

mc_plist *
mc_plist_new_data(const void *data, size_t len)
{
	return disguise(plist_new_data(len ? data : "", len));
}

static mc_plist *
dup_scalar(const mc_plist *p)
{
	const uint8_t *data;
	size_t len;
	int64_t n;
	double v;
	bool b;

	if (mc_plist_bool(p, &b))
		return mc_plist_new_bool(b);
	if (mc_plist_int(p, &n))
		return mc_plist_new_int(n);
	if (mc_plist_real(p, &v))
		return mc_plist_new_real(v);
	if (mc_plist_date(p, &n))
		return mc_plist_new_date(n);
	if (mc_plist_data(p, &data, &len))
		return mc_plist_new_data(data, len);
	return mc_plist_str(p) ? mc_plist_new_str(mc_plist_str(p)) : NULL;
}

/* As deep as the tree, which its reader has limited. */
mc_plist *
mc_plist_dup(const mc_plist *p)
{
	enum mc_plist_type type = mc_plist_type(p);
	AUTO_PLIST_ITER it = { .in = p };
	AUTO(mc_plist) *to = NULL;

	if (type != MC_PLIST_DICT && type != MC_PLIST_ARRAY)
		return dup_scalar(p);
	to = type == MC_PLIST_DICT ? mc_plist_new_dict() : mc_plist_new_array();
	while (mc_plist_iter_next(&it)) {
		mc_plist *node = mc_plist_dup(it.value);

		if (it.key ? !mc_plist_set(to, it.key, node)
			   : !mc_plist_append(to, node))
			return NULL;
	}
	return it.failed ? NULL : take(&to);
}

bool
mc_plist_set(mc_plist *dict, const char *key, mc_plist *node)
{
	AUTO(mc_plist) *own = node;

	if (!own || mc_plist_type(dict) != MC_PLIST_DICT ||
	    !mc_plist_text_check(key))
		return false;
	(void)plist_dict_set_item(mc_plist_raw(dict), key, take(&own));
	return true;
}

bool
mc_plist_append(mc_plist *array, mc_plist *node)
{
	AUTO(mc_plist) *own = node;

	if (!own || mc_plist_type(array) != MC_PLIST_ARRAY)
		return false;
	(void)plist_array_append_item(mc_plist_raw(array), take(&own));
	return true;
}

bool
mc_plist_remove(mc_plist *dict, const char *key)
{
	if (!mc_plist_get(dict, key))
		return false;
	(void)plist_dict_remove_item(mc_plist_raw(dict), key);
	return true;
}

bool
mc_plist_item_set(mc_plist *array, size_t i, mc_plist *node)
{
	AUTO(mc_plist) *own = node;

	if (!own || !mc_plist_at(array, i))
		return false;
	(void)plist_array_set_item(
	    mc_plist_raw(array), take(&own), (uint32_t)i);
	return true;
}

bool
mc_plist_item_remove(mc_plist *array, size_t i)
{
	if (!mc_plist_at(array, i))
		return false;
	(void)plist_array_remove_item(mc_plist_raw(array), (uint32_t)i);
	return true;
}

bool
mc_plist_str_set(mc_plist *p, const char *s)
{
	if (mc_plist_type(p) != MC_PLIST_STRING || !mc_plist_text_check(s))
		return false;
	(void)plist_set_string_val(mc_plist_raw(p), s);
	return true;
}
