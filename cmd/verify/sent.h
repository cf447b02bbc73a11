/* SPDX-License-Identifier: ISC */
/*
 * A device's answer, looked at: what device.h tells of it.
 */
#ifndef MC_VERIFY_SENT_H
#define MC_VERIFY_SENT_H

#include "plist/plist.h"
#include "verify/verdict.h"

/* What kinds of things are wrong; the names are the report's. */
#define MC_WRONG_TABLE(X)                                                      \
	X(LEG, "leg")         /* signed by whom this phase is not for */       \
	X(KIND, "kind")       /* something else than attributes */             \
	X(PLIST, "plist")     /* no plist that a stage would read */           \
	X(MISSING, "missing") /* an attribute that must be there */            \
	X(TYPE, "type")       /* of an attribute */                            \
	X(VALUE, "value")

enum mc_wrong {
#define X(name, text) MC_WRONG_##name,
	MC_WRONG_TABLE(X)
#undef X
};

/* One of them, and the key that it is about; "" for none. */
struct mc_sent_wrong {
	enum mc_wrong kind;
	char key[72]; /* fit for one line, and cut */
	char text[320];
};
#define MC_SENT_WRONG_MAX 16

struct mc_sent {
	unsigned phase;   /* 2, 3; 0: not known */
	mc_plist *dict;   /* what it says; NULL: not to be told, or none */
	bool challenged;  /* there is a CHALLENGE ... */
	size_t challenge; /* ... of so many bytes */
	/* the extension that marks a device of Apple's make; "" for none */
	char mark[64];
	bool timed;   /* there is a signing time ... */
	int64_t skew; /* ... so many seconds after the clock's */
	struct mc_sent_wrong wrong[MC_SENT_WRONG_MAX];
	size_t wrongs;
};

#define AUTO_SENT __attribute__((cleanup(mc_sent_clear))) struct mc_sent
void mc_sent_clear(struct mc_sent *s);

/* Fails for want of memory only. */
MC_NODISCARD bool
mc_sent_init(struct mc_sent *out, const struct mc_verdict *v, struct mc_err *e);

/* "leg": stable. */
const char *mc_wrong_name(enum mc_wrong kind);

/* What messages that were captured bore its mark: "iPhone"; NULL: none did. */
const char *mc_sent_seen(const struct mc_sent *s);

/* The dict of a device's answer, lent; NULL where it is none. */
const mc_plist *mc_sent_attributes(const struct mc_sent *s);

/* How many certificates of the chain have expired. */
int mc_sent_expired(const struct mc_verdict *v);

#endif
