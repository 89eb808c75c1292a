/*
 * Stripes: each thread has one of STRIPE_COUNT.
 */
#include "base/stripe.h"

#include <pthread.h>

#include "support/support.h"

union lock {
    pthread_mutex_t mutex;
    char size[STRIPE_SIZE];
};

enum { THREADS = 2 * STRIPE_COUNT, ROUNDS = 1000, NONE = STRIPE_COUNT };

static void *
look(void *here)
{
    unsigned *first = here;

    *first = stripe_here();
    for (int i = 0; i < ROUNDS; i++)
        if (stripe_here() != *first)
            *first = NONE;
    return NULL;
}

START_TEST(threads_share_the_stripes_evenly)
{
    pthread_t threads[THREADS];
    unsigned stripes[THREADS];
    unsigned users[STRIPE_COUNT] = { 0 };

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, look, &stripes[i]),
                         0);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_uint_lt(stripes[i], STRIPE_COUNT);
        users[stripes[i]]++;
    }

    for (int i = 0; i < STRIPE_COUNT; i++)
        ck_assert_uint_eq(users[i], THREADS / STRIPE_COUNT);
}
END_TEST

START_TEST(all_locks_are_taken_and_given_back)
{
    static union lock locks[STRIPE_COUNT];

    ck_assert(stripe_open(&locks->mutex));
    for (int round = 0; round < 2; round++) {
        stripe_hold(&locks->mutex, true);
        for (int i = 0; i < STRIPE_COUNT; i++)
            ck_assert_int_ne(pthread_mutex_trylock(&locks[i].mutex), 0);
        stripe_hold(&locks->mutex, false);
        for (int i = 0; i < STRIPE_COUNT; i++) {
            ck_assert_int_eq(pthread_mutex_trylock(&locks[i].mutex), 0);
            ck_assert_int_eq(pthread_mutex_unlock(&locks[i].mutex), 0);
        }
    }
    stripe_close(&locks->mutex);
}
END_TEST

Suite *
stripe_suite(void)
{
    Suite *suite = suite_create("stripe");
    TCase *all = support_case(suite, "stripe");

    tcase_add_test(all, threads_share_the_stripes_evenly);
    tcase_add_test(all, all_locks_are_taken_and_given_back);
    return suite;
}
