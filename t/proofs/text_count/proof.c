/*
 * text_to_count() of lib/base/text.c, the number nc.
 *
 * Before: 0 to 9 octets; hexadecimal digits of any value, and one octet of any
 * value among them.
 * After: exactly eight digits of 0-9 and a-f give a number, any other text
 * gives none.  Each digit has the value of its position.  No octet outside the
 * text is read, and no sum leaves its range.
 *
 * eva: prove
 */
#include "base/text.c"

#include "harness.h"

enum { SIZE_MAX_HERE = 9, COUNT_SIZE = 8 };

static void
fill(uint8_t *octets)
{
    for (unsigned i = 0; i < SIZE_MAX_HERE; i++)
        octets[i] = (uint8_t)"0123456789abcdef"[any(0, 15)];
}

static void
check_size(size_t size)
{
    uint8_t octets[SIZE_MAX_HERE];
    uint32_t count = 0;
    enum reason reason;

    fill(octets);
    reason = text_to_count(slice_of(octets + SIZE_MAX_HERE - size, size),
                           &count);
    //@ assert given: reason == REASON_NONE <==> size == 8;
    //@ assert kept: size != 8 ==> count == 0;
}

/* One octet that is not a digit. */
static void
check_other(unsigned place, unsigned first, unsigned last)
{
    uint8_t octets[SIZE_MAX_HERE];
    uint32_t count = 0;
    enum reason reason;

    fill(octets);
    octets[place] = (uint8_t)any(first, last);
    reason = text_to_count(slice_of(octets, COUNT_SIZE), &count);
    //@ assert refused: reason == REASON_VALUE;
    //@ assert refused_kept: count == 0;
}

static void
check_value(unsigned place, unsigned value)
{
    uint8_t octets[] = { '0', '0', '0', '0', '0', '0', '0', '0' };
    uint32_t count = 0;
    enum reason reason;

    octets[place] = (uint8_t)(value < 10 ? '0' + value : 'a' + value - 10);
    reason = text_to_count(slice_of(octets, COUNT_SIZE), &count);
    //@ assert value: count == value << (28 - 4 * place);
}

void
prove(void)
{
    for (size_t size = 0; size <= SIZE_MAX_HERE; size++)
        check_size(size);
    for (unsigned place = 0; place < COUNT_SIZE; place++) {
        check_other(place, 0, '0' - 1);
        check_other(place, '9' + 1, 'a' - 1);
        check_other(place, 'f' + 1, 255);
        for (unsigned value = 0; value < 16; value++)
            check_value(place, value);
    }
}
