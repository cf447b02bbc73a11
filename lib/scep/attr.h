/* SPDX-License-Identifier: ISC */
/*
 * The signed attributes of SCEP (RFC 8894 section 3.2.1), read from a parsed
 * SignedData and written for a new one.  Internal to this folder.
 */
#ifndef MC_SCEP_ATTR_H
#define MC_SCEP_ATTR_H

#include "scep/scep.h"

#define MC_SCEP_OID "2.16.840.1.113733.1.9."
#define MC_OID_MESSAGE_TYPE MC_SCEP_OID "2"
#define MC_OID_PKI_STATUS MC_SCEP_OID "3"
#define MC_OID_FAIL_INFO MC_SCEP_OID "4"
#define MC_OID_SENDER_NONCE MC_SCEP_OID "5"
#define MC_OID_RECIPIENT_NONCE MC_SCEP_OID "6"
#define MC_OID_TRANSACTION MC_SCEP_OID "7"
/* RFC 8894 section 3.2.1.4.1 */
#define MC_OID_FAIL_INFO_TEXT "1.3.6.1.5.5.7.24.1"

/* The one value of a PrintableString attribute that must be there. */
MC_NODISCARD bool mc_scep_attr_printable(const struct mc_signed *s,
    const char *oid, const char *what, struct mc_buf *to, struct mc_err *e);

/* An OCTET STRING attribute, empty if absent. */
MC_NODISCARD bool
mc_scep_attr_octets(const struct mc_signed *s, const char *oid,
    const char *what, struct mc_buf *to, bool *found, struct mc_err *e);

/* The number that text spells in its only way; -1 if it is none up to 99. */
int mc_scep_number_parse(const struct mc_buf *text);

/* A transactionID, 1..MC_SCEP_TRANSACTION printable characters. */
MC_NODISCARD bool mc_scep_transaction_parse(const struct mc_signed *s,
    char to[static MC_SCEP_TRANSACTION + 1], struct mc_err *e);

/* An attribute to sign, of a C string; text must live as long. */
struct mc_cms_attr
mc_scep_attr_text(const char *oid, int type, const char *text);

#endif
