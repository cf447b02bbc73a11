/* SPDX-License-Identifier: ISC */
/* The structure of EnvelopedData, opening it with a fixed key or password. */
#include "crypto/envelope.h"
#include "help.h"

static X509 *cert;
static EVP_PKEY *key;

/* Ours, which the corpus has; more than that is for nobody in a hurry. */
#define ROUNDS MC_PBKDF2_ITERATIONS

static bool
same(const struct mc_buf *a, const struct mc_buf *b)
{
	return a->len == b->len &&
	    memcmp(mc_buf_str(a), mc_buf_str(b), a->len) == 0;
}

static void
open_password(const struct mc_buf *msg, bool parsed,
    const struct mc_envelope_facts *facts)
{
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF password = MC_BUF_INIT;
	AUTO_BUF text = MC_BUF_INIT;
	bool opened;

	if (parsed && facts->iterations > ROUNDS)
		return;
	must(mc_buf_puts(&password, "password", &e));
	opened = mc_envelope_open_password(msg, &password, &text, &e);
	must(!opened ||
	    (parsed && facts->recipients == 1 && facts->iterations > 0 &&
		facts->transport == MC_TRANSPORT_PASSWORD &&
		facts->cipher != MC_DES_CBC));
	must(opened || (text.len == 0 && e.text[0]));
	must(opened || e.code == MC_MALFORMED || e.code == MC_DENIED);
}

static void
facts_check(const struct mc_envelope_facts *f)
{
	must(f->recipients > 0 && f->cipher <= MC_DES_CBC);
	must((f->transport == MC_TRANSPORT_OAEP) == (f->oaep != NULL));
	must((f->transport == MC_TRANSPORT_PASSWORD) == (f->iterations > 0));
	must(f->iterations <= MC_PBKDF2_MAX);
}

/* Opened or not, the same message is answered the same. */
static void
open_key(const struct mc_buf *msg, bool parsed,
    const struct mc_envelope_facts *facts)
{
	struct mc_err e = MC_ERR_INIT;
	struct mc_err again = MC_ERR_INIT;
	AUTO_BUF a = MC_BUF_INIT;
	AUTO_BUF b = MC_BUF_INIT;
	AUTO_BUF c = MC_BUF_INIT;
	bool one = mc_envelope_open(msg, cert, key, 0, &a, &e);
	bool any = mc_envelope_open(msg, cert, key, MC_OPEN_ANY, &b, &again);

	must(!one || (parsed && facts->recipients == 1));
	must(one || (a.len == 0 && e.text[0]));
	must(!one || (any && same(&a, &b)));
	must(!any || (parsed && facts->cipher != MC_DES_CBC));
	must(!any || mc_envelope_is_for(msg, cert, true));
	must(!one || mc_envelope_is_for(msg, cert, false));
	must(parsed || !mc_envelope_is_for(msg, cert, true));
	if (mc_envelope_open(
		msg, cert, key, MC_OPEN_ANY | MC_OPEN_WEAK, &c, &again))
		must(facts->cipher == MC_DES_CBC || (any && same(&b, &c)));
	else
		must(!any);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mc_envelope_facts facts = { .recipients = 0 };
	struct mc_err e = MC_ERR_INIT;
	AUTO_BUF msg = MC_BUF_INIT;
	bool parsed;

	if (!cert)
		ra_load(&cert, &key);
	must(mc_buf_add(&msg, data, size, &e));
	parsed = mc_envelope_parse(&msg, &facts, &e);
	must(parsed == (facts.recipients > 0));
	must(parsed || e.code == MC_MALFORMED || e.code == MC_DENIED);
	if (parsed)
		facts_check(&facts);
	open_key(&msg, parsed, &facts);
	open_password(&msg, parsed, &facts);
	must(ERR_peek_error() == 0);
	return 0;
}
