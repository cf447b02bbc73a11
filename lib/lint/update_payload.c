/* SPDX-License-Identifier: ISC */
#include "lint/update.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

typedef const struct mc_payload_ref *ref;

/*
 * What it costs people when a payload goes, or goes and comes back.  That a
 * payload with another PayloadUUID is taken out and put in again is inferred
 * from what devices are seen to do with accounts and networks; Apple documents
 * that a profile is replaced as a whole.
 */
static const struct {
	const char *type; /* or how types begin, with a star */
	const char *again;
	const char *gone;
} costs[] = {
	{ "com.apple.mail.managed",
	    "the account is made anew, and all its mail downloaded again",
	    "the account goes, with its mail on the device" },
	{ "com.apple.eas.account",
	    "the account is made anew, and all its mail downloaded again",
	    "the account goes, with its mail, calendars and contacts" },
	{ "com.apple.ews.account",
	    "the account is made anew, and all its mail downloaded again",
	    "the account goes, with its mail, calendars and contacts" },
	{ "com.apple.google-oauth",
	    "the account is made anew, and the user has to log in again",
	    "the account goes, with its mail, calendars and contacts" },
	{ "com.apple.caldav.account", "the account is made anew",
	    "the account goes, with its calendars" },
	{ "com.apple.carddav.account", "the account is made anew",
	    "the account goes, with its contacts" },
	{ "com.apple.wifi.managed",
	    "the device leaves the network and joins it again",
	    "the device leaves the network, perhaps its only one" },
	{ "com.apple.vpn.managed*", "the VPN is cut off and set up again",
	    "the VPN goes" },
	{ "com.apple.security.scep",
	    "another key and certificate are asked for; what uses the old ones "
	    "is cut off",
	    "the identity goes, and with it what uses it" },
	{ "com.apple.security.acme",
	    "another key and certificate are asked for; what uses the old ones "
	    "is cut off",
	    "the identity goes, and with it what uses it" },
	{ "com.apple.ADCertificate.managed",
	    "another key and certificate are asked for; what uses the old ones "
	    "is cut off",
	    "the identity goes, and with it what uses it" },
	{ "com.apple.security.pkcs12",
	    "the identity is taken out and put in again; what uses it is cut "
	    "off, and without a Password the user is asked",
	    "the identity goes, and with it what uses it" },
	{ "com.apple.mdm", "management ends and has to begin again",
	    "management ends, and all that it installed goes" },
	{ "com.apple.cellular*", "mobile data is cut off for a while",
	    "the mobile network's settings go" },
};

static bool
is_type(const char *type, const char *pattern)
{
	size_t n = strlen(pattern);

	if (pattern[n - 1] == '*')
		return strncmp(type, pattern, n - 1) == 0;
	return strcmp(type, pattern) == 0;
}

/* NULL: nothing worth a warning. */
static const char *
cost(const char *type, bool gone)
{
	for (size_t i = 0; i < sizeof(costs) / sizeof(*costs); i++)
		if (is_type(type, costs[i].type))
			return gone ? costs[i].gone : costs[i].again;
	return NULL;
}

/* "com.apple.wifi.managed (com.acme.wifi)" */
#define NAMED ((size_t)2 * MC_QUOTE_TEXT)
static const char *
named(ref r, char text[static NAMED])
{
	char type[MC_QUOTE_TEXT];
	char id[MC_QUOTE_TEXT];

	mc_path_quote(*r->type ? r->type : "a payload", type);
	if (r->identifier)
		snprintf(text, NAMED, "%s (%s)", type,
		    mc_path_quote(r->identifier, id));
	else
		snprintf(text, NAMED, "%s", type);
	return text;
}

/* One of the two profiles. */
struct side {
	struct mc_payloads p;
	size_t *mate; /* of each: its number in the other, plus 1; 0: none */
	ref *sorted;  /* those that match_by() looks at */
	size_t n;
};

struct match {
	const struct mc_update *u;
	struct side old;
	struct side new;
};

static void
side_clear(struct side *s)
{
	mc_payloads_clear(&s->p);
	free(s->mate);
	free(s->sorted);
}

static void
match_clear(struct match *m)
{
	side_clear(&m->old);
	side_clear(&m->new);
}
#define AUTO_MATCH __attribute__((cleanup(match_clear))) struct match

static bool
side_init(struct side *s, const mc_plist *profile, struct mc_err *e)
{
	if (!mc_payloads_init(&s->p, profile, e))
		return false;
	s->mate = calloc(s->p.n + 1, sizeof(*s->mate));
	s->sorted = calloc(s->p.n + 1, sizeof(ref));
	return (s->mate && s->sorted) || mc_fail_memory(e);
}

/* Whom the payload with this UUID, or identifier, was before. */
struct likeness {
	bool uuid;
	int (*order)(ref a, ref b); /* 0: alike */
	int (*sort)(const void *a, const void *b);
};

static int
order_uuid(ref a, ref b)
{
	int d = strcasecmp(a->uuid, b->uuid);

	return d ? d : strcmp(a->type, b->type);
}

static int
order_identifier(ref a, ref b)
{
	int d = strcmp(a->identifier, b->identifier);

	return d ? d : strcmp(a->type, b->type);
}

static int
sort_uuid(const void *a, const void *b)
{
	ref x = *(const ref *)a;
	ref y = *(const ref *)b;
	int d = order_uuid(x, y);

	return d ? d : (x->i > y->i) - (x->i < y->i);
}

static int
sort_identifier(const void *a, const void *b)
{
	ref x = *(const ref *)a;
	ref y = *(const ref *)b;
	int d = order_identifier(x, y);

	return d ? d : (x->i > y->i) - (x->i < y->i);
}

/* Those without a mate that have one. */
static void
side_sort(struct side *s, const struct likeness *by)
{
	s->n = 0;
	for (size_t i = 0; i < s->p.n; i++)
		if (!s->mate[i] &&
		    (by->uuid ? s->p.v[i].uuid : s->p.v[i].identifier))
			s->sorted[s->n++] = &s->p.v[i];
	qsort(s->sorted, s->n, sizeof(ref), by->sort);
}

/* Several that are alike go by their order in the file. */
static void
match_by(struct match *m, const struct likeness *by)
{
	struct side *old = &m->old;
	struct side *new = &m->new;
	size_t i = 0;
	size_t k = 0;

	side_sort(old, by);
	side_sort(new, by);
	while (i < old->n && k < new->n) {
		ref was = old->sorted[i];
		ref is = new->sorted[k];
		int d = by->order(was, is);

		if (d == 0) {
			old->mate[was - old->p.v] = (size_t)(is - new->p.v) + 1;
			new->mate[is - new->p.v] = (size_t)(was - old->p.v) + 1;
		}
		i += d <= 0;
		k += d >= 0;
	}
}

static bool
is_same_uuid(ref a, ref b)
{
	return a->uuid && b->uuid && strcasecmp(a->uuid, b->uuid) == 0;
}

/* What a device is told to refuse of a server that manages it. */
static bool
check_mdm(const struct match *m, ref new, ref old, struct mc_err *e)
{
	static const char *const fixed[] = { "Topic", "ServerURL", "CheckInURL",
		NULL };

	for (size_t i = 0; fixed[i] && strcmp(new->type, "com.apple.mdm") == 0;
	     i++) {
		const mc_plist *node = mc_plist_get(new->dict, fixed[i]);
		struct mc_payload_path at;

		if (mc_plist_equal(node, mc_plist_get(old->dict, fixed[i])))
			continue;
		if (!mc_lint_tell(m->u->l,
			MC_ABOUT(.code = 1619,
			    .path = mc_payload_path_init(&at, new->i, fixed[i]),
			    .node = node ? node : new->dict),
			e, "the %s of an MDM payload cannot change", fixed[i]))
			return false;
	}
	return true;
}

static bool
tell_pair(const struct match *m, ref new, ref old, struct mc_err *e)
{
	bool same = mc_plist_equal(old->dict, new->dict);
	const char *price = cost(new->type, false);
	struct mc_payload_path at;
	struct mc_about about = { .node = new->dict };
	char text[NAMED];

	about.path = mc_payload_path_init(&at, new->i, NULL);
	named(new, text);
	if (same) {
		about.code = 1610;
		return mc_lint_tell(m->u->l, &about, e, "%s: as it was", text);
	}
	if (is_same_uuid(new, old)) {
		about.code = 1611;
		return mc_lint_tell(m->u->l, &about, e,
		    "%s: changed under the same PayloadUUID", text);
	}
	about.code = 1612;
	about.severity = price ? MC_AS(MC_WARNING) : 0;
	return mc_lint_tell(m->u->l, &about, e,
	    "%s: another PayloadUUID: removed and installed again%s%s", text,
	    price ? ": " : "", price ? price : "");
}

static bool
tell_new(const struct match *m, size_t i, struct mc_err *e)
{
	ref new = &m->new.p.v[i];
	size_t mate = m->new.mate[i];
	ref old = mate ? &m->old.p.v[mate - 1] : NULL;
	struct mc_payload_path at;
	const struct mc_path *path = mc_payload_path_init(&at, new->i, NULL);
	char text[NAMED];

	if (!old)
		return mc_lint_tell(m->u->l,
		    MC_ABOUT(.code = 1613, .path = path, .node = new->dict), e,
		    "%s: added", named(new, text));
	return tell_pair(m, new, old, e) && check_mdm(m, new, old, e) &&
	    mc_update_keys(m->u, old->dict, new->dict, path,
		is_same_uuid(new, old) ? NULL : "PayloadUUID", e);
}

static bool
tell_gone(const struct match *m, ref old, struct mc_err *e)
{
	const char *price = cost(old->type, true);
	char text[NAMED];

	return mc_lint_tell(m->u->l,
	    MC_ABOUT(.code = 1614, .severity = price ? MC_AS(MC_WARNING) : 0),
	    e, "%s: removed%s%s", named(old, text), price ? ": " : "",
	    price ? price : "");
}

bool
mc_update_payloads(const struct mc_update *u, struct mc_err *e)
{
	static const struct likeness by[] = {
		{ true, order_uuid, sort_uuid },
		{ false, order_identifier, sort_identifier },
	};
	AUTO_MATCH m = { .u = u };

	if (!side_init(&m.old, u->old->root, e) ||
	    !side_init(&m.new, u->l->profile, e))
		return false;
	match_by(&m, &by[0]);
	match_by(&m, &by[1]);
	for (size_t i = 0; i < m.new.p.n; i++)
		if (!tell_new(&m, i, e))
			return false;
	for (size_t i = 0; i < m.old.p.n; i++)
		if (!m.old.mate[i] && !tell_gone(&m, &m.old.p.v[i], e))
			return false;
	return true;
}
