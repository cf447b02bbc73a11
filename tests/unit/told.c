/* SPDX-License-Identifier: ISC */
/* Facts go to descriptor 3 if it was open for them before the stage ran. */
#include "stage/told.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "tap.h"

#define FACTS_FD 3

static char path[] = "/tmp/mcprofile-told-XXXXXX";

/* Whatever has the number 3 from now on; -1 for nothing. */
static void
third(int fd)
{
	if (fd == FACTS_FD)
		return;
	(void)close(FACTS_FD);
	if (fd == -1)
		return;
	ok(dup2(fd, FACTS_FD) == FACTS_FD);
	(void)close(fd);
}

/* What is in the file after a stage has set a fact. */
static bool
leaves(const char *want, int later)
{
	AUTO_TOLD t = { 0 };
	AUTO_BUF got = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	bool done = mc_told_load(&t, &e) &&
	    mc_facts_set(&t.facts, "SERIAL", "0A", &e);

	if (later != -1)
		third(open(path, later));
	done = done && mc_told_write(&t, &e);
	third(-1);
	return done && mc_file_load(path, &got, &e) && mc_buf_is(&got, want);
}

int
main(void)
{
	int fd = mkstemp(path);

	ok(fd != -1);
	/* what the stage has opened is its store, and not for facts */
	third(-1);
	(void)close(fd);
	ok(leaves("", O_RDWR));
	/* a passphrase */
	third(open(path, O_RDONLY));
	ok(leaves("", -1));
	third(open(path, O_WRONLY));
	ok(leaves("SERIAL=0A\n", -1));
	ok(unlink(path) == 0);
	return done();
}
