/* SPDX-License-Identifier: ISC */
/* Whatever it is wrapped in: there is a tree, or a reason. */
#include "profile/document.h"
#include "help.h"

static bool
on_fault(void *ctx, enum mc_fault fault, struct mc_place at, const char *path,
    const char *text, struct mc_err *e)
{
	(void)at;
	(void)path;
	(void)text;
	(void)e;
	must(fault <= MC_FAULT_VALUE);
	++*(unsigned *)ctx;
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUF in = MC_BUF_INIT;
	AUTO_DOCUMENT d = { 0 };
	AUTO_DOCUMENT strict = { 0 };
	unsigned faults = 0;
	struct mc_place stopped = { 0, 0 };
	const struct mc_plist_reading how = {
		.fault = on_fault, .ctx = &faults, .stopped = &stopped
	};
	struct mc_err e = MC_ERR_INIT;

	if (!mc_buf_add(&in, data, size, &e))
		return 0;
	must(mc_document_parse(&in, &how, &d, &e) == (d.root != NULL));
	must(d.root ||
	    ((e.code == MC_MALFORMED || e.code == MC_ALTERED ||
		 e.code == MC_UNTRUSTED || e.code == MC_OUTOFDATE) &&
		e.text[0] && !strchr(e.text, '\n')));
	must((d.root != NULL) == (d.marks != NULL));
	must(d.is_signed == (d.signer != NULL));
	must(!d.root || !(stopped.line || stopped.column));
	must(mc_document_parse(&in, NULL, &strict, &e) ==
	    (d.root && faults == 0));
	must(strict.is_signed == d.is_signed && strict.binary == d.binary);
	return 0;
}
