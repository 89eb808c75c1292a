/*
 * The client's store of sessions.
 */
#include "nonce/client_sessions.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

enum { CAPACITY = 8, NOW_S = 1000, UNTIL_S = 2000, LATER_S = 3000 };

static struct session_store *store;

static void
open_store(void)
{
    ck_assert(session_open(&store, CAPACITY) == REASON_NONE);
}

static void
close_store(void)
{
    session_close(store);
    store = NULL;
}

static struct session_owner
alice(void)
{
    return (struct session_owner){ .target = SLICE("imap/host"),
                                   .user = SLICE("alice"),
                                   .ssf_max = 1 };
}

static struct session_key
identify(const struct session_owner *owner)
{
    struct session_key key;

    assert_reason("identify", session_identify(support_hasher(), owner, &key),
                  REASON_NONE);
    return key;
}

static struct session_key
key_of(const char *user)
{
    struct session_owner owner = alice();

    owner.user = slice_of_string(user);
    return identify(&owner);
}

static struct session
session_of(const char *nonce)
{
    struct session session;

    ck_assert(session_make(&session, slice_of_string(nonce), SLICE("cnonce"),
                           SLICE("realm"), true));
    return session;
}

static struct session_key
remembered(const char *user, uint64_t until_s)
{
    struct session_key key = key_of(user);
    struct session session = session_of(user);

    session_remember(store, &key, &session, NOW_S, until_s);
    return key;
}

/* The context of fits: the nonce that the taker can use. */
static bool
has_nonce(const void *context, const struct session *session)
{
    return slice_equal(session_nonce(session), slice_of_string(context));
}

static bool
fits_always(const void *context, const struct session *session)
{
    (void)context;
    (void)session;
    return true;
}

static bool
take_at(const struct session_key *key, uint64_t now_s, uint64_t until_s,
        struct session *session)
{
    const struct session_taker taker = { now_s, until_s, fits_always, NULL };

    return session_take(store, key, &taker, session);
}

static bool
take(const struct session_key *key, struct session *session)
{
    return take_at(key, NOW_S, UNTIL_S, session);
}

/* Forgets the session of a user, whose nonce is his name. */
static void
forget(const struct session_key *key, const char *nonce)
{
    session_forget(store, key, slice_of_string(nonce));
}

START_TEST(session_gives_its_texts_back)
{
    struct session session;

    ck_assert(session_make(&session, SLICE("nonce"), SLICE("cnonce"),
                           SLICE("realm"), _i == 1));

    assert_octets("nonce", session_nonce(&session), SLICE("nonce"));
    assert_octets("cnonce", session_cnonce(&session), SLICE("cnonce"));
    assert_octets("realm", session_realm(&session), SLICE("realm"));
    ck_assert_int_eq(session.charset, _i == 1);
    ck_assert_uint_eq(session.count, 1);
}
END_TEST

START_TEST(absent_realm_is_not_an_empty_one)
{
    struct session with, without;

    ck_assert(session_make(&with, SLICE("n"), SLICE("c"), SLICE(""), false));
    ck_assert(
        session_make(&without, SLICE("n"), SLICE("c"), SLICE_NONE, false));

    ck_assert(slice_exists(session_realm(&with)));
    ck_assert_uint_eq(session_realm(&with).size, 0);
    ck_assert(!slice_exists(session_realm(&without)));
}
END_TEST

START_TEST(texts_of_512_octets_fit)
{
    size_t size = SESSION_TEXT_MAX - 1 + (size_t)_i;
    struct session session;
    bool fits =
        session_make(&session, support_repeat('n', size - 20),
                     support_repeat('c', 10), support_repeat('r', 10), false);

    ck_assert_int_eq(fits, size <= SESSION_TEXT_MAX);
    if (fits)
        assert_octets("realm", session_realm(&session),
                      support_repeat('r', 10));
}
END_TEST

START_TEST(empty_realm_after_512_octets_exists)
{
    struct session session;

    ck_assert(session_make(&session, support_repeat('n', SESSION_TEXT_MAX - 1),
                           SLICE("c"), SLICE(""), false));

    ck_assert(slice_exists(session_realm(&session)));
}
END_TEST

START_TEST(huge_texts_do_not_fit)
{
    struct session session;

    /* sizes are kept in 16 bits */
    ck_assert(!session_make(&session, support_repeat('n', 65536 + 5),
                            SLICE("c"), SLICE("r"), false));
}
END_TEST

START_TEST(numbers_follow_each_other)
{
    struct session_key key = remembered("alice", UNTIL_S);
    struct session session;

    for (uint32_t count = 2; count < 100; count++) {
        ck_assert(take(&key, &session));
        ck_assert_uint_eq(session.count, count);
    }
    assert_octets("nonce", session_nonce(&session), SLICE("alice"));
}
END_TEST

START_TEST(empty_store_has_nothing)
{
    struct session_key key = key_of("alice");
    struct session session;

    ck_assert(!session_any(store));
    ck_assert(!take(&key, &session));
}
END_TEST

START_TEST(store_knows_whether_it_has_any)
{
    struct session_key key = remembered("alice", UNTIL_S);

    ck_assert(session_any(store));
    forget(&key, "alice");
    ck_assert(!session_any(store));
}
END_TEST

START_TEST(remembering_again_counts_once)
{
    struct session_key key = remembered("alice", UNTIL_S);
    struct session session;

    (void)remembered("alice", UNTIL_S);
    ck_assert(take(&key, &session));
    ck_assert_uint_eq(session.count, 2);
    forget(&key, "alice");

    ck_assert(!session_any(store));
}
END_TEST

START_TEST(cleared_store_has_nothing)
{
    struct session_key key = remembered("alice", UNTIL_S);
    struct session session;

    session_clear(store);
    ck_assert(!session_any(store));
    ck_assert(!take(&key, &session));

    /* and the count starts at zero again */
    key = remembered("alice", UNTIL_S);
    ck_assert(take(&key, &session));
    forget(&key, "alice");
    ck_assert(!session_any(store));
}
END_TEST

START_TEST(forgotten_session_is_gone)
{
    struct session_key key = remembered("alice", UNTIL_S);
    struct session_key other = remembered("bob", UNTIL_S);
    struct session session;

    forget(&key, "alice");
    forget(&key, "alice");

    ck_assert(!take(&key, &session));
    ck_assert(take(&other, &session));
}
END_TEST

START_TEST(later_session_is_not_forgotten)
{
    struct session_key key = remembered("alice", UNTIL_S);
    struct session session = session_of("later");

    session_remember(store, &key, &session, NOW_S, UNTIL_S);
    forget(&key, "alice");

    ck_assert(take(&key, &session));
    assert_octets("nonce", session_nonce(&session), SLICE("later"));
}
END_TEST

START_TEST(session_that_does_not_fit_keeps_count_and_end)
{
    struct session_key key = remembered("alice", UNTIL_S);
    struct session_taker taker = { NOW_S, LATER_S, has_nonce, "bob" };
    struct session session;

    for (int i = 0; i < 3; i++)
        ck_assert(!session_take(store, &key, &taker, &session));
    taker.context = "alice";
    taker.now_s = UNTIL_S - 1;
    taker.until_s = UNTIL_S;

    ck_assert(session_take(store, &key, &taker, &session));
    ck_assert_uint_eq(session.count, 2);
    ck_assert(!take_at(&key, UNTIL_S, LATER_S, &session));
}
END_TEST

START_TEST(end_of_time)
{
    struct session_key key = remembered("alice", UNTIL_S);
    struct session session;

    ck_assert_int_eq(
        take_at(&key, UNTIL_S - 1 + (uint64_t)_i, LATER_S, &session), _i == 0);
    /* an expired one is removed at once */
    ck_assert_int_eq(session_any(store), _i == 0);
}
END_TEST

START_TEST(use_moves_the_end)
{
    struct session_key key = remembered("alice", UNTIL_S);
    struct session session;

    ck_assert(take_at(&key, UNTIL_S - 1, LATER_S, &session));

    ck_assert(take_at(&key, LATER_S - 1, LATER_S, &session));
}
END_TEST

START_TEST(session_that_ended_already_is_not_remembered)
{
    (void)remembered("alice", NOW_S - 1 + (uint64_t)_i);

    ck_assert_int_eq(session_any(store), _i == 2);
}
END_TEST

START_TEST(last_number_ends_the_session)
{
    struct session_key key = key_of("alice");
    struct session session = session_of("n"), taken;

    session.count = UINT32_MAX - 1;
    session_remember(store, &key, &session, NOW_S, UNTIL_S);

    ck_assert(take(&key, &taken));
    ck_assert_uint_eq(taken.count, UINT32_MAX);
    ck_assert(!take(&key, &taken));
    ck_assert(!session_any(store));
}
END_TEST

enum { OWNERS = 13 };

static struct session_owner
stranger(int number)
{
    struct session_owner owner = alice();

    switch (number) {
    case 0:
        owner.target = SLICE("imap/other");
        break;
    case 1:
        owner.target = SLICE("pop/host");
        break;
    case 2:
        owner.user = SLICE("bob");
        break;
    case 3:
        owner.user = SLICE("Alice");
        break;
    case 4:
        owner.authzid = SLICE("bob");
        break;
    case 5:
        owner.ssf_min = 1;
        break;
    case 6:
        owner.ssf_max = 2;
        break;
    case 7: /* the same octets, split differently */
        owner.target = SLICE("imap/hosta");
        owner.user = SLICE("lice");
        break;
    case 8:
        owner.binding = SLICE("00000000000000000000000000000000");
        break;
    case 9:
        owner.binding = SLICE("a513620e394353301b0b429acf4cdfe4");
        break;
    case 10:
        owner.binding_required = true;
        break;
    case 11:
        owner.user = SLICE("");
        owner.binding = SLICE("alice");
        break;
    default:
        owner.user = SLICE("");
        owner.authzid = SLICE("alice");
    }
    return owner;
}

START_TEST(G37_other_owner_has_another_key)
{
    const struct session_owner owner = stranger(_i);
    struct session_key mine = remembered("alice", UNTIL_S);
    struct session_key theirs = identify(&owner);
    struct session session;

    ck_assert(!take(&theirs, &session));
    ck_assert(take(&mine, &session));
}
END_TEST

START_TEST(oldest_makes_room)
{
    struct session_key keys[CAPACITY + 1];
    struct session session;
    char user[16];

    for (unsigned i = 0; i <= CAPACITY; i++) {
        snprintf(user, sizeof(user), "%u", i);
        /* the fourth expires first */
        keys[i] = remembered(user, i == 3 ? UNTIL_S : LATER_S);
    }

    for (unsigned i = 0; i <= CAPACITY; i++)
        ck_assert_int_eq(take(&keys[i], &session), i != 3);
}
END_TEST

START_TEST(overflow_keeps_the_number_of_sessions_right)
{
    struct session_key keys[3 * CAPACITY];
    char user[16];

    for (unsigned i = 0; i < 3 * CAPACITY; i++) {
        snprintf(user, sizeof(user), "%u", i);
        keys[i] = remembered(user, UNTIL_S + i);
    }
    for (unsigned i = 0; i < 3 * CAPACITY; i++) {
        snprintf(user, sizeof(user), "%u", i);
        forget(&keys[i], user);
    }

    ck_assert(!session_any(store));
}
END_TEST

START_TEST(closing_nothing_does_no_harm)
{
    session_close(NULL);
}
END_TEST

enum { THREADS = 8, TAKES = 50 };

struct taker {
    struct session_key key;
    uint32_t numbers[TAKES];
};

static void *
take_many(void *argument)
{
    struct taker *taker = argument;
    struct session session;

    for (int i = 0; i < TAKES; i++)
        taker->numbers[i] = take(&taker->key, &session) ? session.count : 0;
    return NULL;
}

START_TEST(no_two_threads_get_the_same_number)
{
    bool seen[THREADS * TAKES + 2] = { false };
    struct taker takers[THREADS];
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        takers[i].key = remembered("alice", UNTIL_S);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, take_many, &takers[i]), 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);

    for (int i = 0; i < THREADS * TAKES; i++) {
        uint32_t number = takers[i / TAKES].numbers[i % TAKES];

        ck_assert_uint_ge(number, 2);
        ck_assert_uint_lt(number, THREADS * TAKES + 2);
        ck_assert(!seen[number]);
        seen[number] = true;
    }
}
END_TEST

static void
add_store(TCase *stores)
{
    tcase_add_test(stores, numbers_follow_each_other);
    tcase_add_test(stores, empty_store_has_nothing);
    tcase_add_test(stores, store_knows_whether_it_has_any);
    tcase_add_test(stores, remembering_again_counts_once);
    tcase_add_test(stores, cleared_store_has_nothing);
    tcase_add_test(stores, forgotten_session_is_gone);
    tcase_add_test(stores, later_session_is_not_forgotten);
    tcase_add_test(stores, session_that_does_not_fit_keeps_count_and_end);
    tcase_add_loop_test(stores, end_of_time, 0, 3);
    tcase_add_test(stores, use_moves_the_end);
    tcase_add_loop_test(stores, session_that_ended_already_is_not_remembered, 0,
                        3);
    tcase_add_test(stores, last_number_ends_the_session);
    tcase_add_loop_test(stores, G37_other_owner_has_another_key, 0, OWNERS);
    tcase_add_test(stores, oldest_makes_room);
    tcase_add_test(stores, overflow_keeps_the_number_of_sessions_right);
    tcase_add_test(stores, closing_nothing_does_no_harm);
    tcase_add_test(stores, no_two_threads_get_the_same_number);
}

Suite *
client_sessions_suite(void)
{
    Suite *suite = suite_create("client_sessions");
    TCase *texts = support_case(suite, "texts");
    TCase *stores = support_case(suite, "store");

    tcase_add_loop_test(texts, session_gives_its_texts_back, 0, 2);
    tcase_add_test(texts, absent_realm_is_not_an_empty_one);
    tcase_add_loop_test(texts, texts_of_512_octets_fit, 0, 3);
    tcase_add_test(texts, empty_realm_after_512_octets_exists);
    tcase_add_test(texts, huge_texts_do_not_fit);
    tcase_add_checked_fixture(stores, open_store, close_store);
    add_store(stores);
    return suite;
}
