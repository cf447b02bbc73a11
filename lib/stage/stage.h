/* SPDX-License-Identifier: ISC */
/*
 * A stage turns one whole message into another (mcprofile-stage(7)).
 *
 * Data is in and out; facts established by earlier stages are in facts, and
 * a stage adds its own there; nothing else is visible.  A stage that fails
 * leaves out undefined and the runner discards it, so a half-made or
 * unverified message can never escape; the facts that it set are kept, for
 * they may say why.  Stages never exit, print, or touch descriptors 0 to 2.
 */
#ifndef MC_STAGE_H
#define MC_STAGE_H

#include "base/buf.h"
#include "base/fact.h"
#include "base/opt.h"

struct mc_io {
	const struct mc_buf *in; /* empty for a verb that reads nothing */
	struct mc_source *later; /* see mc_io_read(); NULL: in is all there */
	struct mc_buf *out;
	bool secret; /* set by a stage: out is for its owner's eyes only */
	bool report; /* set by a stage: out is to be read with an error too */
	bool named;  /* out goes to a file of its own, --output */
	struct mc_facts *facts;
	/*
	 * Words for people as the work goes on, one line without its end;
	 * NULL inside the driver.  Not for errors: those are values.
	 */
	void (*say)(const char *line);
	/*
	 * How far long work is (all 0: of nobody knows how much), for a person
	 * who waits; may be called as often as one likes.  NULL where nobody
	 * looks at standard error.
	 */
	void (*progress)(const char *what, int64_t done, int64_t all);
	unsigned columns; /* of the terminal that out goes to; 0: to none */
	bool colour;      /* ... which shows colours */
};

enum mc_input {
	MC_INPUT_NONE,    /* makes its message from options and facts */
	MC_INPUT_MESSAGE, /* reads one, from standard input or FILE */
	MC_INPUT_LATER,   /* the same, when run calls mc_io_read() */
	MC_INPUT_RAW,     /* the driver: owns descriptors 0 and 1 itself */
};

/*
 * Read the message into io->in, for a verb with MC_INPUT_LATER: it looks at
 * its settings first, so that nobody types or waits for a message that is of
 * no use.  What fails from here on, as a verdict or as MC_MALFORMED, is told
 * of the message and by its name.
 */
MC_NODISCARD bool mc_io_read(struct mc_io *io, struct mc_err *e);

/* The same for a message that may be larger than MC_BUF_LIMIT. */
MC_NODISCARD bool
mc_io_read_large(struct mc_io *io, size_t limit, struct mc_err *e);

/* Say every line of a text that is for people; takes it apart. */
void mc_io_say(const struct mc_io *io, struct mc_buf *text);

/*
 * One verb of a command ("challenge new"), or, nameless and alone, the whole
 * of a command that has no verbs.  A table ends with run == NULL.
 */
struct mc_verb {
	const char *name;
	const char *summary;
	const struct mc_opt *opts;
	enum mc_input input;
	MC_NODISCARD bool (*run)(
	    const void *args, struct mc_io *io, struct mc_err *e);
};

/*
 * A verb that is made when it is asked for, of a file, say.  All that its verb
 * lends lives as long as it does; its options fill args, and not the stage's
 * struct, and its run is given args.
 */
struct mc_made_verb {
	struct mc_verb verb;
	void *args;
	void (*clear)(struct mc_made_verb *v); /* after mc_opt_clear() */
	void *owner;                           /* for clear */
};

/* Told of each verb there is, with its name and summary; false to stop. */
typedef bool mc_verb_told(
    void *ctx, const char *name, const char *summary, struct mc_err *e);

/* Where a stage finds verbs that are not in its table. */
struct mc_verb_maker {
	const char *name; /* what they are, for the manual: "RECIPE" */
	/*
	 * An option that says where to look, MC_OPT_LIST in a struct mc_list
	 * alone, which may stand before the verb; ends as a table does.
	 */
	const struct mc_opt *ahead;
	/*
	 * The verb that argv[at] names; any word of argv may say where to
	 * look.  out->verb.run stays NULL where there is none.
	 */
	MC_NODISCARD bool (*make)(int argc, char *const *argv, int at,
	    struct mc_made_verb *out, struct mc_err *e);
	/* Tell of all, sorted by name. */
	MC_NODISCARD bool (*list)(int argc, char *const *argv,
	    mc_verb_told *each, void *ctx, struct mc_err *e);
};

struct mc_stage {
	const char *name;          /* "mcprofile-sign" */
	const char *summary;       /* one line, for help */
	const struct mc_opt *opts; /* understood by every verb; may be NULL */
	const struct mc_verb *verbs;
	const struct mc_verb_maker *maker; /* of more verbs; NULL: none */
	size_t args_size; /* of the struct that all its tables fill */
	bool cgi;         /* run as a CGI program: then argv is the client's */
};

/* The body of every command's main(). */
int mc_stage_main(const struct mc_stage *s, int argc, char **argv);

/* Run a stage in this process: parse argv, then in -> out. */
MC_NODISCARD bool mc_stage_run(const struct mc_stage *s, int argc,
    char *const *argv, struct mc_io *io, struct mc_err *e);

#endif
