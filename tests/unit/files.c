/* SPDX-License-Identifier: ISC */
/* Files and folders of a command line, and where what comes of them goes. */
#include "stage/files.h"

#include <string.h>
#include <sys/stat.h>

#include "tap.h"
#include "tool.h"

static bool
put(const char *name)
{
	const struct mc_buf none = MC_BUF_INIT;

	return save(name, &none);
}

/* What has been found, blanks between. */
static bool
are(const struct mc_files *f, const char *want)
{
	AUTO_BUF text = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	for (size_t i = 0; i < f->n; i++)
		if (!mc_buf_printf(&text, &e, "%s%s", i ? " " : "", f->v[i]))
			return false;
	if (mc_buf_is(&text, want))
		return true;
	printf("# %s\n", mc_buf_str(&text));
	return false;
}

static void
test_find(void)
{
	struct mc_err e = MC_ERR_INIT;
	const char *words[] = { "d", "-", "gone" };
	struct mc_words w = { words, 3, 0 };
	AUTO_FILES a = { 0 };
	AUTO_FILES b = { 0 };
	AUTO_FILES c = { 0 };
	AUTO_FILES none = { 0 };

	ok(mc_files_load(&a, &w, &e));
	ok(are(&a, "d/a.mobileconfig d/sub/a.mobileconfig - gone"));
	ok(mc_files_add_all(&b, "d", &e));
	ok(are(&b, "d/a.mobileconfig d/b.txt d/sub/a.mobileconfig"));
	ok(mc_files_load(&c, &(struct mc_words){ 0 }, &e) && are(&c, "-"));
	ok(!mc_files_add(&none, "empty", &e) && e.code == MC_NOINPUT);
	ok(strcmp(e.text, "empty: holds no *.mobileconfig") == 0);
	ok(!mc_files_add_all(&none, "empty", &e) && e.code == MC_NOINPUT);
	ok(strcmp(e.text, "empty: holds no file") == 0 && none.n == 0);
}

/* Where these two go; NULL is refused, with this text. */
static void
places(const char *one, const char *two, const char *dir, const char *want,
    const char *text)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_FILES from = { 0 };
	AUTO_FILES to = { 0 };

	ok(mc_files_add(&from, one, &e) && mc_files_add(&from, two, &e));
	if (want) {
		ok(mc_files_place(&from, dir, NULL, &to, &e) && are(&to, want));
		return;
	}
	ok(!mc_files_place(&from, dir, NULL, &to, &e) && e.code == MC_USAGE);
	printf("# %s\n", e.text);
	ok(strcmp(e.text, text) == 0);
}

static void
test_place(void)
{
	struct stat st;

	places("d/b.txt", "d/sub/a.mobileconfig", NULL,
	    "d/b.txt d/sub/a.mobileconfig", NULL);
	places("d/a.mobileconfig", "d/sub/a.mobileconfig", "out", NULL,
	    "d/a.mobileconfig and d/sub/a.mobileconfig would be one file, "
	    "out/a.mobileconfig");
	places(
	    "x/a", "y/A", "out", NULL, "x/a and y/A would be one file, out/a");
	places("d/b.txt", "./d/b.txt", NULL, NULL,
	    "./d/b.txt and d/b.txt would be one file, ./d/b.txt");
	ok(symlink("b.txt", "d/link") == 0);
	places("d/b.txt", "d/link", NULL, NULL,
	    "d/b.txt and d/link would be one file, d/b.txt");
	ok(unlink("d/link") == 0);
	places("d/b.txt", "-", "out", NULL,
	    "standard input has no name to be kept");
	places("-", "d/b.txt", NULL, NULL,
	    "standard input has no name to be kept");
	places("d/b.txt", "d/sub/a.mobileconfig", "d/../d", NULL,
	    "d/b.txt: would be written over itself; --in-place says that it "
	    "may");
	/* whatever is refused is refused before anything is made */
	ok(stat("out", &st) == -1);
	places("d/b.txt", "d/sub/a.mobileconfig", "out",
	    "out/b.txt out/a.mobileconfig", NULL);
	ok(stat("out", &st) == 0 && S_ISDIR(st.st_mode));
}

int
main(void)
{
	tool_init();
	ok(mkdir("d", 0777) == 0 && mkdir("d/sub", 0777) == 0 &&
	    mkdir("empty", 0777) == 0);
	ok(put("d/b.txt") && put("d/a.mobileconfig") && put("d/.hidden") &&
	    put("d/sub/a.mobileconfig"));
	test_find();
	test_place();
	tool_done();
	return done();
}
