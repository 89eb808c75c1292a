/*
 * Random octets: as many as asked for, or none.
 */
#include "crypto/random.h"

#include <string.h>

#include "support/support.h"

START_TEST(octets_are_filled_to_the_end)
{
    static const uint8_t zeros[16];
    uint8_t octets[48] = { 0 };

    assert_reason("fill", random_fill(octets + 16, 16), REASON_NONE);

    ck_assert(memcmp(octets + 16, zeros, 16) != 0);
    ck_assert(memcmp(octets, zeros, 16) == 0);
    ck_assert(memcmp(octets + 32, zeros, 16) == 0);
}
END_TEST

START_TEST(no_octets_are_none)
{
    uint8_t octet = 7;

    assert_reason("fill", random_fill(&octet, 0), REASON_NONE);

    ck_assert_uint_eq(octet, 7);
}
END_TEST

START_TEST(more_than_the_system_gives_at_once_is_refused)
{
    uint8_t octets[257];

    assert_reason("256", random_fill(octets, 256), REASON_NONE);
    assert_reason("257", random_fill(octets, 257), REASON_RANDOM);
}
END_TEST

Suite *
random_suite(void)
{
    Suite *suite = suite_create("random");
    TCase *all = support_case(suite, "random");

    tcase_add_test(all, octets_are_filled_to_the_end);
    tcase_add_test(all, no_octets_are_none);
    tcase_add_test(all, more_than_the_system_gives_at_once_is_refused);
    return suite;
}
