/*
 * Digits that come back: found, replaced in turn, never mixed up.
 */
#include "crypto/known.h"

#include "support/support.h"

static const struct known_digits one = { "11111111111111111111111111111111",
                                         "22222222222222222222222222222222" };
static const struct known_digits two = { "33333333333333333333333333333333",
                                         "44444444444444444444444444444444" };

static bool
has(const struct known *known, struct slice uri,
    const struct known_digits *digits)
{
    const struct known_digits *found = known_find(known, uri, false);

    return found != NULL && memcmp(found, digits, sizeof(*digits)) == 0;
}

START_TEST(nothing_is_known_at_first)
{
    const struct known known = { .next = 0 };

    ck_assert_ptr_null(known_find(&known, SLICE("imap/host"), false));
    ck_assert_ptr_null(known_find(&known, SLICE(""), false));
}
END_TEST

START_TEST(kept_uri_is_found)
{
    struct known known = { .next = 0 };

    known_keep(&known, SLICE("imap/host"), false, &one);
    known_keep(&known, SLICE("ldap/host"), false, &two);

    ck_assert(has(&known, SLICE("imap/host"), &one));
    ck_assert(has(&known, SLICE("ldap/host"), &two));
    ck_assert_ptr_null(known_find(&known, SLICE("imap/hos"), false));
    ck_assert_ptr_null(known_find(&known, SLICE("imap/host "), false));
    ck_assert_ptr_null(known_find(&known, SLICE("IMAP/host"), false));
}
END_TEST

START_TEST(layer_makes_another_one)
{
    struct known known = { .next = 0 };
    const struct known_digits *found;

    known_keep(&known, SLICE("imap/host"), false, &one);
    ck_assert_ptr_null(known_find(&known, SLICE("imap/host"), true));

    known_keep(&known, SLICE("imap/host"), true, &two);
    found = known_find(&known, SLICE("imap/host"), true);
    ck_assert_ptr_nonnull(found);
    ck_assert_mem_eq(found, &two, sizeof(two));
    ck_assert(has(&known, SLICE("imap/host"), &one));
}
END_TEST

START_TEST(oldest_uri_makes_room)
{
    static const struct slice uris[] = {
        SLICE_INIT("a/a"), SLICE_INIT("b/b"), SLICE_INIT("c/c"),
        SLICE_INIT("d/d"), SLICE_INIT("e/e"),
    };
    struct known known = { .next = 0 };

    for (size_t i = 0; i <= KNOWN_COUNT; i++)
        known_keep(&known, uris[i], false, i == KNOWN_COUNT ? &two : &one);

    ck_assert_ptr_null(known_find(&known, uris[0], false));
    for (size_t i = 1; i < KNOWN_COUNT; i++)
        ck_assert(has(&known, uris[i], &one));
    ck_assert(has(&known, uris[KNOWN_COUNT], &two));
}
END_TEST

START_TEST(uri_beyond_the_limit_is_not_kept)
{
    uint8_t octets[KNOWN_URI_MAX + 1];
    struct known known = { .next = 0 };

    memset(octets, 'x', sizeof(octets));
    known_keep(&known, support_copy(slice_of(octets, KNOWN_URI_MAX)), false,
               &one);
    known_keep(&known, support_copy(slice_of(octets, sizeof(octets))), false,
               &two);

    ck_assert(has(&known, slice_of(octets, KNOWN_URI_MAX), &one));
    ck_assert_ptr_null(
        known_find(&known, slice_of(octets, sizeof(octets)), false));
}
END_TEST

Suite *
known_suite(void)
{
    Suite *suite = suite_create("known");
    TCase *all = support_case(suite, "known");

    tcase_add_test(all, nothing_is_known_at_first);
    tcase_add_test(all, kept_uri_is_found);
    tcase_add_test(all, layer_makes_another_one);
    tcase_add_test(all, oldest_uri_makes_room);
    tcase_add_test(all, uri_beyond_the_limit_is_not_kept);
    return suite;
}
