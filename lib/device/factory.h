/* SPDX-License-Identifier: ISC */
/*
 * A stand-in for the makers of devices: the CA that signs each device's own
 * certificate in the factory.
 *
 * It is dated like the genuine ones, so its surprise is theirs too: the
 * intermediate and the device CA expired years ago, and still sign.  The
 * folder serves both sides: root.pem, intermediate.pem, device-ca.pem and
 * pins are a site's --device-ca; device-ca.key is what makes devices.
 */
#ifndef MC_FACTORY_H
#define MC_FACTORY_H

#include "device/identity.h"

/*
 * Make the folder and its five files; the lines of pins are appended to to.
 * MC_DENIED where there is a factory already.
 */
MC_NODISCARD bool
mc_factory_make(const char *dir, struct mc_buf *pins, struct mc_err *e);

/*
 * A new device's certificate with a key of so many bits (1024 is what old
 * devices have), chained to its device CA and intermediate.  id must be
 * empty.
 */
MC_NODISCARD bool mc_factory_issue(
    const char *dir, unsigned bits, struct mc_identity *id, struct mc_err *e);

#endif
