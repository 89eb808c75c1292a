/*
 * Slices and writers.
 */
#include "base/slice.h"

#include <string.h>

#include "support/support.h"
#include "base/text.h"

static void
assert_unmoved(struct slice now, struct slice before)
{
    ck_assert_ptr_eq(now.data, before.data);
    ck_assert_uint_eq(now.size, before.size);
}

START_TEST(string_becomes_a_slice_without_its_nul)
{
    assert_octets("abc", slice_of_string("abc"), SLICE("abc"));
    ck_assert(slice_exists(slice_of_string("")));
    assert_number("empty", slice_of_string("").size, 0);
}
END_TEST

START_TEST(no_string_is_no_value)
{
    ck_assert(!slice_exists(slice_of_string(NULL)));
    ck_assert(!slice_exists(SLICE_NONE));
}
END_TEST

START_TEST(empty_is_a_value)
{
    ck_assert(slice_exists(SLICE("")));
}
END_TEST

START_TEST(literal_keeps_its_nul_octets)
{
    assert_number("size", SLICE("a\0b").size, 3);
}
END_TEST

struct pair {
    struct slice one, other;
    bool equal, equal_nocase;
};

static const struct pair pairs[] = {
    { SLICE_INIT(""), SLICE_INIT(""), true, true },
    { { NULL, 0 }, SLICE_INIT(""), true, true },
    { { NULL, 0 }, { NULL, 0 }, true, true },
    { SLICE_INIT("a"), SLICE_INIT("a"), true, true },
    { SLICE_INIT("a\0b"), SLICE_INIT("a\0b"), true, true },
    { SLICE_INIT("a"), SLICE_INIT("A"), false, true },
    { SLICE_INIT("AZaz"), SLICE_INIT("azAZ"), false, true },
    { SLICE_INIT("a"), SLICE_INIT("b"), false, false },
    { SLICE_INIT("a"), SLICE_INIT("ab"), false, false },
    { SLICE_INIT("ab"), SLICE_INIT("a"), false, false },
    { SLICE_INIT("a"), SLICE_INIT(""), false, false },
    { { NULL, 0 }, SLICE_INIT("a"), false, false },
    { SLICE_INIT("a\0b"), SLICE_INIT("a\0c"), false, false },
    { SLICE_INIT("a"), SLICE_INIT("a\0"), false, false },
    /* neighbours of the letters, and letters above ASCII */
    { SLICE_INIT("@"), SLICE_INIT("`"), false, false },
    { SLICE_INIT("["), SLICE_INIT("{"), false, false },
    { SLICE_INIT("\xc4"), SLICE_INIT("\xe4"), false, false },
    { SLICE_INIT("0"), SLICE_INIT("P"), false, false },
};

START_TEST(slices_are_compared)
{
    const struct pair *row = &pairs[_i];

    ck_assert(slice_equal(row->one, row->other) == row->equal);
    ck_assert(slice_equal(row->other, row->one) == row->equal);
}
END_TEST

START_TEST(slices_are_compared_without_case)
{
    const struct pair *row = &pairs[_i];

    ck_assert(slice_equal_nocase(row->one, row->other) == row->equal_nocase);
    ck_assert(slice_equal_nocase(row->other, row->one) == row->equal_nocase);
}
END_TEST

START_TEST(contained_octet_is_found)
{
    ck_assert(slice_contains(SLICE("abc"), 'a'));
    ck_assert(slice_contains(SLICE("abc"), 'c'));
    ck_assert(slice_contains(SLICE("a\0b"), 0));
    ck_assert(slice_contains(SLICE("\xff"), 0xff));
}
END_TEST

START_TEST(octet_outside_is_not_found)
{
    ck_assert(!slice_contains(SLICE("abc"), 'd'));
    ck_assert(!slice_contains(SLICE("abc"), 0));
    ck_assert(!slice_contains(SLICE(""), 0));
    ck_assert(!slice_contains(SLICE_NONE, 'a'));
    ck_assert(!slice_contains(slice_of("abc", 2), 'c'));
}
END_TEST

START_TEST(octets_are_taken_from_the_front)
{
    struct slice rest = support_copy(SLICE("abc"));
    struct slice taken;

    for (size_t size = 0; size <= 3; size++) {
        struct slice copy = rest;

        ck_assert(slice_take(&copy, size, &taken));

        assert_octets("taken", taken, slice_of("abc", size));
        assert_octets("rest", copy, slice_of(&"abc"[size], 3 - size));
    }
}
END_TEST

START_TEST(more_than_there_is_is_not_taken)
{
    static const size_t sizes[] = { 4, 5, SIZE_MAX, SIZE_MAX - 1 };
    struct slice before = support_copy(SLICE("abc"));
    struct slice rest = before;
    struct slice taken = SLICE("x");

    ck_assert(!slice_take(&rest, sizes[_i], &taken));
    assert_unmoved(rest, before);
    ck_assert(!slice_take_back(&rest, sizes[_i], &taken));
    assert_unmoved(rest, before);
    assert_octets("taken", taken, SLICE("x"));
}
END_TEST

START_TEST(octets_are_taken_from_the_end)
{
    struct slice rest = support_copy(SLICE("abc"));
    struct slice taken;

    for (size_t size = 0; size <= 3; size++) {
        struct slice copy = rest;

        ck_assert(slice_take_back(&copy, size, &taken));

        assert_octets("taken", taken, slice_of(&"abc"[3 - size], size));
        assert_octets("rest", copy, slice_of("abc", 3 - size));
    }
}
END_TEST

START_TEST(nothing_is_taken_from_nothing)
{
    struct slice rest = SLICE_NONE;
    struct slice taken;

    ck_assert(slice_take(&rest, 0, &taken));
    assert_number("taken", taken.size, 0);
    ck_assert(slice_take_back(&rest, 0, &taken));
    assert_number("taken", taken.size, 0);
    ck_assert(!slice_take_octet(&rest, 0));
    ck_assert(!slice_take_until(&rest, 0, &taken));
    assert_number("class",
                  slice_take_class(&rest, text_classes, TEXT_TOKEN).size, 0);
    assert_unmoved(rest, SLICE_NONE);
}
END_TEST

START_TEST(class_is_taken_as_far_as_it_goes)
{
    struct slice rest = support_copy(SLICE("12a3"));

    struct slice taken = slice_take_class(&rest, text_classes, TEXT_DIGIT);

    assert_octets("taken", taken, SLICE("12"));
    assert_octets("rest", rest, SLICE("a3"));
}
END_TEST

START_TEST(class_is_taken_to_the_end)
{
    struct slice rest = support_copy(SLICE("123"));

    struct slice taken = slice_take_class(&rest, text_classes, TEXT_DIGIT);

    assert_octets("taken", taken, SLICE("123"));
    assert_number("rest", rest.size, 0);
}
END_TEST

START_TEST(absent_class_moves_nothing)
{
    struct slice before = support_copy(SLICE("abc"));
    struct slice rest = before;

    assert_number("taken",
                  slice_take_class(&rest, text_classes, TEXT_DIGIT).size, 0);

    assert_unmoved(rest, before);
}
END_TEST

START_TEST(next_octet_is_taken)
{
    struct slice rest = support_copy(SLICE("ab"));

    ck_assert(slice_take_octet(&rest, 'a'));
    ck_assert(slice_take_octet(&rest, 'b'));
    assert_number("rest", rest.size, 0);
}
END_TEST

START_TEST(other_octet_is_not_taken)
{
    struct slice before = support_copy(SLICE("ab"));
    struct slice rest = before;

    ck_assert(!slice_take_octet(&rest, 'b'));
    ck_assert(!slice_take_octet(&rest, 'A'));
    ck_assert(!slice_take_octet(&rest, 0));

    assert_unmoved(rest, before);
}
END_TEST

struct until_case {
    struct slice message, taken, rest;
};

static const struct until_case untils[] = {
    { SLICE_INIT("a/b"), SLICE_INIT("a"), SLICE_INIT("b") },
    { SLICE_INIT("/b"), SLICE_INIT(""), SLICE_INIT("b") },
    { SLICE_INIT("a/"), SLICE_INIT("a"), SLICE_INIT("") },
    { SLICE_INIT("/"), SLICE_INIT(""), SLICE_INIT("") },
    { SLICE_INIT("a/b/c"), SLICE_INIT("a"), SLICE_INIT("b/c") },
    { SLICE_INIT("a\0b/c"), SLICE_INIT("a\0b"), SLICE_INIT("c") },
};

START_TEST(octets_before_a_separator_are_taken)
{
    const struct until_case *row = &untils[_i];
    struct slice rest = support_copy(row->message);
    struct slice taken;

    ck_assert(slice_take_until(&rest, '/', &taken));

    assert_octets("taken", taken, row->taken);
    assert_octets("rest", rest, row->rest);
}
END_TEST

START_TEST(absent_separator_moves_nothing)
{
    struct slice before = support_copy(SLICE("abc"));
    struct slice rest = before;
    struct slice taken = SLICE("x");

    ck_assert(!slice_take_until(&rest, '/', &taken));

    assert_unmoved(rest, before);
    assert_octets("taken", taken, SLICE("x"));
}
END_TEST

START_TEST(numbers_are_big_endian)
{
    struct slice rest = support_hex("01020304fffefdfc");
    uint32_t u32;

    ck_assert(slice_take_u32(&rest, &u32));
    assert_number("u32", u32, 0x01020304u);
    ck_assert(slice_take_u32(&rest, &u32));
    assert_number("u32", u32, 0xfffefdfcu);
    assert_number("rest", rest.size, 0);
}
END_TEST

START_TEST(truncated_number_moves_nothing)
{
    struct slice before = slice_of(support_keep((size_t)_i), (size_t)_i);
    struct slice rest = before;
    uint32_t u32 = 7;

    ck_assert(!slice_take_u32(&rest, &u32));
    assert_unmoved(rest, before);
    assert_number("u32", u32, 7);
}
END_TEST

START_TEST(everything_written_is_the_result)
{
    uint8_t *room = support_keep(10);
    struct writer writer = writer_over(room, 10);

    writer_put(&writer, SLICE("abc"));
    writer_put_octet(&writer, 'd');
    writer_put_u16(&writer, 0x0102);
    writer_put_u32(&writer, 0xfffefdfcu);

    ck_assert(!writer.overflow);
    assert_octets("result", writer_result(&writer),
                  support_hex("616263640102fffefdfc"));
}
END_TEST

START_TEST(room_is_enough_to_the_last_octet)
{
    struct writer writer = writer_over(support_keep(3), 3);

    writer_put(&writer, SLICE("abc"));
    writer_put(&writer, SLICE(""));
    writer_put(&writer, SLICE_NONE);

    ck_assert(!writer.overflow);
    assert_octets("result", writer_result(&writer), SLICE("abc"));
}
END_TEST

START_TEST(one_octet_too_many_overflows)
{
    struct writer writer = writer_over(support_keep(2), 2);

    writer_put(&writer, SLICE("abc"));

    ck_assert(writer.overflow);
    assert_number("used", writer.used, 0);
}
END_TEST

START_TEST(overflow_sticks)
{
    struct writer writer = writer_over(support_keep(4), 4);

    writer_put(&writer, SLICE("abc"));
    writer_put(&writer, SLICE("de"));
    writer_put_octet(&writer, 'f');
    writer_put(&writer, SLICE(""));
    writer_put_u16(&writer, 0);
    writer_put_u32(&writer, 0);

    ck_assert(writer.overflow);
    ck_assert_ptr_null(writer_reserve(&writer, 0));
    assert_octets("result", writer_result(&writer), SLICE("abc"));
}
END_TEST

START_TEST(writer_without_memory_overflows)
{
    struct writer writer = writer_over(NULL, 0);

    writer_put(&writer, SLICE(""));
    ck_assert(!writer.overflow);
    writer_put_octet(&writer, 'a');

    ck_assert(writer.overflow);
    assert_number("result", writer_result(&writer).size, 0);
}
END_TEST

START_TEST(reserved_room_is_part_of_the_result)
{
    struct writer writer = writer_over(support_keep(4), 4);
    uint8_t *room;

    writer_put_octet(&writer, 'a');
    room = writer_reserve(&writer, 3);
    ck_assert_ptr_nonnull(room);
    memcpy(room, "bcd", 3);

    ck_assert(!writer.overflow);
    assert_octets("result", writer_result(&writer), SLICE("abcd"));
}
END_TEST

START_TEST(too_much_cannot_be_reserved)
{
    static const size_t sizes[] = { 4, 5, SIZE_MAX, SIZE_MAX - 1 };
    struct writer writer = writer_over(support_keep(4), 4);

    writer_put_octet(&writer, 'a');

    ck_assert_ptr_null(writer_reserve(&writer, sizes[_i]));
    ck_assert(writer.overflow);
    assert_number("used", writer.used, 1);
}
END_TEST

START_TEST(part_since_a_mark_is_known)
{
    struct writer writer = writer_over(support_keep(6), 6);
    size_t mark;

    writer_put(&writer, SLICE("abc"));
    mark = writer.used;
    assert_number("nothing", writer_since(&writer, mark).size, 0);
    writer_put(&writer, SLICE("def"));

    assert_octets("since", writer_since(&writer, mark), SLICE("def"));
    assert_octets("start", writer_since(&writer, 0), SLICE("abcdef"));
}
END_TEST

START_TEST(numbers_are_read_as_they_were_written)
{
    static const uint32_t numbers[] = { 0,          1,           0x7f,
                                        0x80,       0xff,        0x100,
                                        0x8000,     0xffff,      0x10000,
                                        0x7fffffff, 0x80000000u, 0xffffffffu };
    struct writer writer = writer_over(support_keep(6), 6);
    struct slice rest, u16;
    uint32_t u32;

    writer_put_u32(&writer, numbers[_i]);
    writer_put_u16(&writer, (uint16_t)numbers[_i]);
    rest = writer_result(&writer);
    ck_assert(slice_take_u32(&rest, &u32));
    ck_assert(slice_take(&rest, 2, &u16));

    assert_number("u32", u32, numbers[_i]);
    assert_number("u16", (uint32_t)(u16.data[0] << 8 | u16.data[1]),
                  (uint16_t)numbers[_i]);
}
END_TEST

Suite *
slice_suite(void)
{
    Suite *suite = suite_create("slice");
    TCase *slices = support_case(suite, "slice");
    TCase *writers = support_case(suite, "writer");

    tcase_add_test(slices, string_becomes_a_slice_without_its_nul);
    tcase_add_test(slices, no_string_is_no_value);
    tcase_add_test(slices, empty_is_a_value);
    tcase_add_test(slices, literal_keeps_its_nul_octets);
    tcase_add_loop_test(slices, slices_are_compared, 0, COUNT(pairs));
    tcase_add_loop_test(slices, slices_are_compared_without_case, 0,
                        COUNT(pairs));
    tcase_add_test(slices, contained_octet_is_found);
    tcase_add_test(slices, octet_outside_is_not_found);
    tcase_add_test(slices, octets_are_taken_from_the_front);
    tcase_add_loop_test(slices, more_than_there_is_is_not_taken, 0, 4);
    tcase_add_test(slices, octets_are_taken_from_the_end);
    tcase_add_test(slices, nothing_is_taken_from_nothing);
    tcase_add_test(slices, class_is_taken_as_far_as_it_goes);
    tcase_add_test(slices, class_is_taken_to_the_end);
    tcase_add_test(slices, absent_class_moves_nothing);
    tcase_add_test(slices, next_octet_is_taken);
    tcase_add_test(slices, other_octet_is_not_taken);
    tcase_add_loop_test(slices, octets_before_a_separator_are_taken, 0,
                        COUNT(untils));
    tcase_add_test(slices, absent_separator_moves_nothing);
    tcase_add_test(slices, numbers_are_big_endian);
    tcase_add_loop_test(slices, truncated_number_moves_nothing, 0, 4);
    tcase_add_test(writers, everything_written_is_the_result);
    tcase_add_test(writers, room_is_enough_to_the_last_octet);
    tcase_add_test(writers, one_octet_too_many_overflows);
    tcase_add_test(writers, overflow_sticks);
    tcase_add_test(writers, writer_without_memory_overflows);
    tcase_add_test(writers, reserved_room_is_part_of_the_result);
    tcase_add_loop_test(writers, too_much_cannot_be_reserved, 0, 4);
    tcase_add_test(writers, part_since_a_mark_is_known);
    tcase_add_loop_test(writers, numbers_are_read_as_they_were_written, 0, 12);
    return suite;
}
