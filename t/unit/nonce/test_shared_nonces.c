/*
 * Two servers and the store between them: counts, and failures of the store.
 */
#include "nonce/shared_nonces.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "support/fake_store.h"
#include "support/support.h"
#include "unit/nonce/servers.h"

START_TEST(client_moves_between_servers)
{
    struct nonce_id id = remembered(0);

    for (uint32_t count = 2; count < 100; count++)
        ck_assert_int_eq(accept((int)(count % SERVERS), &id, count),
                         NONCE_ACCEPTED);
    assert_reason("news", news_of(0), REASON_NONE);
    assert_reason("news", news_of(1), REASON_NONE);
}
END_TEST

START_TEST(count_is_accepted_once_of_all_servers)
{
    struct nonce_id id = remembered(0);

    ck_assert_int_eq(accept(0, &id, 2), NONCE_ACCEPTED);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_MISCOUNTED);
    ck_assert_int_eq(accept(0, &id, 2), NONCE_MISCOUNTED);
    ck_assert_int_eq(accept(1, &id, 3), NONCE_ACCEPTED);
}
END_TEST

START_TEST(other_counts_are_refused)
{
    static const uint32_t counts[] = { 0, 1, 3, 4, 0x102, UINT32_MAX };
    struct nonce_id id = remembered(0);

    ck_assert_int_eq(accept(1, &id, counts[_i]), NONCE_MISCOUNTED);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_ACCEPTED);
}
END_TEST

START_TEST(other_owner_and_other_nonce_are_refused)
{
    struct nonce_id id = remembered(0), owner = id_of(1, 2),
                    nonce = id_of(2, 1);

    ck_assert_int_ne(accept(1, &owner, 2), NONCE_ACCEPTED);
    ck_assert_int_eq(accept(1, &nonce, 2), NONCE_UNKNOWN);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_ACCEPTED);
}
END_TEST

START_TEST(each_use_is_one_round_trip)
{
    struct nonce_id id = remembered(0);

    ck_assert_uint_eq(store.asked, 3); /* two to greet it */
    ck_assert_int_eq(accept(0, &id, 2), NONCE_ACCEPTED);
    ck_assert_uint_eq(store.asked, 4);
    ck_assert_int_eq(accept(0, &id, 2), NONCE_MISCOUNTED);
    ck_assert_uint_eq(store.asked, 5);
}
END_TEST

START_TEST(use_moves_the_end)
{
    struct nonce_id id = remembered(0);

    pass(LIFE_S - 2);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_ACCEPTED);
    pass(LIFE_S - 2);
    ck_assert_int_eq(accept(0, &id, 3), NONCE_ACCEPTED);
    pass(LIFE_S);
    ck_assert_int_ne(accept(1, &id, 4), NONCE_ACCEPTED);
}
END_TEST

/* The store keeps the entry a little longer. */
START_TEST(expired_nonce_stays_expired)
{
    struct nonce_id id = remembered(0);

    pass(LIFE_S + 5);
    for (uint32_t count = 2; count < 5; count++)
        ck_assert_int_eq(accept((int)(count % SERVERS), &id, count),
                         count == 2 ? NONCE_EXPIRED : NONCE_MISCOUNTED);
    ck_assert_int_eq(accept(0, &id, 2), NONCE_EXPIRED);
}
END_TEST

/* A store that keeps an expired entry does not make it valid. */
START_TEST(end_is_in_the_entry)
{
    struct nonce_id id = remembered(0);

    fake_store_entry(&store)->until_s = STORE_S + 10 * LIFE_S;
    pass(LIFE_S + 20);

    ck_assert_int_eq(accept(1, &id, 2), NONCE_EXPIRED);
}
END_TEST

START_TEST(other_key_is_another_world)
{
    struct nonce_id id = remembered(0);

    close_server(1);
    open_server(1, 'x');

    ck_assert_int_eq(accept(1, &id, 2), NONCE_UNKNOWN);
    ck_assert_int_eq(accept(0, &id, 2), NONCE_ACCEPTED);
}
END_TEST

START_TEST(tampered_entry_is_refused)
{
    struct nonce_id id = remembered(0);

    fake_store_entry(&store)->value[_i] ^= 1;

    ck_assert_int_ne(accept(1, &id, 2), NONCE_ACCEPTED);
    /* and nothing is accepted after it */
    ck_assert_int_ne(accept(1, &id, 2), NONCE_ACCEPTED);
}
END_TEST

START_TEST(swapped_entries_are_refused)
{
    struct nonce_id one = id_of(1, 1), other = id_of(2, 1);
    struct fake_row row;

    shared_nonces_remember(servers[0], &one, now_s, LIFE_S);
    row = *fake_store_entry(&store);
    fake_store_flush(&store);
    shared_nonces_remember(servers[0], &other, now_s, LIFE_S);
    memcpy(fake_store_entry(&store)->value, row.value, row.value_size);

    ck_assert_int_ne(accept(1, &other, 2), NONCE_ACCEPTED);
}
END_TEST

/* An attacker who can write to the store can restore an old entry
 * (doc/farm.md), but cannot forge a new one. */
START_TEST(rolled_back_entry_is_no_later_one)
{
    struct nonce_id id = remembered(0);
    struct fake_row former = *fake_store_entry(&store);

    ck_assert_int_eq(accept(0, &id, 2), NONCE_ACCEPTED);
    ck_assert_int_eq(accept(0, &id, 3), NONCE_ACCEPTED);
    *fake_store_entry(&store) = former;

    ck_assert_int_ne(accept(1, &id, 4), NONCE_ACCEPTED);
    ck_assert_int_ne(accept(1, &id, 3), NONCE_ACCEPTED);
}
END_TEST

/* A restart with an old copy of the data, or a failover to a replica. */
START_TEST(restart_with_former_data_replays_nothing)
{
    struct nonce_id id = remembered(0);
    struct fake_store copy = store;

    ck_assert_int_eq(accept(1, &id, 2), NONCE_ACCEPTED);
    store = copy;
    store.run = "fedcba9876543210";
    for (int i = 0; i < SERVERS; i++)
        ways[i].connected = false;

    ck_assert_int_eq(accept(0, &id, 2), NONCE_UNKNOWN);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_UNKNOWN);
    ck_assert_int_eq(accept(1, &id, 3), NONCE_UNKNOWN);
}
END_TEST

/* A master that was a replica for a while: nobody was disconnected. */
START_TEST(promotion_with_former_data_replays_nothing)
{
    struct nonce_id id = remembered(0);
    struct fake_store copy = store;

    ck_assert_int_eq(accept(1, &id, 2), NONCE_ACCEPTED);
    store = copy;
    store.run = "0123456789abcdeffedcba9876543210";

    ck_assert_int_eq(accept(0, &id, 2), NONCE_UNKNOWN);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_UNKNOWN);
    ck_assert_int_eq(accept(1, &id, 3), NONCE_UNKNOWN);
    id = remembered(0);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_ACCEPTED);
    assert_reason("news", news_of(0), REASON_NONE);
    assert_reason("news", news_of(1), REASON_NONE);
}
END_TEST

/* Trouble. */

/* It may have dropped some already. */
START_TEST(store_that_begins_to_drop_entries_is_left)
{
    struct nonce_id id = remembered(0);

    store.trouble = FAKE_EVICTING;
    ck_assert_int_eq(accept(0, &id, 2), NONCE_UNKNOWN);
    id = remembered(0);
    assert_reason("news", news_of(0), REASON_NONCE_STORE_LOST);
    ck_assert_int_eq(accept(0, &id, 2), NONCE_ACCEPTED);
    ck_assert_int_eq(accept(1, &id, 3), NONCE_UNKNOWN);
}
END_TEST

START_TEST(trouble_is_told_once_and_its_end_too)
{
    struct nonce_id id = remembered(0);

    store.trouble = (enum fake_trouble)_i;
    ways[0].connected = ways[0].connected && _i != FAKE_UNREACHABLE;
    ck_assert_int_eq(accept(0, &id, 2), NONCE_UNKNOWN);
    assert_reason("lost", news_of(0), REASON_NONCE_STORE_LOST);
    for (int i = 0; i < 20; i++) {
        pass(1);
        ck_assert_int_eq(accept(0, &id, 2), NONCE_UNKNOWN);
        assert_reason("still", news_of(0), REASON_NONE);
    }
    store.trouble = FAKE_WELL;
    pass(FAKE_STORE_PAUSE_S);
    id = id_of(9, 9);
    shared_nonces_remember(servers[0], &id, now_s, LIFE_S);
    assert_reason("back", news_of(0), REASON_NONCE_STORE_BACK);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_ACCEPTED);
    assert_reason("no more", news_of(0), REASON_NONE);
}
END_TEST

START_TEST(nobody_tries_during_a_pause)
{
    struct nonce_id id = remembered(0), other = id_of(3, 3);
    unsigned reached;

    store.trouble = FAKE_REFUSING;
    (void)accept(0, &id, 2);
    reached = store.reached;
    for (int i = 1; i < FAKE_STORE_PAUSE_S; i++) {
        pass(1);
        (void)accept(0, &id, 2);
        shared_nonces_remember(servers[0], &other, now_s, LIFE_S);
    }
    ck_assert_uint_eq(store.reached, reached);
    pass(1);
    (void)accept(0, &id, 3);
    ck_assert_uint_eq(store.reached, reached + 1);
}
END_TEST

START_TEST(alone_a_process_remembers_for_itself)
{
    static const enum fake_trouble troubles[] = { FAKE_UNREACHABLE,
                                                  FAKE_REFUSING, FAKE_READ_ONLY,
                                                  FAKE_EVICTING };
    struct nonce_id id;

    store.trouble = troubles[_i];
    id = remembered(0);

    ck_assert_int_eq(accept(0, &id, 2), NONCE_ACCEPTED);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_UNKNOWN);
    store.trouble = FAKE_WELL;
    pass(FAKE_STORE_PAUSE_S);
    ck_assert_int_eq(accept(1, &id, 3), NONCE_UNKNOWN);
    ck_assert_int_eq(accept(0, &id, 3), NONCE_ACCEPTED);
}
END_TEST

/* If the write may have succeeded, this process must not keep it too. */
START_TEST(doubtful_nonce_is_not_remembered_twice)
{
    struct nonce_id id;
    unsigned accepted = 0;

    store.trouble = _i == 0 ? FAKE_SILENT : FAKE_DEAF;
    id = remembered(0);
    store.trouble = FAKE_WELL;
    pass(FAKE_STORE_PAUSE_S);
    for (int i = 0; i < SERVERS; i++)
        accepted += accept(i, &id, 2) == NONCE_ACCEPTED;

    ck_assert_uint_eq(accepted, _i == 0 ? 1 : 0);
}
END_TEST

START_TEST(lost_answer_uses_up_a_count)
{
    struct nonce_id id = remembered(0);

    store.trouble = FAKE_SILENT;
    ck_assert_int_eq(accept(0, &id, 2), NONCE_UNKNOWN);
    store.trouble = FAKE_WELL;
    pass(FAKE_STORE_PAUSE_S);

    ck_assert_int_eq(accept(0, &id, 2), NONCE_MISCOUNTED);
    ck_assert_int_eq(accept(1, &id, 2), NONCE_MISCOUNTED);
}
END_TEST

/* Reading works but writing fails, so the failure continues. */
START_TEST(half_of_a_recovery_is_none)
{
    struct nonce_id id = remembered(0), unknown = id_of(7, 7);

    store.trouble = FAKE_READ_ONLY;
    (void)accept(0, &id, 2);
    assert_reason("lost", news_of(0), REASON_NONCE_STORE_LOST);
    store.trouble = FAKE_WELL;
    pass(FAKE_STORE_PAUSE_S);
    ck_assert_int_eq(accept(0, &unknown, 2), NONCE_UNKNOWN);
    assert_reason("not yet", news_of(0), REASON_NONE);
    ck_assert_int_eq(accept(0, &id, 2), NONCE_ACCEPTED);
    assert_reason("now", news_of(0), REASON_NONCE_STORE_BACK);
}
END_TEST

START_TEST(child_leaves_the_connection)
{
    struct nonce_id id = remembered(0);

    unsigned asked = store.asked;

    ways[0].connected = false; /* the store knows its processes */
    shared_nonces_leave(servers[0]);
    ck_assert_int_eq(accept(0, &id, 2), NONCE_ACCEPTED);
    ck_assert_uint_eq(store.asked, asked + 3);
    shared_nonces_leave(NULL);
    shared_nonces_hold(NULL, true);
    shared_nonces_hold(NULL, false);
    shared_nonces_close(NULL);
}
END_TEST

START_TEST(short_or_long_answers_are_survived)
{
    struct nonce_id id = remembered(0);
    struct fake_row *row = fake_store_entry(&store);

    row->value_size = (size_t)_i;

    ck_assert_int_ne(accept(0, &id, 2), NONCE_ACCEPTED);
}
END_TEST

static void *
remember_slowly(void *argument)
{
    shared_nonces_remember(servers[0], argument, now_s, LIFE_S);
    return NULL;
}

/* A thread sends a request that takes a second. */
static pthread_t
start_slow_request(const struct nonce_id *id)
{
    pthread_t thread;

    (void)remembered(0); /* both threads have started */
    store.slow_ms = 1000;
    ck_assert_int_eq(
        pthread_create(&thread, NULL, remember_slowly, (void *)(uintptr_t)id),
        0);
    (void)poll(NULL, 0, 200);
    return thread;
}

START_TEST(G54_cancelled_thread_leaves_the_store_to_others)
{
    struct nonce_id id = id_of(5, 5);
    pthread_t thread = start_slow_request(&id);

    ck_assert_int_eq(pthread_cancel(thread), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    store.slow_ms = 0;

    shared_nonces_hold(servers[0], true);
    shared_nonces_hold(servers[0], false);
    ck_assert_int_eq(accept(0, &id, 2), NONCE_ACCEPTED);
}
END_TEST

START_TEST(G55_fork_does_not_wait_for_the_store)
{
    struct nonce_id id = id_of(5, 5);
    struct timespec before, after;
    pthread_t thread = start_slow_request(&id);
    int64_t ms;

    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    shared_nonces_hold(servers[0], true);
    ck_assert(ways[0].held);
    shared_nonces_hold(servers[0], false);
    (void)clock_gettime(CLOCK_MONOTONIC, &after);
    (void)pthread_join(thread, NULL);

    ms = (int64_t)(after.tv_sec - before.tv_sec) * 1000 +
         (after.tv_nsec - before.tv_nsec) / 1000000;
    ck_assert_int_lt(ms, 500);
    ck_assert(!ways[0].held);
}
END_TEST

/* HTTP. */

Suite *
shared_nonces_suite(void)
{
    Suite *suite = suite_create("shared_nonces");
    TCase *counting = support_case(suite, "counting");
    TCase *trouble = support_case(suite, "trouble");

    tcase_add_checked_fixture(counting, setup, teardown);
    tcase_add_test(counting, client_moves_between_servers);
    tcase_add_test(counting, count_is_accepted_once_of_all_servers);
    tcase_add_loop_test(counting, other_counts_are_refused, 0, 6);
    tcase_add_test(counting, other_owner_and_other_nonce_are_refused);
    tcase_add_test(counting, each_use_is_one_round_trip);
    tcase_add_test(counting, use_moves_the_end);
    tcase_add_test(counting, expired_nonce_stays_expired);
    tcase_add_test(counting, end_is_in_the_entry);
    tcase_add_test(counting, other_key_is_another_world);
    tcase_add_loop_test(counting, tampered_entry_is_refused, 0, 44);
    tcase_add_test(counting, swapped_entries_are_refused);
    tcase_add_test(counting, rolled_back_entry_is_no_later_one);
    tcase_add_test(counting, restart_with_former_data_replays_nothing);
    tcase_add_test(counting, promotion_with_former_data_replays_nothing);
    tcase_add_checked_fixture(trouble, setup, teardown);
    tcase_add_test(trouble, store_that_begins_to_drop_entries_is_left);
    tcase_add_loop_test(trouble, trouble_is_told_once_and_its_end_too,
                        FAKE_REFUSING, FAKE_REFUSING + 1);
    tcase_add_loop_test(trouble, trouble_is_told_once_and_its_end_too,
                        FAKE_DEAF, FAKE_DEAF + 1);
    tcase_add_loop_test(trouble, trouble_is_told_once_and_its_end_too,
                        FAKE_UNREACHABLE, FAKE_UNREACHABLE + 1);
    tcase_add_test(trouble, nobody_tries_during_a_pause);
    tcase_add_loop_test(trouble, alone_a_process_remembers_for_itself, 0, 4);
    tcase_add_loop_test(trouble, doubtful_nonce_is_not_remembered_twice, 0, 2);
    tcase_add_test(trouble, lost_answer_uses_up_a_count);
    tcase_add_test(trouble, half_of_a_recovery_is_none);
    tcase_add_test(trouble, child_leaves_the_connection);
    tcase_add_test(trouble, G54_cancelled_thread_leaves_the_store_to_others);
    tcase_add_test(trouble, G55_fork_does_not_wait_for_the_store);
    tcase_add_loop_test(trouble, short_or_long_answers_are_survived, 1, 44);
    return suite;
}
