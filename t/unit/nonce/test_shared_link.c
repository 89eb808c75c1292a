/*
 * The connection of a process to the store, without nonces.
 */
#include "nonce/shared_link.h"

#include <string.h>

#include "support/fake_store.h"
#include "support/support.h"

enum { NOW_S = 1000, STORE_S = 1800000000, DOUBT_S = 3 };

/* The program is linked so that lib/ derives keys here first. */
enum reason __real_aead_derive(struct aead *aead, struct slice key,
                               const struct slice *parts, size_t count,
                               struct aead_key *derived);
enum reason __wrap_aead_derive(struct aead *aead, struct slice key,
                               const struct slice *parts, size_t count,
                               struct aead_key *derived);

static unsigned keys_left; /* 0: none fails */

enum reason
__wrap_aead_derive(struct aead *aead, struct slice key,
                   const struct slice *parts, size_t count,
                   struct aead_key *derived)
{
    return keys_left > 0 && --keys_left == 0
               ? REASON_CRYPTO
               : __real_aead_derive(aead, key, parts, count, derived);
}

static struct fake_store store;
static struct fake_way way;
static struct nonce_link link;
static struct wdigest_reply reply;
static uint64_t clock_now_s, answer_takes_s;

static uint64_t
clock_s(void)
{
    return clock_now_s;
}

static void
setup(void)
{
    static uint8_t key[WDIGEST_STORE_KEY_MIN];
    struct wdigest_store engine;

    memset(key, 'k', sizeof(key));
    store = (struct fake_store){ .run = "0123456789abcdef", .now_s = STORE_S };
    way = (struct fake_way){ .store = &store };
    link = (struct nonce_link){ .run = 0 };
    answer_takes_s = 0;
    engine = fake_store_way(&way, slice_of(key, sizeof(key)));
    assert_reason("open",
                  nonce_link_open(&link, support_crypto(), clock_s, &engine),
                  REASON_NONE);
    (void)pthread_mutex_lock(&link.gate);
}

static void
teardown(void)
{
    (void)pthread_mutex_unlock(&link.gate);
    nonce_link_close(&link);
}

static bool
reach(uint64_t now_s)
{
    clock_now_s = now_s;
    return nonce_link_reach(&link, &reply);
}

static bool
ask_for_epoch(void)
{
    struct wdigest_request request = {
        .verb = WDIGEST_EPOCH,
        .run = nonce_link_run(&link),
        .epoch = slice_of(link.epoch, link.epoch_size),
    };

    return nonce_link_ask(&link, &request, &reply);
}

/* Sends a request while the store has this trouble, or none. */
static bool
ask(uint64_t now_s, enum fake_trouble trouble)
{
    static const struct wdigest_request request = {
        .verb = WDIGEST_REMEMBER,
        .name = SLICE_INIT("name"),
        .entry = SLICE_INIT("entry"),
        .life_s = 60,
    };
    bool asked;

    store.trouble = trouble;
    clock_now_s = now_s;
    asked = nonce_link_ask(&link, &request, &reply);
    store.trouble = FAKE_WELL;
    return asked;
}

static void
lose(uint64_t now_s)
{
    ck_assert(reach(now_s));
    ck_assert(!ask(now_s, FAKE_DEAF));
}

static void
recover(uint64_t now_s)
{
    ck_assert(reach(now_s));
    ck_assert(ask(now_s, FAKE_WELL));
}

static enum reason
take_news(void)
{
    enum reason reason = link.news.reason;

    link.news.reason = REASON_NONE;
    return reason;
}

START_TEST(key_of_the_servers_is_not_kept)
{
    ck_assert(!slice_exists(link.store.key));
}
END_TEST

START_TEST(closing_closes_the_store_and_wipes_the_keys)
{
    static const struct nonce_link none;

    ck_assert(reach(NOW_S));
    teardown();

    ck_assert(way.closed);
    ck_assert_mem_eq(&link, &none, sizeof(link));
    setup();
}
END_TEST

START_TEST(store_is_greeted_once_in_a_connection)
{
    ck_assert(reach(NOW_S));
    ck_assert_uint_eq(store.asked, 2);
    ck_assert(reach(NOW_S));
    ck_assert_uint_eq(store.asked, 2);
    ck_assert_uint_eq(link.run, 1);
}
END_TEST

START_TEST(store_that_runs_on_has_the_same_keys)
{
    struct nonce_keys keys;

    ck_assert(reach(NOW_S));
    keys = link.keys;
    way.connected = false;
    ck_assert(reach(NOW_S));

    ck_assert_uint_eq(store.asked, 4);
    ck_assert_uint_eq(link.run, 1);
    ck_assert_mem_eq(&keys, &link.keys, sizeof(keys));
}
END_TEST

static void
start_store_anew(void)
{
    store.run = "fedcba9876543210";
    way.connected = false;
}

START_TEST(store_that_was_started_anew_has_others)
{
    struct nonce_keys keys;

    ck_assert(reach(NOW_S));
    keys = link.keys;
    start_store_anew();
    ck_assert(reach(NOW_S));

    ck_assert_uint_eq(link.run, 2);
    ck_assert_mem_ne(&keys.name, &link.keys.name, sizeof(keys.name));
    ck_assert_mem_ne(&keys.mark, &link.keys.mark, sizeof(keys.mark));
    ck_assert_mem_ne(&keys.seal, &link.keys.seal, sizeof(keys.seal));
    ck_assert_mem_ne(&keys.http, &link.keys.http, sizeof(keys.http));
}
END_TEST

/* Through a proxy, or promoted again: the connection is the same. */
START_TEST(store_that_moved_is_greeted_anew)
{
    ck_assert(reach(NOW_S));
    ck_assert(ask_for_epoch());
    ck_assert(!reply.moved);
    store.run = "fedcba9876543210";
    ck_assert(ask_for_epoch());
    ck_assert(reply.moved);
    assert_number("connection", link.connection, 0);

    ck_assert(reach(NOW_S));
    ck_assert_uint_eq(link.run, 2);
    ck_assert_uint_eq(way.connection, 1);
    assert_reason("news", link.news.reason, REASON_NONE);
}
END_TEST

static bool
move_after_the_greeting(void *argument, const struct wdigest_request *request,
                        struct wdigest_reply *said)
{
    bool asked = fake_store_way(&way, SLICE_NONE).ask(argument, request, said);

    if (request->verb == WDIGEST_GREET)
        store.run = "fedcba9876543210";
    return asked;
}

START_TEST(store_may_move_while_it_is_greeted)
{
    link.store.ask = move_after_the_greeting;
    ck_assert(!reach(NOW_S));
    ck_assert(reach(NOW_S));

    ck_assert_uint_eq(link.run, 2);
    assert_reason("news", link.news.reason, REASON_NONE);
}
END_TEST

/* Five MACs make the keys of a run and its epoch; a store that lies may come
 * back to a former run. */
START_TEST(keys_are_of_one_run)
{
    struct nonce_keys keys;

    ck_assert(reach(NOW_S));
    keys = link.keys;
    start_store_anew();
    keys_left = 1 + (unsigned)_i;
    ck_assert(!reach(NOW_S));
    assert_number("left", keys_left, 0);
    store.run = "0123456789abcdef";
    ck_assert(reach(NOW_S + FAKE_STORE_PAUSE_S));

    ck_assert_mem_eq(&keys, &link.keys, sizeof(keys));
}
END_TEST

static uint64_t
store_time_at(uint64_t now_s)
{
    clock_now_s = now_s;
    return nonce_link_now(&link);
}

/* Both clocks are cut to seconds. */
START_TEST(clock_is_rather_late_than_early)
{
    ck_assert(reach(NOW_S));

    assert_number("then", store_time_at(NOW_S), STORE_S);
    assert_number("before", store_time_at(NOW_S - 1), STORE_S);
    assert_number("next", store_time_at(NOW_S + 1), STORE_S);
    assert_number("later", store_time_at(NOW_S + 60), STORE_S + 59);
}
END_TEST

/* Both clocks go on meanwhile. */
static bool
ask_slowly(void *argument, const struct wdigest_request *request,
           struct wdigest_reply *said)
{
    store.now_s += answer_takes_s;
    clock_now_s += answer_takes_s;
    return fake_store_way(&way, SLICE_NONE).ask(argument, request, said);
}

START_TEST(slow_answer_puts_no_clock_ahead)
{
    link.store.ask = ask_slowly;
    answer_takes_s = 8;
    ck_assert(reach(NOW_S));

    assert_number("then", nonce_link_now(&link), store.now_s);
    assert_number("doubt", link.doubt_s, clock_now_s + DOUBT_S);
}
END_TEST

START_TEST(pause_begins_after_the_failure)
{
    link.store.ask = ask_slowly;
    answer_takes_s = 12;
    store.trouble = FAKE_UNREACHABLE;
    ck_assert(!reach(NOW_S));
    store.trouble = FAKE_WELL;

    ck_assert(!reach(NOW_S + 12 + FAKE_STORE_PAUSE_S - 1));
    ck_assert(reach(NOW_S + 12 + FAKE_STORE_PAUSE_S));
}
END_TEST

START_TEST(lost_store_is_left_alone_for_a_while)
{
    lose(NOW_S);
    ck_assert(!reach(NOW_S + FAKE_STORE_PAUSE_S - 1));
    ck_assert_uint_eq(store.reached, 1);
    ck_assert(reach(NOW_S + FAKE_STORE_PAUSE_S));
    ck_assert_uint_eq(store.reached, 2);
}
END_TEST

START_TEST(doubt_is_passed_on)
{
    ck_assert(reach(NOW_S));
    ck_assert(!ask(NOW_S, _i == 0 ? FAKE_DEAF : FAKE_REFUSING));
    ck_assert_int_eq(reply.doubtful, _i == 0);
}
END_TEST

START_TEST(store_out_of_reach_is_lost)
{
    store.trouble = FAKE_UNREACHABLE;
    reply.doubtful = true;

    ck_assert(!reach(NOW_S));
    ck_assert(!reply.doubtful);
    assert_reason("news", link.news.reason, REASON_NONCE_STORE_LOST);
    ck_assert_str_eq(link.news.name, "fake");
    ck_assert_str_eq(link.news.problem, "unreachable");
}
END_TEST

static bool
answer_nothing(void *argument, const struct wdigest_request *request,
               struct wdigest_reply *said)
{
    (void)argument;
    (void)request;
    said->doubtful = true;
    return false;
}

/* A greeting stores nothing. */
START_TEST(greeting_without_an_answer_leaves_no_doubt)
{
    link.store.ask = answer_nothing;

    ck_assert(!reach(NOW_S));
    ck_assert(!reply.doubtful);
    assert_reason("news", take_news(), REASON_NONCE_STORE_LOST);
}
END_TEST

/* It would forget counts, and they could be repeated. */
START_TEST(store_that_drops_entries_is_refused)
{
    store.trouble = FAKE_EVICTING;

    ck_assert(!reach(NOW_S));
    assert_reason("news", take_news(), REASON_NONCE_STORE_LOST);
}
END_TEST

START_TEST(incident_is_told_once)
{
    uint64_t now_s = NOW_S;

    lose(now_s);
    assert_reason("first", take_news(), REASON_NONCE_STORE_LOST);
    lose(now_s += FAKE_STORE_PAUSE_S);
    assert_reason("again", take_news(), REASON_NONE);
    recover(now_s += FAKE_STORE_PAUSE_S);
    assert_reason("over", take_news(), REASON_NONCE_STORE_BACK);
    ck_assert_str_eq(link.news.problem, "");
    recover(now_s);
    assert_reason("still", take_news(), REASON_NONE);
    lose(now_s);
    assert_reason("next", take_news(), REASON_NONCE_STORE_LOST);
}
END_TEST

START_TEST(store_that_is_only_reached_is_not_back)
{
    lose(NOW_S);
    (void)take_news();
    ck_assert(reach(NOW_S + FAKE_STORE_PAUSE_S));
    assert_reason("news", take_news(), REASON_NONE);
}
END_TEST

/* The store was never used before, or has lost its entries. */
START_TEST(young_store_is_in_doubt)
{
    ck_assert(reach(NOW_S));
    assert_number("new", link.doubt_s, NOW_S + DOUBT_S);
}
END_TEST

START_TEST(store_of_some_age_is_not)
{
    ck_assert(reach(NOW_S));
    link.doubt_s = 0;
    store.now_s += (uint64_t)DOUBT_S + (uint64_t)_i;
    way.connected = false;
    ck_assert(reach(NOW_S + DOUBT_S + (uint64_t)_i));
    assert_number("doubt", link.doubt_s,
                  _i > 0 ? 0 : (uint64_t)NOW_S + 2 * DOUBT_S);
}
END_TEST

Suite *
shared_link_suite(void)
{
    Suite *suite = suite_create("shared_link");
    TCase *tests = support_case(suite, "link");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, key_of_the_servers_is_not_kept);
    tcase_add_test(tests, closing_closes_the_store_and_wipes_the_keys);
    tcase_add_test(tests, store_is_greeted_once_in_a_connection);
    tcase_add_test(tests, store_that_runs_on_has_the_same_keys);
    tcase_add_test(tests, store_that_was_started_anew_has_others);
    tcase_add_test(tests, store_that_moved_is_greeted_anew);
    tcase_add_test(tests, store_may_move_while_it_is_greeted);
    tcase_add_loop_test(tests, keys_are_of_one_run, 0, 5);
    tcase_add_test(tests, clock_is_rather_late_than_early);
    tcase_add_test(tests, slow_answer_puts_no_clock_ahead);
    tcase_add_test(tests, lost_store_is_left_alone_for_a_while);
    tcase_add_test(tests, pause_begins_after_the_failure);
    tcase_add_loop_test(tests, doubt_is_passed_on, 0, 2);
    tcase_add_test(tests, store_out_of_reach_is_lost);
    tcase_add_test(tests, greeting_without_an_answer_leaves_no_doubt);
    tcase_add_test(tests, store_that_drops_entries_is_refused);
    tcase_add_test(tests, incident_is_told_once);
    tcase_add_test(tests, store_that_is_only_reached_is_not_back);
    tcase_add_test(tests, young_store_is_in_doubt);
    tcase_add_loop_test(tests, store_of_some_age_is_not, 0, 3);
    return suite;
}
