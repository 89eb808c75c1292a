/*
 * slice_take_u32(), writer_put_u16() and writer_put_u32() of lib/base/slice.c.
 *
 * Before: 0 to 5 octets of any value; any number, for a writer with 0 to 5
 * octets of room.
 * After: no other octet is accessed, no number leaves its range.  Numbers are
 * big-endian.  Nothing is taken from a slice that is too short; a writer that
 * is too small overflows.
 *
 * eva: prove
 */
#include "base/slice.c"

#include "harness.h"

static void
check_take(uint8_t *octets, size_t size)
{
    struct slice rest = slice_of(octets, size);
    uint8_t high = (uint8_t)Frama_C_interval_split(0, 255);
    uint32_t value = 0;
    bool taken;

    if (size > 0)
        octets[0] = high;
    taken = slice_take_u32(&rest, &value);
    //@ assert long_there: taken <==> size >= 4;
    //@ assert long_kept: size < 4 ==> rest.size == size && value == 0;
    //@ assert long_taken: size >= 4 ==> rest.size == size - 4;
    //@ assert long_moved: size >= 4 ==> rest.data == octets + 4;
    //@ assert long_high: size >= 4 ==> value / 0x1000000 == high;
}

static void
check_put(uint8_t *octets, size_t size)
{
    struct writer writer = writer_over(octets, size);
    uint32_t value = (uint32_t)Frama_C_unsigned_int_interval(0, 0xffffffff);

    writer_put_u32(&writer, value);
    //@ assert fits: writer.overflow <==> size < 4;
    //@ assert bound: writer.used <= size && writer.used <= 4;
    writer = writer_over(octets, size);
    writer_put_u16(&writer, (uint16_t)value);
    //@ assert short_fits: writer.overflow <==> size < 2;
    //@ assert short_bound: writer.used <= size && writer.used <= 2;
}

/* Changes one octet at a time, which shows its position. */
static void
check_places(void)
{
    uint8_t octets[4];
    struct writer writer;
    struct slice rest;
    uint32_t value;
    bool taken;

    for (unsigned i = 0; i < 32; i++) {
        writer = writer_over(octets, sizeof(octets));
        writer_put_u32(&writer, 1u << i);
        //@ assert put: octets[3 - i / 8] == 1u << i % 8;
        rest = writer_result(&writer);
        taken = slice_take_u32(&rest, &value);
        //@ assert back: taken && value == 1u << i;
    }
}

void
prove(void)
{
    uint8_t octets[5];

    for (size_t size = 0; size <= sizeof(octets); size++) {
        uint8_t *start = octets + sizeof(octets) - size;

        any_octets(octets, sizeof(octets));
        check_take(start, size);
        check_put(start, size);
    }
    check_places();
}
