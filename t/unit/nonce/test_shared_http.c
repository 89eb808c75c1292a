/*
 * Two servers and the store between them: nonces of HTTP.
 */
#include "nonce/shared_nonces.h"

#include <string.h>

#include "support/support.h"
#include "unit/nonce/servers.h"

static struct nonce_moment
moment_of(int server, struct http_nonce_key *key)
{
    struct nonce_moment moment = { 0, 0 };

    ck_assert(shared_nonces_moment(servers[server], &moment, key));
    return moment;
}

static enum nonce_verdict
use_in(int server, const struct nonce_id *id, uint32_t run, uint32_t count,
       uint64_t issued_s)
{
    const struct shared_use use = { run, count, issued_s, LIFE_S };

    return shared_nonces_use(servers[server], id, &use);
}

static enum nonce_verdict
use(int server, const struct nonce_id *id, uint32_t count, uint64_t issued_s)
{
    struct http_nonce_key key;
    struct nonce_moment moment = { 0, 0 };

    return shared_nonces_moment(servers[server], &moment, &key)
               ? use_in(server, id, moment.run, count, issued_s)
               : NONCE_UNKNOWN;
}

static bool
begin(int server, const struct nonce_id *id, uint64_t issued_s)
{
    return use(server, id, 1, issued_s) == NONCE_BEGUN;
}

/* The store's epoch is there, and older than the nonce. */
static uint64_t
issued_later(void)
{
    struct nonce_moment moment;
    struct http_nonce_key key;

    (void)shared_nonces_moment(servers[0], &moment, &key);
    pass(10);
    return moment_of(0, &key).now_s;
}

/* Each count once, whichever server it comes to. */
START_TEST(counts_of_http_come_in_any_order)
{
    uint64_t issued_s = issued_later();
    struct nonce_id id = id_of(0, 1), owner = id_of(0, 2);

    ck_assert_int_eq(use(0, &id, 100, issued_s), NONCE_BEGUN);
    for (uint32_t i = 0; i < 64; i++)
        ck_assert_int_eq(use((int)i % SERVERS, &id, 36 + i * 37 % 64, issued_s),
                         NONCE_ACCEPTED);
    for (uint32_t count = 30; count <= 100; count++)
        ck_assert_int_eq(use((int)count % SERVERS, &id, count, issued_s),
                         NONCE_MISCOUNTED);
    ck_assert_int_eq(use(1, &id, 0, issued_s), NONCE_MISCOUNTED);
    ck_assert_int_eq(use(1, &owner, 101, issued_s), NONCE_UNKNOWN);
    ck_assert_int_eq(use(1, &id, 101, issued_s), NONCE_ACCEPTED);
}
END_TEST

/* The windows would not fit each other. */
START_TEST(server_with_another_window_does_not_count)
{
    uint64_t issued_s = issued_later();
    struct nonce_id id = id_of(0, 1);

    nonce_set_window(locals[1], 1024);
    ck_assert_int_eq(use(0, &id, 1, issued_s), NONCE_BEGUN);
    ck_assert_int_eq(use(1, &id, 2, issued_s), NONCE_UNKNOWN);
    ck_assert_int_eq(use(0, &id, 2, issued_s), NONCE_ACCEPTED);
}
END_TEST

START_TEST(servers_know_each_others_nonces)
{
    struct http_nonce_key one, other;

    (void)issued_later();
    (void)moment_of(0, &one);
    (void)moment_of(1, &other);

    ck_assert(memcmp(&one, &other, sizeof(one)) == 0);
}
END_TEST

START_TEST(nonce_is_begun_once_of_all_servers)
{
    uint64_t issued_s = issued_later();
    struct nonce_id id = id_of(0, 1);

    ck_assert(begin(_i, &id, issued_s));
    ck_assert(!begin(0, &id, issued_s));
    ck_assert(!begin(1, &id, issued_s));
    ck_assert_int_eq(use(1 - _i, &id, 2, issued_s), NONCE_ACCEPTED);
    ck_assert_int_eq(use(_i, &id, 3, issued_s), NONCE_ACCEPTED);
}
END_TEST

START_TEST(nonce_is_begun_while_it_lives)
{
    static const uint64_t ages[] = { 0, 1, LIFE_S - 2, LIFE_S - 1, LIFE_S };
    uint64_t issued_s = issued_later();
    struct nonce_id id = id_of(0, 1);

    pass(ages[_i]);

    /* it was made by a clock that is a second late */
    ck_assert_int_eq(begin(1, &id, issued_s), ages[_i] < LIFE_S - 1);
}
END_TEST

/* The server that asked the store last is ahead of the others. */
START_TEST(nonce_of_a_server_ahead_is_begun)
{
    uint64_t issued_s = issued_later(), late_s;
    struct nonce_id id = id_of(0, 1), other = id_of(1, 1);
    struct http_nonce_key key;

    (void)moment_of(1, &key);
    pass(10);
    late_s = moment_of(0, &key).now_s;
    ck_assert(begin(1, &other, issued_s)); /* asks */
    issued_s = moment_of(1, &key).now_s;
    ck_assert_uint_gt(issued_s, late_s);

    ck_assert(begin(0, &id, issued_s));
    ck_assert(!begin(1, &id, issued_s));
    ck_assert_int_eq(use(1, &id, 2, issued_s), NONCE_ACCEPTED);
    pass(LIFE_S);
    ck_assert_int_ne(accept(0, &id, 3), NONCE_ACCEPTED);
}
END_TEST

/* The entry must exist as long as any server considers the nonce valid. */
START_TEST(used_nonce_is_not_begun_again_at_its_end)
{
    uint64_t issued_s = issued_later();
    struct nonce_id id = id_of(0, 1);

    ck_assert(begin(0, &id, issued_s));
    for (int i = 0; i < LIFE_S + 30; i++) {
        ck_assert(!begin(1, &id, issued_s));
        pass(1);
    }
}
END_TEST

START_TEST(flushed_store_begins_no_older_nonce)
{
    uint64_t issued_s = issued_later();
    struct nonce_id used = id_of(0, 1), fresh = id_of(0, 2);
    struct nonce_moment moment;
    struct http_nonce_key key;

    ck_assert(begin(0, &used, issued_s));
    pass(20);
    fake_store_flush(&store);

    ck_assert(!begin(0, &used, issued_s));
    /* what is made now is our own */
    ck_assert(!shared_nonces_moment(servers[0], &moment, &key));
    pass(5);
    ck_assert(!begin(0, &used, issued_s));
    pass(5);
    ck_assert(begin(0, &fresh, moment_of(0, &key).now_s));
    ck_assert(!begin(1, &used, issued_s));
}
END_TEST

/* Long after the loss a client uses a nonce from before it. */
START_TEST(former_loss_is_no_new_one)
{
    uint64_t issued_s = issued_later();
    struct nonce_id old = id_of(0, 1), fresh = id_of(1, 1);
    struct http_nonce_key key;

    pass(20);
    fake_store_flush(&store);
    ck_assert(!begin(0, &old, issued_s));
    pass(100);
    ck_assert(!begin(0, &old, issued_s));

    ck_assert(begin(0, &fresh, moment_of(0, &key).now_s));
}
END_TEST

START_TEST(promoted_store_begins_no_nonce_again)
{
    uint64_t issued_s = issued_later();
    struct nonce_id id = id_of(0, 1);
    struct http_nonce_key key;
    struct nonce_moment moment;
    struct fake_store copy = store;

    (void)moment_of(1, &key);
    moment = moment_of(0, &key);
    ck_assert(begin(1, &id, issued_s));
    store = copy;
    store.run = "0123456789abcdeffedcba9876543210";

    ck_assert(use_in(0, &id, moment.run, 1, issued_s) != NONCE_BEGUN);
    ck_assert(!begin(1, &id, issued_s));
    ck_assert_uint_eq(fake_store_count(&store), 0);
}
END_TEST

START_TEST(restarted_store_knows_another_key)
{
    struct http_nonce_key before, after;
    struct nonce_id id = id_of(0, 1);
    struct nonce_moment old;

    (void)issued_later();
    old = moment_of(0, &before);
    store.run = "fedcba9876543210";
    ways[0].connected = false;

    (void)issued_later();
    (void)moment_of(0, &after);
    ck_assert(memcmp(&before, &after, sizeof(before)) != 0);
    ck_assert(use_in(0, &id, old.run, 1, store.now_s) != NONCE_BEGUN);
}
END_TEST

START_TEST(nonces_of_a_new_store_are_in_doubt)
{
    struct nonce_moment moment;
    struct http_nonce_key key;

    for (int i = 0; i < 3; i++) {
        ck_assert(!shared_nonces_moment(servers[0], &moment, &key));
        pass(1);
    }
    ck_assert(shared_nonces_moment(servers[0], &moment, &key));
    /* whoever comes later has none of it */
    pass(5);
    ck_assert(shared_nonces_moment(servers[1], &moment, &key));
}
END_TEST

START_TEST(nonce_from_the_future_is_not_begun)
{
    struct nonce_id id = id_of(0, 1);
    uint64_t issued_s = issued_later();

    ck_assert(!begin(0, &id, issued_s + 5));
    /* but the store has lost nothing */
    ck_assert(begin(0, &id, issued_s));
}
END_TEST

START_TEST(G51_clock_set_back_lets_nothing_be_repeated)
{
    uint64_t issued_s = issued_later();
    struct nonce_id id = id_of(0, 1), other = id_of(1, 1);

    ck_assert(begin(0, &id, issued_s));
    pass(LIFE_S + 20); /* its entry expires */
    ck_assert(!begin(1, &other, issued_s));
    store.now_s -= LIFE_S + 20;
    for (int i = 0; i < 2 * LIFE_S; i += 50) {
        pass(50);
        ck_assert(!begin(0, &id, issued_s));
        ck_assert(!begin(1, &id, issued_s));
    }
}
END_TEST

/* Its time goes on where it was. */
START_TEST(clock_set_back_stops_no_nonce)
{
    uint64_t issued_s = issued_later();
    struct nonce_id id = id_of(0, 1), other = id_of(1, 1), later = id_of(2, 1);
    struct http_nonce_key key;

    ck_assert(begin(0, &id, issued_s));
    store.now_s -= 100000;
    ck_assert(begin(1, &other, issued_s));
    ck_assert_int_eq(use(1, &id, 2, issued_s), NONCE_ACCEPTED);
    pass(LIFE_S / 2);
    ck_assert(begin(0, &later, moment_of(1, &key).now_s));
    ck_assert_int_eq(use(1, &other, 2, issued_s), NONCE_ACCEPTED);
    pass(LIFE_S);
    ck_assert_int_eq(use(0, &id, 3, issued_s), NONCE_EXPIRED);
}
END_TEST

/* The call began before the secret was looked up, which took its time. */
START_TEST(slow_look_up_makes_no_nonce_of_the_future)
{
    enum { SLOW_S = 8 };
    struct nonce_id id = id_of(0, 1), first = id_of(9, 9);
    struct http_nonce_key key;
    uint64_t issued_s;

    (void)issued_later();
    pass(SLOW_S);
    shared_nonces_remember(servers[0], &first, now_s - SLOW_S, LIFE_S);
    ck_assert_int_eq(
        shared_nonces_accept(servers[0], &first, 2, now_s - SLOW_S, LIFE_S),
        NONCE_ACCEPTED);

    issued_s = moment_of(0, &key).now_s;
    ck_assert_uint_le(issued_s, store.now_s);
    ck_assert(begin(1, &id, issued_s));
}
END_TEST

START_TEST(without_the_store_there_are_no_shared_nonces)
{
    struct nonce_id id = id_of(0, 1);
    uint64_t issued_s = issued_later();
    struct http_nonce_key key;
    struct nonce_moment moment = moment_of(0, &key);

    store.trouble = FAKE_REFUSING;
    ck_assert(use_in(0, &id, moment.run, 1, issued_s) != NONCE_BEGUN);
    ck_assert(!shared_nonces_moment(servers[0], &moment, &key));
    assert_reason("lost", news_of(0), REASON_NONCE_STORE_LOST);
}
END_TEST

Suite *
shared_http_suite(void)
{
    Suite *suite = suite_create("shared_http");
    TCase *http = support_case(suite, "http");

    tcase_add_checked_fixture(http, setup, teardown);
    tcase_add_test(http, servers_know_each_others_nonces);
    tcase_add_test(http, counts_of_http_come_in_any_order);
    tcase_add_test(http, server_with_another_window_does_not_count);
    tcase_add_loop_test(http, nonce_is_begun_once_of_all_servers, 0, 2);
    tcase_add_loop_test(http, nonce_is_begun_while_it_lives, 0, 5);
    tcase_add_test(http, nonce_of_a_server_ahead_is_begun);
    tcase_add_test(http, used_nonce_is_not_begun_again_at_its_end);
    tcase_add_test(http, flushed_store_begins_no_older_nonce);
    tcase_add_test(http, former_loss_is_no_new_one);
    tcase_add_test(http, promoted_store_begins_no_nonce_again);
    tcase_add_test(http, restarted_store_knows_another_key);
    tcase_add_test(http, nonces_of_a_new_store_are_in_doubt);
    tcase_add_test(http, nonce_from_the_future_is_not_begun);
    tcase_add_test(http, G51_clock_set_back_lets_nothing_be_repeated);
    tcase_add_test(http, clock_set_back_stops_no_nonce);
    tcase_add_test(http, slow_look_up_makes_no_nonce_of_the_future);
    tcase_add_test(http, without_the_store_there_are_no_shared_nonces);
    return suite;
}
