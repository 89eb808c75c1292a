/*
 * The server's store of nonces.
 */
#include "nonce/server_nonces.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

enum { CAPACITY = 64, NOW_S = 1000, UNTIL_S = 2000, LATER_S = 3000 };

static struct nonce_store *store;

static void
open_store(void)
{
    ck_assert(nonce_open(&store, CAPACITY) == REASON_NONE);
}

static void
close_store(void)
{
    nonce_close(store);
    store = NULL;
}

static struct nonce_owner
alice(void)
{
    return (struct nonce_owner){ .user = SLICE("alice"),
                                 .realm = SLICE("example.com"),
                                 .service = SLICE("imap"),
                                 .cnonce = SLICE("cnonce"),
                                 .qop = SLICE("auth") };
}

static struct nonce_id
identify(const char *nonce, const struct nonce_owner *owner)
{
    struct nonce_id id;

    assert_reason("identify",
                  nonce_identify(support_hasher(), store,
                                 slice_of_string(nonce), owner, &id),
                  REASON_NONE);
    return id;
}

static struct nonce_id
id_of(const char *nonce)
{
    const struct nonce_owner owner = alice();

    return identify(nonce, &owner);
}

static struct nonce_id
remembered(const char *nonce)
{
    struct nonce_id id = id_of(nonce);

    nonce_remember(store, &id, NOW_S, UNTIL_S);
    return id;
}

static enum nonce_verdict
accept(const struct nonce_id *id, uint32_t count)
{
    return nonce_accept(store, id, count, NOW_S, UNTIL_S);
}

START_TEST(counts_follow_each_other)
{
    struct nonce_id id = remembered("n");

    for (uint32_t count = 2; count < 200; count++)
        ck_assert_int_eq(accept(&id, count), NONCE_ACCEPTED);
}
END_TEST

START_TEST(other_counts_are_refused)
{
    static const uint32_t counts[] = { 0, 1, 3, 4, 0x102, UINT32_MAX };
    struct nonce_id id = remembered("n");

    ck_assert_int_eq(accept(&id, counts[_i]), NONCE_MISCOUNTED);
    ck_assert_int_eq(accept(&id, 2), NONCE_ACCEPTED);
}
END_TEST

START_TEST(count_is_accepted_once)
{
    struct nonce_id id = remembered("n");

    ck_assert_int_eq(accept(&id, 2), NONCE_ACCEPTED);
    ck_assert_int_eq(accept(&id, 2), NONCE_MISCOUNTED);
}
END_TEST

START_TEST(unknown_nonce_is_refused)
{
    struct nonce_id id = id_of("never seen");

    (void)remembered("n");

    ck_assert_int_eq(accept(&id, 2), NONCE_UNKNOWN);
}
END_TEST

START_TEST(empty_store_knows_nothing)
{
    struct nonce_id id = id_of("n");

    ck_assert_int_eq(accept(&id, 1), NONCE_UNKNOWN);
    ck_assert_int_eq(accept(&id, 2), NONCE_UNKNOWN);
}
END_TEST

START_TEST(end_of_time)
{
    static const enum nonce_verdict verdicts[] = { NONCE_ACCEPTED,
                                                   NONCE_EXPIRED,
                                                   NONCE_EXPIRED };
    struct nonce_id id = remembered("n");

    ck_assert_int_eq(
        nonce_accept(store, &id, 2, UNTIL_S - 1 + (uint64_t)_i, LATER_S),
        verdicts[_i]);
}
END_TEST

START_TEST(use_moves_the_end)
{
    struct nonce_id id = remembered("n");

    ck_assert_int_eq(nonce_accept(store, &id, 2, UNTIL_S - 1, LATER_S),
                     NONCE_ACCEPTED);
    ck_assert_int_eq(nonce_accept(store, &id, 3, LATER_S - 1, LATER_S),
                     NONCE_ACCEPTED);
    ck_assert_int_eq(nonce_accept(store, &id, 4, LATER_S, LATER_S),
                     NONCE_EXPIRED);
}
END_TEST

START_TEST(refusal_moves_nothing)
{
    struct nonce_id id = remembered("n");

    ck_assert_int_eq(nonce_accept(store, &id, 7, NOW_S, LATER_S),
                     NONCE_MISCOUNTED);
    ck_assert_int_eq(nonce_accept(store, &id, 2, UNTIL_S, LATER_S),
                     NONCE_EXPIRED);
}
END_TEST

enum { OWNERS = 9 };

/* Somebody else than alice. */
static struct nonce_owner
stranger(int number)
{
    struct nonce_owner owner = alice();

    switch (number) {
    case 0:
        owner.user = SLICE("bob");
        break;
    case 1:
        owner.realm = SLICE("example.org");
        break;
    case 2:
        owner.service = SLICE("pop");
        break;
    case 3:
        owner.cnonce = SLICE("cnonc");
        break;
    case 4:
        owner.qop = SLICE("auth-int");
        break;
    case 5: /* the same octets, split differently */
        owner.user = SLICE("aliceexample");
        owner.realm = SLICE(".com");
        break;
    case 6:
        owner.realm = SLICE_NONE;
        break;
    case 7:
        owner.service = SLICE("");
        owner.cnonce = SLICE("imapcnonce");
        break;
    default:
        owner.user = SLICE("Alice");
    }
    return owner;
}

START_TEST(G37_other_owner_is_refused)
{
    const struct nonce_owner owner = stranger(_i);
    struct nonce_id mine = remembered("n");
    struct nonce_id theirs = identify("n", &owner);

    ck_assert_int_eq(accept(&theirs, 2), NONCE_UNKNOWN);
    ck_assert_int_eq(accept(&mine, 2), NONCE_ACCEPTED);
}
END_TEST

START_TEST(G32_counts_do_not_wrap_in_one_step)
{
    struct nonce_id id = remembered("n");

    ck_assert_int_eq(accept(&id, UINT32_MAX), NONCE_MISCOUNTED);
    ck_assert_int_eq(accept(&id, 0), NONCE_MISCOUNTED);
}
END_TEST

START_TEST(G37_full_store_still_remembers_the_newest)
{
    char nonce[16];

    for (unsigned i = 0; i < 10 * CAPACITY; i++) {
        struct nonce_id id;

        snprintf(nonce, sizeof(nonce), "%u", i);
        id = id_of(nonce);
        nonce_remember(store, &id, NOW_S, UNTIL_S + i);
        ck_assert_int_eq(accept(&id, 2), NONCE_ACCEPTED);
    }
}
END_TEST

START_TEST(store_holds_no_more_than_its_capacity)
{
    unsigned held = 0;

    for (unsigned i = 0; i < 10 * CAPACITY; i++) {
        char nonce[16];

        snprintf(nonce, sizeof(nonce), "%u", i);
        (void)remembered(nonce);
    }
    for (unsigned i = 0; i < 10 * CAPACITY; i++) {
        char nonce[16];
        struct nonce_id id;

        snprintf(nonce, sizeof(nonce), "%u", i);
        id = id_of(nonce);
        held += accept(&id, 2) == NONCE_ACCEPTED;
    }

    ck_assert_uint_le(held, CAPACITY);
    ck_assert_uint_gt(held, CAPACITY / 2);
}
END_TEST

/* So nobody can choose nonces that share a set of a store.  What servers share
 * has the same hashes on all of them. */
START_TEST(each_store_has_hashes_of_its_own)
{
    const struct nonce_owner owner = alice();
    struct nonce_store *other, *const stores[] = { store, NULL };
    struct nonce_id again, id = identify("n", &owner);

    ck_assert(nonce_open(&other, CAPACITY) == REASON_NONE);
    assert_reason(
        "other",
        nonce_identify(support_hasher(), other, SLICE("n"), &owner, &again),
        REASON_NONE);
    ck_assert_mem_ne(again.key, id.key, sizeof(id.key));
    for (size_t i = 0; i < COUNT(stores); i++) {
        assert_reason("one",
                      nonce_identify(support_hasher(), stores[i], SLICE("n"),
                                     &owner, &id),
                      REASON_NONE);
        ck_assert_mem_ne(again.key, id.key, sizeof(id.key));
        assert_reason("again",
                      nonce_identify(support_hasher(), stores[i], SLICE("n"),
                                     &owner, &again),
                      REASON_NONE);
        ck_assert_mem_eq(&again, &id, sizeof(id));
    }
    nonce_close(other);
}
END_TEST

START_TEST(nonce_nearest_its_end_makes_room)
{
    struct nonce_store *small;
    struct nonce_id ids[9];
    char nonce[16];

    /* one set of eight */
    ck_assert(nonce_open(&small, 8) == REASON_NONE);
    for (unsigned i = 0; i < 9; i++) {
        snprintf(nonce, sizeof(nonce), "%u", i);
        ids[i] = id_of(nonce);
        /* the fifth expires first */
        nonce_remember(small, &ids[i], NOW_S, i == 4 ? UNTIL_S : LATER_S);
    }

    for (unsigned i = 0; i < 9; i++)
        ck_assert_int_eq(nonce_accept(small, &ids[i], 2, NOW_S, LATER_S),
                         i == 4 ? NONCE_UNKNOWN : NONCE_ACCEPTED);
    nonce_close(small);
}
END_TEST

START_TEST(expired_nonces_make_room_first)
{
    struct nonce_store *small;
    struct nonce_id ids[9];
    char nonce[16];

    ck_assert(nonce_open(&small, 8) == REASON_NONE);
    for (unsigned i = 0; i < 9; i++) {
        snprintf(nonce, sizeof(nonce), "%u", i);
        ids[i] = id_of(nonce);
        nonce_remember(small, &ids[i], i == 8 ? UNTIL_S : NOW_S,
                       i == 3 ? UNTIL_S : LATER_S);
    }

    ck_assert_int_eq(nonce_accept(small, &ids[3], 2, UNTIL_S, LATER_S),
                     NONCE_UNKNOWN);
    ck_assert_int_eq(nonce_accept(small, &ids[8], 2, UNTIL_S, LATER_S),
                     NONCE_ACCEPTED);
    nonce_close(small);
}
END_TEST

START_TEST(capacity_is_rounded_up)
{
    struct nonce_store *small;
    struct nonce_id id = id_of("n");

    ck_assert(nonce_open(&small, (size_t)_i) == REASON_NONE);
    nonce_remember(small, &id, NOW_S, UNTIL_S);

    ck_assert_int_eq(nonce_accept(small, &id, 2, NOW_S, UNTIL_S),
                     NONCE_ACCEPTED);
    nonce_close(small);
}
END_TEST

START_TEST(closing_nothing_does_no_harm)
{
    nonce_close(NULL);
}
END_TEST

enum { THREADS = 8, RACES = 100 };

struct racer {
    struct nonce_id id;
    uint32_t accepted;
};

static void *
race(void *argument)
{
    struct racer *racer = argument;

    for (uint32_t count = 2; count < 2 + RACES; count++)
        racer->accepted += nonce_accept(store, &racer->id, count, NOW_S,
                                        UNTIL_S) == NONCE_ACCEPTED;
    return NULL;
}

START_TEST(G18_exactly_one_thread_wins_a_count)
{
    pthread_t threads[THREADS];
    struct racer racers[THREADS];
    uint32_t accepted = 0, next = 2;

    for (int i = 0; i < THREADS; i++)
        racers[i] = (struct racer){ .id = id_of("n") };
    nonce_remember(store, &racers[0].id, NOW_S, UNTIL_S);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, race, &racers[i]),
                         0);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        accepted += racers[i].accepted;
    }

    /* one was accepted for each count */
    while (accept(&racers[0].id, next) == NONCE_MISCOUNTED)
        next++;
    ck_assert_uint_eq(accepted, next - 2);
    ck_assert_uint_eq(accepted, RACES);
}
END_TEST

Suite *
server_nonces_suite(void)
{
    Suite *suite = suite_create("server_nonces");
    TCase *counting = support_case(suite, "counting");
    TCase *room = support_case(suite, "room");

    tcase_add_checked_fixture(counting, open_store, close_store);
    tcase_add_checked_fixture(room, open_store, close_store);
    tcase_add_test(counting, counts_follow_each_other);
    tcase_add_loop_test(counting, other_counts_are_refused, 0, 6);
    tcase_add_test(counting, count_is_accepted_once);
    tcase_add_test(counting, unknown_nonce_is_refused);
    tcase_add_test(counting, empty_store_knows_nothing);
    tcase_add_loop_test(counting, end_of_time, 0, 3);
    tcase_add_test(counting, use_moves_the_end);
    tcase_add_test(counting, refusal_moves_nothing);
    tcase_add_loop_test(counting, G37_other_owner_is_refused, 0, OWNERS);
    tcase_add_test(counting, G32_counts_do_not_wrap_in_one_step);
    tcase_add_test(counting, G18_exactly_one_thread_wins_a_count);
    tcase_add_test(room, G37_full_store_still_remembers_the_newest);
    tcase_add_test(room, store_holds_no_more_than_its_capacity);
    tcase_add_test(room, each_store_has_hashes_of_its_own);
    tcase_add_test(room, nonce_nearest_its_end_makes_room);
    tcase_add_test(room, expired_nonces_make_room_first);
    tcase_add_loop_test(room, capacity_is_rounded_up, 1, 18);
    tcase_add_test(room, closing_nothing_does_no_harm);
    return suite;
}
