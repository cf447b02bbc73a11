/* SPDX-License-Identifier: ISC */
#include "schema/draft.h"

#include <stdlib.h>

/* Keys of one dict: they are compared one by one. */
#define SIBLINGS_MAX MC_PLIST_KEYS

void
mc_draft_clear(struct mc_draft *d)
{
	free(d->text);
	free(d->slots);
	free(d->payloads);
	free(d->keys);
	free(d->values);
	*d = (struct mc_draft)MC_DRAFT_INIT;
}

/*
 * Room for n more of these, in an array that doubles; v and cap are its
 * pointer and its room.
 */
static bool
reserve(void *v, size_t size, uint32_t *cap, uint32_t len, size_t n,
    struct mc_err *e)
{
	void *old;
	void *new;
	uint32_t room = *cap ? *cap : 64;

	if (n <= *cap - len)
		return true;
	while (room - len < n)
		room *= 2;
	memcpy(&old, v, sizeof(old));
	new = reallocarray(old, room, size);
	if (!new)
		return mc_fail_memory(e);
	memcpy(v, &new, sizeof(new));
	*cap = room;
	return true;
}

/* FNV-1a. */
static uint32_t
hash(const char *s, size_t n)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)s[i]) * 16777619U;
	return h;
}

/* The slot that holds this text, or the free one where it would go. */
static uint32_t *
find_slot(const struct mc_draft *d, const char *s, size_t n)
{
	uint32_t i = hash(s, n) & (d->slots_n - 1);

	while (d->slots[i] &&
	    (strlen(d->text + d->slots[i]) != n ||
		memcmp(d->text + d->slots[i], s, n) != 0))
		i = (i + 1) & (d->slots_n - 1);
	return &d->slots[i];
}

/* Slots for one more text, half of them free. */
static bool
grow_slots(struct mc_draft *d, struct mc_err *e)
{
	uint32_t n = d->slots_n ? d->slots_n * 2 : 1024;
	uint32_t *old = d->slots;
	uint32_t old_n = d->slots_n;
	uint32_t *new;

	if (d->texts + 1 <= d->slots_n / 2)
		return true;
	new = calloc(n, sizeof(*new));
	if (!new)
		return mc_fail_memory(e);
	d->slots = new;
	d->slots_n = n;
	for (uint32_t i = 0; i < old_n; i++)
		if (old[i])
			*find_slot(d, d->text + old[i],
			    strlen(d->text + old[i])) = old[i];
	free(old);
	return true;
}

bool
mc_draft_text_add(struct mc_draft *d, const char *s, size_t n, uint32_t *out,
    struct mc_err *e)
{
	uint32_t *slot;

	if (n >= MC_SCHEMA_TEXT - d->text_n - 1)
		return mc_fail(e, MC_MALFORMED, "more than %zu bytes of text",
		    MC_SCHEMA_TEXT);
	if (!reserve(&d->text, 1, &d->text_cap, d->text_n, n + 2, e) ||
	    !grow_slots(d, e))
		return false;
	if (d->text_n == 0)
		d->text[d->text_n++] = '\0'; /* offset 0 is no text */
	slot = find_slot(d, s, n);
	if (!*slot) {
		*slot = d->text_n;
		if (n > 0)
			memcpy(d->text + d->text_n, s, n);
		d->text[d->text_n + n] = '\0';
		d->text_n += (uint32_t)n + 1;
		d->texts++;
	}
	*out = *slot;
	return true;
}

const char *
mc_draft_text_get(const struct mc_draft *d, uint32_t text)
{
	return text ? d->text + text : NULL;
}

/* The first payload of a type from this file puts the others away. */
static void
replace(struct mc_draft *d, const struct mc_draft_payload *new)
{
	struct mc_draft_payload *p;

	for (p = d->payloads; p < d->payloads + d->payloads_n; p++)
		if (p->type == new->type && p->source < new->source)
			p->replaced = true;
}

bool
mc_draft_payload_add(struct mc_draft *d, const struct mc_draft_payload *p,
    uint32_t *out, struct mc_err *e)
{
	struct mc_draft_payload *new;

	if (d->payloads_n == MC_SCHEMA_PAYLOADS)
		return mc_fail(e, MC_MALFORMED, "more than %d payloads",
		    MC_SCHEMA_PAYLOADS);
	if (!reserve(&d->payloads, sizeof(*d->payloads), &d->payloads_cap,
		d->payloads_n, 1, e))
		return false;
	replace(d, p);
	new = &d->payloads[d->payloads_n];
	*new = *p;
	new->replaced = false;
	new->first = new->last = MC_DRAFT_NONE;
	new->n = 0;
	*out = d->payloads_n++;
	return true;
}

/* The first of the keys there. */
static uint32_t
first_key(const struct mc_draft *d, uint32_t payload, uint32_t up)
{
	return up == MC_DRAFT_NONE ? d->payloads[payload].first
				   : d->keys[up].first;
}

uint32_t
mc_draft_key_find(
    const struct mc_draft *d, uint32_t payload, uint32_t up, uint32_t name)
{
	uint32_t i = first_key(d, payload, up);

	while (i != MC_DRAFT_NONE && d->keys[i].name != name)
		i = d->keys[i].next;
	return i;
}

static bool
is_item(const struct mc_draft *d, const struct mc_draft_key *k)
{
	return k->up != MC_DRAFT_NONE && d->keys[k->up].type == MC_PLIST_ARRAY;
}

/* Make key i the last one of this chain. */
static void
chain(struct mc_draft *d, uint32_t *first, uint32_t *last, uint32_t i)
{
	if (*last == MC_DRAFT_NONE)
		*first = i;
	else
		d->keys[*last].next = i;
	*last = i;
}

bool
mc_draft_key_add(struct mc_draft *d, const struct mc_draft_key *k,
    uint32_t *out, struct mc_err *e)
{
	struct mc_draft_payload *p = &d->payloads[k->payload];
	uint32_t i = d->keys_n;
	struct mc_draft_key *new;
	uint32_t *n;

	if (i == MC_SCHEMA_KEYS)
		return mc_fail(
		    e, MC_MALFORMED, "more than %d keys", MC_SCHEMA_KEYS);
	if (!is_item(d, k) &&
	    mc_draft_key_find(d, k->payload, k->up, k->name) != MC_DRAFT_NONE)
		return mc_fail(e, MC_MALFORMED, "is there already");
	if (!reserve(&d->keys, sizeof(*d->keys), &d->keys_cap, i, 1, e))
		return false;
	n = k->up == MC_DRAFT_NONE ? &p->n : &d->keys[k->up].n;
	if (*n == SIBLINGS_MAX)
		return mc_fail(e, MC_MALFORMED, "more than %d keys in one dict",
		    SIBLINGS_MAX);
	++*n;
	new = &d->keys[d->keys_n++];
	*new = *k;
	new->first = new->last = new->next = MC_DRAFT_NONE;
	new->n = 0;
	if (k->up == MC_DRAFT_NONE)
		chain(d, &p->first, &p->last, i);
	else
		chain(d, &d->keys[k->up].first, &d->keys[k->up].last, i);
	*out = i;
	return true;
}

void
mc_draft_key_remove(struct mc_draft *d, uint32_t key)
{
	const struct mc_draft_key *k = &d->keys[key];
	struct mc_draft_payload *p = &d->payloads[k->payload];
	struct mc_draft_key *up = k->up == MC_DRAFT_NONE ? NULL
							 : &d->keys[k->up];
	uint32_t before = first_key(d, k->payload, k->up);

	while (before != key && d->keys[before].next != key)
		before = d->keys[before].next;
	if (before != key)
		d->keys[before].next = k->next;
	else
		*(up ? &up->first : &p->first) = k->next;
	if (k->next == MC_DRAFT_NONE)
		*(up ? &up->last : &p->last) = before == key ? MC_DRAFT_NONE
							     : before;
	--*(up ? &up->n : &p->n);
}

bool
mc_draft_value_add(struct mc_draft *d, uint32_t text, struct mc_err *e)
{
	if (d->values_n == MC_SCHEMA_VALUES)
		return mc_fail(e, MC_MALFORMED, "more than %d allowed values",
		    MC_SCHEMA_VALUES);
	if (!reserve(&d->values, sizeof(*d->values), &d->values_cap,
		d->values_n, 1, e))
		return false;
	d->values[d->values_n++] = text;
	return true;
}
