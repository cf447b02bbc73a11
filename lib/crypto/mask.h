/* SPDX-License-Identifier: ISC */
/*
 * Truth values for secrets: masks of all ones for true and all zeros for
 * false, made and combined without a branch.  The volatile keeps the compiler
 * from seeing that they are truth values.
 */
#ifndef MC_MASK_H
#define MC_MASK_H

#include <stdint.h>

static inline uint32_t
mc_mask_zero(uint32_t x)
{
	volatile uint32_t top = (~x & (x - 1)) >> 31;

	return 0 - top;
}

static inline uint32_t
mc_mask_equal(uint32_t a, uint32_t b)
{
	return mc_mask_zero(a ^ b);
}

/* All ones where a >= b, for numbers below 2^31. */
static inline uint32_t
mc_mask_least(uint32_t a, uint32_t b)
{
	volatile uint32_t top = (a - b) >> 31;

	return top - 1;
}

/* One byte of two. */
static inline uint8_t
mc_mask_choose(uint32_t mask, uint8_t yes, uint8_t no)
{
	return (uint8_t)((mask & yes) | (~mask & no));
}

#endif
