/* SPDX-License-Identifier: ISC */
/*
 * A chain of stages over one message: "a --x | b | c", as in a shell.
 *
 * A stage in the table of built-ins runs in this process, any other program
 * is started under the same contract, without a shell (stage/spawn.h).  The
 * words are cut once, from the routes file; what is put into them later is
 * never cut again.
 *
 *	"two words"	one word; in it [ ] | and blanks mean themselves
 *	%{NAME}		a fact, or else a setting; part of a word or all of it
 *	[...]		left out as a whole where a name in it is unknown, and
 *			repeated for each value of a setting that is a list
 *
 * So "[--device-ca %{device-ca}]" becomes "--device-ca a --device-ca b".  A
 * stage of which nothing is left is skipped.  In brackets env:MCPROFILE_X is
 * a name too: a secret fact, which must not get into argv, can be optional.
 */
#ifndef MC_CHAIN_H
#define MC_CHAIN_H

#include "stage/stage.h"

#define MC_CHAIN_WORDS 256
#define MC_CHAIN_NAME 64 /* a stage's name for the log, with its NUL */

enum mc_chain_kind {
	MC_CHAIN_TEXT,
	MC_CHAIN_PIPE,
	MC_CHAIN_OPEN,
	MC_CHAIN_CLOSE,
};

struct mc_chain_word {
	enum mc_chain_kind kind;
	const char *text; /* in the chain's own text; NULL for a sign */
};

struct mc_chain {
	char *text; /* owns the words */
	struct mc_chain_word word[MC_CHAIN_WORDS];
	size_t n;
};

struct mc_chain_env {
	const struct mc_stage *const *builtins; /* NULL-terminated */
	bool exec_all;                          /* start built-ins too */
	int64_t seconds; /* a started stage may take this long; 0: 30 */
	/*
	 * Called before each built-in stage, NULL for nothing: what a library
	 * keeps by process or thread (an error queue) is not the next one's.
	 */
	void (*forget)(void);
	/*
	 * Value number i of %{name} where no fact has that name; NULL past
	 * the last.
	 */
	const char *(*lookup)(const void *ctx, const char *name, size_t i);
	const void *ctx;
};

#define AUTO_CHAIN __attribute__((cleanup(mc_chain_clear))) struct mc_chain

/* Cut a chain into words. */
MC_NODISCARD bool
mc_chain_parse(const char *text, struct mc_chain *out, struct mc_err *e);
void mc_chain_clear(struct mc_chain *c);

/*
 * Tell every %{name} of a chain, in order, and whether it may be unknown
 * since it is in brackets.  Stops where each() is false.
 */
MC_NODISCARD bool mc_chain_names(const struct mc_chain *c,
    bool (*each)(const void *ctx, const char *name, bool may, struct mc_err *e),
    const void *ctx, struct mc_err *e);

/* Whether anything is left of it where no fact is known, only settings. */
bool mc_chain_check(const struct mc_chain *c, const struct mc_chain_env *env);

/*
 * Run it: msg holds the message before and after.  On failure msg is empty;
 * facts keep what was established.  stage is the name of the stage that ran
 * last, the one that failed.  What only the routes file can be blamed for
 * (an unknown name, a program that is not there) is MC_INTERNAL.
 */
MC_NODISCARD bool mc_chain_run(const struct mc_chain *c,
    const struct mc_chain_env *env, struct mc_buf *msg, struct mc_facts *facts,
    char stage[static MC_CHAIN_NAME], struct mc_err *e);

#endif
