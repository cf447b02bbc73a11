/* SPDX-License-Identifier: ISC */
/* scep-ca.conf(5) has every setting, and its examples work. */
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "ca/challenge.h"
#include "ca/conf.h"
#include "ca/conf_table.h"
#include "tap.h"

static char page[] = "man/scep-ca.conf.5";
static char dir[] = "/tmp/mcprofile-manual.XXXXXX";

/* A shell command's standard output. */
static bool
run(const char *command, struct mc_buf *out)
{
	char all[2048];
	struct mc_err e = MC_ERR_INIT;
	int status;

	snprintf(all, sizeof(all), "{ %s; } > %s/out", command, dir);
	status = system(all);
	snprintf(all, sizeof(all), "%s/out", dir);
	mc_buf_clear(out);
	return mc_file_load(all, out, &e) && status == 0;
}

/* The settings in the page, in its order, a line each: "name = metavariable".
 */
static void
the_page_names_the_settings(void)
{
	AUTO_BUF have = MC_BUF_INIT;
	AUTO_BUF want = MC_BUF_INIT;
	const struct mc_opt *const tables[] = { mc_ca_head_opts,
		mc_ca_section_opts };
	struct mc_err e = MC_ERR_INIT;
	bool done = true;

	for (size_t t = 0; t < 2; t++)
		for (const struct mc_opt *o = tables[t]; o->kind; o++)
			done = done &&
			    mc_buf_printf(&want, &e, "%s = %s\n", o->name,
				o->arg ? o->arg : "yes|no");
	ok(done && want.len > 0);
	ok(run("sed -n 's/^\\.It Cm \\([a-z0-9-]*\\) No = [AC][rm] /\\1 = /p' "
	       "man/scep-ca.conf.5",
	    &have));
	ok(mc_buf_is(&have, mc_buf_str(&want)));
	if (!mc_buf_is(&have, mc_buf_str(&want)))
		printf("# %s\n# %s\n", mc_buf_str(&want), mc_buf_str(&have));
}

/* Each has a sentence, and those with a default say which. */
static void
each_setting_is_explained(void)
{
	AUTO_BUF out = MC_BUF_INIT;

	ok(run("awk '/^\\.It Cm [a-z0-9-]* No = /{ if (n) print n; n = $3 } "
	       "/^[A-Z]/{ n = \"\" } END { if (n) print n }' "
	       "man/scep-ca.conf.5",
	    &out));
	ok(out.len == 0);
}

/* The n-th example of this kind, as it is read. */
static bool
example(const char *kind, int n, struct mc_buf *out)
{
	char command[512];

	snprintf(command, sizeof(command),
	    "awk -v n=%d '/^\\.\\\\\" example %s$/{ at++ } /^\\.Ed/{ on = 0 } "
	    "on; /^\\.Bd/{ on = at == n; if (on) at += 100 }' %s | "
	    "sed 's/\\\\e/\\\\/g'",
	    n, kind, page);
	return run(command, out) && out->len > 0;
}

static void
its_files_are_read(void)
{
	for (int n = 1; n <= 2; n++) {
		AUTO_BUF text = MC_BUF_INIT;
		AUTO(mc_ca_conf) *c = NULL;
		struct mc_err e = MC_ERR_INIT;

		ok(example("ca.conf", n, &text));
		ok(mc_ca_conf_parse(&text, "ca.conf", &c, &e));
		ok(c && c->n == 3);
		if (!c)
			printf("# %s\n", e.text);
	}
}

static bool
save(const char *name, const struct mc_buf *b, mode_t mode)
{
	char path[256];
	struct mc_err e = MC_ERR_INIT;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return mc_file_save(path, b, mode, &e);
}

static bool
save_text(const char *name, const char *text, mode_t mode)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	return mc_buf_puts(&b, text, &e) && save(name, &b, mode);
}

static void
its_shell_mints_challenges(void)
{
	AUTO_BUF script = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	AUTO_BUF secret = MC_BUF_INIT;
	AUTO_CHALLENGE c = { 0 };
	AUTO_CHALLENGE other = { 0 };
	struct mc_err e = MC_ERR_INIT;
	char command[256];
	bool genuine = false;

	ok(example("mint", 1, &script) && save("mint", &script, 0700));
	ok(save_text("portal.secret", "0123456789abcdef0123\n", 0600));
	snprintf(command, sizeof(command), "cd %s && ./mint", dir);
	ok(run(command, &out));
	ok(out.len > 0 && out.data[out.len - 1] == '\n');
	out.data[--out.len] = '\0';
	ok(mc_buf_puts(&secret, "0123456789abcdef0123", &e));
	ok(mc_challenge_hmac_parse(&secret, &out, &c, &genuine, &e));
	ok(genuine && c.uses == 1 &&
	    strcmp(c.subject, "/O=ACME Inc./CN=Alice") == 0 &&
	    strcmp(c.profile, "portal") == 0);
	ok(c.expires > mc_time_now() + MC_HOUR - 60 &&
	    c.expires <= mc_time_now() + MC_HOUR);
	ok(mc_buf_puts(&secret, "x", &e));
	ok(mc_challenge_hmac_parse(&secret, &out, &other, &genuine, &e));
	ok(!genuine);
}

/* What it says with an MDM that answers so: its status, its facts. */
static bool
decides(const char *csr, const char *answer, const char *want)
{
	AUTO_BUF out = MC_BUF_INIT;
	char command[512];

	snprintf(command, sizeof(command),
	    "cd %s && printf '%%s' '%s' > answer && PATH=.:$PATH "
	    "MCPROFILE_SUBJECT=/CN=x ./decide < %s 3> facts 2> words; echo $? "
	    "$(cat facts words)",
	    dir, answer, csr);
	if (run(command, &out) && mc_buf_is(&out, want))
		return true;
	printf("# %s", mc_buf_str(&out));
	return false;
}

static void
its_program_decides(void)
{
	AUTO_BUF script = MC_BUF_INIT;
	AUTO_BUF out = MC_BUF_INIT;
	char command[1024];

	ok(example("decide", 1, &script) && save("decide", &script, 0700));
	ok(save_text("curl",
	    "#!/bin/sh\n[ \"$(cat)\" = 'pass word' ] && [ -s answer ] && cat "
	    "answer\n",
	    0700));
	snprintf(command, sizeof(command),
	    "cd %s && printf '[req]\\nprompt=no\\ndistinguished_name=d\\n"
	    "attributes=a\\n[d]\\nCN=x\\n[a]\\nchallengePassword=pass word\\n' "
	    "> r.cnf && openssl req -new -newkey rsa:2048 -nodes -keyout k "
	    "-config r.cnf -out csr 2> log && openssl req -new -key k -subj "
	    "/CN=x -out bare 2> log",
	    dir);
	ok(run(command, &out));
	ok(decides("csr", "allow dev-1", "0 OWNER=dev-1\n"));
	ok(decides("csr", "wait", "75\n"));
	ok(decides("csr", "never", "1 the MDM said never\n"));
	ok(decides("csr", "", "70\n"));
	ok(decides("bare", "allow dev-1", "1 no challenge\n"));
}

int
main(void)
{
	char rm[64];

	if (!mkdtemp(dir))
		return 99;
	the_page_names_the_settings();
	each_setting_is_explained();
	its_files_are_read();
	its_shell_mints_challenges();
	its_program_decides();
	snprintf(rm, sizeof(rm), "rm -rf %s", dir);
	ok(system(rm) == 0);
	return done();
}
