/* SPDX-License-Identifier: ISC */
#include "lint/schema_walk.h"

#include <string.h>

/* Of a version, as mc_version_parse() has it: 170401 is of 17. */
#define MAJOR 10000

/* How each obstacle is told; %s is done by hand. */
static const struct telling {
	enum mc_obstacle bit;
	unsigned code;
	enum mc_severity payload; /* of a payload, */
	enum mc_severity key;     /* of a key */
} tellings[MC_OBSTACLES] = {
	{ MC_OBSTACLE_ABSENT, 1110, MC_ERROR, MC_WARNING },
	{ MC_OBSTACLE_LATER, 1111, MC_ERROR, MC_WARNING },
	{ MC_OBSTACLE_REMOVED, 1112, MC_ERROR, MC_WARNING },
	{ MC_OBSTACLE_DEPRECATED, 1113, MC_WARNING, MC_WARNING },
	{ MC_OBSTACLE_SUPERVISED, 1120, MC_ERROR, MC_WARNING },
	{ MC_OBSTACLE_MDM, 1121, MC_ERROR, MC_WARNING },
	{ MC_OBSTACLE_AUTOMATED, 1122, MC_ERROR, MC_WARNING },
	{ MC_OBSTACLE_APPROVED, 1123, MC_ERROR, MC_WARNING },
	{ MC_OBSTACLE_FORBIDDEN, 1124, MC_ERROR, MC_WARNING },
	{ MC_OBSTACLE_IGNORED, 1125, MC_WARNING, MC_WARNING },
	{ MC_OBSTACLE_CHANNEL, 1130, MC_ERROR, MC_WARNING },
	{ MC_OBSTACLE_SCOPE, 1131, MC_WARNING, MC_WARNING },
};

static unsigned
versions(const struct mc_support *s, const struct mc_lint_target *t)
{
	uint32_t v = t->version;

	if (s->removed && (!v || s->removed <= v))
		return MC_OBSTACLE_REMOVED;
	if (v && s->introduced > v)
		return MC_OBSTACLE_LATER;
	if (s->deprecated && (!v || s->deprecated <= v))
		return MC_OBSTACLE_DEPRECATED;
	return 0;
}

static unsigned
ways(enum mc_lint_way way, unsigned flags)
{
	unsigned found = 0;

	if (way == MC_WAY_ANY || way == MC_WAY_SUPERVISED)
		return 0;
	if (flags & MC_SUPPORT_SUPERVISED)
		found |= MC_OBSTACLE_SUPERVISED;
	if (way == MC_WAY_MANUAL && flags & MC_SUPPORT_MDM_ONLY)
		found |= MC_OBSTACLE_MDM;
	if (way == MC_WAY_MANUAL && flags & MC_SUPPORT_APPROVED)
		found |= MC_OBSTACLE_APPROVED;
	if (way != MC_WAY_MDM && flags & MC_SUPPORT_AUTOMATED)
		found |= MC_OBSTACLE_AUTOMATED;
	if (way == MC_WAY_PERSONAL && flags & MC_SUPPORT_PERSONAL_FORBIDDEN)
		found |= MC_OBSTACLE_FORBIDDEN;
	if (way == MC_WAY_PERSONAL && flags & MC_SUPPORT_PERSONAL_IGNORED)
		found |= MC_OBSTACLE_IGNORED;
	return found;
}

/* What says nothing of channels works in every one that there is. */
static bool
works_in(unsigned flags, bool device)
{
	const unsigned both = MC_SUPPORT_DEVICE | MC_SUPPORT_USER;

	return !(flags & both) ||
	    flags & (device ? MC_SUPPORT_DEVICE : MC_SUPPORT_USER);
}

static unsigned
channels(const struct mc_walk *w, enum mc_os os, unsigned flags)
{
	enum mc_lint_channel channel = w->l->options->channel;

	if (channel != MC_CHANNEL_ANY)
		return works_in(flags, channel == MC_CHANNEL_DEVICE)
		    ? 0
		    : MC_OBSTACLE_CHANNEL;
	/* only there a profile has a scope */
	if (os != MC_OS_MACOS || !w->scope)
		return 0;
	if (strcmp(w->scope, "System") == 0)
		return works_in(flags, true) ? 0 : MC_OBSTACLE_SCOPE;
	if (strcmp(w->scope, "User") == 0)
		return works_in(flags, false) ? 0 : MC_OBSTACLE_SCOPE;
	return 0;
}

static unsigned
on_os(const struct mc_walk *w, enum mc_os os, const struct mc_support *s)
{
	return ways(w->l->options->way, s->flags) | channels(w, os, s->flags);
}

static unsigned
on_target(const struct mc_walk *w, const struct mc_lint_target *t,
    const struct mc_support *support)
{
	const struct mc_support *s = &support[t->os];

	/* a key of a payload that is not known there is nothing more */
	if (w->support && !w->support[t->os].there)
		return 0;
	if (!s->there)
		return MC_OBSTACLE_ABSENT;
	return versions(s, t) | on_os(w, t->os, s);
}

/* There is user enrolment on these. */
static bool
is_personal(enum mc_os os)
{
	return os == MC_OS_IOS || os == MC_OS_MACOS || os == MC_OS_VISIONOS;
}

/* Everywhere: a version is an obstacle only where it is gone for good. */
static unsigned
anywhere(const struct mc_walk *w, const struct mc_support *support)
{
	unsigned found = 0;
	bool any = false;

	for (enum mc_os os = 0; os < MC_OS_COUNT; os++) {
		const struct mc_support *s = &support[os];
		unsigned here = s->removed ? MC_OBSTACLE_REMOVED : 0;

		if (!s->there ||
		    (w->l->options->way == MC_WAY_PERSONAL && !is_personal(os)))
			continue;
		here |= on_os(w, os, s);
		found = any ? found & here : here;
		any = true;
	}
	return found;
}

unsigned
mc_obstacles_get(const struct mc_walk *w, const struct mc_support *support)
{
	const struct mc_lint_options *o = w->l->options;
	unsigned found = 0;

	if (o->n == 0)
		return anywhere(w, support);
	for (size_t i = 0; i < o->n; i++)
		found |= on_target(w, &o->targets[i], support);
	return found;
}

/* The first target, or OS, that has an obstacle; does another one have none? */
static struct mc_lint_target
first(const struct mc_walk *w, const struct mc_support *support,
    enum mc_obstacle bit, bool *partly)
{
	const struct mc_lint_options *o = w->l->options;
	struct mc_lint_target found = { .os = MC_OS_COUNT };

	*partly = false;
	for (size_t i = 0; i < o->n; i++)
		if (!(on_target(w, &o->targets[i], support) & bit))
			*partly = true;
		else if (found.os == MC_OS_COUNT)
			found = o->targets[i];
	for (enum mc_os os = 0; o->n == 0 && os < MC_OS_COUNT; os++)
		if (support[os].there && found.os == MC_OS_COUNT)
			found.os = os;
	return found;
}

static const char *
sentence(enum mc_obstacle bit)
{
	switch (bit) {
	case MC_OBSTACLE_SUPERVISED:
		return "works on supervised devices only";
	case MC_OBSTACLE_MDM:
		return "cannot be installed by hand, only by MDM";
	case MC_OBSTACLE_AUTOMATED:
		return "works on devices of automated enrolment only";
	case MC_OBSTACLE_APPROVED:
		return "needs an MDM enrolment that the user has approved";
	case MC_OBSTACLE_FORBIDDEN:
		return "is not allowed in user enrolment";
	case MC_OBSTACLE_IGNORED:
		return "is ignored in user enrolment";
	case MC_OBSTACLE_CHANNEL:
	case MC_OBSTACLE_SCOPE:
	case MC_OBSTACLE_ABSENT:
	case MC_OBSTACLE_LATER:
	case MC_OBSTACLE_REMOVED:
	case MC_OBSTACLE_DEPRECATED:
		break;
	}
	return "";
}

static bool
tell_version(const struct mc_walk *w, const struct mc_about *about,
    const struct mc_subject *subject, const struct mc_lint_target *t,
    enum mc_obstacle bit)
{
	const struct mc_support *s = &subject->support[t->os];
	const char *os = mc_os_title(t->os);
	char name[MC_QUOTE_TEXT];
	char since[MC_VERSION_TEXT];
	char target[MC_VERSION_TEXT];

	mc_path_quote(subject->name, name);
	switch ((unsigned)bit) {
	case MC_OBSTACLE_ABSENT:
		return mc_lint_tell(
		    w->l, about, w->e, "%s is not known on %s", name, os);
	case MC_OBSTACLE_LATER:
		return mc_lint_tell(w->l, about, w->e,
		    "%s needs %s %s, and the target is %s", name, os,
		    mc_version_encode(s->introduced, since),
		    mc_version_encode(t->version, target));
	case MC_OBSTACLE_REMOVED:
		return mc_lint_tell(w->l, about, w->e, "%s is gone since %s %s",
		    name, os, mc_version_encode(s->removed, since));
	default:
		return mc_lint_tell(w->l, about, w->e,
		    "%s is deprecated since %s %s", name, os,
		    mc_version_encode(s->deprecated, since));
	}
}

/* The major version of this OS that the schema last says something of. */
static uint32_t
newest(const struct mc_schema *s, enum mc_os os)
{
	uint32_t newest = 0;

	for (size_t i = 0; i < mc_schema_len(s); i++) {
		const struct mc_schema_payload p = mc_schema_at(s, i);
		const uint32_t v[] = { p.support[os].introduced,
			p.support[os].deprecated, p.support[os].removed };

		for (size_t k = 0; k < sizeof(v) / sizeof(*v); k++)
			if (v[k] / MAJOR > newest)
				newest = v[k] / MAJOR;
	}
	return newest;
}

/* Two major versions ago, everywhere: so that hardly a device has it. */
static bool
is_long_gone(const struct mc_walk *w, const struct mc_support *support)
{
	for (enum mc_os os = 0; os < MC_OS_COUNT; os++)
		if (support[os].there &&
		    support[os].removed / MAJOR + 2 > newest(w->s, os))
			return false;
	return true;
}

static bool
tell(const struct mc_walk *w, const struct mc_subject *subject,
    const struct telling *how)
{
	const unsigned by_version = MC_OBSTACLE_ABSENT | MC_OBSTACLE_LATER |
	    MC_OBSTACLE_REMOVED | MC_OBSTACLE_DEPRECATED;
	bool partly;
	const struct mc_lint_target t = first(
	    w, subject->support, how->bit, &partly);
	enum mc_severity s = subject->payload ? how->payload : how->key;
	struct mc_about about = { .code = how->code,
		.path = subject->path,
		.node = subject->node,
		.at_key = true };
	char name[MC_QUOTE_TEXT];

	/* without a target nobody says that it has to work */
	if (w->l->options->n == 0 && how->bit == MC_OBSTACLE_REMOVED)
		s = is_long_gone(w, subject->support) ? MC_WARNING : MC_NOTICE;
	if (partly && s > MC_NOTICE)
		s--;
	about.severity = s + 1;
	if (how->bit & by_version)
		return tell_version(w, &about, subject, &t, how->bit);
	mc_path_quote(subject->name, name);
	if (how->bit == MC_OBSTACLE_CHANNEL)
		return mc_lint_tell(w->l, &about, w->e,
		    "%s does not work in the %s channel of %s", name,
		    w->l->options->channel == MC_CHANNEL_DEVICE ? "device"
								: "user",
		    mc_os_title(t.os));
	if (how->bit == MC_OBSTACLE_SCOPE)
		return mc_lint_tell(w->l, &about, w->e,
		    "%s does not work in a profile whose PayloadScope is %s",
		    name, w->scope);
	return mc_lint_tell(w->l, &about, w->e, "%s %s (%s)", name,
	    sentence(how->bit), mc_os_title(t.os));
}

bool
mc_obstacles_tell(const struct mc_walk *w, const struct mc_subject *subject,
    unsigned known, unsigned *all)
{
	unsigned found = mc_obstacles_get(w, subject->support);

	*all = known | found;
	for (size_t i = 0; i < MC_OBSTACLES; i++)
		if (found & ~known & tellings[i].bit &&
		    !tell(w, subject, &tellings[i]))
			return false;
	return true;
}

bool
mc_obstacles_needed(const struct mc_walk *w, const struct mc_support *support)
{
	const struct mc_lint_options *o = w->l->options;
	bool needed = false;

	for (size_t i = 0; i < o->n; i++)
		if (!(on_target(w, &o->targets[i], support) &
			(MC_OBSTACLE_ABSENT | MC_OBSTACLE_LATER |
			    MC_OBSTACLE_REMOVED)) &&
		    support[o->targets[i].os].there)
			needed = true;
	if (o->n)
		return needed;
	for (enum mc_os os = 0; os < MC_OS_COUNT; os++) {
		if (w->support && !w->support[os].there)
			continue;
		if (support[os].removed || !support[os].there)
			return false;
		needed = true;
	}
	return needed;
}

bool
mc_obstacles_multiple(const struct mc_walk *w, const struct mc_support *support)
{
	const struct mc_lint_options *o = w->l->options;
	bool several = false;
	bool there = false;

	for (size_t i = 0; i < o->n; i++)
		if (support[o->targets[i].os].there &&
		    !(support[o->targets[i].os].flags & MC_SUPPORT_MULTIPLE))
			return false;
	for (enum mc_os os = 0; os < MC_OS_COUNT; os++) {
		there |= support[os].there;
		several |= support[os].there &&
		    support[os].flags & MC_SUPPORT_MULTIPLE;
	}
	return o->n || !there || several;
}
