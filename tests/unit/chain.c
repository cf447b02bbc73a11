/* SPDX-License-Identifier: ISC */
#include "stage/chain.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stage/spawn.h"
#include "tap.h"

static struct mc_err e;
static char stage[MC_CHAIN_NAME];

/* A built-in that writes its words, one a line, each in < >. */
struct words {
	struct mc_list word;
	const char *fail;
};

static const struct mc_opt words_opts[] = {
	MC_LIST(struct words, word, 'w', "word", "TEXT", "a word", false),
	MC_STR(struct words, fail, 0, "fail", "TEXT", "fail so", false),
	MC_OPT_END,
};

static bool
words_run(const void *args, struct mc_io *io, struct mc_err *err)
{
	const struct words *a = args;

	if (!mc_facts_set(io->facts, "RAN", "yes", err) ||
	    !mc_buf_add(io->out, io->in->data, io->in->len, err))
		return false;
	for (size_t i = 0; i < a->word.n; i++)
		if (!mc_buf_printf(io->out, err, "<%s>", a->word.v[i]))
			return false;
	return a->fail ? mc_fail(err, MC_UNTRUSTED, "%s", a->fail) : true;
}

static const struct mc_verb words_verbs[] = {
	{ .opts = words_opts, .input = MC_INPUT_MESSAGE, .run = words_run },
	{ 0 },
};

static const struct mc_stage words = {
	.name = "words",
	.verbs = words_verbs,
	.args_size = sizeof(struct words),
};

static const struct mc_stage *const builtins[] = { &words, NULL };

static const char *
lookup(const void *ctx, const char *name, size_t i)
{
	static const char *const list[] = { "a", "b b", "c" };
	static const char *const two[] = { "x", "y" };

	(void)ctx;
	if (strcmp(name, "list") == 0)
		return i < 3 ? list[i] : NULL;
	if (strcmp(name, "two") == 0)
		return i < 2 ? two[i] : NULL;
	if (strcmp(name, "one") == 0)
		return i == 0 ? "1 | %{list} [\"" : NULL;
	return NULL;
}

static int forgotten;

static void
forget(void)
{
	forgotten++;
}

/* The message that chain makes of in; "" when it fails. */
static const char *
run_with(
    const char *chain, const char *in, struct mc_facts *facts, bool exec_all)
{
	static struct mc_buf msg;
	AUTO_CHAIN c = { 0 };
	const struct mc_chain_env env = { .builtins = builtins,
		.exec_all = exec_all,
		.forget = forget,
		.lookup = lookup };

	mc_buf_clear(&msg);
	e = (struct mc_err)MC_ERR_INIT;
	stage[0] = '\0';
	if (!mc_chain_parse(chain, &c, &e) || !mc_buf_puts(&msg, in, &e) ||
	    !mc_chain_run(&c, &env, &msg, facts, stage, &e))
		return "";
	return mc_buf_str(&msg);
}

static bool
gives(const char *chain, const char *want)
{
	AUTO_FACTS facts = { 0 };

	return mc_facts_set(&facts, "USER", "al ice", &e) &&
	    strcmp(run_with(chain, "", &facts, false), want) == 0 &&
	    e.code == MC_OK;
}

static bool
fails(const char *chain, enum mc_code code, const char *text)
{
	AUTO_FACTS facts = { 0 };

	if (strcmp(run_with(chain, "in", &facts, false), "") == 0 &&
	    e.code == code && strcmp(e.text, text) == 0)
		return true;
	printf("# %d %s\n", (int)e.code, e.text);
	return false;
}

static bool
malformed(const char *chain)
{
	AUTO_CHAIN c = { 0 };

	e = (struct mc_err)MC_ERR_INIT;
	return !mc_chain_parse(chain, &c, &e) && e.code == MC_MALFORMED &&
	    !c.text;
}

static void
parsing(void)
{
	ok(gives("words -w a -w b|words -w c", "<a><b><c>"));
	/* before each of the two */
	ok(forgotten == 2);
	ok(gives("words -w \"a | b\" -w \"\" -w \"[x]\"", "<a | b><><[x]>"));
	ok(gives("words -w a\"b c\"d", "<ab cd>"));
	ok(gives("words -w %{USER}", "<al ice>"));
	ok(gives("words -w -%{USER}-%{USER}-", "<-al ice-al ice->"));
	/* what is put in is never cut or looked at again */
	ok(gives("words -w %{one}", "<1 | %{list} [\">"));
	ok(gives("words --word=%{one}", "<1 | %{list} [\">"));
	ok(gives("words [-w %{one}]", "<1 | %{list} [\">"));
	ok(gives("words [-w a] [-w %{none}] [-w %{USER} -w %{none}]", "<a>"));
	ok(gives("words [-w %{list}]-w z", "<a><b b><c><z>"));
	ok(gives(
	    "words [-w %{list}-%{USER}]", "<a-al ice><b b-al ice><c-al ice>"));
	ok(gives("[words -w %{none}] | words -w a | [%{none}]", "<a>"));
	ok(fails("[%{none}] | [%{none}]", MC_INTERNAL,
	    "no stage is left of the chain"));
	ok(fails("words -w %{none}", MC_INTERNAL, "%{none} is not known here"));
	ok(fails("words -w %{list}", MC_INTERNAL,
	    "%{list} has 3 values: write it in [ ]"));
	ok(fails("words [-w %{list}%{two}]", MC_INTERNAL,
	    "%{two} has 2 values, another list in its [ ] has 3"));

	ok(malformed(""));
	ok(malformed(" \t"));
	ok(malformed("| a"));
	ok(malformed("a |"));
	ok(malformed("a | | b"));
	ok(malformed("a [b"));
	ok(malformed("a b]"));
	ok(malformed("a [b [c]]"));
	ok(malformed("a []"));
	ok(malformed("a [b | c]"));
	ok(malformed("a \"b"));
	ok(malformed("a %{"));
	ok(malformed("a %{}"));
	ok(malformed("a %{b c}"));
}

static void
limits(void)
{
	AUTO_BUF text = MC_BUF_INIT;

	for (int i = 0; i < MC_CHAIN_WORDS; i++)
		if (!mc_buf_puts(&text, "a ", &e))
			return;
	ok(!malformed(mc_buf_str(&text)));
	ok(mc_buf_puts(&text, "a", &e) && malformed(mc_buf_str(&text)));
}

/* Nothing half-made is left to be given out. */
static void
emptied(void)
{
	AUTO_CHAIN c = { 0 };
	AUTO_FACTS facts = { 0 };
	AUTO_BUF msg = MC_BUF_INIT;
	const struct mc_chain_env env = { .builtins = builtins };

	ok(mc_chain_parse("words -w a | words --fail no", &c, &e) &&
	    mc_buf_puts(&msg, "in", &e));
	ok(!mc_chain_run(&c, &env, &msg, &facts, stage, &e) && msg.len == 0);
}

static void
verdicts(void)
{
	AUTO_FACTS facts = { 0 };

	ok(strcmp(run_with("words | words --fail no", "in", &facts, false),
	       "") == 0);
	ok(e.code == MC_UNTRUSTED && strcmp(e.text, "no") == 0);
	ok(strcmp(stage, "words") == 0);
	/* what a stage said before it refused is kept */
	ok(strcmp(mc_facts_get(&facts, "RAN"), "yes") == 0);
	ok(fails("words --nope", MC_USAGE,
	    "--nope: no such option; --help lists them"));
	/* a built-in is a program of that name when all are started */
	ok(strcmp(run_with("words", "in", &facts, true), "") == 0 &&
	    e.code == MC_INTERNAL);
	ok(strcmp(run_with("words | cat", "in", &facts, false), "in") == 0);
	ok(strcmp(stage, "cat") == 0);
}

static bool
spawns(const char *script, const char *in, int64_t seconds, struct mc_buf *out,
    struct mc_facts *facts)
{
	char text[2048];
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, text, NULL };
	AUTO_BUF msg = MC_BUF_INIT;
	struct mc_io io = { .in = &msg, .out = out, .facts = facts };

	e = (struct mc_err)MC_ERR_INIT;
	snprintf(text, sizeof(text), "%s", script);
	return mc_buf_puts(&msg, in, &e) && mc_spawn(argv, seconds, &io, &e);
}

/* The script fails with this code and text. */
static bool
refuses(const char *script, enum mc_code code, const char *text)
{
	AUTO_BUF out = { .limit = 1 << 20 };
	AUTO_FACTS facts = { 0 };

	if (!spawns(script, "in", 2, &out, &facts) && e.code == code &&
	    strncmp(e.text, text, strlen(text)) == 0)
		return true;
	printf("# %d %s\n", (int)e.code, e.text);
	return false;
}

static bool
says(const char *script, const char *want)
{
	AUTO_BUF out = MC_BUF_INIT;
	AUTO_FACTS facts = { 0 };

	if (mc_facts_set(&facts, "X", "a'b c", &e) &&
	    spawns(script, "in", 5, &out, &facts) && mc_buf_is(&out, want))
		return true;
	printf("# %s: %s\n", e.text, mc_buf_str(&out));
	return false;
}

static void
contract(void)
{
	AUTO_FACTS facts = { 0 };
	AUTO_BUF out = MC_BUF_INIT;
	sigset_t blocked;

	ok(says("cat; printf %s \"$MCPROFILE_X\"", "ina'b c"));
	ok(says("echo words >&2; echo x", "x\n"));
	setenv("HTTP_LD_PRELOAD", "x", 1);
	setenv("MCPROFILE_STRAY", "x", 1);
	setenv("TZ", "UTC", 1);
	ok(says("env | grep -c 'PRELOAD\\|STRAY'; :", "0\n"));
	ok(says("echo $TZ", "UTC\n"));
	/* nothing but 0 to 3 is open, whatever we have open */
	ok(dup2(1, 77) == 77 && dup2(1, 4) == 4);
	ok(says("for i in 0 1 2 3 4 5 9 10 11 12 13 14 77; do "
		"[ -e /proc/$$/fd/$i ] && printf $i; done; :",
	    "0123"));
	close(77);
	close(4);
	/* an ignored or blocked signal of ours is not the program's */
	signal(SIGWINCH, SIG_IGN);
	signal(SIGRTMAX, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaddset(&blocked, SIGRTMAX);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	/* 32 and 33 are libc's own: it has posix_spawn ignore them */
	ok(says("exec grep -c 'SigIgn:.0000000[01][08]0000000$' "
		"/proc/self/status",
	    "1\n"));
	ok(says("exec grep -c 'SigBlk:.0000000000000000$' /proc/self/status",
	    "1\n"));
	sigprocmask(SIG_UNBLOCK, &blocked, NULL);
	signal(SIGWINCH, SIG_DFL);
	signal(SIGRTMAX, SIG_DFL);

	ok(spawns("echo A=1 >&3; echo B=2 >&3", "", 5, &out, &facts));
	ok(strcmp(mc_facts_get(&facts, "A"), "1") == 0 &&
	    strcmp(mc_facts_get(&facts, "B"), "2") == 0);
	ok(!spawns("echo A=3 >&3; exit 1", "", 5, &out, &facts) &&
	    strcmp(mc_facts_get(&facts, "A"), "3") == 0);
	ok(refuses("echo 'a b=1' >&3", MC_INTERNAL, "fd 3: "));
	ok(refuses("echo 'a b=1' >&3; exit 1", MC_DENIED, "exit status 1"));
}

static void
failures(void)
{
	char *absent[] = { (char[]){ "no-such-program" }, NULL };
	struct mc_io io = { 0 };
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	time_t began;

	io.in = &in;
	io.out = &out;
	ok(!mc_spawn(absent, 5, &io, &e) && e.code == MC_INTERNAL &&
	    strstr(e.text, "no-such-program: No such file or directory"));
	ok(refuses("exit 1", MC_DENIED, "exit status 1"));
	ok(refuses("exit 12", MC_UNTRUSTED, "exit status 12"));
	ok(refuses("exit 5", MC_DENIED, "exit status 5"));
	ok(refuses("exit 65", MC_MALFORMED, "exit status 65"));
	ok(refuses("exit 75", MC_RETRY, "exit status 75"));
	ok(refuses("exit 127", MC_INTERNAL, "exit status 127"));
	ok(refuses("echo why >&2; echo more >&2; exit 1", MC_DENIED, "why"));
	ok(refuses("echo sh: why >&2; exit 1", MC_DENIED, "why"));
	ok(refuses(
	    "echo sh: standard input: why >&2; exit 1", MC_DENIED, "why"));
	ok(refuses("kill -9 $$", MC_INTERNAL, "killed by signal 9"));
	ok(refuses(
	    "yes", MC_INTERNAL, "the program writes: more than 1048576 bytes"));
	ok(refuses("yes A=1 >&3", MC_INTERNAL, "the program writes: more"));
	/* it fills one pipe while we fill another */
	ok(says("head -c 300000 /dev/zero >&2; echo x", "x\n"));

	began = time(NULL);
	ok(refuses("sleep 60", MC_RETRY, "not done after 2 s: killed"));
	ok(refuses("exec <&- >&- 2>&- 3>&-; sleep 60", MC_RETRY,
	    "not done after 2 s"));
	/* a grandchild that holds the pipes goes with its group */
	ok(refuses("sleep 61 & exit 0", MC_RETRY, "not done after 2 s"));
	ok(refuses("trap '' TERM HUP INT; sleep 60", MC_RETRY, "not done"));
	ok(time(NULL) - began < 20);
	ok(system("pgrep -fx 'sleep 61' > /dev/null") != 0);
	ok(waitpid(-1, NULL, WNOHANG) == -1); /* nobody is left */
}

/* A message larger than any pipe, through a program that reads it late. */
static void
large(void)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	AUTO_FACTS facts = { 0 };
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" },
		(char[]){ "cat; cat >/dev/null" }, NULL };
	char *deaf[] = { (char[]){ "sh" }, (char[]){ "-c" },
		(char[]){ "exec <&-; sleep 1; echo done" }, NULL };
	struct mc_io io = { .in = &in, .out = &out, .facts = &facts };

	for (int i = 0; i < 400000; i++)
		if (!mc_buf_printf(&in, &e, "%d\n", i))
			return;
	ok(mc_spawn(argv, 20, &io, &e));
	ok(out.len == in.len && memcmp(out.data, in.data, in.len) == 0);
	/* one that does not want it all is no failure */
	mc_buf_clear(&out);
	ok(mc_spawn(deaf, 20, &io, &e) && mc_buf_is(&out, "done\n"));
}

static void
passwords(void)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" },
		(char[]){ "exit $(cat <&3 | tr '\\0' ' ' | wc -c)" }, NULL };
	char *deaf[] = { (char[]){ "sh" }, (char[]){ "-c" },
		(char[]){ "exit 111" }, NULL };
	AUTO_BUF secret = MC_BUF_INIT;
	int status = -1;

	ok(mc_buf_add(&secret, "user\0pw\0", 8, &e));
	ok(mc_spawn_check(argv, 5, &secret, &status, &e) && status == 8);
	ok(mc_spawn_check(deaf, 5, &secret, &status, &e) && status == 111);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN); /* as every command does */
	parsing();
	limits();
	verdicts();
	emptied();
	contract();
	failures();
	large();
	passwords();
	return done();
}
