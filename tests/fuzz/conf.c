/* SPDX-License-Identifier: ISC */
/*
 * ca.conf: what is read keeps its bounds, and what is printed of it is read as
 * the same.
 */
#include "ca/conf.h"

#include <stdint.h>

#include "crypto/ossl.h"
#include "help.h"

static void
check_profile(const struct mc_ca_profile *p)
{
	must(*p->name && strlen(p->name) < MC_CA_PROFILE_NAME);
	must(p->accept > 0 && p->accept < 16);
	must(!(p->accept & MC_ACCEPT_HMAC) || p->hmac_secret);
	must(!(p->accept & MC_ACCEPT_PROGRAM) || p->decide.v[0]);
	must(p->rsa_min >= 1024 && p->rsa_min <= p->rsa_max);
	must(p->rsa_max <= 4096);
	must(p->lifetime > 0 && p->backdate >= 0 && p->renew_window >= 0);
	must(p->clock_skew >= 0);
	/* a CA's bits are not to be had */
	must(!(p->key_usage & (KU_KEY_CERT_SIGN | KU_CRL_SIGN)));
	must(p->subject != MC_SUBJECT_NONE || p->names != MC_FROM_NOWHERE);
	for (size_t i = 0; p->crl_url.v[i]; i++)
		must(i < MC_CA_WORDS && strstr(p->crl_url.v[i], "://"));
	for (size_t i = 0; p->eku.v[i]; i++)
		must(strcmp(p->eku.v[i], "OCSPSigning") != 0);
}

static void
check(const struct mc_ca_conf *c)
{
	must(c->n > 0 && c->n <= MC_CA_PROFILES);
	must(c->crl_lifetime > 0 && c->ocsp_lifetime > 0);
	must(c->pending_lifetime > 0 && c->program_seconds > 0);
	must(mc_ca_conf_profile_find(c, NULL) == &c->profile[0]);
	for (size_t i = 0; i < c->n; i++) {
		check_profile(&c->profile[i]);
		must(mc_ca_conf_profile_find(c, c->profile[i].name) ==
		    &c->profile[i]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF text = MC_BUF_INIT;
	AUTO_BUF first = MC_BUF_INIT;
	AUTO_BUF again = MC_BUF_INIT;
	AUTO_BUF second = MC_BUF_INIT;
	AUTO(mc_ca_conf) *a = NULL;
	AUTO(mc_ca_conf) *b = NULL;
	struct mc_err e = MC_ERR_INIT;

	if (size > MC_CONF_LIMIT || !mc_buf_add(&text, data, size, &e))
		return 0;
	if (!mc_ca_conf_parse(&text, "ca.conf", &a, &e)) {
		must(!a && e.code == MC_USAGE);
		must(strncmp(e.text, "ca.conf:", 8) == 0);
		return 0;
	}
	must(e.code == MC_OK);
	check(a);
	must(mc_ca_conf_encode(a, &first, &e));
	must(mc_buf_add(&again, first.data, first.len, &e));
	must(mc_ca_conf_parse(&again, "ca.conf", &b, &e));
	must(mc_ca_conf_encode(b, &second, &e));
	must(mc_buf_is(&second, mc_buf_str(&first)));
	return 0;
}
