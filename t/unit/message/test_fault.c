/*
 * The details of messages that cannot be read.
 */
#include "message/fault.h"

#include <string.h>

#include "support/support.h"

static char first[FAULT_MEMORY_SIZE + 1];
static const char *second;

static void
describe(enum reason reason, struct slice message, struct slice culprit,
         bool http)
{
    uint8_t memory[FAULT_MEMORY_SIZE];
    struct writer writer = writer_over(memory, sizeof(memory));
    struct slice text =
        fault_describe(reason, message, culprit, http, &writer, &second);

    ck_assert_uint_lt(text.size, sizeof(first));
    memset(first, 0, sizeof(first));
    if (text.size > 0)
        memcpy(first, text.data, text.size);
}

static const struct syntax {
    struct slice message;
    const char *place, *expected;
} syntaxes[] = {
    { SLICE_INIT("garbage"), "at the end, octet 8", "'='" },
    { SLICE_INIT("=x"), "at octet 1", "a name" },
    { SLICE_INIT("a=b,@"), "after directive a, at octet 5", "a name" },
    { SLICE_INIT("a=b,c d"), "after directive a, at octet 7", "'='" },
    { SLICE_INIT(",, a=b c=d"), "after directive a, at octet 8",
      "',' or the end" },
    { SLICE_INIT("a=\"b\"c"), "after directive a, at octet 6",
      "',' or the end" },
    { SLICE_INIT("z=1,a=\"b"), "in directive a, at the end, octet 9",
      "a closing quotation mark" },
    { SLICE_INIT("a=\"b\nc\""), "in directive a, at octet 5",
      "a closing quotation mark" },
    { SLICE_INIT("a=\"b\\\0\""), "in directive a, at octet 6",
      "a closing quotation mark" },
    { SLICE_INIT("a=\"b\\"), "in directive a, at the end, octet 6",
      "a closing quotation mark" },
    { SLICE_INIT("\0a=b"), "at octet 1", "a name" },
    /* the NUL at the end does not count */
    { SLICE_INIT("a=b,c\0"), "after directive a, at the end, octet 6", "'='" },
};

START_TEST(syntax_error_has_its_place)
{
    const struct syntax *row = &syntaxes[_i];

    describe(REASON_SYNTAX, row->message, SLICE_NONE, false);
    ck_assert_str_eq(first, row->place);
    ck_assert_str_eq(second, row->expected);
}
END_TEST

/* The end of the sentence would be cut, not the name. */
START_TEST(place_follows_a_long_name)
{
    const struct slice parts[] = {
        support_repeat('n', 4000),
        SLICE("=x y"),
    };

    describe(REASON_SYNTAX, support_join(parts, 2), SLICE_NONE, false);
    ck_assert_ptr_nonnull(strstr(first, "nnn, at octet 4004"));
}
END_TEST

START_TEST(size_is_told)
{
    describe(REASON_MESSAGE_TOO_LARGE, support_repeat('x', 5000), SLICE_NONE,
             false);
    ck_assert_str_eq(first, "5000");
    describe(REASON_HTTP_TOO_LARGE, support_repeat('x', 6000), SLICE_NONE,
             true);
    ck_assert_str_eq(first, "6000");
    ck_assert_ptr_null(second);
}
END_TEST

START_TEST(value_has_its_form)
{
    describe(REASON_VALUE, SLICE("rspauth=x"), SLICE("rspauth"), false);
    ck_assert_str_eq(first, "rspauth");
    ck_assert_str_eq(second, "32 hexadecimal digits in lower case");
    describe(REASON_VALUE, SLICE("rspauth=x"), SLICE("RspAuth"), true);
    ck_assert_str_eq(second, "32 or 64 hexadecimal digits in lower case");
    describe(REASON_VALUE, SLICE("other=@"), SLICE("other"), false);
    ck_assert_str_eq(second, "a word or a quoted text");
}
END_TEST

/* The value is neither a word nor quoted: its form does not matter yet. */
START_TEST(value_that_cannot_be_read)
{
    describe(REASON_VALUE, SLICE("qop=auth,cnonce=(x)"), SLICE("cnonce"), true);
    ck_assert_str_eq(second, "a word or a quoted text");
    describe(REASON_VALUE, SLICE("maxbuf=(1)"), SLICE("maxbuf"), true);
    ck_assert_str_eq(second, "a word or a quoted text");
    describe(REASON_VALUE, SLICE("Username*=(x)"), SLICE("username*"), false);
    ck_assert_str_eq(second, "a word or a quoted text");
    describe(REASON_VALUE, SLICE("nc=1,cnonce=(x)"), SLICE("nc"), false);
    ck_assert_str_eq(second, "8 hexadecimal digits in lower case");
}
END_TEST

START_TEST(other_reasons_have_their_culprit)
{
    describe(REASON_MISSING, SLICE("a=b"), SLICE("nonce"), false);
    ck_assert_str_eq(first, "nonce");
    ck_assert_ptr_null(second);
}
END_TEST

Suite *
fault_suite(void)
{
    Suite *suite = suite_create("fault");
    TCase *tests = support_case(suite, "fault");

    tcase_add_loop_test(tests, syntax_error_has_its_place, 0, COUNT(syntaxes));
    tcase_add_test(tests, place_follows_a_long_name);
    tcase_add_test(tests, size_is_told);
    tcase_add_test(tests, value_has_its_form);
    tcase_add_test(tests, value_that_cannot_be_read);
    tcase_add_test(tests, other_reasons_have_their_culprit);
    return suite;
}
