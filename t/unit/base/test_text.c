/*
 * Character classes, numbers, encodings.
 */
#include "base/text.h"

#include <string.h>

#include "support/support.h"

START_TEST(octet_has_its_classes)
{
    static const char separators[] = "()<>@,;:\\\"/[]?={} \t";
    uint8_t classes = text_classes[_i];
    bool character = _i > 32 && _i < 127;
    bool digit = _i >= '0' && _i <= '9';
    bool lower = _i >= 'a' && _i <= 'z';
    bool upper = _i >= 'A' && _i <= 'Z';

    ck_assert(((classes & TEXT_TOKEN) != 0) ==
              (character && strchr(separators, _i) == NULL));
    ck_assert(((classes & TEXT_SPACE) != 0) == (_i == ' ' || _i == '\t'));
    ck_assert(
        ((classes & TEXT_PLAIN) != 0) ==
        (_i == '\t' || (_i >= ' ' && _i != 127 && _i != '"' && _i != '\\')));
    ck_assert(((classes & TEXT_DIGIT) != 0) == digit);
    ck_assert(((classes & TEXT_HEX) != 0) == (digit || (lower && _i <= 'f')));
    ck_assert(((classes & TEXT_ALPHA) != 0) == (lower || upper));
    ck_assert(((classes & TEXT_LINE) != 0) == (_i == '\r' || _i == '\n'));
}
END_TEST

struct space_case {
    struct slice text, rest;
};

static const struct space_case spaces[] = {
    { SLICE_INIT(""), SLICE_INIT("") },
    { SLICE_INIT("a"), SLICE_INIT("a") },
    { SLICE_INIT(" a"), SLICE_INIT("a") },
    { SLICE_INIT(" \t \ta "), SLICE_INIT("a ") },
    { SLICE_INIT("   "), SLICE_INIT("") },
    { SLICE_INIT("\r\n a"), SLICE_INIT("a") },
    { SLICE_INIT(" \r\n\ta"), SLICE_INIT("a") },
    { SLICE_INIT("\r\n \r\n a"), SLICE_INIT("a") },
    { SLICE_INIT("\r\na"), SLICE_INIT("a") },
    { SLICE_INIT("\r\n"), SLICE_INIT("") },
    { SLICE_INIT("\r"), SLICE_INIT("") },
    { SLICE_INIT("\n a"), SLICE_INIT("a") },
    { SLICE_INIT("\r a"), SLICE_INIT("a") },
    { SLICE_INIT("\r\n\r\n a\n"), SLICE_INIT("a\n") },
    { SLICE_INIT(" \r\n"), SLICE_INIT("") },
    { SLICE_INIT("\n\0a"), SLICE_INIT("\0a") },
    { SLICE_INIT("\v a"), SLICE_INIT("\v a") },
    { SLICE_INIT("\0 a"), SLICE_INIT("\0 a") },
    { SLICE_INIT("\xa0"
                 "a"),
      SLICE_INIT("\xa0"
                 "a") },
};

START_TEST(white_space_is_skipped)
{
    struct slice rest = support_copy(spaces[_i].text);

    text_skip_space(&rest);

    assert_octets(support_show(spaces[_i].text), rest, spaces[_i].rest);
}
END_TEST

START_TEST(folded_line_end_is_taken)
{
    struct slice rest = support_copy(SLICE("\r\n \t a"));

    ck_assert(text_take_folding(&rest));

    assert_octets("rest", rest, SLICE("a"));
}
END_TEST

START_TEST(unfolded_line_end_moves_nothing)
{
    static const struct slice texts[] = {
        SLICE_INIT(""),     SLICE_INIT(" "),      SLICE_INIT("\r"),
        SLICE_INIT("\r\n"), SLICE_INIT("\r\na"),  SLICE_INIT("\n "),
        SLICE_INIT("\r "),  SLICE_INIT("a\r\n "),
    };
    struct slice before = support_copy(texts[_i]);
    struct slice rest = before;

    ck_assert(!text_take_folding(&rest));

    ck_assert_ptr_eq(rest.data, before.data);
    ck_assert_uint_eq(rest.size, before.size);
}
END_TEST

START_TEST(text_of_one_class_is_told_from_others)
{
    ck_assert(text_is(SLICE("0123456789"), TEXT_DIGIT));
    ck_assert(text_is(SLICE("0123456789abcdef"), TEXT_HEX));
    ck_assert(text_is(SLICE(""), TEXT_HEX));
    ck_assert(!text_is(SLICE("abcdefg"), TEXT_HEX));
    ck_assert(!text_is(SLICE("ABCDEF"), TEXT_HEX));
    ck_assert(!text_is(SLICE(" 1"), TEXT_DIGIT));
    ck_assert(!text_is(SLICE("1 "), TEXT_DIGIT));
    ck_assert(!text_is(SLICE("1\0"), TEXT_DIGIT));
    ck_assert(!text_is(SLICE("a b"), TEXT_TOKEN));
}
END_TEST

START_TEST(ascii_ends_at_127)
{
    ck_assert(text_is_ascii(SLICE("")));
    ck_assert(text_is_ascii(SLICE_NONE));
    ck_assert(text_is_ascii(SLICE("\0a\x7f")));
    ck_assert(!text_is_ascii(SLICE("\x80")));
    ck_assert(!text_is_ascii(SLICE("abc\xff")));
    ck_assert(!text_is_ascii(SLICE("\xff"
                                   "abc")));
}
END_TEST

static const struct slice well_formed[] = {
    SLICE_INIT(""),
    SLICE_INIT("abc"),
    SLICE_INIT("\0"),
    SLICE_INIT("\x7f"),
    SLICE_INIT("\xc2\x80"),         /* U+0080 */
    SLICE_INIT("\xc3\xbf"),         /* U+00FF */
    SLICE_INIT("\xc4\x80"),         /* U+0100 */
    SLICE_INIT("\xdf\xbf"),         /* U+07FF */
    SLICE_INIT("\xe0\xa0\x80"),     /* U+0800 */
    SLICE_INIT("\xe1\x80\x80"),     /* U+1000 */
    SLICE_INIT("\xec\xbf\xbf"),     /* U+CFFF */
    SLICE_INIT("\xed\x9f\xbf"),     /* U+D7FF */
    SLICE_INIT("\xee\x80\x80"),     /* U+E000 */
    SLICE_INIT("\xef\xbf\xbe"),     /* U+FFFE */
    SLICE_INIT("\xef\xbf\xbf"),     /* U+FFFF */
    SLICE_INIT("\xf0\x90\x80\x80"), /* U+10000 */
    SLICE_INIT("\xf1\x80\x80\x80"), /* U+40000 */
    SLICE_INIT("\xf3\xbf\xbf\xbf"), /* U+FFFFF */
    SLICE_INIT("\xf4\x8f\xbf\xbf"), /* U+10FFFF */
    SLICE_INIT("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z"),
};

START_TEST(well_formed_utf8_is_accepted)
{
    ck_assert_msg(text_is_utf8(support_copy(well_formed[_i])), "%s",
                  support_show(well_formed[_i]));
}
END_TEST

START_TEST(truncated_utf8_is_refused)
{
    struct slice text = well_formed[_i];

    for (size_t size = 1; size < text.size; size++) {
        struct slice front = slice_of(text.data, size);

        if ((text.data[size] & 0xc0) != 0x80)
            continue;
        /* with and without the rest of the character after it */
        ck_assert_msg(!text_is_utf8(front), "%s", support_show(front));
        ck_assert_msg(!text_is_utf8(support_copy(front)), "%s",
                      support_show(front));
    }
}
END_TEST

static const struct slice malformed[] = {
    /* continuation octets alone */
    SLICE_INIT("\x80"),
    SLICE_INIT("\xbf"),
    SLICE_INIT("a\x80"),
    SLICE_INIT("\xc3\xa4\xa4"),
    /* overlong */
    SLICE_INIT("\xc0\x80"),
    SLICE_INIT("\xc0\xaf"),
    SLICE_INIT("\xc1\xbf"),
    SLICE_INIT("\xe0\x80\x80"),
    SLICE_INIT("\xe0\x80\xaf"),
    SLICE_INIT("\xe0\x9f\xbf"),
    SLICE_INIT("\xf0\x80\x80\x80"),
    SLICE_INIT("\xf0\x80\x80\xaf"),
    SLICE_INIT("\xf0\x8f\xbf\xbf"),
    /* surrogates */
    SLICE_INIT("\xed\xa0\x80"),
    SLICE_INIT("\xed\xaf\xbf"),
    SLICE_INIT("\xed\xb0\x80"),
    SLICE_INIT("\xed\xbf\xbf"),
    SLICE_INIT("\xed\xa0\x80\xed\xb0\x80"),
    /* above U+10FFFF */
    SLICE_INIT("\xf4\x90\x80\x80"),
    SLICE_INIT("\xf5\x80\x80\x80"),
    SLICE_INIT("\xf7\xbf\xbf\xbf"),
    SLICE_INIT("\xf8\x88\x80\x80\x80"),
    SLICE_INIT("\xfc\x84\x80\x80\x80\x80"),
    SLICE_INIT("\xfe"),
    SLICE_INIT("\xff"),
    /* a character that is interrupted */
    SLICE_INIT("\xc3"
               "a"),
    SLICE_INIT("\xc3\xc3\xa4"),
    SLICE_INIT("\xe2\x82"
               "a"),
    SLICE_INIT("\xe2"
               "a\xac"),
    SLICE_INIT("\xe2\x82\xc2\xac"),
    SLICE_INIT("\xf0\x9f\x98"
               "a"),
    SLICE_INIT("\xf0\x9f"
               "a\x80"),
    SLICE_INIT("\xf0"
               "a\x98\x80"),
    SLICE_INIT("abc\xc3"),
    SLICE_INIT("\xc3\xa4\xe2\x82"),
};

START_TEST(malformed_utf8_is_refused)
{
    ck_assert_msg(!text_is_utf8(support_copy(malformed[_i])), "%s",
                  support_show(malformed[_i]));
}
END_TEST

START_TEST(second_octet_of_any_lead_has_its_range)
{
    uint8_t octets[4] = { (uint8_t)_i, 0, 0x80, 0x80 };

    for (unsigned second = 0; second < 256; second++) {
        bool expected = false;
        size_t size = _i < 0xe0 ? 2 : _i < 0xf0 ? 3 : 4;
        unsigned low = _i == 0xe0 ? 0xa0 : _i == 0xf0 ? 0x90 : 0x80;
        unsigned high = _i == 0xed ? 0x9f : _i == 0xf4 ? 0x8f : 0xbf;

        octets[1] = (uint8_t)second;
        if (_i >= 0xc2 && _i <= 0xf4)
            expected = second >= low && second <= high;

        ck_assert_msg(text_is_utf8(slice_of(octets, size)) == expected, "%s",
                      support_show(slice_of(octets, size)));
    }
}
END_TEST

struct number_case {
    const char *text;
    uint32_t minimum, maximum;
    enum reason reason;
    uint32_t number;
};

static const struct number_case numbers[] = {
    { "0", 0, 0, REASON_NONE, 0 },
    { "17", 17, 99, REASON_NONE, 17 },
    { "16", 17, 99, REASON_VALUE, 0 },
    { "18", 17, 99, REASON_NONE, 18 },
    { "98", 17, 99, REASON_NONE, 98 },
    { "99", 17, 99, REASON_NONE, 99 },
    { "100", 17, 99, REASON_VALUE, 0 },
    { "00000000000000000000000000000017", 17, 99, REASON_NONE, 17 },
    { "4294967294", 0, UINT32_MAX, REASON_NONE, 4294967294u },
    { "4294967295", 0, UINT32_MAX, REASON_NONE, 4294967295u },
    { "4294967296", 0, UINT32_MAX, REASON_VALUE, 0 },
    { "4294967313", 17, 99, REASON_VALUE, 0 },
    { "18446744073709551616", 0, UINT32_MAX, REASON_VALUE, 0 },
    { "18446744073709551633", 17, 99, REASON_VALUE, 0 },
    { "340282366920938463463374607431768211473", 17, 99, REASON_VALUE, 0 },
    { "", 0, 99, REASON_VALUE, 0 },
    { "-1", 0, UINT32_MAX, REASON_VALUE, 0 },
    { "+1", 0, 99, REASON_VALUE, 0 },
    { " 1", 0, 99, REASON_VALUE, 0 },
    { "1 ", 0, 99, REASON_VALUE, 0 },
    { "0x1", 0, 99, REASON_VALUE, 0 },
    { "1a", 0, 99, REASON_VALUE, 0 },
    { "a", 0, 99, REASON_VALUE, 0 },
    { "1.0", 0, 99, REASON_VALUE, 0 },
};

START_TEST(number_is_read_in_its_range)
{
    const struct number_case *row = &numbers[_i];
    uint32_t number = 12345;

    assert_reason(row->text,
                  text_to_number(support_copy(slice_of_string(row->text)),
                                 row->minimum, row->maximum, &number),
                  row->reason);

    assert_number(row->text, number,
                  row->reason == REASON_NONE ? row->number : 12345);
}
END_TEST

static const struct number_case counts[] = {
    { "00000000", 0, 0, REASON_NONE, 0 },
    { "00000001", 0, 0, REASON_NONE, 1 },
    { "01234567", 0, 0, REASON_NONE, 0x01234567 },
    { "89abcdef", 0, 0, REASON_NONE, 0x89abcdefu },
    { "ffffffff", 0, 0, REASON_NONE, 0xffffffffu },
    { "", 0, 0, REASON_VALUE, 0 },
    { "1", 0, 0, REASON_VALUE, 0 },
    { "0000001", 0, 0, REASON_VALUE, 0 },
    { "000000001", 0, 0, REASON_VALUE, 0 },
    { "100000001", 0, 0, REASON_VALUE, 0 },
    { "0000000A", 0, 0, REASON_VALUE, 0 },
    { "0000000g", 0, 0, REASON_VALUE, 0 },
    { "0x000001", 0, 0, REASON_VALUE, 0 },
    { "+0000001", 0, 0, REASON_VALUE, 0 },
    { "-0000001", 0, 0, REASON_VALUE, 0 },
    { " 0000001", 0, 0, REASON_VALUE, 0 },
    { "0000001 ", 0, 0, REASON_VALUE, 0 },
};

START_TEST(G32_count_is_eight_lower_case_digits)
{
    const struct number_case *row = &counts[_i];
    uint32_t count = 12345;

    assert_reason(
        row->text,
        text_to_count(support_copy(slice_of_string(row->text)), &count),
        row->reason);

    assert_number(row->text, count,
                  row->reason == REASON_NONE ? row->number : 12345);
}
END_TEST

START_TEST(G32_count_ends_at_a_nul)
{
    uint32_t count;

    assert_reason("nul", text_to_count(SLICE("0000001\0"), &count),
                  REASON_VALUE);
}
END_TEST

START_TEST(octets_are_written_in_lower_case_digits)
{
    struct writer writer = writer_over(support_keep(16), 16);

    text_put_hex(&writer, SLICE("\x01\x23\x45\x67\x89\xab\xcd\xef"));

    ck_assert(!writer.overflow);
    assert_octets("hex", writer_result(&writer), SLICE("0123456789abcdef"));
}
END_TEST

START_TEST(digits_that_do_not_fit_are_not_written)
{
    struct writer writer = writer_over(support_keep(3), 3);

    text_put_hex(&writer, SLICE("\x01\x23"));

    ck_assert(writer.overflow);
    assert_number("used", writer.used, 0);
}
END_TEST

struct decimal_case {
    uint32_t number;
    const char *text;
};

static const struct decimal_case decimals[] = {
    { 0, "0" },
    { 9, "9" },
    { 10, "10" },
    { 65536, "65536" },
    { 16777215, "16777215" },
    { 4294967295u, "4294967295" },
};

START_TEST(number_is_written_in_decimal_digits)
{
    struct slice expected = slice_of_string(decimals[_i].text);
    struct writer writer =
        writer_over(support_keep(expected.size), expected.size);

    text_put_number(&writer, decimals[_i].number);

    ck_assert(!writer.overflow);
    assert_octets(decimals[_i].text, writer_result(&writer), expected);
}
END_TEST

START_TEST(number_that_does_not_fit_is_not_written)
{
    struct writer writer = writer_over(support_keep(1), 1);

    text_put_number(&writer, 10);

    ck_assert(writer.overflow);
}
END_TEST

START_TEST(every_latin1_character_is_converted_and_back)
{
    struct writer utf8 = writer_over(support_keep(512), 512);
    struct writer latin1 = writer_over(support_keep(256), 256);
    uint8_t all[256];

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (uint8_t)i;
    text_put_utf8(&utf8, slice_of(all, sizeof(all)));

    assert_number("size", utf8.used, 128 + 2 * 128);
    ck_assert(text_is_utf8(writer_result(&utf8)));
    ck_assert(text_put_latin1(&latin1, writer_result(&utf8)));
    assert_octets("back", writer_result(&latin1), slice_of(all, sizeof(all)));
}
END_TEST

START_TEST(last_character_of_latin1_is_converted)
{
    struct writer writer = writer_over(support_keep(2), 2);

    ck_assert(text_put_latin1(&writer, SLICE("\xc2\x80\xc3\xbf")));

    assert_octets("latin1", writer_result(&writer), SLICE("\x80\xff"));
}
END_TEST

static const struct slice no_latin1[] = {
    SLICE_INIT("\xc4\x80"),
    SLICE_INIT("a\xc3\xbf\xc4\x80"),
    SLICE_INIT("\xe2\x82\xac"),
    SLICE_INIT("\xf0\x9f\x98\x80"),
    SLICE_INIT("\xc3"),
    SLICE_INIT("a\xc3"),
    SLICE_INIT("\xc3"
               "a"),
    SLICE_INIT("\xc0\x80"),
    SLICE_INIT("\xc1\xbf"),
    SLICE_INIT("\x80"),
    SLICE_INIT("\xe9"),
    SLICE_INIT("a\xc3\xa9\xa9"),
};

START_TEST(other_text_than_latin1_is_not_converted)
{
    struct writer writer = writer_over(support_keep(16), 16);

    ck_assert_msg(!text_put_latin1(&writer, support_copy(no_latin1[_i])), "%s",
                  support_show(no_latin1[_i]));

    assert_number("used", writer.used, 0);
    ck_assert(!writer.overflow);
}
END_TEST

START_TEST(empty_text_is_latin1)
{
    struct writer writer = writer_over(support_keep(0), 0);

    ck_assert(text_put_latin1(&writer, SLICE("")));
    ck_assert(text_put_latin1(&writer, SLICE_NONE));

    assert_number("used", writer.used, 0);
}
END_TEST

START_TEST(conversion_without_room_overflows)
{
    struct writer latin1 = writer_over(support_keep(1), 1);
    struct writer utf8 = writer_over(support_keep(1), 1);

    ck_assert(text_put_latin1(&latin1, SLICE("ab")));
    text_put_utf8(&utf8, SLICE("\xe9"));

    ck_assert(latin1.overflow);
    ck_assert(utf8.overflow);
}
END_TEST

START_TEST(octet_is_written_printable)
{
    uint8_t octet = (uint8_t)_i;
    struct writer writer = writer_over(support_keep(4), 4);
    char expected[5];

    if (_i == '\\')
        snprintf(expected, sizeof(expected), "\\\\");
    else if (_i >= ' ' && _i < 127 && _i != '"')
        snprintf(expected, sizeof(expected), "%c", octet);
    else
        snprintf(expected, sizeof(expected), "\\x%02x", octet);

    text_put_printable(&writer, slice_of(&octet, 1));

    assert_octets("text", writer_result(&writer), slice_of_string(expected));
}
END_TEST

START_TEST(no_two_texts_look_alike)
{
    static const struct slice texts[] = {
        SLICE_INIT("al\xc3\xa9"), SLICE_INIT("al\xe9"),  SLICE_INIT("al\\xe9"),
        SLICE_INIT("al\\\xe9"),   SLICE_INIT("al?"),     SLICE_INIT("al\n"),
        SLICE_INIT("al\""),       SLICE_INIT("al\\x22"),
    };
    enum { COUNT_OF_TEXTS = COUNT(texts) };
    struct writer writers[COUNT_OF_TEXTS];

    for (size_t i = 0; i < COUNT_OF_TEXTS; i++) {
        writers[i] = writer_over(support_keep(32), 32);
        text_put_printable(&writers[i], texts[i]);
        for (size_t j = 0; j < i; j++)
            ck_assert(!slice_equal(writer_result(&writers[i]),
                                   writer_result(&writers[j])));
    }
}
END_TEST

START_TEST(printable_text_is_cut_between_octets)
{
    struct writer writer = writer_over(support_keep(16), (size_t)_i);

    text_put_printable(&writer, SLICE("\x80\\\x81"));

    ck_assert_int_eq(writer.overflow, _i < 10);
    assert_number("used", writer.used,
                  _i < 4    ? 0
                  : _i < 6  ? 4
                  : _i < 10 ? 6
                            : 10);
}
END_TEST

START_TEST(digits_of_either_case_are_octets)
{
    uint8_t memory[8];
    struct writer writer = writer_over(memory, sizeof(memory));

    ck_assert(text_put_octets(&writer, support_copy(SLICE("0019afAFF0ff"))));
    assert_octets("octets", writer_result(&writer),
                  SLICE("\x00\x19\xaf\xaf\xf0\xff"));
}
END_TEST

/* Each octet that is not a digit, at each position. */
START_TEST(what_is_no_digit_makes_no_octet)
{
    uint8_t memory[8], text[4];
    bool digit = strchr("0123456789abcdefABCDEF", _i) != NULL && _i != 0;

    for (size_t i = 0; i < sizeof(text); i++) {
        struct writer writer = writer_over(memory, sizeof(memory));

        memset(text, '0', sizeof(text));
        text[i] = (uint8_t)_i;
        ck_assert_int_eq(text_put_octets(&writer, slice_of(text, sizeof(text))),
                         digit);
        ck_assert_uint_eq(writer.used, digit ? 2 : 0);
    }
}
END_TEST

START_TEST(half_an_octet_is_none)
{
    uint8_t memory[8];
    struct writer writer = writer_over(memory, sizeof(memory));

    ck_assert(!text_put_octets(&writer, support_copy(SLICE("012"))));
    ck_assert_uint_eq(writer.used, 0);
    ck_assert(text_put_octets(&writer, SLICE("")));
}
END_TEST

START_TEST(octets_may_take_the_place_of_their_digits)
{
    uint8_t memory[] = "0123456789ab";
    struct writer writer = writer_over(memory, sizeof(memory));

    ck_assert(text_put_octets(&writer, slice_of(memory, 12)));
    assert_octets("octets", writer_result(&writer),
                  SLICE("\x01\x23\x45\x67\x89\xab"));
}
END_TEST

struct decoded_case {
    struct slice text, octets; /* octets do not exist: malformed */
};

static const struct decoded_case decoded[] = {
    { SLICE_INIT(""), SLICE_INIT("") },
    { SLICE_INIT("plain"), SLICE_INIT("plain") },
    { SLICE_INIT("%41"), SLICE_INIT("A") },
    { SLICE_INIT("a%c3%A9%25"), SLICE_INIT("a\xc3\xa9%") },
    { SLICE_INIT("a%4"), { NULL, 0 } },
    { SLICE_INIT("%"), { NULL, 0 } },
    { SLICE_INIT("%4g"), { NULL, 0 } },
    { SLICE_INIT("a%00"), { NULL, 0 } },
};

START_TEST(percent_encoded_octets_are_decoded)
{
    struct slice text = support_copy(decoded[_i].text);
    struct writer writer = writer_over(support_keep(text.size), text.size);
    bool good = text_put_decoded(&writer, text);

    ck_assert_int_eq(good, slice_exists(decoded[_i].octets));
    if (good)
        assert_octets("decoded", writer_result(&writer), decoded[_i].octets);
}
END_TEST

Suite *
text_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *classes = support_case(suite, "classes");
    TCase *utf8 = support_case(suite, "utf-8");
    TCase *digits = support_case(suite, "numbers");
    TCase *latin1 = support_case(suite, "latin1");

    tcase_add_loop_test(classes, octet_has_its_classes, 0, 256);
    tcase_add_loop_test(classes, white_space_is_skipped, 0, COUNT(spaces));
    tcase_add_test(classes, folded_line_end_is_taken);
    tcase_add_loop_test(classes, unfolded_line_end_moves_nothing, 0, 8);
    tcase_add_test(classes, text_of_one_class_is_told_from_others);
    tcase_add_test(classes, ascii_ends_at_127);
    tcase_add_loop_test(classes, octet_is_written_printable, 0, 256);
    tcase_add_test(classes, no_two_texts_look_alike);
    tcase_add_loop_test(classes, printable_text_is_cut_between_octets, 0, 12);
    tcase_add_loop_test(utf8, well_formed_utf8_is_accepted, 0,
                        COUNT(well_formed));
    tcase_add_loop_test(utf8, truncated_utf8_is_refused, 0, COUNT(well_formed));
    tcase_add_loop_test(utf8, malformed_utf8_is_refused, 0, COUNT(malformed));
    tcase_add_loop_test(utf8, second_octet_of_any_lead_has_its_range, 0x80,
                        0x100);
    tcase_add_loop_test(digits, number_is_read_in_its_range, 0, COUNT(numbers));
    tcase_add_loop_test(digits, G32_count_is_eight_lower_case_digits, 0,
                        COUNT(counts));
    tcase_add_test(digits, G32_count_ends_at_a_nul);
    tcase_add_test(digits, octets_are_written_in_lower_case_digits);
    tcase_add_test(digits, digits_that_do_not_fit_are_not_written);
    tcase_add_test(digits, digits_of_either_case_are_octets);
    tcase_add_loop_test(digits, what_is_no_digit_makes_no_octet, 0, 256);
    tcase_add_test(digits, half_an_octet_is_none);
    tcase_add_test(digits, octets_may_take_the_place_of_their_digits);
    tcase_add_loop_test(digits, percent_encoded_octets_are_decoded, 0,
                        COUNT(decoded));
    tcase_add_loop_test(digits, number_is_written_in_decimal_digits, 0,
                        COUNT(decimals));
    tcase_add_test(digits, number_that_does_not_fit_is_not_written);
    tcase_add_test(latin1, every_latin1_character_is_converted_and_back);
    tcase_add_test(latin1, last_character_of_latin1_is_converted);
    tcase_add_loop_test(latin1, other_text_than_latin1_is_not_converted, 0,
                        COUNT(no_latin1));
    tcase_add_test(latin1, empty_text_is_latin1);
    tcase_add_test(latin1, conversion_without_room_overflows);
    return suite;
}
