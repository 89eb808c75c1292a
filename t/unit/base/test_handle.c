/*
 * Valid and invalid handles.
 */
#include "base/handle.h"

#include <pthread.h>
#include <string.h>

#include "support/support.h"

static struct handle_table table, other;
static int objects[3 * HANDLE_CHUNK_SIZE];

static void
open_tables(void)
{
    ck_assert(handle_open(&table, HANDLE_CREDENTIAL) == REASON_NONE);
    ck_assert(handle_open(&other, HANDLE_CONTEXT) == REASON_NONE);
}

static void
close_tables(void)
{
    handle_close(&table);
    handle_close(&other);
}

static SecHandle
add(void *object)
{
    SecHandle handle;

    assert_reason("add", handle_add(&table, object, &handle), REASON_NONE);
    return handle;
}

START_TEST(handle_finds_its_object)
{
    SecHandle one = add(&objects[1]), two = add(&objects[2]);

    ck_assert_ptr_eq(handle_find(&table, &one), &objects[1]);
    ck_assert_ptr_eq(handle_find(&table, &two), &objects[2]);
}
END_TEST

START_TEST(removing_returns_the_object_once)
{
    SecHandle handle = add(&objects[0]);

    ck_assert_ptr_eq(handle_remove(&table, &handle), &objects[0]);
    ck_assert_ptr_null(handle_remove(&table, &handle));
    ck_assert_ptr_null(handle_find(&table, &handle));
}
END_TEST

START_TEST(stale_handle_does_not_find_the_successor)
{
    SecHandle stale = add(&objects[0]);
    SecHandle fresh;

    (void)handle_remove(&table, &stale);
    fresh = add(&objects[1]);

    ck_assert_uint_eq(fresh.dwLower, stale.dwLower);
    ck_assert_uint_ne(fresh.dwUpper, stale.dwUpper);
    ck_assert_ptr_null(handle_find(&table, &stale));
    ck_assert_ptr_null(handle_remove(&table, &stale));
    ck_assert_ptr_eq(handle_find(&table, &fresh), &objects[1]);
}
END_TEST

START_TEST(handle_of_many_generations_ago_finds_nothing)
{
    SecHandle first = add(&objects[0]), last = first;

    for (int i = 0; i < 1000; i++) {
        (void)handle_remove(&table, &last);
        last = add(&objects[i]);
    }

    ck_assert_ptr_null(handle_find(&table, &first));
    ck_assert_ptr_eq(handle_find(&table, &last), &objects[999]);
}
END_TEST

enum { GARBAGE = 12 };

static SecHandle
garbage(SecHandle handle, int number)
{
    const SecHandle handles[GARBAGE] = {
        { 0, 0 },
        { 0, handle.dwUpper },
        { handle.dwLower, 0 },
        { handle.dwLower, handle.dwUpper + 1 },
        { handle.dwLower, handle.dwUpper + 2 },
        { handle.dwLower + 1, handle.dwUpper },
        { handle.dwLower + HANDLE_CHUNK_SIZE, handle.dwUpper },
        { (uintptr_t)HANDLE_CHUNK_SIZE * HANDLE_CHUNK_COUNT, handle.dwUpper },
        { (uintptr_t)HANDLE_CHUNK_SIZE * HANDLE_CHUNK_COUNT + 1,
          handle.dwUpper },
        { UINTPTR_MAX, UINTPTR_MAX },
        { UINT32_MAX, handle.dwUpper },
#if UINTPTR_MAX > UINT32_MAX
        { handle.dwLower + ((uintptr_t)1 << 32), handle.dwUpper },
#else
        { 0, 1 },
#endif
    };

    return handles[number];
}

START_TEST(garbage_finds_nothing)
{
    SecHandle handle = add(&objects[0]);
    SecHandle wrong = garbage(handle, _i);

    ck_assert_ptr_null(handle_find(&table, &wrong));
    ck_assert_ptr_null(handle_remove(&table, &wrong));
    ck_assert_ptr_eq(handle_find(&table, &handle), &objects[0]);
}
END_TEST

START_TEST(removed_handle_is_told_from_garbage)
{
    SecHandle handle = add(&objects[0]);
    SecHandle wrong = garbage(handle, _i);

    ck_assert(!handle_was_removed(&table, &handle));
    ck_assert(!handle_was_removed(&table, &wrong));
    (void)handle_remove(&table, &handle);
    ck_assert(handle_was_removed(&table, &handle));
    (void)add(&objects[1]);
    ck_assert(handle_was_removed(&table, &handle));
    ck_assert(!handle_was_removed(&other, &handle));
    ck_assert(!handle_was_removed(&table, NULL));
}
END_TEST

START_TEST(handle_of_another_kind_finds_nothing)
{
    SecHandle handle = add(&objects[0]), foreign;

    ck_assert(handle_add(&other, &objects[1], &foreign) == REASON_NONE);

    ck_assert_uint_eq(handle.dwUpper, foreign.dwUpper);
    ck_assert_ptr_null(handle_find(&table, &foreign));
    ck_assert_ptr_null(handle_remove(&table, &foreign));
    ck_assert_ptr_null(handle_find(&other, &handle));
    ck_assert_ptr_eq(handle_find(&other, &foreign), &objects[1]);
}
END_TEST

#if UINTPTR_MAX > UINT32_MAX
START_TEST(generation_is_compared_whole)
{
    SecHandle handle = add(&objects[0]);

    handle.dwUpper += (uintptr_t)1 << 32;

    ck_assert_ptr_null(handle_find(&table, &handle));
}
END_TEST
#endif

START_TEST(null_finds_nothing)
{
    ck_assert_ptr_null(handle_find(&table, NULL));
    ck_assert_ptr_null(handle_remove(&table, NULL));
}
END_TEST

START_TEST(empty_table_finds_nothing)
{
    const SecHandle first = { 1, 1 };

    ck_assert_ptr_null(handle_find(&table, &first));
    ck_assert_ptr_null(handle_remove(&table, &first));
}
END_TEST

START_TEST(handle_of_another_table_finds_nothing)
{
    SecHandle foreign;

    ck_assert(handle_add(&other, &objects[0], &foreign) == REASON_NONE);

    ck_assert_ptr_null(handle_find(&table, &foreign));
}
END_TEST

START_TEST(many_handles_all_find_their_objects)
{
    enum { MANY = COUNT(objects) };
    static SecHandle handles[MANY];

    for (int i = 0; i < MANY; i++)
        handles[i] = add(&objects[i]);
    for (int i = 0; i < MANY; i += 2)
        ck_assert_ptr_eq(handle_remove(&table, &handles[i]), &objects[i]);

    for (int i = 0; i < MANY; i++)
        ck_assert_ptr_eq(handle_find(&table, &handles[i]),
                         i % 2 == 0 ? NULL : &objects[i]);
}
END_TEST

static uint32_t
slots_used(void)
{
    uint32_t used = 0;

    for (size_t i = 0; i < STRIPE_COUNT; i++)
        used += table.stripes[i].used;
    return used;
}

START_TEST(removed_slots_are_used_again)
{
    for (int i = 0; i < 10 * HANDLE_CHUNK_SIZE; i++) {
        SecHandle handle = add(&objects[0]);

        ck_assert_ptr_eq(handle_remove(&table, &handle), &objects[0]);
    }
    ck_assert_uint_eq(slots_used(), 1);
}
END_TEST

START_TEST(full_stripe_leaves_room_in_the_others)
{
    enum { MANY = HANDLE_CHUNK_SIZE * (HANDLE_CHUNK_COUNT / STRIPE_COUNT + 1) };
    SecHandle *handles = support_keep(MANY * sizeof(*handles));

    for (int i = 0; i < MANY; i++)
        handles[i] = add(&objects[i % 2]);
    for (int i = 0; i < MANY; i++)
        if (handle_find(&table, &handles[i]) != &objects[i % 2])
            ck_abort_msg("handle %d is lost", i);
    ck_assert_uint_eq(slots_used(), MANY);
}
END_TEST

START_TEST(closing_twice_does_no_harm)
{
    handle_close(&other);
    handle_close(&other);
}
END_TEST

/* As in a package that could not be opened. */
START_TEST(table_that_was_never_opened_can_be_closed)
{
    struct handle_table none = { .chunks = NULL };

    ck_assert_uint_eq(handle_generation(&none), 0);
    handle_close(&none);
}
END_TEST

enum { THREADS = 8, ROUNDS = 2000 };

static void *
use_table(void *ok)
{
    int mine;

    for (int i = 0; i < ROUNDS; i++) {
        SecHandle handle;

        if (handle_add(&table, &mine, &handle) != REASON_NONE ||
            handle_find(&table, &handle) != &mine ||
            handle_remove(&table, &handle) != &mine ||
            handle_find(&table, &handle) != NULL)
            *(bool *)ok = false;
    }
    return NULL;
}

START_TEST(threads_do_not_see_each_others_objects)
{
    pthread_t threads[THREADS];
    bool ok[THREADS];

    for (int i = 0; i < THREADS; i++) {
        ok[i] = true;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, use_table, &ok[i]),
                         0);
    }
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);

    for (int i = 0; i < THREADS; i++)
        ck_assert(ok[i]);
    ck_assert_uint_le(slots_used(), THREADS * STRIPE_COUNT);
}
END_TEST

Suite *
handle_suite(void)
{
    Suite *suite = suite_create("handle");
    TCase *handles = support_case(suite, "handles");

    tcase_add_checked_fixture(handles, open_tables, close_tables);
    tcase_add_test(handles, handle_finds_its_object);
    tcase_add_test(handles, removing_returns_the_object_once);
    tcase_add_test(handles, table_that_was_never_opened_can_be_closed);
    tcase_add_test(handles, stale_handle_does_not_find_the_successor);
    tcase_add_test(handles, handle_of_many_generations_ago_finds_nothing);
    tcase_add_loop_test(handles, garbage_finds_nothing, 0, GARBAGE);
#if UINTPTR_MAX > UINT32_MAX
    tcase_add_test(handles, generation_is_compared_whole);
#endif
    tcase_add_test(handles, null_finds_nothing);
    tcase_add_test(handles, empty_table_finds_nothing);
    tcase_add_test(handles, handle_of_another_table_finds_nothing);
    tcase_add_test(handles, handle_of_another_kind_finds_nothing);
    tcase_add_loop_test(handles, removed_handle_is_told_from_garbage, 0,
                        GARBAGE);
    tcase_add_test(handles, many_handles_all_find_their_objects);
    tcase_add_test(handles, removed_slots_are_used_again);
    tcase_add_test(handles, full_stripe_leaves_room_in_the_others);
    tcase_add_test(handles, closing_twice_does_no_harm);
    tcase_add_test(handles, threads_do_not_see_each_others_objects);
    return suite;
}
