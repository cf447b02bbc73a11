/* SPDX-License-Identifier: ISC */
/*
 * One device: what it says of itself, and what it remembers.
 *
 * Its memory is a folder: device.plist (its attributes), device.pem and
 * device.key (from the factory), identity.pem and identity.key (from SCEP),
 * enrolment.plist (where to ask again, and for what it was asked).  Without a
 * folder each run is a new device, which is forgotten afterwards.
 */
#ifndef MC_DEVICE_H
#define MC_DEVICE_H

#include "device/identity.h"
#include "plist/plist.h"

/*
 * The attributes that memory (may be NULL) holds, or a new phone's, random
 * where phones differ: a dict of strings.
 */
MC_NODISCARD bool
mc_device_attributes(const char *memory, mc_plist **out, struct mc_err *e);

/* Remember them; memory may be NULL. */
MC_NODISCARD bool mc_device_attributes_save(
    const char *memory, const mc_plist *attributes, struct mc_err *e);

/*
 * MC_USAGE where a device has no certificate of its factory, and no factory
 * (a folder; may be NULL) to get one from.
 */
MC_NODISCARD bool mc_device_factory_check(
    const char *memory, const char *factory, struct mc_err *e);

/*
 * The factory's certificate: the one in memory (may be NULL), or a new one
 * from the factory's folder with a key of so many bits, then remembered.
 */
MC_NODISCARD bool mc_device_factory(const char *memory, const char *factory,
    unsigned bits, struct mc_identity *out, struct mc_err *e);

/* Where the device asks again, and with which attributes. */
struct mc_enrolled {
	mc_plist *dict; /* owns what follows */
	const char *url;
	const mc_plist *attributes;
	struct mc_identity id;
};

#define AUTO_ENROLLED                                                          \
	__attribute__((cleanup(mc_enrolled_clear))) struct mc_enrolled
void mc_enrolled_clear(struct mc_enrolled *m);

MC_NODISCARD bool mc_enrolled_save(const char *memory, const char *url,
    const mc_plist *attributes, const struct mc_identity *id, struct mc_err *e);

/* MC_NOINPUT where this device never enrolled. */
MC_NODISCARD bool
mc_enrolled_load(const char *memory, struct mc_enrolled *out, struct mc_err *e);

#endif
