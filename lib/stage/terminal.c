/* SPDX-License-Identifier: ISC */
#include "stage/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"

#define COLUMNS_DEFAULT 80
#define EVERY_MS 100 /* that often the line is drawn anew */
#define CLEAR_LINE "\r\x1b[K"

/* The line that is on the terminal now. */
static struct {
	bool shown;
	int64_t at; /* mc_time_ms() when it was drawn; 0: never */
} line;

/* A terminal that takes no more is no reason to stop working. */
static void
draw(const char *text, size_t n)
{
	(void)!write(STDERR_FILENO, text, n);
}

void
mc_terminal_clear(void)
{
	if (line.shown)
		draw(CLEAR_LINE, strlen(CLEAR_LINE));
	line.shown = false;
}

void
mc_terminal_say(const char *text)
{
	char *copy = strdup(text);

	mc_terminal_clear();
	if (!copy)
		return;
	mc_text_show(copy); /* strangers are quoted in it */
	dprintf(STDERR_FILENO, "%s\n", copy);
	free(copy);
}

static void
progress(const char *what, int64_t done, int64_t all)
{
	int64_t now = mc_time_ms();
	char text[128];
	int n;

	/* short work shows nothing at all */
	if (!line.at)
		line.at = now;
	if (now - line.at < EVERY_MS)
		return;
	line.at = now;
	n = all > 0
	    ? snprintf(text, sizeof(text),
		  CLEAR_LINE "%s: %lld of %lld (%lld%%)", what, (long long)done,
		  (long long)all, (long long)(done * 100 / all))
	    : snprintf(text, sizeof(text), CLEAR_LINE "%s: %lld", what,
		  (long long)done);
	if (n < 0 || (size_t)n >= sizeof(text))
		return;
	draw(text, (size_t)n);
	line.shown = true;
}

static unsigned
columns(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == -1 || !size.ws_col)
		return COLUMNS_DEFAULT;
	return size.ws_col;
}

static bool
wants_colour(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !(no && *no) && term && *term && strcmp(term, "dumb") != 0;
}

void
mc_terminal_look(struct mc_io *io, bool to_stdout)
{
	io->say = mc_terminal_say;
	if (isatty(STDERR_FILENO))
		io->progress = progress;
	if (!to_stdout || !isatty(STDOUT_FILENO))
		return;
	io->columns = columns();
	io->colour = wants_colour();
}

void
mc_io_say(const struct mc_io *io, struct mc_buf *text)
{
	char *next;

	for (char *at = (char *)text->data; io->say && at && *at; at = next) {
		next = strchr(at, '\n');
		if (next)
			*next++ = '\0';
		io->say(at);
	}
}
