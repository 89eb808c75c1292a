/*
 * slice_take_class() of lib/base/slice.h takes the longest front of octets of the
 * classes asked for.
 *
 * Before: up to five octets, each of one requested class, of the other, or of
 * none: all combinations.
 * After: the prefix ends before the first octet of no class.
 *
 * eva: prove
 */
#include "base/text.c"

#include "harness.h"

enum { SIZE_MAX_HERE = 5 };

static void
check(const uint8_t *octets, size_t size)
{
    struct slice rest = slice_of(octets, size);
    struct slice taken;
    size_t expected = 0;

    while (expected < size && octets[expected] != '"')
        expected++;
    taken = slice_take_class(&rest, text_classes, TEXT_DIGIT | TEXT_ALPHA);
    //@ assert taken: taken.data == octets && taken.size == expected;
    //@ assert rest: rest.data == octets + expected;
    //@ assert size: rest.size == size - expected;
}

void
prove(void)
{
    uint8_t octets[SIZE_MAX_HERE] = { '7', '7', '7', '7', '7' };
    size_t at = 0;

    /* a digit and a letter have different bits, a quote has neither */
    while (at < SIZE_MAX_HERE) {
        for (size_t size = 0; size <= SIZE_MAX_HERE; size++)
            check(octets, size);
        for (at = 0; at < SIZE_MAX_HERE && octets[at] == '"'; at++)
            octets[at] = '7';
        if (at < SIZE_MAX_HERE)
            octets[at] = octets[at] == '7' ? 'g' : '"';
    }
}
