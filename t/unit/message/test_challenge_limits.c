/*
 * The digest-challenge: sizes and numbers at their limits.
 */
#include "support/support.h"
#include "unit/message/challenges.h"

/* A challenge with that many realms. */
static struct slice
with_realms(size_t count)
{
    struct slice parts[1 + REALM_COUNT_MAX + 1];

    parts[0] = SLICE(LEAST);
    for (size_t i = 1; i <= count; i++)
        parts[i] = SLICE(",realm=\"r\"");
    return support_join(parts, count + 1);
}

START_TEST(as_many_realms_as_allowed_are_read)
{
    struct challenge challenge;
    size_t count = (size_t)(REALM_COUNT_MAX + _i);

    assert_reason("realms", parse(&challenge, with_realms(count)), REASON_NONE);

    assert_number("count", challenge.realms.count, count);
}
END_TEST

START_TEST(one_realm_more_than_allowed_is_refused)
{
    struct challenge challenge;

    assert_reason("realms", parse(&challenge, with_realms(REALM_COUNT_MAX + 1)),
                  REASON_TOO_MANY_REALMS);
}
END_TEST

/* A challenge of that size. */
static struct slice
with_size(size_t size)
{
    const struct slice start = SLICE(LEAST ",x=\"");
    const struct slice parts[] = { start,
                                   support_repeat('x', size - start.size - 1),
                                   SLICE("\"") };

    return support_join(parts, 3);
}

START_TEST(G26_challenge_of_up_to_2047_octets_is_read)
{
    struct challenge challenge;

    assert_reason("size", parse(&challenge, with_size((size_t)(2047 + _i))),
                  REASON_NONE);
}
END_TEST

START_TEST(G26_challenge_from_2048_octets_is_refused)
{
    struct challenge challenge;

    assert_reason("size", parse(&challenge, with_size((size_t)(2048 + _i))),
                  REASON_MESSAGE_TOO_LARGE);
}
END_TEST

struct number_case {
    const char *digits;
    enum reason reason;
    uint32_t number;
};

static const struct number_case maxbufs[] = {
    { "0", REASON_VALUE, 0 },
    { "16", REASON_VALUE, 0 },
    { "17", REASON_NONE, 17 },
    { "18", REASON_NONE, 18 },
    { "16777214", REASON_NONE, 16777214 },
    { "16777215", REASON_NONE, 16777215 },
    { "16777216", REASON_VALUE, 0 },
    { "4294967295", REASON_VALUE, 0 },
    { "4294967313", REASON_VALUE, 0 },
    { "18446744073709551633", REASON_VALUE, 0 },
    { "\"4096\"", REASON_NONE, 4096 },
    { "\"4\\096\"", REASON_NONE, 4096 },
    { "\" 4096\"", REASON_VALUE, 0 },
    { "\"\"", REASON_VALUE, 0 },
    { "1e3", REASON_VALUE, 0 },
};

START_TEST(G9_maxbuf_has_its_range)
{
    const struct number_case *row = &maxbufs[_i];
    const struct slice parts[] = { SLICE(LEAST ",maxbuf="),
                                   slice_of_string(row->digits) };
    struct challenge challenge;

    assert_reason(row->digits, parse(&challenge, support_join(parts, 2)),
                  row->reason);

    if (row->reason == REASON_NONE)
        assert_number(row->digits, challenge.maxbuf, row->number);
}
END_TEST

Suite *
challenge_limits_suite(void)
{
    Suite *suite = suite_create("challenge limits");
    TCase *limits = support_case(suite, "limits");

    tcase_add_loop_test(limits, as_many_realms_as_allowed_are_read, -1, 1);
    tcase_add_test(limits, one_realm_more_than_allowed_is_refused);
    tcase_add_loop_test(limits, G26_challenge_of_up_to_2047_octets_is_read, -1,
                        1);
    tcase_add_loop_test(limits, G26_challenge_from_2048_octets_is_refused, 0,
                        2);
    tcase_add_loop_test(limits, G9_maxbuf_has_its_range, 0, COUNT(maxbufs));
    return suite;
}
