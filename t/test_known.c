/*
 * Texts that come back: found, replaced in turn, never mixed up.
 */
#include "known.h"

#include "support.h"

static const uint8_t one[MD5_HEX_SIZE] = "11111111111111111111111111111111";
static const uint8_t two[MD5_HEX_SIZE] = "22222222222222222222222222222222";

static bool
has(const struct known *known, struct slice text, const uint8_t *hex)
{
    const uint8_t *found = known_find(known, text);

    return found != NULL && memcmp(found, hex, MD5_HEX_SIZE) == 0;
}

START_TEST(nothing_is_known_at_first)
{
    const struct known known = { .next = 0 };

    ck_assert_ptr_null(known_find(&known, SLICE("text")));
    ck_assert_ptr_null(known_find(&known, SLICE("")));
}
END_TEST

START_TEST(kept_text_is_found)
{
    struct known known = { .next = 0 };

    known_keep(&known, SLICE("text"), one);
    known_keep(&known, SLICE("other"), two);

    ck_assert(has(&known, SLICE("text"), one));
    ck_assert(has(&known, SLICE("other"), two));
    ck_assert_ptr_null(known_find(&known, SLICE("tex")));
    ck_assert_ptr_null(known_find(&known, SLICE("text ")));
    ck_assert_ptr_null(known_find(&known, SLICE("Text")));
}
END_TEST

START_TEST(oldest_text_makes_room)
{
    static const struct slice texts[] = {
        SLICE_INIT("a"), SLICE_INIT("b"), SLICE_INIT("c"), SLICE_INIT("d"),
        SLICE_INIT("e"),
    };
    struct known known = { .next = 0 };

    for (size_t i = 0; i <= KNOWN_COUNT; i++)
        known_keep(&known, texts[i], i == KNOWN_COUNT ? two : one);

    ck_assert_ptr_null(known_find(&known, texts[0]));
    for (size_t i = 1; i < KNOWN_COUNT; i++)
        ck_assert(has(&known, texts[i], one));
    ck_assert(has(&known, texts[KNOWN_COUNT], two));
}
END_TEST

START_TEST(text_beyond_the_limit_is_not_kept)
{
    uint8_t octets[KNOWN_TEXT_MAX + 1];
    struct known known = { .next = 0 };

    memset(octets, 'x', sizeof(octets));
    known_keep(&known, support_copy(slice_of(octets, KNOWN_TEXT_MAX)), one);
    known_keep(&known, support_copy(slice_of(octets, sizeof(octets))), two);

    ck_assert(has(&known, slice_of(octets, KNOWN_TEXT_MAX), one));
    ck_assert_ptr_null(known_find(&known, slice_of(octets, sizeof(octets))));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("known");
    TCase *all = support_case(suite, "known");

    tcase_add_test(all, nothing_is_known_at_first);
    tcase_add_test(all, kept_text_is_found);
    tcase_add_test(all, oldest_text_makes_room);
    tcase_add_test(all, text_beyond_the_limit_is_not_kept);
    return support_run(suite);
}
