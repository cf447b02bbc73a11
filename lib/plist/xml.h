/* SPDX-License-Identifier: ISC */
/* The XML form, read by Expat. */
#ifndef MC_PLIST_XML_H
#define MC_PLIST_XML_H

#include "plist/plist.h"

/* As mc_plist_read(), without what kind.h refuses. */
MC_NODISCARD bool mc_xml_read(const struct mc_buf *in,
    const struct mc_plist_reading *how, mc_plist **out, struct mc_err *e);

#endif
