/*
 * Hash tables of sets.
 */
#include "base/hash_table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "support/support.h"

enum { CAPACITY = 256, SETS = CAPACITY / SET_SIZE, THREADS = 8, ROUNDS = 500 };

struct entry {
    uint64_t hash; /* 0: free */
    uint64_t count;
};

static struct hash_table *sets;

static void
open_sets(void)
{
    ck_assert(hash_table_open(&sets, CAPACITY, sizeof(struct entry), true) ==
              REASON_NONE);
}

static void
close_sets(void)
{
    hash_table_close(sets);
    sets = NULL;
}

static const uint8_t *
octets_of(const uint64_t *hash)
{
    return (const uint8_t *)hash;
}

static bool
take(uint64_t hash, struct set *set)
{
    return set_take(sets, octets_of(&hash), set);
}

static struct entry *
take_room(uint64_t hash, struct set *set)
{
    ck_assert(set_take_room(sets, octets_of(&hash), set));
    return set->entries;
}

START_TEST(empty_table_has_no_sets)
{
    struct set set;

    ck_assert(!take(1, &set));
    /* and keeps no lock */
    ck_assert(!take(1, &set));
}
END_TEST

START_TEST(room_is_zeros)
{
    static const struct entry zeros[SET_SIZE];
    struct set set;

    for (uint64_t i = 0; i < SETS; i++) {
        (void)take_room(i, &set);
        ck_assert_mem_eq(set.entries, zeros, sizeof(zeros));
        set_give(&set);
    }
}
END_TEST

START_TEST(each_set_has_its_place)
{
    struct set set;

    for (uint64_t i = 0; i < SETS; i++) {
        struct entry *entries = take_room(i, &set);

        for (int j = 0; j < SET_SIZE; j++)
            entries[j] = (struct entry){ i + 1, (uint64_t)j };
        set_give(&set);
    }
    for (uint64_t i = 0; i < SETS; i++) {
        const struct entry *entries;

        ck_assert(take(i, &set));
        entries = set.entries;
        for (unsigned j = 0; j < SET_SIZE; j++) {
            ck_assert_uint_eq(entries[j].hash, i + 1);
            ck_assert_uint_eq(entries[j].count, j);
        }
        set_give(&set);
    }
}
END_TEST

START_TEST(every_hash_has_a_set)
{
    struct set set, again;

    take_room(UINT64_MAX, &set)->count = 7;
    set_give(&set);
    ck_assert(take(UINT64_MAX, &again));
    ck_assert_ptr_eq(again.entries, set.entries);
    set_give(&again);
}
END_TEST

START_TEST(any_capacity_has_room)
{
    struct hash_table *small;
    struct set set;

    ck_assert(hash_table_open(&small, (size_t)_i, sizeof(struct entry),
                              false) == REASON_NONE);
    for (uint64_t i = 0; i < 100; i++) {
        ck_assert(set_take_room(small, octets_of(&i), &set));
        memset(set.entries, 1, SET_SIZE * sizeof(struct entry));
        set_give(&set);
    }
    hash_table_close(small);
}
END_TEST

START_TEST(cleared_table_is_empty)
{
    struct set set;

    take_room(3, &set)->count = 1;
    set_give(&set);
    hash_table_hold(sets, true);
    hash_table_clear(sets);
    hash_table_hold(sets, false);

    ck_assert(!take(3, &set));
    ck_assert_uint_eq(take_room(3, &set)->count, 0);
    set_give(&set);
}
END_TEST

START_TEST(mark_is_of_its_lock)
{
    struct set set;

    (void)take_room(1, &set);
    ck_assert_uint_eq(*set.mark, 0);
    *set.mark = 5;
    set_give(&set);
    (void)take_room(2, &set);
    ck_assert_uint_eq(*set.mark, 0);
    set_give(&set);

    ck_assert(take(1, &set));
    ck_assert_uint_eq(*set.mark, 5);
    set_give(&set);
}
END_TEST

static void *
count_up(void *nothing)
{
    struct set set;

    for (uint64_t i = 0; i < ROUNDS * SETS; i++) {
        take_room(i, &set)->count++;
        set_give(&set);
    }
    return nothing;
}

START_TEST(threads_wait_for_each_other)
{
    pthread_t threads[THREADS];
    struct set set;

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, count_up, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);

    for (uint64_t i = 0; i < SETS; i++) {
        ck_assert_uint_eq(take_room(i, &set)->count, ROUNDS * THREADS);
        set_give(&set);
    }
}
END_TEST

static void *
lock_all(void *done)
{
    hash_table_hold(sets, true);
    *(atomic_bool *)done = true;
    hash_table_hold(sets, false);
    return NULL;
}

START_TEST(who_locks_all_waits_for_a_set)
{
    atomic_bool done = false;
    pthread_t thread;
    struct set set;

    (void)take_room(4, &set);
    ck_assert_int_eq(pthread_create(&thread, NULL, lock_all, &done), 0);
    for (int i = 0; i < ROUNDS; i++)
        ck_assert(!done);
    set_give(&set);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);

    ck_assert(done);
}
END_TEST

START_TEST(closing_nothing_does_no_harm)
{
    hash_table_close(NULL);
}
END_TEST

Suite *
hash_table_suite(void)
{
    Suite *suite = suite_create("hash_table");
    TCase *all = support_case(suite, "sets");

    tcase_add_checked_fixture(all, open_sets, close_sets);
    tcase_add_test(all, empty_table_has_no_sets);
    tcase_add_test(all, room_is_zeros);
    tcase_add_test(all, each_set_has_its_place);
    tcase_add_test(all, every_hash_has_a_set);
    tcase_add_loop_test(all, any_capacity_has_room, 1, 20);
    tcase_add_test(all, cleared_table_is_empty);
    tcase_add_test(all, mark_is_of_its_lock);
    tcase_add_test(all, threads_wait_for_each_other);
    tcase_add_test(all, who_locks_all_waits_for_a_set);
    tcase_add_test(all, closing_nothing_does_no_harm);
    return suite;
}
