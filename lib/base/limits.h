/* SPDX-License-Identifier: ISC */
/* Every bound on outside input, in one place.  Sizes are bytes. */
#ifndef MC_LIMITS_H
#define MC_LIMITS_H

/* A message from the network: HTTP body, CMS, SCEP. */
#define MC_NET_LIMIT ((size_t)1 << 20)
/* A message from a file or a pipe, and any buffer that says nothing else. */
#define MC_BUF_LIMIT ((size_t)16 << 20)
/* A profile that is signed or encrypted, and what comes of that. */
#define MC_PROFILE_LIMIT ((size_t)32 << 20)
#define MC_SIGNED_LIMIT ((size_t)48 << 20)
/* A configuration, routes or secret file. */
#define MC_CONF_LIMIT ((size_t)256 << 10)
#define MC_SECRET_LIMIT ((size_t)64 << 10)
/* An HTTP request's line and headers together. */
#define MC_HEAD_LIMIT ((size_t)32 << 10)
/* Nesting of plists. */
#define MC_PLIST_DEPTH_FILE 64
#define MC_PLIST_DEPTH_NET 8
/* Nesting of JSON. */
#define MC_JSON_DEPTH 64
/* Values in one plist. */
#define MC_PLIST_NODES 200000
/* Keys in one dict of it: libplist's hash is weak, so collisions are cheap. */
#define MC_PLIST_KEYS 1024
/* A schema file; what all of them together may hold; nesting of its keys. */
#define MC_SCHEMA_LIMIT ((size_t)4 << 20)
#define MC_SCHEMA_FILES 4096
#define MC_SCHEMA_PAYLOADS 8192
#define MC_SCHEMA_KEYS 262144
#define MC_SCHEMA_VALUES 262144
#define MC_SCHEMA_TEXT ((size_t)16 << 20)
#define MC_SCHEMA_DEPTH 16
/* A line of it: bytes, words. */
#define MC_SCHEMA_LINE 16384
#define MC_SCHEMA_WORDS 1024
/* What is let pass in one of them, where it is told. */
#define MC_PLIST_FAULTS 1000
/* Nesting of BER. */
#define MC_BER_DEPTH 16
/* The same of a file: a signature may have a time stamp, signed itself. */
#define MC_BER_DEPTH_FILE 32
/* Elements in a body of indefinite length, which is searched for its end once
 * for each of those around it; a stream's segments are 1 KiB and more. */
#define MC_BER_ELEMENTS 1000000
/* Facts of one request: how many, and how long one value. */
#define MC_FACTS_MAX 128
#define MC_FACT_LIMIT ((size_t)16 << 10)
/* Values of one repeatable option. */
#define MC_LIST_MAX 64
/* Certificates in one message's bag, in one chain. */
#define MC_BAG_MAX 16
#define MC_CHAIN_MAX 8
/* A serial number: 20 octets in upper-case hexadecimal, NUL. */
#define MC_SERIAL_TEXT 42

#endif
