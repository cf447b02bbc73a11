/* SPDX-License-Identifier: ISC */
#include "verify/blob.h"

#include "base/time.h"
#include "crypto/cert.h"
#include "crypto/look.h"
#include "crypto/name.h"
#include "verify/profile.h"

static bool
cert_describe(
    const X509 *cert, unsigned depth, struct mc_buf *to, struct mc_err *e)
{
	char subject[MC_NAME_TEXT];
	char issuer[MC_NAME_TEXT];
	char serial[MC_SERIAL_TEXT];
	char from_text[MC_TIME_TEXT];
	char to_text[MC_TIME_TEXT];
	struct mc_err odd = MC_ERR_INIT;
	int64_t from, until;

	if (!mc_cert_validity(cert, &from, &until, &odd))
		return true;
	if (!mc_cert_serial(cert, serial, &odd))
		snprintf(serial, sizeof(serial), "none");
	return mc_buf_printf(to, e,
	    "%*scertificate: %s\n%*sissuer: %s\n%*sserial: %s\n"
	    "%*svalid: %s to %s\n",
	    (int)depth, "", mc_name_show(X509_get_subject_name(cert), subject),
	    (int)depth, "", mc_name_show(X509_get_issuer_name(cert), issuer),
	    (int)depth, "", serial, (int)depth, "",
	    mc_time_format(from, from_text), mc_time_format(until, to_text));
}

static bool
sealed(const struct mc_buf *bytes, unsigned depth, struct mc_buf *to,
    struct mc_err *e)
{
	char indent[128];

	snprintf(indent, sizeof(indent), "%*s", (int)depth, "");
	return mc_buf_printf(to, e, "%sencrypted: ", indent) &&
	    mc_sealed_describe(bytes, indent, to, e);
}

bool
mc_blob_describe(const struct mc_buf *bytes, unsigned depth, struct mc_buf *to,
    struct mc_err *e)
{
	AUTO_BLOB_LOOK look = { 0 };

	if (mc_sealed_is(bytes))
		return sealed(bytes, depth, to, e);
	if (!mc_blob_look_parse(bytes, &look, e))
		return false;
	if (look.cert && !cert_describe(look.cert, depth, to, e))
		return false;
	if (look.kind == MC_BLOB_UNKNOWN || look.kind == MC_BLOB_EMPTY ||
	    (look.kind == MC_BLOB_CERT && look.certs == 1 && !look.key))
		return true;
	return mc_buf_printf(
	    to, e, "%*sholds: %s\n", (int)depth, "", mc_blob_name(look.kind));
}
