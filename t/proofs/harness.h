/*
 * Helpers of the proofs by Eva: arbitrary inputs.
 */
#ifndef DIGEST_HARNESS_H
#define DIGEST_HARNESS_H

#include <__fc_builtin.h>
#include <stddef.h>
#include <stdint.h>

/* Makes octets arbitrary: each can have any value. */
static void
any_octets(uint8_t *octets, size_t size)
{
    Frama_C_make_unknown((char *)octets, size);
}

/* Any number from first to last. */
static unsigned
any(unsigned first, unsigned last)
{
    return Frama_C_unsigned_int_interval(first, last);
}

#endif
