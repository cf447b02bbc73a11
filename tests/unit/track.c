/* SPDX-License-Identifier: ISC */
/* The life of an enrolment, on a clock that the test sets. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/time.h"
#include "base/udid.h"
#include "tap.h"
#include "track/enrolment.h"
#include "track/report.h"
#include "track/subject.h"
#include "track/udids.h"

#define T0 ((int64_t)1800000000)
#define FACTORY_A                                                              \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define FACTORY_B                                                              \
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define IDENTITY_1                                                             \
	"1111111111111111111111111111111111111111111111111111111111111111"
#define IDENTITY_2                                                             \
	"2222222222222222222222222222222222222222222222222222222222222222"

static struct mc_store *store;

static const struct mc_track_grant own = { "/CN=${uuid}", true };
static const struct mc_track_grant foreign = { "/O=ACME/CN=${uuid}", false };

static struct mc_track_sender
sender(const char *udid, const char *sha256)
{
	return (struct mc_track_sender){
		.udid = udid,
		.sha256 = sha256,
		.device = "iPhone5,2",
		.listed = true,
	};
}

static struct mc_err last;

/* "" when it went well, the error's text when not. */
static const char *
said(bool done)
{
	if (done != (last.code == MC_OK))
		return "said neither yes nor no";
	return done ? "" : last.text;
}

static const char *
identify(const char *token, const struct mc_track_sender *from,
    const struct mc_track_grant *grant, struct mc_enrolment *en)
{
	mc_enrolment_clear(en);
	last = (struct mc_err)MC_ERR_INIT;
	return said(mc_track_identify(store, token, from, grant, en, &last));
}

static const char *
deliver(const struct mc_track_issued *issued,
    const struct mc_track_sender *from, struct mc_enrolment *en)
{
	bool returned;

	mc_enrolment_clear(en);
	last = (struct mc_err)MC_ERR_INIT;
	if (mc_track_deliver(store, issued, from, &returned, en, &last))
		return said(true);
	return returned ? "sent back" : said(false);
}

/* ... and the profile is made. */
static const char *
delivered(const char *id)
{
	last = (struct mc_err)MC_ERR_INIT;
	return said(mc_track_delivered(store, id, &last));
}

/* The record's row as it is now. */
static void
look(const char *id, struct mc_enrolment *en)
{
	struct mc_err e = MC_ERR_INIT;
	bool found = false;

	mc_enrolment_clear(en);
	ok(mc_store_enrolment_find(
	       store, MC_ENROLMENT_ID, id, en, &found, &e) &&
	    found);
}

static void
start(char token[static MC_TOKEN_TEXT], struct mc_enrolment *en)
{
	mc_enrolment_clear(en);
	last = (struct mc_err)MC_ERR_INIT;
	if (!mc_track_start(store, "alice", 0, token, en, &last))
		printf("Bail out! %s\n", last.text);
}

static bool
is(const char *got, const char *want)
{
	bool same = strcmp(got, want) == 0;

	if (!same)
		printf("# got \"%s\"\n", got);
	return same;
}

static void
test_life(void)
{
	const struct mc_track_sender a = sender("UDID-A", FACTORY_A);
	struct mc_track_sender later = sender("UDID-A", IDENTITY_1);
	struct mc_track_issued issued = { .subject = "/CN=whatever" };
	AUTO_ENROLMENT en = { 0 };
	char token[MC_TOKEN_TEXT];
	char id[MC_UUID_TEXT];

	mc_time_set(T0);
	start(token, &en);
	ok(strlen(token) == 32 && strspn(token, "0123456789abcdef") == 32);
	ok(en.state == MC_ENROLMENT_STARTED && en.expires == T0 + MC_HOUR);
	ok(!strstr(en.token, token) && strlen(en.token) == 64);
	memcpy(id, en.id, sizeof(id));

	mc_time_set(T0 + 60);
	ok(is(identify(token, &a, &own, &en), ""));
	ok(en.state == MC_ENROLMENT_IDENTIFIED && en.since == T0 + 60);
	ok(is(en.udid, "UDID-A") && is(en.factory, FACTORY_A));
	ok(strncmp(en.subject, "/CN=", 4) == 0 && is(en.subject + 4, id));
	/* the answer was lost: once more, the state is as old as it was */
	mc_time_set(T0 + 90);
	ok(is(identify(token, &a, &own, &en), "") && en.since == T0 + 60);
	ok(is(en.id, id));

	issued.owner = id;
	issued.once = true;
	for (int again = 0; again < 2; again++) {
		/* there is no profile yet: this is no return */
		ok(is(deliver(&issued, &later, &en), ""));
		ok(en.state == MC_ENROLMENT_IDENTIFIED && is(en.user, "alice"));
	}
	mc_time_set(T0 + 95);
	ok(is(delivered(id), ""));
	look(id, &en);
	ok(en.state == MC_ENROLMENT_DELIVERED && en.since == T0 + 95);
	issued.once = false;
	/* a refresh, long after the token's end */
	mc_time_set(T0 + 400 * MC_DAY);
	ok(is(deliver(&issued, &later, &en), "") && is(delivered(id), ""));
	look(id, &en);
	ok(en.state == MC_ENROLMENT_DELIVERED && en.since == T0 + 95);
	/* renewed: another certificate of our own CA, for the same enrolment */
	later.sha256 = IDENTITY_2;
	ok(is(deliver(&issued, &later, &en), ""));

	issued.once = true;
	ok(is(deliver(&issued, &later, &en), "sent back"));
	ok(is(last.text, "delivered before: has to enrol again"));
	/* what is wrong besides is not a return */
	later.udid = "UDID-B";
	ok(is(deliver(&issued, &later, &en),
	    "message speaks of another device, UDID UDID-B"));
}

static void
test_token(void)
{
	const struct mc_track_sender a = sender("UDID-A", FACTORY_A);
	const struct mc_track_sender b = sender("UDID-B", FACTORY_B);
	const struct mc_track_sender liar = sender("UDID-A", FACTORY_B);
	const struct mc_track_sender later = sender("UDID-A", IDENTITY_1);
	struct mc_track_sender bob = a;
	struct mc_track_sender stranger = a;
	struct mc_track_issued issued = { 0 };
	AUTO_ENROLMENT en = { 0 };
	char token[MC_TOKEN_TEXT];
	char id[MC_UUID_TEXT];

	mc_time_set(T0);
	start(token, &en);
	memcpy(id, en.id, sizeof(id));
	ok(is(identify("", &a, &own, &en), "challenge unknown"));
	ok(last.code == MC_DENIED && en.id[0] == '\0');
	ok(is(identify(en.token, &a, &own, &en), "challenge unknown"));
	bob.user = "bob";
	ok(is(identify(token, &bob, &own, &en),
	    "enrolment of another user than bob"));
	ok(last.code == MC_DENIED && is(en.id, id));
	stranger.listed = false;
	ok(is(identify(token, &stranger, &own, &en),
	    "UDID UDID-A is not one of those allowed"));
	/* neither bound the token */
	ok(is(identify(token, &b, &own, &en), ""));
	ok(is(identify(token, &a, &own, &en),
	    "challenge belongs to another device than UDID UDID-A"));
	ok(is(en.udid, "UDID-B") && is(en.factory, FACTORY_B));

	start(token, &en);
	memcpy(id, en.id, sizeof(id));
	mc_time_set(T0 + MC_HOUR - 1);
	ok(is(identify(token, &a, &own, &en), ""));
	ok(is(identify(token, &liar, &own, &en),
	    "UDID UDID-A came with another factory certificate before"));
	mc_time_set(T0 + MC_HOUR);
	ok(is(identify(token, &a, &own, &en),
	    "challenge expired 0 seconds before"));
	mc_time_set(T0 + MC_HOUR + 61);
	ok(is(identify(token, &a, &own, &en),
	    "challenge expired 1 minute before"));
	/* its certificate is good all the same */
	issued.owner = id;
	ok(is(deliver(&issued, &later, &en), ""));

	/* a token is of no use after the delivery, though still alive */
	mc_time_set(T0);
	start(token, &en);
	memcpy(id, en.id, sizeof(id));
	ok(is(identify(token, &a, &own, &en), ""));
	ok(is(deliver(&issued, &later, &en), "") && is(delivered(id), ""));
	mc_time_set(T0 + 180);
	ok(is(identify(token, &a, &own, &en),
	    "challenge used up: the profile was delivered 3 minutes before"));
	ok(en.state == MC_ENROLMENT_DELIVERED);
}

/* What stops an enrolment between two steps. */
static void
test_stop(void)
{
	const struct mc_track_sender a = sender("UDID-A", FACTORY_A);
	AUTO_ENROLMENT en = { 0 };
	struct mc_track_stop stop = { .step = "decide", .reason = "no" };
	struct mc_err e = MC_ERR_INIT;
	char token[MC_TOKEN_TEXT];
	char longest[1025];
	char id[MC_UUID_TEXT];

	mc_time_set(T0);
	start(token, &en);
	memcpy(id, en.id, sizeof(id));
	ok(is(delivered(id), "delivered to an enrolment without a device"));
	ok(is(delivered("x"), "x: no such enrolment") &&
	    last.code == MC_NOINPUT);
	stop.id = id;
	stop.words = "because";
	ok(mc_track_stop(store, &stop, &e));
	look(id, &en);
	ok(en.state == MC_ENROLMENT_STARTED && is(en.reason, "because"));

	ok(is(identify(token, &a, &own, &en), "") && !en.reason);
	/* it was not in this state any more: a step of the past */
	stop.state = "started";
	ok(mc_track_stop(store, &stop, &e));
	look(id, &en);
	ok(en.state == MC_ENROLMENT_IDENTIFIED && !en.reason);
	stop.state = "identified";
	ok(mc_track_stop(store, &stop, &e));
	look(id, &en);
	ok(en.state == MC_ENROLMENT_IDENTIFIED && is(en.reason, "because"));
	ok(is(delivered(id), ""));
	ok(mc_track_stop(store, &stop, &e));
	look(id, &en);
	ok(en.state == MC_ENROLMENT_DELIVERED && !en.reason);

	stop.id = "x";
	ok(!mc_track_stop(store, &stop, &e) && e.code == MC_NOINPUT);
	stop.id = id;
	stop.reason = "";
	ok(!mc_track_stop(store, &stop, &e) && e.code == MC_USAGE);
	stop.reason = "a\nb";
	ok(!mc_track_stop(store, &stop, &e) && e.code == MC_USAGE);
	memset(longest, 'x', sizeof(longest));
	longest[1024] = '\0';
	stop.reason = longest;
	ok(!mc_track_stop(store, &stop, &e) && e.code == MC_USAGE);
	longest[1023] = '\0';
	ok(mc_track_stop(store, &stop, &e));
	stop.step = "";
	ok(!mc_track_stop(store, &stop, &e) && e.code == MC_USAGE);
}

static void
test_signer(void)
{
	const struct mc_track_sender a = sender("UDID-A", FACTORY_A);
	const struct mc_track_sender later = sender("UDID-A", IDENTITY_1);
	struct mc_track_issued issued = { 0 };
	AUTO_ENROLMENT en = { 0 };
	AUTO_BUF subject = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	char token[MC_TOKEN_TEXT];
	char id[MC_UUID_TEXT];

	mc_time_set(T0);
	start(token, &en);
	memcpy(id, en.id, sizeof(id));
	issued.owner = id;
	issued.subject = "/CN=x";
	ok(is(deliver(&issued, &later, &en),
	    "certificate of an enrolment without a device"));
	issued.owner = "00000000-0000-4000-8000-000000000000";
	ok(is(deliver(&issued, &later, &en),
	    "the signer's certificate was issued in no enrolment"));

	/* our own CA issued to nobody: the subject alone is not enough */
	ok(is(identify(token, &a, &own, &en), ""));
	ok(mc_buf_printf(&subject, &e, "%s", en.subject));
	issued = (struct mc_track_issued){ .subject = mc_buf_str(&subject) };
	ok(is(deliver(&issued, &later, &en),
	    "the signer's certificate was issued in no enrolment"));
	ok(en.id[0] == '\0');
}

static void
test_foreign(void)
{
	const struct mc_track_grant vague = { "/CN=${user}", false };
	const struct mc_track_grant literal = { "/CN=$${uuid}", false };
	const struct mc_track_sender a = sender("UDID-A", FACTORY_A);
	const struct mc_track_sender one = sender("UDID-A", IDENTITY_1);
	const struct mc_track_sender two = sender("UDID-A", IDENTITY_2);
	const struct mc_track_sender other = sender("UDID-B", IDENTITY_1);
	struct mc_track_issued issued = { 0 };
	AUTO_ENROLMENT en = { 0 };
	AUTO_BUF subject = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;
	char token[MC_TOKEN_TEXT];

	mc_time_set(T0);
	start(token, &en);
	ok(*identify(token, &a, &vague, &en) && last.code == MC_USAGE);
	ok(*identify(token, &a, &literal, &en) && last.code == MC_USAGE);
	ok(en.state == MC_ENROLMENT_STARTED && !en.udid);
	ok(is(identify(token, &a, &foreign, &en), ""));
	ok(mc_buf_puts(&subject, en.subject, &e));
	ok(strncmp(en.subject, "/O=ACME/CN=", 11) == 0);

	issued.subject = "/O=Other/CN=x";
	ok(*deliver(&issued, &one, &en) && last.code == MC_DENIED);
	issued.subject = mc_buf_str(&subject);
	ok(is(deliver(&issued, &other, &en),
	    "message speaks of another device, UDID UDID-B"));
	ok(is(deliver(&issued, &one, &en), "") && is(en.pin, IDENTITY_1));
	ok(is(deliver(&issued, &one, &en), ""));
	ok(is(deliver(&issued, &two, &en),
	    "another certificate came with this subject before"));
}

static void
test_start(void)
{
	AUTO_ENROLMENT en = { 0 };
	char token[MC_TOKEN_TEXT];
	char twice[MC_TOKEN_TEXT];
	char longest[300];
	struct mc_err e = MC_ERR_INIT;

	mc_time_set(T0);
	ok(!mc_track_start(store, "", 0, token, &en, &e) && e.code == MC_USAGE);
	ok(!mc_track_start(store, "a\nb", 0, token, &en, &e) &&
	    e.code == MC_USAGE);
	ok(!mc_track_start(store, "a\177", 0, token, &en, &e) &&
	    e.code == MC_USAGE);
	memset(longest, 'x', sizeof(longest));
	longest[257] = '\0';
	ok(!mc_track_start(store, longest, 0, token, &en, &e) &&
	    e.code == MC_USAGE);
	longest[256] = '\0';
	ok(mc_track_start(store, longest, 0, token, &en, &e));
	mc_enrolment_clear(&en);
	ok(!mc_track_start(store, "a", -1, token, &en, &e));
	ok(!mc_track_start(store, "a", 365 * MC_DAY + 1, token, &en, &e));
	ok(mc_track_start(store, "a", 5, token, &en, &e) &&
	    en.expires == T0 + 5);
	mc_enrolment_clear(&en);
	ok(mc_track_start(store, "a", 5, twice, &en, &e) &&
	    strcmp(token, twice) != 0);
}

static const char *
subject(const char *pattern, const char *user)
{
	static struct mc_buf text;
	const struct mc_subject_values v = { "U-1", user, "UDID-A" };

	mc_buf_clear(&text);
	last = (struct mc_err)MC_ERR_INIT;
	if (!mc_subject_make(pattern, &v, &text, &last))
		return last.text;
	return mc_buf_str(&text);
}

static void
test_subject(void)
{
	char longest[80];

	ok(is(subject("/CN=${uuid}", "a"), "/CN=U-1"));
	ok(is(subject("/O=A ${user}./CN=${udid}+${uuid}", "a"),
	    "/O=A a./CN=UDID-A+U-1"));
	ok(is(subject("/CN=$${uuid}$", "a"), "/CN=${uuid}$"));
	/* a value stays one value */
	ok(is(subject("/CN=${user}", "x/O=Evil"), "/CN=x\\/O=Evil"));
	ok(is(subject("/CN=${user}", "x\\/O=Evil"), "/CN=x\\\\\\/O=Evil"));
	ok(is(subject("/CN=${user}/O=A", "x\\"), "/CN=x\\\\/O=A"));
	/* nor is it a pattern again, here or further on */
	ok(*subject("/CN=${user}", "${uuid}") && last.code == MC_DENIED);
	memset(longest, 'x', sizeof(longest));
	longest[65] = '\0';
	ok(*subject("/CN=${user}", longest) && last.code == MC_DENIED);
	ok(*subject("/CN=${nobody}", "a") && last.code == MC_USAGE);
	ok(is(
	    last.text, "subject: ${nobody}: want ${uuid}, ${user} or ${udid}"));
	ok(*subject("/CN=${uuid", "a") && last.code == MC_USAGE);
	ok(*subject("CN=${uuid}", "a") && last.code == MC_USAGE);
	ok(*subject("", "a") && last.code == MC_USAGE);
	ok(*subject("/XY=${uuid}", "a") && last.code == MC_USAGE);
	ok(mc_subject_is_unique("/CN=${uuid}"));
	ok(mc_subject_is_unique("/CN=$${uuid}${uuid}"));
	ok(!mc_subject_is_unique("/CN=$${uuid}"));
	ok(!mc_subject_is_unique("/CN=${user}"));
}

static const char *
udids(const char *dir, const char *text, const char *udid)
{
	AUTO_BUF path = MC_BUF_INIT;
	AUTO_BUF file = MC_BUF_INIT;
	bool listed = true;

	last = (struct mc_err)MC_ERR_INIT;
	if (!mc_path_join(dir, "udids", &path, &last) ||
	    !mc_buf_puts(&file, text, &last) ||
	    !mc_file_save(mc_buf_str(&path), &file, 0600, &last) ||
	    !mc_udids_find(mc_buf_str(&path), udid, &listed, &last))
		return strrchr(last.text, '/');
	return listed ? "yes" : "no";
}

static void
test_udids(const char *dir)
{
	ok(is(udids(dir, "", "AB-1"), "no"));
	ok(is(udids(dir, "# AB-1\n", "AB-1"), "no"));
	ok(is(udids(dir, "x\n \tAB-1 # Alice's\r\n", "AB-1"), "yes"));
	ok(is(udids(dir, "ab-1", "AB-1"), "yes"));
	ok(is(udids(dir, "AB-12\nAB-\n1", "AB-1"), "no"));
	ok(is(udids(dir, "AB-1\nAB 1\n", "AB-1"),
	    "/udids:2: not a UDID; want one a line"));
	ok(is(udids(dir,
		  "a2345678901234567890123456789012345678901234567890"
		  "123456789012345\n",
		  "AB-1"),
	    "/udids:1: not a UDID; want one a line"));
	ok(!mc_udid_check("") && !mc_udid_check("a b") && mc_udid_check("a"));
}

static bool
count_events(void *ctx, const struct mc_event *ev, struct mc_err *e)
{
	(void)ev;
	(void)e;
	++*(int *)ctx;
	return true;
}

/* Who hammers at a token does not fill the disk. */
static void
test_events(void)
{
	const struct mc_track_sender a = sender("UDID-A", FACTORY_A);
	AUTO_ENROLMENT en = { 0 };
	char token[MC_TOKEN_TEXT];
	struct mc_err e = MC_ERR_INIT;
	int n = 0;

	mc_time_set(T0);
	start(token, &en);
	for (int i = 0; i < MC_EVENTS_MAX + 10; i++)
		if (*identify(token, &a, &own, &en))
			break;
	ok(mc_store_event_list(store, en.id, count_events, &n, &e));
	ok(n == MC_EVENTS_MAX);
}

int
main(void)
{
	char dir[] = "/tmp/mc-track-XXXXXX";
	char command[64];
	struct mc_err e = MC_ERR_INIT;

	if (!mkdtemp(dir) || !mc_store_open(dir, true, &store, &e))
		return 1;
	test_life();
	test_token();
	test_stop();
	test_signer();
	test_foreign();
	test_start();
	test_subject();
	test_udids(dir);
	test_events();
	mc_store_free(store);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ok(system(command) == 0);
	subject("/CN=${uuid", ""); /* leaves its buffer empty */
	return done();
}
