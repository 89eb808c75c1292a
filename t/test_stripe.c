/*
 * Stripes: one of a few, whatever processor.
 */
#include "stripe.h"

#include <pthread.h>

#include "support.h"

enum { THREADS = 16, ROUNDS = 1000 };

static void *
look(void *highest)
{
    for (int i = 0; i < ROUNDS; i++) {
        unsigned here = stripe_here();

        if (here > *(unsigned *)highest)
            *(unsigned *)highest = here;
    }
    return NULL;
}

START_TEST(stripe_is_one_of_them)
{
    pthread_t threads[THREADS];
    unsigned highest[THREADS] = { 0 };

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, look, &highest[i]),
                         0);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_uint_lt(highest[i], STRIPE_COUNT);
    }
}
END_TEST

START_TEST(all_locks_are_taken_and_given_back)
{
    static union stripe_lock locks[STRIPE_COUNT];

    ck_assert(stripe_open(locks));
    for (int round = 0; round < 2; round++) {
        stripe_lock_all(locks);
        for (int i = 0; i < STRIPE_COUNT; i++)
            ck_assert_int_ne(pthread_mutex_trylock(&locks[i].mutex), 0);
        stripe_unlock_all(locks);
        for (int i = 0; i < STRIPE_COUNT; i++) {
            ck_assert_int_eq(pthread_mutex_trylock(&locks[i].mutex), 0);
            ck_assert_int_eq(pthread_mutex_unlock(&locks[i].mutex), 0);
        }
    }
    stripe_close(locks);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("stripe");
    TCase *all = support_case(suite, "stripe");

    tcase_add_test(all, stripe_is_one_of_them);
    tcase_add_test(all, all_locks_are_taken_and_given_back);
    return support_run(suite);
}
