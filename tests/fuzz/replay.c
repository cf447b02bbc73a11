/* SPDX-License-Identifier: ISC */
/* Runs a fuzz target over files and folders, without libFuzzer. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
one(const char *path)
{
	AUTO_BUF b = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	if (!mc_file_load(path, &b, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	/* a heap block of the exact size, so that one byte too far is seen */
	uint8_t *copy = malloc(b.len ? b.len : 1);
	if (!copy)
		return 1;
	if (b.len)
		memcpy(copy, b.data, b.len);
	LLVMFuzzerTestOneInput(copy, b.len);
	free(copy);
	return 0;
}

static int
folder(const char *path)
{
	DIR *d = opendir(path);
	AUTO_BUF file = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	struct dirent *f;
	int bad = 0;

	if (!d)
		return 1;
	while ((f = readdir(d)) != NULL)
		if (f->d_name[0] != '.')
			bad |= !mc_path_join(path, f->d_name, &file, &e) ||
			    one(mc_buf_str(&file));
	closedir(d);
	return bad;
}

int
main(int argc, char **argv)
{
	struct stat st;
	int bad = argc < 2;

	for (int i = 1; i < argc; i++)
		bad |= stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode)
		    ? folder(argv[i])
		    : one(argv[i]);
	return bad;
}
