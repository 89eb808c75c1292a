/*
 * Waiting for a lock with a time limit.
 */
#include "base/waiting.h"

#include "support/support.h"

enum { SHORT_MS = 20, LONG_MS = 600000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

struct waiter {
    uint32_t wait_ms;
    bool locked;
};

static void *
wait_and_unlock(void *argument)
{
    struct waiter *waiter = argument;

    waiter->locked = waiting_lock(&mutex, waiter->wait_ms);
    if (waiter->locked)
        ck_assert_int_eq(pthread_mutex_unlock(&mutex), 0);
    return NULL;
}

static pthread_t
start(struct waiter *waiter)
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, wait_and_unlock, waiter), 0);
    return thread;
}

START_TEST(free_lock_is_taken_at_once)
{
    static const uint32_t waits_ms[] = { 0, 1, 999, 1000, UINT32_MAX };

    ck_assert(waiting_lock(&mutex, waits_ms[_i]));
    ck_assert_int_ne(pthread_mutex_trylock(&mutex), 0);
    ck_assert_int_eq(pthread_mutex_unlock(&mutex), 0);
}
END_TEST

START_TEST(waiting_for_a_taken_lock_ends)
{
    struct waiter waiter = { (uint32_t)_i * SHORT_MS, true };

    ck_assert_int_eq(pthread_mutex_lock(&mutex), 0);
    ck_assert_int_eq(pthread_join(start(&waiter), NULL), 0);
    ck_assert(!waiter.locked);
    ck_assert_int_eq(pthread_mutex_unlock(&mutex), 0);
}
END_TEST

START_TEST(lock_that_becomes_free_is_taken)
{
    struct waiter waiter = { LONG_MS, false };
    pthread_t thread;

    ck_assert_int_eq(pthread_mutex_lock(&mutex), 0);
    thread = start(&waiter);
    ck_assert_int_eq(pthread_mutex_unlock(&mutex), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert(waiter.locked);
}
END_TEST

Suite *
waiting_suite(void)
{
    Suite *suite = suite_create("waiting");
    TCase *all = support_case(suite, "waiting");

    tcase_add_loop_test(all, free_lock_is_taken_at_once, 0, 5);
    tcase_add_loop_test(all, waiting_for_a_taken_lock_ends, 0, 3);
    tcase_add_test(all, lock_that_becomes_free_is_taken);
    return suite;
}
