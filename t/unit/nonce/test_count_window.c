/*
 * The window of counts, against a list of all that were used.
 */
#include "nonce/count_window.h"

#include <stdlib.h>
#include <string.h>

#include "support/support.h"

enum { COUNTS = 20000 };

static const size_t sizes[] = { COUNT_WINDOW_MIN / 8, 24,
                                COUNT_WINDOW_MAX / 8 };

static uint8_t bits[COUNT_WINDOW_MAX / 8];
static bool used[COUNTS];

static bool
may_be_used(const struct count_window *window, uint32_t count)
{
    return !used[count] && count + 8 * window->size >= window->highest;
}

/* Mostly near the highest, sometimes far above it. */
static uint32_t
choose(const struct count_window *window, uint32_t limit)
{
    uint32_t width = (uint32_t)window->size * 8 + 10;
    uint32_t jump = rand() % 50 == 0 ? 3 * width : 4;
    uint32_t top = window->highest + jump;
    uint32_t back = (uint32_t)rand() % (width + jump);
    uint32_t count = back < top ? top - back : 1;

    return count < limit ? count : limit - 1;
}

START_TEST(window_is_a_list_of_what_was_used)
{
    struct count_window window = { bits, sizes[_i], 5 };
    unsigned accepted = 0;

    srand(1);
    memset(bits, 0, sizeof(bits));
    memset(used, 0, sizeof(used));
    used[5] = true;
    for (int i = 0; i < 3 * COUNTS; i++) {
        uint32_t count = choose(&window, COUNTS);
        bool is_free = count_window_is_free(&window, count);

        ck_assert_msg(is_free == may_be_used(&window, count),
                      "count %u, highest %u", count, window.highest);
        if (!is_free)
            continue;
        count_window_use(&window, count);
        used[count] = true;
        accepted++;
    }
    ck_assert_uint_gt(accepted, 1000);
}
END_TEST

START_TEST(largest_count_is_the_last)
{
    struct count_window window = { bits, COUNT_WINDOW_MIN / 8, 1 };

    memset(bits, 0, sizeof(bits));
    count_window_use(&window, UINT32_MAX);

    ck_assert_uint_eq(window.highest, UINT32_MAX);
    ck_assert(!count_window_is_free(&window, UINT32_MAX));
    ck_assert(!count_window_is_free(&window, 0));
    ck_assert(!count_window_is_free(&window, 1));
    ck_assert(count_window_is_free(&window, UINT32_MAX - COUNT_WINDOW_MIN));
    ck_assert(
        !count_window_is_free(&window, UINT32_MAX - COUNT_WINDOW_MIN - 1));
}
END_TEST

Suite *
count_window_suite(void)
{
    Suite *suite = suite_create("count_window");
    TCase *windows = support_case(suite, "windows");

    tcase_add_loop_test(windows, window_is_a_list_of_what_was_used, 0, 3);
    tcase_add_test(windows, largest_count_is_the_last);
    return suite;
}
