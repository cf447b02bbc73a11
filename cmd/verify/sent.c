/* SPDX-License-Identifier: ISC */
#include "verify/sent.h"

#include "base/text.h"
#include "base/udid.h"
#include "crypto/cert.h"
#include "device/answer.h"
#include "plist/path.h"
#include "profile/attributes.h"

/* SCEP's messageType (RFC 8894 section 3.2.1.2). */
#define MESSAGE_TYPE "2.16.840.1.113733.1.9.2"

/* Apple's arc of extensions that mark devices, each kind under it. */
static const uint8_t device_arc[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64,
	0x06, 0x0a };

static const char *const wrong_name[] = {
#define X(name, text) text,
	MC_WRONG_TABLE(X)
#undef X
};

const char *
mc_wrong_name(enum mc_wrong kind)
{
	return wrong_name[kind];
}

static const struct {
	const char *mark;
	const char *seen;
} marks[] = {
	{ "1.2.840.113635.100.6.10.2", "iPhone" },
	{ "1.2.840.113635.100.6.10.4", "Mac" },
};

const char *
mc_sent_seen(const struct mc_sent *s)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strcmp(marks[i].mark, s->mark) == 0)
			return marks[i].seen;
	return NULL;
}

/* A profile's keys are no attributes: it has lines of its own. */
const mc_plist *
mc_sent_attributes(const struct mc_sent *s)
{
	return mc_plist_get(s->dict, "PayloadType") ? NULL : s->dict;
}

int
mc_sent_expired(const struct mc_verdict *v)
{
	struct mc_err none = MC_ERR_INIT;
	int64_t from;
	int64_t until;
	int n = 0;

	for (int i = 0; i < sk_X509_num(v->chain); i++)
		n += mc_cert_validity(
			 sk_X509_value(v->chain, i), &from, &until, &none) &&
		    until < v->at;
	return n;
}

void
mc_sent_clear(struct mc_sent *s)
{
	mc_plist_free(s->dict);
	*s = (struct mc_sent){ 0 };
}

/* The first ones are told; there may be a thousand. */
static void MC_PRINTF(4, 5) wrong_add(struct mc_sent *s, enum mc_wrong kind,
    const char *key, const char *fmt, ...)
{
	struct mc_sent_wrong *w = &s->wrong[s->wrongs];
	va_list args;

	if (s->wrongs == MC_SENT_WRONG_MAX)
		return;
	s->wrongs++;
	w->kind = kind;
	mc_path_quote(key, w->key);
	va_start(args, fmt);
	vsnprintf(w->text, sizeof(w->text), fmt, args);
	va_end(args);
}

static void
mark_find(struct mc_sent *s, const X509 *signer)
{
	for (int i = 0; i < X509_get_ext_count(signer); i++) {
		const ASN1_OBJECT *oid = X509_EXTENSION_get_object(
		    X509_get_ext(signer, i));

		if (OBJ_length(oid) < sizeof(device_arc) ||
		    memcmp(OBJ_get0_data(oid), device_arc,
			sizeof(device_arc)) != 0)
			continue;
		OBJ_obj2txt(s->mark, sizeof(s->mark), oid, 1);
		return;
	}
}

/* Why no leg trusts the signer, where another leg might. */
static void
stranger(struct mc_sent *s, const struct mc_verdict *v)
{
	if (*s->mark && !v->device_ca)
		wrong_add(s, MC_WRONG_LEG, "",
		    "signed by a factory certificate (it has extension %s), "
		    "which --enrolled-ca is not for: --device-ca DIR",
		    s->mark);
	else if (!*s->mark && v->device_ca && !v->enrolled_ca)
		wrong_add(s, MC_WRONG_LEG, "",
		    "not signed by a factory certificate (it has no extension "
		    "that marks a device); an enrolled device's identity is "
		    "judged by --enrolled-ca PATH");
}

/* SCEP's messages are signed as well, and take the same road. */
static bool
scep_find(struct mc_sent *s, const struct mc_verdict *v, struct mc_err *e)
{
	AUTO_BUF type = MC_BUF_INIT;
	struct mc_err why = MC_ERR_INIT;
	char text[MC_QUOTE_TEXT];
	bool found;

	if (!mc_signed_attr(v->message, MESSAGE_TYPE, V_ASN1_PRINTABLESTRING,
		&type, &found, &why))
		return why.code != MC_RETRY || mc_fail_memory(e);
	if (found)
		wrong_add(s, MC_WRONG_KIND, "",
		    "a SCEP message (messageType %s), which is for scep-ca",
		    mc_path_quote(mc_buf_str(&type), text));
	return true;
}

static void
challenge_look(struct mc_sent *s, const mc_plist *node)
{
	const char *text = mc_plist_str(node);
	const uint8_t *data;

	s->challenged = true;
	if (text)
		s->challenge = strlen(text);
	else if (!mc_plist_data(node, &data, &s->challenge))
		wrong_add(s, MC_WRONG_TYPE, "CHALLENGE",
		    "is of type %s; a device sends a string or data",
		    mc_plist_type_name(mc_plist_type(node)));
	if (s->phase == 3)
		wrong_add(s, MC_WRONG_LEG, "CHALLENGE",
		    "signed by an enrolled identity (phase 3); only what a "
		    "factory certificate signs (phase 2) has one");
}

static void
text_look(struct mc_sent *s, const char *key, const char *text)
{
	const char *why;

	if (strlen(text) > MC_ATTRIBUTE_LIMIT)
		wrong_add(s, MC_WRONG_VALUE, key,
		    "has %zu bytes; a device sends %d at most", strlen(text),
		    MC_ATTRIBUTE_LIMIT);
	else if (!mc_text_check(text, strlen(text), &why))
		wrong_add(s, MC_WRONG_VALUE, key, "%s", why);
	else if (strcmp(key, "UDID") == 0 && !mc_udid_check(text))
		wrong_add(s, MC_WRONG_VALUE, key,
		    "is not 1 to %d letters, digits and dashes", MC_UDID_MAX);
}

/* Booleans and integers are read like strings, but for the UDID. */
static void
attribute_look(struct mc_sent *s, const char *key, const mc_plist *node)
{
	const char *text = mc_plist_str(node);
	int64_t n;
	bool b;

	if (strcmp(key, "CHALLENGE") == 0)
		challenge_look(s, node);
	else if (!mc_answer_known(key))
		return;
	else if (text)
		text_look(s, key, text);
	else if (strcmp(key, "UDID") == 0 ||
	    (!mc_plist_bool(node, &b) && !mc_plist_int(node, &n)))
		wrong_add(s, MC_WRONG_TYPE, key,
		    "is of type %s; a device sends a string",
		    mc_plist_type_name(mc_plist_type(node)));
}

/* What a profile has at its top and no device sends. */
static bool
is_profile(struct mc_sent *s)
{
	const char *type = mc_plist_get_str(s->dict, "PayloadType");
	char text[MC_QUOTE_TEXT];

	if (!type)
		return false;
	wrong_add(s, MC_WRONG_KIND, "PayloadType",
	    "a profile (%s); devices receive such, they do not send them",
	    mc_path_quote(type, text));
	return true;
}

static bool
dict_look(struct mc_sent *s, struct mc_err *e)
{
	AUTO_PLIST_ITER it = { .in = s->dict };

	if (is_profile(s))
		return true;
	if (!mc_plist_get(s->dict, "UDID"))
		wrong_add(s, MC_WRONG_MISSING, "UDID",
		    "is missing: it is the one attribute that every answer "
		    "has");
	while (mc_plist_iter_next(&it))
		attribute_look(s, it.key, it.value);
	return !it.failed || mc_fail_memory(e);
}

/* What the stages refuse is wrong, whether or not it was seen here. */
static bool
stages_look(struct mc_sent *s, const struct mc_buf *content, struct mc_err *e)
{
	AUTO_BUF challenge = MC_BUF_INIT;
	AUTO_FACTS facts = { .n = 0 };
	struct mc_err why = MC_ERR_INIT;

	if (s->wrongs > 0 ||
	    mc_attributes_parse(content, &facts, &challenge, &why))
		return true;
	if (why.code != MC_MALFORMED)
		return mc_fail(e, why.code, "%s", why.text);
	wrong_add(s, MC_WRONG_VALUE, "", "%s", why.text);
	return true;
}

static bool
content_look(struct mc_sent *s, const struct mc_buf *content, struct mc_err *e)
{
	AUTO(mc_plist) *top = NULL;
	struct mc_err why = MC_ERR_INIT;

	if (mc_plist_is_binary(content))
		wrong_add(
		    s, MC_WRONG_PLIST, "", "a binary plist; devices send XML");
	else if (content->len == 0)
		wrong_add(s, MC_WRONG_PLIST, "", "there is no content");
	else if (!mc_plist_parse(content, MC_PLIST_DEPTH_NET, &top, &why)) {
		if (why.code != MC_MALFORMED)
			return mc_fail(e, why.code, "%s", why.text);
		wrong_add(s, MC_WRONG_PLIST, "", "the content is no plist: %s",
		    why.text);
	} else if (mc_plist_type(top) != MC_PLIST_DICT)
		wrong_add(s, MC_WRONG_KIND, "",
		    "the plist's top is of type %s; a device sends a dict",
		    mc_plist_type_name(mc_plist_type(top)));
	else {
		s->dict = take(&top);
		return dict_look(s, e) && stages_look(s, content, e);
	}
	return true;
}

bool
mc_sent_init(struct mc_sent *out, const struct mc_verdict *v, struct mc_err *e)
{
	bool anchor = v->leg && strcmp(v->leg->kind, "anchor") == 0;
	int64_t when;

	*out = (struct mc_sent){ 0 };
	if (!v->message)
		return true;
	mark_find(out, mc_signed_signer(v->message));
	out->timed = mc_signed_time(v->message, &when);
	if (out->timed)
		out->skew = when - v->at;
	if (anchor)
		return true;
	if (!scep_find(out, v, e))
		return false;
	if (!v->leg) {
		if (out->wrongs == 0)
			stranger(out, v);
		return true;
	}
	out->phase = strcmp(v->leg->kind, "device") == 0 ? 2 : 3;
	return out->wrongs > 0 || v->intact.code != MC_OK ||
	    content_look(out, &v->content, e);
}
