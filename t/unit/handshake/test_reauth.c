/*
 * One exchange, with the local or the shared store.
 */
#include "handshake/reauth.h"

#include <string.h>

#include "support/fake_store.h"
#include "support/support.h"

enum { NOW_S = 1000, STORE_S = 1800000000, REAUTH_S = 60 };

static struct fake_store store;
static struct fake_way way;
static struct package package;
static struct credential credential;
static struct wdigest_policy policy;
static struct exchange exchange;
static struct call call;

/* The last report to the source. */
static enum reason heard;
static char heard_name[DETAIL_SIZE_MAX];

static void
report(void *argument, enum reason reason, const char *first,
       const char *second)
{
    (void)argument;
    (void)second;
    heard = reason;
    ck_assert_uint_lt(strlen(first), sizeof(heard_name));
    memcpy(heard_name, first, strlen(first) + 1);
}

static enum reason
take_heard(void)
{
    enum reason reason = heard;

    heard = REASON_NONE;
    return reason;
}

static void
setup_alone(void)
{
    heard = REASON_NONE;
    policy = (struct wdigest_policy){ .reauth_s = REAUTH_S };
    credential = (struct credential){
        .source = { .report = report },
        .policy = &policy,
    };
    package = (struct package){ .crypto = support_crypto() };
    assert_reason("local", nonce_open(&package.nonces, 64), REASON_NONE);
    exchange = (struct exchange){ .bound = false };
    call = (struct call){
        .package = &package,
        .credential = &credential,
        .now_s = NOW_S,
    };
}

static uint64_t
clock_s(void)
{
    return call.now_s;
}

static void
setup_shared(void)
{
    static const uint8_t key[WDIGEST_STORE_KEY_MIN];
    struct wdigest_store engine;

    setup_alone();
    store = (struct fake_store){ .run = "0123456789abcdef", .now_s = STORE_S };
    way = (struct fake_way){ .store = &store };
    engine = fake_store_way(&way, slice_of(key, sizeof(key)));
    assert_reason("open",
                  shared_nonces_open(&package.shared, package.crypto, clock_s,
                                     &engine, package.nonces),
                  REASON_NONE);
}

static void
teardown(void)
{
    shared_nonces_close(package.shared);
    nonce_close(package.nonces);
}

static void
pass(uint64_t seconds)
{
    call.now_s += seconds;
    store.now_s += seconds;
}

static const struct nonce_id id = { { 1 }, { 2 } };

START_TEST(alone_the_process_remembers)
{
    reauth_remember(&exchange, &call, &id);
    ck_assert(reauth_accept(&exchange, &call, &id, 2));
    ck_assert(!reauth_accept(&exchange, &call, &id, 2));
    ck_assert(reauth_accept(&exchange, &call, &id, 3));
    assert_reason("heard", take_heard(), REASON_NONE);
}
END_TEST

/* Each use starts the policy's time again. */
static void
check_life(void)
{
    reauth_remember(&exchange, &call, &id);
    pass(REAUTH_S - 2);
    ck_assert(reauth_accept(&exchange, &call, &id, 2));
    pass(REAUTH_S - 2);
    ck_assert(reauth_accept(&exchange, &call, &id, 3));
    pass(REAUTH_S + 2);
    ck_assert(!reauth_accept(&exchange, &call, &id, 4));
}

START_TEST(nonce_lives_as_long_as_the_policy_says)
{
    check_life();
}
END_TEST

START_TEST(shared_nonce_lives_as_long)
{
    check_life();
}
END_TEST

START_TEST(alone_there_are_no_shared_nonces)
{
    struct nonce_moment moment;
    struct http_nonce_key key;

    ck_assert(!reauth_moment(&exchange, &call, &moment, &key));
}
END_TEST

START_TEST(shared_store_remembers)
{
    reauth_remember(&exchange, &call, &id);
    ck_assert_uint_eq(fake_store_count(&store), 1);
    ck_assert_int_eq(nonce_look(package.nonces, &id, 2, NOW_S), NONCE_UNKNOWN);
    ck_assert(reauth_accept(&exchange, &call, &id, 2));
    ck_assert(!reauth_accept(&exchange, &call, &id, 2));
    assert_reason("heard", take_heard(), REASON_NONE);
}
END_TEST

START_TEST(owner_hears_of_a_lost_store_and_of_its_return)
{
    store.trouble = FAKE_REFUSING;
    reauth_remember(&exchange, &call, &id);
    assert_reason("lost", take_heard(), REASON_NONCE_STORE_LOST);
    ck_assert_str_eq(heard_name, "fake");
    ck_assert(reauth_accept(&exchange, &call, &id, 2)); /* by itself */
    assert_reason("alone", take_heard(), REASON_NONE);

    store.trouble = FAKE_WELL;
    pass(FAKE_STORE_PAUSE_S);
    reauth_remember(&exchange, &call, &id);
    assert_reason("back", take_heard(), REASON_NONCE_STORE_BACK);
}
END_TEST

static enum nonce_verdict
use(const struct nonce_moment *moment, uint32_t count)
{
    const struct shared_use use = { moment->run, count, moment->now_s,
                                    REAUTH_S };

    return reauth_use(&exchange, &call, &id, &use);
}

/* Each function that uses the store can be the one that fails. */
START_TEST(owner_hears_of_it_on_each_way)
{
    struct nonce_moment moment = { 0, 0 };
    struct http_nonce_key key;

    store.trouble = FAKE_UNREACHABLE;
    switch (_i) {
    case 0:
        ck_assert(!reauth_moment(&exchange, &call, &moment, &key));
        break;
    case 1:
        ck_assert_int_eq(use(&moment, 1), NONCE_UNKNOWN);
        break;
    default:
        ck_assert(!reauth_accept(&exchange, &call, &id, 2));
    }
    assert_reason("lost", take_heard(), REASON_NONCE_STORE_LOST);
}
END_TEST

/* As in HTTP, where the nonce contains the moment. */
START_TEST(nonce_for_http_is_begun_at_its_moment)
{
    struct nonce_moment moment;
    struct http_nonce_key key;

    ck_assert(!reauth_moment(&exchange, &call, &moment, &key)); /* in doubt */
    pass(10);
    ck_assert(reauth_moment(&exchange, &call, &moment, &key));

    ck_assert_int_eq(use(&moment, 1), NONCE_BEGUN);
    ck_assert_int_eq(use(&moment, 1), NONCE_MISCOUNTED);
    ck_assert_int_eq(use(&moment, 2), NONCE_ACCEPTED);
}
END_TEST

START_TEST(nonce_of_another_run_is_not_begun)
{
    struct nonce_moment moment;
    struct http_nonce_key key;

    (void)reauth_moment(&exchange, &call, &moment, &key);
    pass(10);
    ck_assert(reauth_moment(&exchange, &call, &moment, &key));
    moment.run++;

    ck_assert_int_eq(use(&moment, 1), NONCE_UNKNOWN);
}
END_TEST

Suite *
reauth_suite(void)
{
    Suite *suite = suite_create("reauth");
    TCase *alone = support_case(suite, "alone");
    TCase *shared = support_case(suite, "shared");

    tcase_add_checked_fixture(alone, setup_alone, teardown);
    tcase_add_test(alone, alone_the_process_remembers);
    tcase_add_test(alone, nonce_lives_as_long_as_the_policy_says);
    tcase_add_test(alone, alone_there_are_no_shared_nonces);
    tcase_add_checked_fixture(shared, setup_shared, teardown);
    tcase_add_test(shared, shared_nonce_lives_as_long);
    tcase_add_test(shared, shared_store_remembers);
    tcase_add_test(shared, owner_hears_of_a_lost_store_and_of_its_return);
    tcase_add_loop_test(shared, owner_hears_of_it_on_each_way, 0, 3);
    tcase_add_test(shared, nonce_for_http_is_begun_at_its_moment);
    tcase_add_test(shared, nonce_of_another_run_is_not_begun);
    return suite;
}
