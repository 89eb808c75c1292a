/*
 * What the proofs by Eva share: inputs that can be anything.
 */
#ifndef DIGEST_HARNESS_H
#define DIGEST_HARNESS_H

#include <__fc_builtin.h>
#include <stddef.h>
#include <stdint.h>

/* Any octets: from here on each of them has every value. */
static void
any_octets(uint8_t *octets, size_t size)
{
    Frama_C_make_unknown((char *)octets, size);
}

/* Every number from first to last. */
static unsigned
any(unsigned first, unsigned last)
{
    return Frama_C_unsigned_int_interval(first, last);
}

#endif
