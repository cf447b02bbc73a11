/* SPDX-License-Identifier: ISC */
#include "stage/stage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/secret.h"
#include "base/text.h"
#include "stage/help.h"
#include "stage/terminal.h"
#include "stage/told.h"
#include "stage/verb.h"

/* What a process takes besides its stage's own options. */
struct process_args {
	const char *output;
	const char *file;
};

static const struct mc_opt output_opts[] = {
	MC_STR(struct process_args, output, 'o', "output", "FILE",
	    "write there, whole or not at all, instead of standard output",
	    false),
	{ MC_OPT_FLAG, 'h', "help", NULL, "tell the options", false, 0 },
	{ MC_OPT_FLAG, 'V', "version", NULL, "tell the version", false, 0 },
	MC_OPT_END,
};

/* The driver writes to its own descriptors: no --output. */
static const struct mc_opt *const raw_opts = &output_opts[1];

static const struct mc_opt file_opts[] = {
	MC_WORD(struct process_args, file, "file", "FILE",
	    "message to read; - or none is standard input", false),
	MC_OPT_END,
};

/*
 * May argv be a CGI client's?  A web server makes it of a query without "="
 * (RFC 3875 section 4.4), a careless one of any.
 */
static bool
argv_is_foreign(int argc, char *const *argv)
{
	const char *query = getenv("QUERY_STRING");

	if (argc < 2 || !getenv("GATEWAY_INTERFACE") || !query || !*query)
		return false;
	return !strchr(query, '=') ||
	    strncmp(query, argv[1], strlen(argv[1])) == 0;
}

static const struct mc_opt *
process_opts(const struct mc_stage *s)
{
	return s->verbs->input == MC_INPUT_RAW ? raw_opts : output_opts;
}

struct call {
	const struct mc_stage *stage;
	void *args;
	struct mc_called called;
	const struct mc_verb *verb;
};

/* What the verb's options fill. */
static void *
verb_args(const struct call *c)
{
	return mc_called_args(&c->called, c->args);
}

static void
call_clear(struct call *c)
{
	if (c->stage)
		mc_opt_clear(c->stage->opts, c->args);
	if (c->verb)
		mc_opt_clear(c->verb->opts, verb_args(c));
	mc_called_clear(&c->called);
	free(c->args);
}
#define AUTO_CALL __attribute__((cleanup(call_clear))) struct call

/* process is NULL inside the driver, where there are no files to name. */
static bool
parse(const struct mc_stage *s, int argc, char *const *argv,
    struct process_args *process, struct call *c, struct mc_err *e)
{
	struct mc_opt_set sets[5] = { 0 };
	struct mc_list ahead = { .n = 0 };
	size_t n = 0;
	int i = 1;

	c->stage = s;
	c->args = calloc(1, s->args_size ? s->args_size : 1);
	if (!c->args)
		return mc_fail_memory(e);
	sets[n++] = (struct mc_opt_set){ s->opts, c->args };
	if (process)
		sets[n++] = (struct mc_opt_set){ process_opts(s), process };
	if (s->maker)
		sets[n] = (struct mc_opt_set){ s->maker->ahead, &ahead };
	if (s->verbs->name && !mc_opt_parse(sets, argc, argv, &i, e))
		return false;
	if (s->verbs->name && !mc_verb_find(s, argc, argv, &i, &c->called, e))
		return false;
	c->verb = s->verbs->name ? c->called.verb : s->verbs;
	if (ahead.n && !c->called.made.verb.run)
		return mc_fail(e, MC_USAGE, "--%s: only a %s has it in front",
		    s->maker->ahead->name, s->maker->name);

	sets[n++] = (struct mc_opt_set){ c->verb->opts, verb_args(c) };
	if (process && mc_stage_takes_file(c->verb))
		sets[n++] = (struct mc_opt_set){ file_opts, process };
	if (!mc_opt_parse(sets, argc, argv, &i, e))
		return false;
	if (i < argc)
		return mc_fail(e, MC_USAGE, "%s: one word too many", argv[i]);
	return mc_opt_check(sets, e);
}

bool
mc_stage_run(const struct mc_stage *s, int argc, char *const *argv,
    struct mc_io *io, struct mc_err *e)
{
	AUTO_CALL c = { 0 };

	if (!parse(s, argc, argv, NULL, &c, e) ||
	    !c.verb->run(verb_args(&c), io, e))
		return false;
	*e = (struct mc_err)MC_ERR_INIT; /* whatever was tried on the way */
	return true;
}

static bool
is_file(const char *file)
{
	return file && strcmp(file, "-") != 0;
}

/* A process's message. */
struct mc_source {
	const char *file;
	struct mc_buf in;
	bool read;
};

static void
source_clear(struct mc_source *s)
{
	mc_buf_clear(&s->in);
}
#define AUTO_SOURCE __attribute__((cleanup(source_clear))) struct mc_source

static bool
read_message(struct mc_source *s, struct mc_err *e)
{
	s->read = is_file(s->file) ? mc_file_load(s->file, &s->in, e)
				   : mc_buf_read_fd(&s->in, STDIN_FILENO, e) ||
		mc_note(e, "standard input");
	return s->read;
}

bool
mc_io_read(struct mc_io *io, struct mc_err *e)
{
	return !io->later || io->later->read || read_message(io->later, e);
}

bool
mc_io_read_large(struct mc_io *io, size_t limit, struct mc_err *e)
{
	if (io->later)
		io->later->in.limit = limit;
	return mc_io_read(io, e);
}

/*
 * A verdict, or MC_MALFORMED, is about the message once there is one; what
 * else goes wrong is not.
 */
static bool
name_message(
    const struct mc_source *s, const struct mc_verb *verb, struct mc_err *e)
{
	if (!s->read ||
	    (mc_exit_status(e->code) >= 64 && e->code != MC_MALFORMED))
		return false;
	if (is_file(s->file))
		return mc_note(e, "%s", s->file);
	return verb->input == MC_INPUT_LATER && mc_note(e, "standard input");
}

static bool
write_message(
    const char *file, const struct mc_buf *out, bool secret, struct mc_err *e)
{
	if (is_file(file))
		return secret
		    ? mc_file_save(file, out, mc_file_mode(true), e)
		    : mc_file_update(file, out, mc_file_mode(false), e);
	if (!mc_buf_write_fd(out, STDOUT_FILENO, e))
		return mc_note(e, "standard output");
	if (close(STDOUT_FILENO) == -1)
		return mc_fail_errno(e, MC_IO, "standard output");
	return true;
}

static bool
run_with_facts(const struct call *c, struct mc_io *io, struct mc_err *e)
{
	AUTO_TOLD told = { 0 };
	struct mc_err second = MC_ERR_INIT;
	bool done;

	if (!mc_told_load(&told, e))
		return false;
	io->facts = &told.facts;
	done = c->verb->run(verb_args(c), io, e);
	if (mc_told_write(&told, &second))
		return done;
	if (done)
		*e = second;
	return false;
}

static bool
filter(
    const struct call *c, const struct process_args *process, struct mc_err *e)
{
	AUTO_SOURCE source = { .file = process->file };
	AUTO_BUF out = MC_BUF_INIT;
	struct mc_io io = {
		.in = &source.in, .out = &out, .named = process->output != NULL
	};
	bool done;

	mc_terminal_look(&io, !is_file(process->output));
	if (c->verb->input == MC_INPUT_LATER)
		io.later = &source;
	if (c->verb->input == MC_INPUT_MESSAGE && !read_message(&source, e))
		return false;
	done = run_with_facts(c, &io, e);
	mc_terminal_clear();
	if (!done && !io.report)
		return name_message(&source, c->verb, e);
	if (c->verb->input != MC_INPUT_RAW &&
	    !write_message(process->output, &out, io.secret, e))
		return false;
	return done;
}

/* Where the verb is, behind the options that may stand before it. */
static int
verb_at(const struct mc_stage *s, int argc, char *const *argv)
{
	AUTO_CALL c = { .stage = s, .args = calloc(1, s->args_size + 1) };
	struct process_args process = { 0 };
	struct mc_list ahead = { .n = 0 };
	const struct mc_opt_set sets[] = {
		{ s->opts, c.args },
		{ process_opts(s), &process },
		{ s->maker ? s->maker->ahead : NULL, &ahead },
		{ NULL, NULL },
	};
	struct mc_err none = MC_ERR_INIT;
	int i = 1;

	return c.args && mc_opt_parse(sets, argc, argv, &i, &none) ? i : 1;
}

static bool
help(const struct mc_stage *s, int argc, char **argv, const char *form,
    struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_CALLED called = { 0 };
	struct mc_err none = MC_ERR_INIT;
	int at = s->verbs->name ? verb_at(s, argc, argv) : argc;
	int i = at;
	bool found = at < argc && argv[at][0] != '-' &&
	    mc_verb_find(s, argc, argv, &i, &called, &none);

	/* of half a verb the list of all tells; a word that is none is wrong */
	if (!found && at < argc && argv[at][0] != '-' &&
	    !mc_verb_is_half(s, argv[at])) {
		*e = none;
		return false;
	}
	return mc_stage_help(
		   s, &called, argc, argv, process_opts(s), form, &text, e) &&
	    write_message(NULL, &text, false, e);
}

static bool
version(const struct mc_stage *s, struct mc_err *e)
{
	AUTO_BUF text = MC_BUF_INIT;

	return mc_buf_printf(
		   &text, e, "%s (mcprofile) %s\n", s->name, MC_VERSION) &&
	    write_message(NULL, &text, false, e);
}

/* --help and --version are answered before anything is read. */
static bool
asked(const struct mc_stage *s, int argc, char **argv, bool *answered,
    struct mc_err *e)
{
	*answered = true;
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			return help(s, argc, argv, "", e);
		if (strncmp(argv[i], "--help=", 7) == 0)
			return help(s, argc, argv, argv[i] + 7, e);
		if (strcmp(argv[i], "--version") == 0 ||
		    strcmp(argv[i], "-V") == 0)
			return version(s, e);
	}
	*answered = false;
	return true;
}

static bool
start(const struct mc_stage *s, int argc, char **argv, struct mc_err *e)
{
	AUTO_CALL c = { 0 };
	struct process_args process = { 0 };
	bool answered;

	/* a reader that has gone is a write error, not a signal */
	signal(SIGPIPE, SIG_IGN);
	/* a parent that ignores its children would have ours unwaited for */
	signal(SIGCHLD, SIG_DFL);
	mc_secret_harden();
	if (s->cgi && argv_is_foreign(argc, argv))
		argc = 1;
	if (!asked(s, argc, argv, &answered, e) || answered)
		return e->code == MC_OK;
	return parse(s, argc, argv, &process, &c, e) && filter(&c, &process, e);
}

int
mc_stage_main(const struct mc_stage *s, int argc, char **argv)
{
	struct mc_err e = MC_ERR_INIT;

	if (start(s, argc, argv, &e))
		return 0;
	mc_text_show(e.text); /* strangers are quoted in it */
	fprintf(stderr, "%s: %s\n", s->name, e.text);
	return mc_exit_status(e.code);
}
