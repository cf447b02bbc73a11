/* SPDX-License-Identifier: ISC */
/*
 * A property list as text that people read and that diff compares: a value a
 * line, keys in one order, no two trees the same.
 *
 *	PayloadType: "Configuration"
 *	PayloadContent:
 *	  - PayloadType: "com.apple.security.root"
 *	    PayloadContent: <812 bytes, sha256 4f...>
 *	      certificate: /O=ACME Inc./CN=Root
 */
#ifndef MC_VERIFY_TREE_H
#define MC_VERIFY_TREE_H

#include "plist/plist.h"

MC_NODISCARD bool
mc_tree_encode(const mc_plist *p, struct mc_buf *to, struct mc_err *e);

#endif
