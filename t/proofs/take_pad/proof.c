/*
 * take_pad() of lib/digest/layer.c removes the padding of a decrypted message.
 *
 * Before: a message of 1 to 9 or 15 to 17 octets of any value; blocks of 8 and
 * 16 octets.
 * After: the start of the message is unchanged.  If the padding is reported as
 * valid, its last octet was at least 1, at most one block, and not larger than
 * the message.  The message is unchanged, or shorter by that octet if the
 * padding was valid.  No octet outside the message was read.  (is_below()
 * subtracts across zero.)
 *
 * eva: prove
 * options: -no-warn-unsigned-overflow
 */
#include "digest/layer.c"

#include "harness.h"

enum { SIZE_MAX_HERE = 17 };

static void
check(size_t size, unsigned pad_min, unsigned pad_max, size_t block_size)
{
    uint8_t octets[SIZE_MAX_HERE];
    uint8_t *start = octets + sizeof(octets) - size;
    struct slice message = slice_of(start, size);
    unsigned good;

    any_octets(octets, sizeof(octets));
    octets[sizeof(octets) - 1] =
        (uint8_t)Frama_C_unsigned_int_interval(pad_min, pad_max);
    good = take_pad(&message, block_size);
    //@ assert start: message.data == start;
    //@ assert flag: good == 0 || good == 1;
    //@ assert good: good == 1 ==> 1 <= pad_min <= block_size && pad_min <= size;
    //@ assert kept: message.size == size || (message.size == size - pad_min && 1 <= pad_min <= block_size && pad_min <= size);
}

void
prove(void)
{
    const size_t sizes[] = { 1, 2, 3, 7, 8, 9, 15, 16, 17 };

    for (unsigned i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
        size_t block_size = i % 2 == 0 ? 8 : 16;

        check(sizes[i / 2], 0, 0, block_size);
        for (unsigned pad = 1; pad <= 17; pad++)
            check(sizes[i / 2], pad, pad, block_size);
        check(sizes[i / 2], 18, 255, block_size);
    }
}
