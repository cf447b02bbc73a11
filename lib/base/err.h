/* SPDX-License-Identifier: ISC */
/*
 * Errors are values.
 *
 * A function that can fail returns bool and takes a struct mc_err last.  The
 * layer that detects the failure calls mc_fail(); each caller that knows more
 * calls mc_note() on the way out.  Both return false, so a failing step is one
 * statement:
 *
 *	if (!mc_key_load(path, &key, e))
 *		return mc_note(e, "signing key");
 *
 * which reads to the user as "signing key: ca.pem: wrong passphrase".  The
 * code chooses the exit status and the HTTP status; the text is for the
 * operator's terminal or log and is never sent to a client.
 */
#ifndef MC_ERR_H
#define MC_ERR_H

#include <stdbool.h>

#include "base/cleanup.h"

/*
 * Below 64 is an answer, 64 and above is a failure (sysexits(3)).
 *
 *	code		exit	http	meaning
 */
#define MC_ERR_TABLE(X)                                                        \
	X(MC_OK, 0, 200, "success")                                            \
	X(MC_DENIED, 1, 403, "verdict was no")                                 \
	X(MC_UNSIGNED, 10, 403, "the message is not signed")                   \
	X(MC_ALTERED, 11, 403, "the signature does not match the content")     \
	X(MC_UNTRUSTED, 12, 403, "the signer does not chain to an anchor")     \
	X(MC_OUTOFDATE, 13, 403, "a certificate is not valid at this time")    \
	X(MC_REVOKED, 14, 403, "the signer's certificate was revoked")         \
	X(MC_MISMATCH, 15, 403, "it does not say what was demanded")           \
	X(MC_USAGE, 64, 500, "bad invocation")                                 \
	X(MC_MALFORMED, 65, 400, "input not well formed")                      \
	X(MC_NOINPUT, 66, 404, "named thing does not exist")                   \
	X(MC_INTERNAL, 70, 500, "bug or library failure")                      \
	X(MC_IO, 74, 500, "read or write failed")                              \
	X(MC_RETRY, 75, 503, "try again later")

enum mc_code {
#define X(name, exit, http, text) name,
	MC_ERR_TABLE(X)
#undef X
};

struct mc_err {
	enum mc_code code;
	char text[512];
};

#define MC_ERR_INIT                                                            \
	{                                                                      \
		MC_OK, ""                                                      \
	}

/*
 * The functions below are macros over these, so that compilers and analysers
 * see that what they return is false.
 */
bool mc_fail_record(struct mc_err *e, enum mc_code code, const char *fmt, ...)
    MC_PRINTF(3, 4);
bool mc_fail_errno_record(
    struct mc_err *e, enum mc_code code, const char *fmt, ...) MC_PRINTF(3, 4);
bool mc_note_record(struct mc_err *e, const char *fmt, ...) MC_PRINTF(2, 3);

static inline bool
mc_failed(bool recorded)
{
	(void)recorded;
	return false;
}

/* (e, code, fmt, ...): record a failure; replaces anything recorded before. */
#define mc_fail(...) mc_failed(mc_fail_record(__VA_ARGS__))

/* (e, code, fmt, ...): the same, appending ": " strerror(errno). */
#define mc_fail_errno(...) mc_failed(mc_fail_errno_record(__VA_ARGS__))

/* Out of memory, said the same way everywhere. */
#define mc_fail_memory(e) mc_fail(e, MC_RETRY, "out of memory")

/* (e, fmt, ...): prefix context to a recorded failure. */
#define mc_note(...) mc_failed(mc_note_record(__VA_ARGS__))

/*
 * A verdict on what was asked: neither success nor a failure (an exit status
 * of 1 to 63).
 */
bool mc_code_is_verdict(enum mc_code code);

/*
 * Our own failure (an HTTP status of 5xx): whoever asked did nothing wrong,
 * and is not to be refused, counted or told why for it.
 */
bool mc_code_is_own(enum mc_code code);

int mc_exit_status(enum mc_code code);
int mc_http_status(enum mc_code code);

/* The code whose exit status is n; MC_INTERNAL where there is none. */
enum mc_code mc_code_find(int exit_status);

/* The constant's name without its prefix, "DENIED": for logs. */
const char *mc_code_name(enum mc_code code);

#endif
