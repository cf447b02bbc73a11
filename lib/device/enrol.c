/* SPDX-License-Identifier: ISC */
#include "device/enrol.h"

#include "crypto/name.h"
#include "device/acquire.h"
#include "device/device.h"
#include "device/exchange.h"
#include "device/received.h"

#define TYPE_ANSWER "application/pkcs7-signature"

static const char *
or_nothing(const char *s)
{
	return s ? s : "";
}

static void
tell_profile(const struct mc_tell *tell, const struct mc_received *r)
{
	const mc_plist *p = r->profile;

	mc_tell(tell, "    signed with %s by %s", r->digest, r->signer);
	mc_tell(tell, "      which chains to %s", r->anchor);
	mc_tell(tell, "    PayloadType %s: \"%s\" (%s)",
	    or_nothing(mc_plist_get_str(p, "PayloadType")),
	    or_nothing(mc_plist_get_str(p, "PayloadDisplayName")),
	    or_nothing(mc_plist_get_str(p, "PayloadIdentifier")));
}

/* Web servers often have their certificate from another CA than profiles. */
static void
add_remedy(struct mc_err *e)
{
	struct mc_err why = *e;

	(void)mc_fail(e, why.code,
	    "%s; --signer-ca FILE names the CA of profile signers", why.text);
}

/* Fetch a profile, check its signature, say what came. */
static bool
receive(const struct mc_enrol *spec, const struct mc_fetch *ask,
    const char *what, const char *file, struct mc_received *out,
    struct mc_err *e)
{
	AUTO_FETCHED f = { 0 };

	if (!mc_exchange(ask, what, file, &spec->tell, &f, e) ||
	    !mc_exchange_check(ask, &f, e))
		return false;
	if (!mc_received_parse(&f, spec->signer_anchors, out, e)) {
		if (e->code == MC_UNTRUSTED)
			add_remedy(e);
		return mc_note(e, "%s", ask->url);
	}
	tell_profile(&spec->tell, out);
	return true;
}

static void
tell_service(const struct mc_tell *tell, const struct mc_service *s)
{
	AUTO_BUF names = MC_BUF_INIT;
	struct mc_err e = MC_ERR_INIT;

	for (size_t i = 0; i < mc_plist_len(s->attributes); i++)
		if (!mc_buf_printf(&names, &e, " %s",
			mc_plist_str(mc_plist_at(s->attributes, i))))
			return;
	mc_tell(tell, "    it asks for%s, %s a challenge, to be sent to %s",
	    mc_buf_str(&names), s->challenge ? "with" : "without", s->url);
}

static bool
phase1(const struct mc_enrol *spec, struct mc_received *profile,
    struct mc_service *service, struct mc_err *e)
{
	AUTO_BUF what = MC_BUF_INIT;
	const struct mc_fetch ask = {
		.url = spec->url,
		.ca = spec->tls_anchors,
		.user = spec->user,
		.password = spec->password,
	};

	mc_tell(
	    &spec->tell, "1. The enrolment profile, for a person who logs in");
	if (spec->user && !mc_buf_printf(&what, e, "(as %s)", spec->user))
		return false;
	if (!receive(spec, &ask, mc_buf_str(&what), "1-enroll.mobileconfig",
		profile, e) ||
	    !mc_service_check(profile->profile, service, e))
		return mc_note(e, "phase 1");
	tell_service(&spec->tell, service);
	return true;
}

/* One signed answer out, one profile back. */
struct post {
	const char *url;
	const mc_plist *wanted;
	const mc_plist *challenge;
	const struct mc_identity *id;
	enum mc_shape shape;
	const char *answer_file;
	const char *profile_file;
	const char *forbidden; /* what a 403 may mean; NULL: anything */
};

static bool
tell_answer(const struct mc_tell *tell, const struct post *p, struct mc_err *e)
{
	AUTO_BUF subject = MC_BUF_INIT;

	if (!mc_name_encode(X509_get_subject_name(p->id->cert), &subject, e))
		return false;
	mc_tell(tell, "    attributes%s, signed by %s",
	    p->challenge ? " and CHALLENGE" : "", mc_buf_str(&subject));
	return true;
}

static bool
post(const struct mc_enrol *spec, const struct post *p,
    struct mc_received *profile, struct mc_err *e)
{
	AUTO_BUF xml = MC_BUF_INIT;
	AUTO_BUF cms = MC_BUF_INIT;
	const struct mc_fetch ask = {
		.url = p->url,
		.ca = spec->tls_anchors,
		.body = &cms,
		.type = TYPE_ANSWER,
		.forbidden = p->forbidden,
	};

	return mc_answer_encode(
		   spec->attributes, p->wanted, p->challenge, &xml, e) &&
	    mc_answer_sign(&xml, p->id, p->shape, &cms, e) &&
	    mc_tell_save(&spec->tell, p->answer_file, &cms, e) &&
	    tell_answer(&spec->tell, p, e) &&
	    receive(spec, &ask, NULL, p->profile_file, profile, e);
}

static bool
phase2(const struct mc_enrol *spec, const struct mc_service *service,
    struct mc_identity *id, struct mc_err *e)
{
	AUTO_RECEIVED profile = { 0 };
	AUTO_OFFER offer = { 0 };
	AUTO_IDENTITY factory = { 0 };
	const struct post p = {
		.url = service->url,
		.wanted = service->attributes,
		.challenge = service->challenge,
		.id = &factory,
		.shape = spec->shape,
		.answer_file = "2-answer.p7",
		.profile_file = "2-profile.mobileconfig",
		.forbidden = "does the server know this factory (device-ca in"
			     " its site.conf)?",
	};

	mc_tell(&spec->tell,
	    "2. The device says who it is, by its factory's certificate");
	if (!mc_device_factory(spec->memory, spec->factory,
		spec->shape == MC_SHAPE_IOS6 ? 1024 : 2048, &factory, e) ||
	    !post(spec, &p, &profile, e) ||
	    !mc_enrolment_offer_parse(profile.profile, &offer, e))
		return mc_note(e, "phase 2");
	mc_tell(&spec->tell, "    one payload, an identity by SCEP at %s",
	    offer.url);
	mc_tell(&spec->tell, "   It gets that identity, by SCEP");
	return mc_acquire(&offer, spec->tls_anchors, &spec->tell, id, e);
}

static void
tell_payloads(
    const struct mc_tell *tell, const mc_plist *profile, bool encrypted)
{
	const mc_plist *list = mc_plist_get(profile, "PayloadContent");

	mc_tell(tell, "    %s; %zu payload%s",
	    encrypted ? "encrypted to the device's identity, and decrypted"
		      : "NOT encrypted: anybody could read it",
	    mc_plist_len(list), mc_plist_len(list) == 1 ? "" : "s");
	for (size_t i = 0; i < mc_plist_len(list); i++) {
		const mc_plist *p = mc_plist_at(list, i);

		mc_tell(tell, "      %s: \"%s\" (%s)",
		    or_nothing(mc_plist_get_str(p, "PayloadType")),
		    or_nothing(mc_plist_get_str(p, "PayloadDisplayName")),
		    or_nothing(mc_plist_get_str(p, "PayloadIdentifier")));
	}
}

static bool
phase3(const struct mc_enrol *spec, const char *url, const mc_plist *wanted,
    const struct mc_identity *id, struct mc_buf *to, struct mc_err *e)
{
	AUTO_RECEIVED r = { 0 };
	const struct post p = {
		.url = url,
		.wanted = wanted,
		.id = id,
		.answer_file = "3-answer.p7",
		.profile_file = "3-profile.mobileconfig",
	};
	bool encrypted;

	mc_tell(&spec->tell,
	    "3. The configuration, for the identity that the device got");
	if (!post(spec, &p, &r, e) ||
	    !mc_configuration_open(
		&r.profile, id->cert, id->key, &encrypted, e))
		return mc_note(e, "phase 3");
	tell_payloads(&spec->tell, r.profile, encrypted);
	return mc_plist_encode(r.profile, to, e);
}

bool
mc_enrol(const struct mc_enrol *spec, struct mc_buf *profile, struct mc_err *e)
{
	AUTO_RECEIVED first = { 0 };
	AUTO_IDENTITY id = { 0 };
	struct mc_service service = { 0 };

	return phase1(spec, &first, &service, e) &&
	    phase2(spec, &service, &id, e) &&
	    mc_enrolled_save(
		spec->memory, service.url, service.attributes, &id, e) &&
	    phase3(spec, service.url, service.attributes, &id, profile, e);
}

bool
mc_refresh(
    const struct mc_enrol *spec, struct mc_buf *profile, struct mc_err *e)
{
	AUTO_ENROLLED m = { 0 };

	return mc_enrolled_load(spec->memory, &m, e) &&
	    phase3(spec, m.url, m.attributes, &m.id, profile, e);
}
