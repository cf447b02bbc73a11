/* SPDX-License-Identifier: ISC */
#include "profile/split.h"

#include <stdlib.h>
#include <strings.h>

#include "plist/path.h"
#include "profile/merge.h"
#include "profile/payload.h"

#define REMOVAL_PASSWORD "com.apple.profileRemovalPassword"

struct member {
	const mc_plist *payload; /* lent */
	size_t group;            /* the first of the same group, once settled */
	const mc_plist *head;    /* of a group's first: what it is there for */
	bool is_meant;           /* another one refers to it */
	bool is_password;        /* for removal */
};

/* Whose a PayloadUUID is. */
struct owner {
	const char *uuid; /* lent */
	size_t i;
};

struct members {
	struct member *v;
	size_t n;
	struct owner *owners; /* of those that have one, sorted */
	size_t uuids;
};

static void
members_clear(struct members *m)
{
	free(m->v);
	free(m->owners);
}
#define AUTO_MEMBERS __attribute__((cleanup(members_clear))) struct members

static int
compare(const void *a, const void *b)
{
	const struct owner *x = a;
	const struct owner *y = b;

	return strcasecmp(x->uuid, y->uuid);
}

static int
compare_uuid(const void *uuid, const void *b)
{
	const struct owner *y = b;

	return strcasecmp(uuid, y->uuid);
}

static bool
collect(const mc_plist *content, struct members *m, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = content };
	const char *type;
	const char *uuid;

	m->v = calloc(mc_plist_len(content) + 1, sizeof(*m->v));
	m->owners = calloc(mc_plist_len(content) + 1, sizeof(*m->owners));
	if (!m->v || !m->owners)
		return mc_fail_memory(e);
	while (mc_plist_iter_next(&it)) {
		type = mc_plist_get_str(it.value, "PayloadType");
		uuid = mc_plist_get_str(it.value, "PayloadUUID");
		if (uuid)
			m->owners[m->uuids++] = (struct owner){ uuid, m->n };
		m->v[m->n] = (struct member){
			.payload = it.value,
			.group = m->n,
			.is_password = type &&
			    strcmp(type, REMOVAL_PASSWORD) == 0,
		};
		m->n++;
	}
	return !it.failed || mc_fail_memory(e);
}

static bool
sort_uuids(struct members *m, struct mc_err *e)
{
	char quoted[MC_QUOTE_TEXT];

	qsort(m->owners, m->uuids, sizeof(*m->owners), compare);
	for (size_t i = 1; i < m->uuids; i++)
		if (compare(&m->owners[i - 1], &m->owners[i]) == 0)
			return mc_fail(e, MC_MALFORMED,
			    "PayloadUUID %s: two payloads have it",
			    mc_path_quote(m->owners[i].uuid, quoted));
	return true;
}

static size_t
first_of(struct members *m, size_t i)
{
	while (m->v[i].group != i) {
		m->v[i].group = m->v[m->v[i].group].group;
		i = m->v[i].group;
	}
	return i;
}

static void
join(struct members *m, size_t a, size_t b)
{
	a = first_of(m, a);
	b = first_of(m, b);
	m->v[a > b ? a : b].group = a > b ? b : a;
}

/* Join member i with those that p, which is in it, refers to by UUID. */
static bool
follow(struct members *m, size_t i, const mc_plist *p, const char *key,
    struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = p };
	const char *s = mc_plist_str(p);
	const struct owner *found;

	while (mc_plist_iter_next(&it))
		if (!follow(m, i, it.value, it.key ? it.key : key, e))
			return false;
	if (it.failed)
		return mc_fail_memory(e);
	if (!s || m->uuids == 0 || !mc_payload_may_refer(key, s))
		return true;
	found = bsearch(
	    s, m->owners, m->uuids, sizeof(*m->owners), compare_uuid);
	if (found && found->i != i && !m->v[found->i].is_password) {
		m->v[found->i].is_meant = true;
		join(m, i, found->i);
	}
	return true;
}

/*
 * Every group's first member and its head, the first payload that no other one
 * refers to.  A member is always joined with an earlier one.
 */
static void
settle(struct members *m)
{
	struct member *first;

	for (size_t i = 0; i < m->n; i++) {
		m->v[i].group = m->v[m->v[i].group].group;
		first = &m->v[m->v[i].group];
		if (!first->head && !m->v[i].is_meant)
			first->head = m->v[i].payload;
	}
	for (size_t i = 0; i < m->n; i++)
		if (!m->v[i].head)
			m->v[i].head = m->v[i].payload;
}

/* Its type, for identifiers. */
static const char *
type_of(const mc_plist *payload)
{
	const char *type = mc_plist_get_str(payload, "PayloadType");

	return type && *type ? type : "payload";
}

/*
 * A group is the how manieth one whose head has this stem: in either case, for
 * it becomes the name of a file.
 */
static size_t
count_type(const struct members *m, size_t group)
{
	const char *stem = mc_payload_stem(type_of(m->v[group].head));
	size_t n = 1;

	for (size_t i = 0; i < group; i++)
		if (m->v[i].group == i && !m->v[i].is_password &&
		    strcasecmp(mc_payload_stem(type_of(m->v[i].head)), stem) ==
			0)
			n++;
	return n;
}

/* A copy of the removal password, for the profile of this identifier. */
static bool
add_password(const struct member *password, const char *identifier,
    mc_plist *content, struct mc_err *e)
{
	AUTO(mc_plist) *p = mc_plist_dup(password->payload);
	AUTO_BUF name = MC_BUF_INIT;
	char uuid[MC_UUID_TEXT];

	if (!p)
		return mc_fail_memory(e);
	if (!mc_payload_identifier(
		identifier, type_of(password->payload), 1, &name, e) ||
	    !mc_payload_uuid(
		MC_UUID_NAMED, identifier, mc_buf_str(&name), uuid, e) ||
	    !mc_payload_set_text(
		p, "PayloadIdentifier", mc_buf_str(&name), e) ||
	    !mc_payload_set_text(p, "PayloadUUID", uuid, e))
		return false;
	return mc_plist_append(content, take(&p)) || mc_fail_memory(e);
}

/* The members of a group, and the passwords, unless the group is one. */
static bool
add_members(const struct members *m, size_t group, const char *identifier,
    mc_plist *content, struct mc_err *e)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].is_password && !m->v[group].is_password) {
			if (!add_password(&m->v[i], identifier, content, e))
				return false;
		} else if (m->v[i].group == group) {
			if (!mc_plist_append(
				content, mc_plist_dup(m->v[i].payload)))
				return mc_fail_memory(e);
		}
	}
	return true;
}

/* The profile of one group, with the keys of the one it was in. */
static bool
make(const struct members *m, size_t group, const mc_plist *from, mc_plist *all,
    struct mc_err *e)
{
	AUTO(mc_plist) *to = mc_plist_dup(from);
	AUTO_BUF name = MC_BUF_INIT;
	const mc_plist *head = m->v[group].head;
	const char *shown = mc_plist_get_str(head, "PayloadDisplayName");
	char uuid[MC_UUID_TEXT];

	if (!mc_payload_identifier(mc_plist_get_str(from, "PayloadIdentifier"),
		type_of(head), count_type(m, group), &name, e))
		return false;
	if (!to)
		return mc_fail_memory(e);
	if (!mc_payload_uuid(MC_UUID_NAMED, mc_buf_str(&name), NULL, uuid, e) ||
	    !mc_payload_set_text(
		to, "PayloadIdentifier", mc_buf_str(&name), e) ||
	    !mc_payload_set_text(to, "PayloadUUID", uuid, e) ||
	    !mc_payload_set_text(to, "PayloadDisplayName", shown, e) ||
	    !add_members(m, group, mc_buf_str(&name),
		mc_plist_get(to, "PayloadContent"), e))
		return false;
	return mc_plist_append(all, take(&to)) || mc_fail_memory(e);
}

/* Who belongs to whom. */
static bool
group(struct members *m, struct mc_err *e)
{
	for (size_t i = 0; i < m->n; i++)
		if (!m->v[i].is_password &&
		    !follow(m, i, m->v[i].payload, NULL, e))
			return false;
	settle(m);
	return true;
}

bool
mc_profile_split(const mc_plist *profile, mc_plist **out, struct mc_err *e)
{
	AUTO(mc_plist) *all = mc_plist_new_array();
	AUTO(mc_plist) *frame = NULL;
	AUTO_MEMBERS m = { 0 };
	size_t passwords = 0;

	if (!mc_profile_open_check(profile, e))
		return false;
	if (!mc_plist_get_str(profile, "PayloadIdentifier"))
		return mc_fail(e, MC_MALFORMED,
		    "PayloadIdentifier: want a string; the parts are named"
		    " after it");
	frame = mc_plist_dup(profile);
	if (!all || !frame ||
	    !mc_plist_set(frame, "PayloadContent", mc_plist_new_array()))
		return mc_fail_memory(e);
	if (!collect(mc_plist_get(profile, "PayloadContent"), &m, e) ||
	    !sort_uuids(&m, e) || !group(&m, e))
		return false;
	for (size_t i = 0; i < m.n; i++)
		passwords += m.v[i].is_password;
	for (size_t i = 0; i < m.n; i++)
		if (m.v[i].group == i &&
		    (!m.v[i].is_password || passwords == m.n) &&
		    !make(&m, i, frame, all, e))
			return false;
	*out = take(&all);
	return true;
}
