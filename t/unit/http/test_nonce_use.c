/*
 * The life of HTTP's nonces, with the test's clock.
 */
#include "support/fake_store.h"
#include "http/challenge.h"
#include "http/info.h"
#include "support/pair.h"

enum { START_S = 1000, LIFETIME_S = 300, SHORT_S = 20 };

static struct request web;
static uint64_t clock_now_s;

static uint64_t
clock_s(void)
{
    return clock_now_s;
}

static void
setup(void)
{
    pair_setup();
    web =
        (struct request){ .method = "GET", .uri = "/", .realm = "example.com" };
    server.request = client.request = &web;
    pair_open();
}

/* The server's reply at that time, to a request on a separate connection. */
static SECURITY_STATUS
serve(struct slice credentials, uint64_t now_s, struct slice *answer)
{
    struct context *context = pair_context(SLICE_NONE);
    SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;

    clock_now_s = now_s;
    assert_reason("serve",
                  pair_run(context, credentials, now_s, &status, answer),
                  REASON_NONE);
    if (status == SEC_I_COMPLETE_NEEDED)
        assert_reason("complete",
                      pair_run(context, SLICE_NONE, now_s, &status, answer),
                      REASON_NONE);
    return status;
}

/* The client's credentials after that, kept. */
static struct slice
respond(struct slice message)
{
    (void)pair_step(&client, message);
    return support_copy(client.token);
}

static struct slice
first_credentials(uint64_t now_s)
{
    struct slice challenge;

    assert_status("offer", serve(SLICE_NONE, now_s, &challenge),
                  SEC_I_CONTINUE_NEEDED);
    return respond(challenge);
}

static struct slice
next_credentials(void)
{
    assert_status("trust", pair_step(&client, SLICE_NONE), SEC_E_OK);
    return respond(SLICE_NONE);
}

static bool
is_stale(struct slice challenge)
{
    struct parser parser = support_parser(challenge.size);
    struct http_challenge read;

    assert_reason("challenge", http_challenge_parse(&read, &parser, challenge),
                  REASON_NONE);
    return read.stale != 0;
}

static bool
has_next(struct slice message)
{
    return directive_occurs(message, SLICE("nextnonce"));
}

struct row {
    uint32_t reauth_s;
    uint64_t age_s;
    bool accepted, next;
};

static const struct row rows[] = {
    { 0, 0, true, false },
    { 0, LIFETIME_S / 2, true, false },
    { 0, LIFETIME_S / 2 + 1, true, true },
    { 0, LIFETIME_S - 1, true, true },
    { 0, LIFETIME_S, false, false },
    { SHORT_S, SHORT_S / 2, true, false },
    { SHORT_S, SHORT_S - 1, true, true },
    { SHORT_S, SHORT_S, false, false },
    { SHORT_S, LIFETIME_S, false, false },
};

enum { ROWS = COUNT(rows) };

START_TEST(first_use_is_granted_in_time)
{
    const struct row *row = &rows[_i];
    struct slice answer;

    server.policy.reauth_s = row->reauth_s;

    assert_status(
        "request",
        serve(first_credentials(START_S), START_S + row->age_s, &answer),
        row->accepted ? SEC_E_OK : SEC_I_COMPLETE_AND_CONTINUE);
    if (row->accepted)
        ck_assert_int_eq(has_next(answer), row->next);
    else
        assert_reported(&server, REASON_NOTE_STALE);
}
END_TEST

START_TEST(later_use_is_granted_in_time)
{
    const struct row *row = &rows[_i];
    struct slice answer;

    server.policy.reauth_s = row->reauth_s;
    assert_status("first", serve(first_credentials(START_S), START_S, &answer),
                  SEC_E_OK);

    assert_status("later",
                  serve(next_credentials(), START_S + row->age_s, &answer),
                  row->accepted ? SEC_E_OK : SEC_I_COMPLETE_AND_CONTINUE);
    if (row->accepted)
        ck_assert_int_eq(has_next(answer), row->next);
}
END_TEST

START_TEST(use_does_not_prolong_a_life)
{
    struct slice answer;

    assert_status("first", serve(first_credentials(START_S), START_S, &answer),
                  SEC_E_OK);
    for (uint64_t age_s = 50; age_s < LIFETIME_S; age_s += 50)
        assert_status("later",
                      serve(next_credentials(), START_S + age_s, &answer),
                      SEC_E_OK);
    assert_status("last",
                  serve(next_credentials(), START_S + LIFETIME_S, &answer),
                  SEC_I_COMPLETE_AND_CONTINUE);
}
END_TEST

START_TEST(next_nonce_is_a_nonce)
{
    struct slice answer;

    assert_status("first",
                  serve(first_credentials(START_S), START_S + 200, &answer),
                  SEC_E_OK);
    assert_status("verify", pair_step(&client, support_copy(answer)), SEC_E_OK);
    assert_status("next", serve(respond(SLICE_NONE), START_S + 400, &answer),
                  SEC_E_OK);
}
END_TEST

START_TEST(nonce_of_another_start_of_the_package_is_stale)
{
    struct slice credentials = first_credentials(START_S);
    struct slice answer;

    package_current()->http_nonce_key.octets[0] ^= 1;

    assert_status("request", serve(credentials, START_S, &answer),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(is_stale(answer));
    assert_status("again", serve(respond(answer), START_S, &answer), SEC_E_OK);
}
END_TEST

START_TEST(wrong_password_is_not_stale)
{
    struct context *context = pair_context(SLICE_NONE);
    struct slice credentials, answer;
    SECURITY_STATUS status;

    client.identity.password = SLICE("looking-glass");
    credentials = first_credentials(START_S);

    assert_reason(
        "request",
        pair_run(context, credentials, START_S + LIFETIME_S, &status, &answer),
        REASON_PROOF_WRONG);
    ck_assert_uint_eq(answer.size, 0);
}
END_TEST

/* A farm of two. */

static struct fake_store store;
static struct fake_way ways[2];
static struct shared_nonces *shared[2];

static void
setup_farm(void)
{
    static const uint8_t key[WDIGEST_STORE_KEY_MIN];
    struct wdigest_store engine;

    setup();
    store =
        (struct fake_store){ .run = "0123456789abcdef", .now_s = 1800000000 };
    for (int i = 0; i < 2; i++) {
        ways[i] = (struct fake_way){ .store = &store };
        engine = fake_store_way(&ways[i], slice_of(key, sizeof(key)));
        assert_reason("open",
                      shared_nonces_open(&shared[i], support_crypto(), clock_s,
                                         &engine, package_current()->nonces),
                      REASON_NONE);
    }
}

static void
teardown_farm(void)
{
    package_current()->shared = NULL;
    for (int i = 0; i < 2; i++)
        shared_nonces_close(shared[i]);
    pair_teardown();
}

/* One server extrapolates the time from the store's last reply, and is late;
 * the other has just asked the store. */
START_TEST(nonce_of_a_server_ahead_is_fresh)
{
    struct slice credentials, answer;

    package_current()->shared = shared[0];
    (void)serve(SLICE_NONE, START_S, &answer);
    store.now_s += 10;
    package_current()->shared = shared[1];
    credentials = first_credentials(START_S + 10);
    package_current()->shared = shared[0];

    assert_status("request", serve(credentials, START_S + 10, &answer),
                  SEC_E_OK);
    ck_assert(!has_next(answer));
}
END_TEST

/* The servers alternate: each knows the counts of the other. */
START_TEST(nonce_of_the_farm_counts_on)
{
    struct slice answer, credentials;

    package_current()->shared = shared[0];
    (void)serve(SLICE_NONE, START_S, &answer);
    store.now_s += 10;
    assert_status("first",
                  serve(first_credentials(START_S + 10), START_S + 10, &answer),
                  SEC_E_OK);
    for (int i = 1; i < 6; i++) {
        package_current()->shared = shared[i % 2];
        credentials = next_credentials();
        assert_status("next", serve(credentials, START_S + 10, &answer),
                      SEC_E_OK);
    }

    package_current()->shared = shared[0];
    assert_status("again", serve(credentials, START_S + 10, &answer),
                  SEC_I_COMPLETE_AND_CONTINUE);
    store.now_s += LIFETIME_S;
    assert_status("too late",
                  serve(next_credentials(), START_S + 10 + LIFETIME_S, &answer),
                  SEC_I_COMPLETE_AND_CONTINUE);
}
END_TEST

/* A client keeps its opaque, which goes with the key: what it is given as the
 * next nonce is good with that. */
START_TEST(next_nonce_is_good_when_the_store_comes_or_goes)
{
    enum { LATE_S = LIFETIME_S - 5 };
    static const enum fake_trouble troubles[] = { FAKE_UNREACHABLE, FAKE_WELL };
    struct slice answer, credentials;

    package_current()->shared = shared[0];
    (void)serve(SLICE_NONE, START_S, &answer);
    store.now_s += 10;
    store.trouble = troubles[_i % 2];
    credentials = first_credentials(START_S + 10);
    store.now_s += LATE_S;
    store.trouble = troubles[1 - _i % 2];
    if (_i >= 2)
        store.run = "fedcba9876543210";
    if (_i >= 2)
        ways[0].connected = false;

    if (serve(credentials, START_S + 10 + LATE_S, &answer) != SEC_E_OK) {
        ck_assert_int_eq(_i % 2, 1); /* of a store that is gone */
        return;
    }
    assert_status("trust", pair_step(&client, answer), SEC_E_OK);
    assert_status("next",
                  serve(respond(SLICE_NONE), START_S + 10 + LATE_S, &answer),
                  SEC_E_OK);
}
END_TEST

Suite *
nonce_use_suite(void)
{
    Suite *suite = suite_create("nonce_use");
    TCase *lives = support_case(suite, "lives");
    TCase *farm = support_case(suite, "farm");

    tcase_add_checked_fixture(lives, setup, pair_teardown);
    tcase_add_loop_test(lives, first_use_is_granted_in_time, 0, ROWS);
    tcase_add_loop_test(lives, later_use_is_granted_in_time, 0, ROWS);
    tcase_add_test(lives, use_does_not_prolong_a_life);
    tcase_add_test(lives, next_nonce_is_a_nonce);
    tcase_add_test(lives, nonce_of_another_start_of_the_package_is_stale);
    tcase_add_test(lives, wrong_password_is_not_stale);
    tcase_add_checked_fixture(farm, setup_farm, teardown_farm);
    tcase_add_test(farm, nonce_of_a_server_ahead_is_fresh);
    tcase_add_test(farm, nonce_of_the_farm_counts_on);
    tcase_add_loop_test(farm, next_nonce_is_good_when_the_store_comes_or_goes,
                        0, 4);
    return suite;
}
