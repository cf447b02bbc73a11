/* SPDX-License-Identifier: ISC */
#include "device/tell.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/fd.h"
#include "base/text.h"

/* The longest line that is told; the rest is cut off. */
#define LINE 1024

void
mc_tell(const struct mc_tell *t, const char *fmt, ...)
{
	char line[LINE];
	va_list ap;

	if (!t->say)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	mc_text_show(line);
	t->say(line);
}

bool
mc_tell_save(const struct mc_tell *t, const char *name,
    const struct mc_buf *message, struct mc_err *e)
{
	AUTO_BUF path = MC_BUF_INIT;

	if (!t->save)
		return true;
	return mc_dir_make(t->save, 0700, e) &&
	    mc_path_join(t->save, name, &path, e) &&
	    mc_file_save(mc_buf_str(&path), message, 0600, e);
}
