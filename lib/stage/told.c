/* SPDX-License-Identifier: ISC */
#include "stage/told.h"

#include <fcntl.h>
#include <unistd.h>

#define FACTS_FD 3

void
mc_told_clear(struct mc_told *t)
{
	mc_facts_clear(&t->before);
	mc_facts_clear(&t->facts);
}

/* It may be open for another purpose: a passphrase, say. */
static bool
is_wanted(void)
{
	int flags = fcntl(FACTS_FD, F_GETFL);

	return flags != -1 && (flags & O_ACCMODE) != O_RDONLY;
}

bool
mc_told_load(struct mc_told *t, struct mc_err *e)
{
	t->wanted = is_wanted();
	return mc_facts_load(&t->before, environ, e) &&
	    mc_facts_load(&t->facts, environ, e);
}

/* Only what the stage set or changed goes out again. */
static bool
changed(const struct mc_told *t, struct mc_facts *out, struct mc_err *e)
{
	const struct mc_facts *now = &t->facts;
	const char *old;

	for (size_t i = 0; i < now->n; i++) {
		old = mc_facts_get(&t->before, now->v[i].name);
		if (old && strcmp(old, now->v[i].value) == 0)
			continue;
		if (!mc_facts_set(out, now->v[i].name, now->v[i].value, e))
			return false;
	}
	return true;
}

bool
mc_told_write(const struct mc_told *t, struct mc_err *e)
{
	AUTO_FACTS news = { 0 };
	AUTO_BUF lines = MC_BUF_INIT;

	if (!t->wanted)
		return true;
	return (changed(t, &news, e) && mc_facts_encode(&news, &lines, e) &&
		   mc_buf_write_fd(&lines, FACTS_FD, e)) ||
	    mc_note(e, "fd %d", FACTS_FD);
}
