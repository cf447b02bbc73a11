/* SPDX-License-Identifier: ISC */
/* The payloads of a profile, looked up; and how two profiles compare. */
#include "lint/update.h"

#include "plist_help.h"
#include "tap.h"

#define D(body) "<dict>" body "</dict>"
#define KEY(k, v) "<key>" k "</key><string>" v "</string>"
#define ALL(body) P(D("<key>PayloadContent</key><array>" body "</array>"))

static void
lookup(void)
{
	AUTO(mc_plist) *p = parse(ALL(
	    D(KEY("PayloadUUID", "b") KEY("PayloadIdentifier", "x"))
		D("") "<string>no payload</string>" D(
		    KEY("PayloadUUID", "A") KEY("PayloadType", "t"))
		    D(KEY("PayloadUUID", "B") KEY("PayloadIdentifier", "X"))));
	AUTO_PAYLOADS all = { 0 };
	struct mc_err e = MC_ERR_INIT;
	const struct mc_payload_ref *r;

	ok(p && mc_payloads_init(&all, p, &e));
	ok(all.n == 4 && all.uuids == 3 && all.identifiers == 2);
	r = mc_payloads_uuid_find(&all, "B");
	ok(r && r->i == 0 && strcmp(r->uuid, "b") == 0 && !*r->type);
	r = mc_payloads_uuid_find(&all, "a");
	ok(r && r->i == 3 && strcmp(r->type, "t") == 0 && !r->identifier);
	ok(!mc_payloads_uuid_find(&all, "c"));
	ok(!mc_payloads_uuid_find(&all, ""));
	r = mc_payloads_identifier_find(&all, "X");
	ok(r && r->i == 4);
	r = mc_payloads_identifier_find(&all, "x");
	ok(r && r->i == 0);
	ok(!mc_payloads_identifier_find(&all, "y"));
}

static void
none(void)
{
	AUTO(mc_plist) *dict = parse(P(D("<key>PayloadContent</key><dict/>")));
	AUTO(mc_plist) *empty = parse(P(D("")));
	AUTO_PAYLOADS a = { 0 };
	AUTO_PAYLOADS b = { 0 };
	struct mc_err e = MC_ERR_INIT;

	ok(mc_payloads_init(&a, dict, &e) && a.n == 0);
	ok(mc_payloads_init(&b, empty, &e) && b.n == 0);
	ok(!mc_payloads_uuid_find(&a, "x"));
	ok(!mc_payloads_identifier_find(&b, "x"));
}

/* A thousand, backwards: each is found at its place. */
static void
many(void)
{
	AUTO(mc_plist) *top = mc_plist_new_dict();
	mc_plist *array = mc_plist_new_array();
	AUTO_PAYLOADS all = { 0 };
	struct mc_err e = MC_ERR_INIT;
	size_t found = 0;
	char name[8];

	for (int i = 999; i >= 0; i--) {
		mc_plist *d = mc_plist_new_dict();

		snprintf(name, sizeof(name), "u%03d", i);
		if (!mc_plist_set(d, "PayloadUUID", mc_plist_new_str(name)) ||
		    !mc_plist_append(array, d))
			abort();
	}
	ok(mc_plist_set(top, "PayloadContent", array));
	ok(mc_payloads_init(&all, top, &e) && all.n == 1000);
	for (int i = 0; i < 1000; i++) {
		const struct mc_payload_ref *r;

		snprintf(name, sizeof(name), "U%03d", i);
		r = mc_payloads_uuid_find(&all, name);
		found += r && r->i == (size_t)(999 - i);
	}
	ok(found == 1000);
}

static void
path(void)
{
	struct mc_payload_path at;
	char text[MC_PATH_TEXT];

	mc_path_encode(mc_payload_path_init(&at, 7, "SSID_STR"), text);
	ok(strcmp(text, "PayloadContent[7].SSID_STR") == 0);
	mc_path_encode(mc_payload_path_init(&at, 0, NULL), text);
	ok(strcmp(text, "PayloadContent[0]") == 0);
}

static bool
equal(const char *a, const char *b)
{
	AUTO(mc_plist) *x = parse(a);
	AUTO(mc_plist) *y = parse(b);

	if (!x || !y)
		abort();
	if (mc_plist_equal(x, y) != mc_plist_equal(y, x))
		abort();
	return mc_plist_equal(x, y);
}

static void
equality(void)
{
	static const char *const values[] = { P("<dict/>"), P("<array/>"),
		P("<string>1</string>"), P("<integer>1</integer>"),
		P("<integer>2</integer>"), P("<real>1</real>"), P("<true/>"),
		P("<false/>"), P("<date>2020-01-01T00:00:00Z</date>"),
		P("<date>2020-01-01T00:00:01Z</date>"), P("<data>AQ==</data>"),
		P("<data>AQE=</data>"), P("<data></data>"),
		P("<array><true/></array>"), P("<array><true/><true/></array>"),
		P("<array><false/></array>"), P(D("<key>a</key><true/>")),
		P(D("<key>b</key><true/>")), P(D("<key>a</key><false/>")) };
	size_t n = sizeof(values) / sizeof(*values);
	size_t same = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			same += equal(values[i], values[k]) == (i == k);
	ok(same == n * n);
	ok(equal(P(D(KEY("a", "1") KEY("b", "2"))),
	    P(D(KEY("b", "2") KEY("a", "1")))));
	ok(mc_plist_equal(NULL, NULL));
}

int
main(void)
{
	lookup();
	none();
	many();
	path();
	equality();
	return done();
}
