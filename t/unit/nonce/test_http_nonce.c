/*
 * HTTP's nonces: our own, those of another process, altered ones; and their
 * first use.
 */
#include "nonce/http_nonce.h"

#include <string.h>

#include "base/text.h"
#include "nonce/server_nonces.h"
#include "support/support.h"

enum { NOW_S = 1000, END_S = 2000, KIND = 3 };

static const struct http_nonce_key key = { { 1, 2, 3 } };

static struct slice
make_behind(struct slice prefix)
{
    struct writer writer =
        writer_over(support_keep(2 * HTTP_NONCE_SIZE), 2 * HTTP_NONCE_SIZE);

    assert_reason(
        "make",
        http_nonce_put(&writer, support_hasher(), &key, KIND, prefix, NOW_S),
        REASON_NONE);
    ck_assert(!writer.overflow);
    return writer_result(&writer);
}

static struct slice
make(void)
{
    struct slice nonce = make_behind(SLICE(""));

    ck_assert_uint_eq(nonce.size, HTTP_NONCE_SIZE);
    return nonce;
}

static enum reason
read_with(const struct http_nonce_key *other, struct slice nonce)
{
    uint64_t issued_s = 0;
    enum reason reason =
        http_nonce_read(support_hasher(), other, KIND, nonce, &issued_s);

    if (reason == REASON_NONE)
        ck_assert_uint_eq(issued_s, NOW_S);
    return reason;
}

START_TEST(nonce_tells_when_it_was_made)
{
    assert_reason("read", read_with(&key, make()), REASON_NONE);
}
END_TEST

START_TEST(no_two_nonces_are_the_same)
{
    ck_assert(!slice_equal(make(), make()));
}
END_TEST

static uint32_t
first_digits(struct slice nonce)
{
    uint32_t number;

    nonce.size = 8;
    assert_reason("digits", text_to_count(nonce, &number), REASON_NONE);
    return number;
}

/* It is the uptime of the machine: no octet of it is the same in all nonces. */
START_TEST(G58_time_does_not_show)
{
    const uint32_t first = first_digits(make());
    uint32_t differences = 0;

    for (int i = 0; i < 100; i++)
        differences |= first ^ first_digits(make());
    ck_assert_uint_eq(differences, UINT32_MAX);
}
END_TEST

START_TEST(any_time_is_read)
{
    static const uint32_t times[] = { 0, 1, 0x80000000, UINT32_MAX };
    uint8_t octets[HTTP_NONCE_SIZE];
    struct writer writer = writer_over(octets, sizeof(octets));
    uint64_t issued_s = 1;

    assert_reason("make",
                  http_nonce_put(&writer, support_hasher(), &key, KIND,
                                 SLICE(""), times[_i]),
                  REASON_NONE);
    assert_reason("read",
                  http_nonce_read(support_hasher(), &key, KIND,
                                  writer_result(&writer), &issued_s),
                  REASON_NONE);
    ck_assert_uint_eq(issued_s, times[_i]);
}
END_TEST

START_TEST(nonce_of_another_kind_is_foreign)
{
    uint64_t issued_s;

    for (uint8_t kind = 0; kind < 32; kind++)
        assert_reason(
            "read",
            http_nonce_read(support_hasher(), &key, kind, make(), &issued_s),
            kind == KIND ? REASON_NONE : REASON_NONCE);
}
END_TEST

START_TEST(nonce_of_another_process_is_foreign)
{
    static const struct http_nonce_key other = { { 1, 2, 4 } };

    assert_reason("read", read_with(&other, make()), REASON_NONCE);
}
END_TEST

START_TEST(prefix_is_part_of_the_nonce)
{
    struct slice nonce = make_behind(SLICE("+Prefix"));
    struct slice rest = nonce, prefix;
    struct writer longer = writer_over(support_keep(256), 256);

    ck_assert(slice_take(&rest, 7, &prefix));
    assert_octets("prefix", prefix, SLICE("+Prefix"));
    writer_put(&longer, SLICE("+Prefix"));
    writer_put(&longer, make());

    assert_reason("whole", read_with(&key, nonce), REASON_NONE);
    assert_reason("taken off", read_with(&key, rest), REASON_NONCE);
    assert_reason("put on", read_with(&key, writer_result(&longer)),
                  REASON_NONCE);
}
END_TEST

START_TEST(opaque_goes_with_the_key)
{
    static const struct http_nonce_key other = { { 1, 2, 4 } };
    uint8_t texts[3][HTTP_OPAQUE_SIZE];
    struct writer one = writer_over(texts[0], HTTP_OPAQUE_SIZE);
    struct writer again = writer_over(texts[1], HTTP_OPAQUE_SIZE);
    struct writer foreign = writer_over(texts[2], HTTP_OPAQUE_SIZE);

    assert_reason("one", http_nonce_put_opaque(&one, support_hasher(), &key),
                  REASON_NONE);
    assert_reason("again",
                  http_nonce_put_opaque(&again, support_hasher(), &key),
                  REASON_NONE);
    assert_reason("foreign",
                  http_nonce_put_opaque(&foreign, support_hasher(), &other),
                  REASON_NONE);

    ck_assert(!one.overflow && one.used == HTTP_OPAQUE_SIZE);
    assert_octets("same key", writer_result(&one), writer_result(&again));
    ck_assert(!slice_equal(writer_result(&one), writer_result(&foreign)));
}
END_TEST

START_TEST(altered_nonce_is_foreign)
{
    struct slice nonce = make();

    ((uint8_t *)(uintptr_t)nonce.data)[_i] ^= 1;

    assert_reason("read", read_with(&key, nonce), REASON_NONCE);
}
END_TEST

START_TEST(nonce_of_another_size_is_foreign)
{
    struct slice nonce = make();

    nonce.size = (size_t)_i;

    assert_reason("read", read_with(&key, support_copy(nonce)), REASON_NONCE);
}
END_TEST

static struct nonce_id
id_of(uint8_t number)
{
    struct nonce_id id;

    memset(&id, 0, sizeof(id));
    id.key[15] = number; /* not the octets that select the set */
    return id;
}

static enum nonce_verdict
begin_at(struct nonce_store *store, const struct nonce_id *id,
         uint64_t issued_s, uint64_t now_s, uint64_t until_s)
{
    return nonce_begin(store, id, 1, issued_s, now_s, until_s);
}

static enum nonce_verdict
begin(struct nonce_store *store, const struct nonce_id *id, uint64_t issued_s)
{
    return begin_at(store, id, issued_s, NOW_S, END_S);
}

START_TEST(first_use_is_granted_once)
{
    const struct nonce_id id = id_of(1);
    struct nonce_store *store;

    assert_reason("open", nonce_open(&store, 8), REASON_NONE);

    ck_assert_int_eq(begin(store, &id, NOW_S), NONCE_BEGUN);
    ck_assert_int_eq(begin(store, &id, NOW_S), NONCE_MISCOUNTED);
    ck_assert_int_eq(nonce_accept(store, &id, 2, NOW_S, END_S), NONCE_ACCEPTED);
    ck_assert_int_eq(begin(store, &id, NOW_S), NONCE_MISCOUNTED);
    nonce_close(store);
}
END_TEST

/* An evicted nonce could otherwise be accepted as new. */
START_TEST(forgotten_nonce_is_not_granted_again)
{
    struct nonce_store *store;

    assert_reason("open", nonce_open(&store, 8), REASON_NONE);
    for (uint8_t i = 0; i < 9; i++) {
        const struct nonce_id id = id_of(i);

        ck_assert_int_eq(begin_at(store, &id, NOW_S, NOW_S, END_S + i),
                         NONCE_BEGUN);
    }

    for (uint8_t i = 0; i < 9; i++) {
        const struct nonce_id id = id_of(i);

        ck_assert_int_ne(begin_at(store, &id, NOW_S, NOW_S, END_S),
                         NONCE_BEGUN);
    }
    nonce_close(store);
}
END_TEST

START_TEST(nonce_made_after_the_loss_is_granted)
{
    const struct nonce_id id = id_of(99);
    struct nonce_store *store;

    assert_reason("open", nonce_open(&store, 8), REASON_NONE);
    for (uint8_t i = 0; i < 9; i++) {
        const struct nonce_id other = id_of(i);

        ck_assert_int_eq(begin_at(store, &other, NOW_S, NOW_S, END_S),
                         NONCE_BEGUN);
    }

    ck_assert_int_eq(begin_at(store, &id, NOW_S + 1, NOW_S + 1, END_S),
                     NONCE_BEGUN);
    nonce_close(store);
}
END_TEST

/* Refused are the evicted nonce and older ones, but not those issued later. */
START_TEST(nonce_younger_than_the_forgotten_one_is_granted)
{
    const struct nonce_id late = id_of(99), lost = id_of(0);
    struct nonce_store *store;

    assert_reason("open", nonce_open(&store, 8), REASON_NONE);
    for (uint8_t i = 0; i < 9; i++) {
        const struct nonce_id id = id_of(i);

        ck_assert_int_eq(begin_at(store, &id, NOW_S + i, NOW_S + 20, END_S + i),
                         NONCE_BEGUN);
    }

    ck_assert_int_ne(begin_at(store, &lost, NOW_S, NOW_S + 20, END_S),
                     NONCE_BEGUN);
    ck_assert_int_eq(begin_at(store, &late, NOW_S + 1, NOW_S + 20, END_S + 1),
                     NONCE_BEGUN);
    nonce_close(store);
}
END_TEST

/* A slow thread uses the time when its request began. */
START_TEST(expired_nonce_is_not_granted_to_a_slow_thread)
{
    const struct nonce_id old = id_of(99);
    struct nonce_store *store;

    assert_reason("open", nonce_open(&store, 8), REASON_NONE);
    ck_assert_int_eq(begin_at(store, &old, NOW_S, NOW_S, END_S), NONCE_BEGUN);
    for (uint8_t i = 0; i < 8; i++) {
        const struct nonce_id id = id_of(i);

        ck_assert_int_eq(begin_at(store, &id, END_S, END_S, 2 * END_S),
                         NONCE_BEGUN);
    }

    ck_assert_int_ne(begin_at(store, &old, NOW_S, END_S - 1, END_S),
                     NONCE_BEGUN);
    nonce_close(store);
}
END_TEST

Suite *
http_nonce_suite(void)
{
    Suite *suite = suite_create("http_nonce");
    TCase *nonces = support_case(suite, "nonces");
    TCase *uses = support_case(suite, "uses");

    tcase_add_test(nonces, nonce_tells_when_it_was_made);
    tcase_add_test(nonces, no_two_nonces_are_the_same);
    tcase_add_test(nonces, G58_time_does_not_show);
    tcase_add_loop_test(nonces, any_time_is_read, 0, 4);
    tcase_add_test(nonces, nonce_of_another_kind_is_foreign);
    tcase_add_test(nonces, nonce_of_another_process_is_foreign);
    tcase_add_test(nonces, prefix_is_part_of_the_nonce);
    tcase_add_test(nonces, opaque_goes_with_the_key);
    tcase_add_loop_test(nonces, altered_nonce_is_foreign, 0, HTTP_NONCE_SIZE);
    tcase_add_loop_test(nonces, nonce_of_another_size_is_foreign, 0,
                        HTTP_NONCE_SIZE);
    tcase_add_test(uses, first_use_is_granted_once);
    tcase_add_test(uses, forgotten_nonce_is_not_granted_again);
    tcase_add_test(uses, nonce_made_after_the_loss_is_granted);
    tcase_add_test(uses, nonce_younger_than_the_forgotten_one_is_granted);
    tcase_add_test(uses, expired_nonce_is_not_granted_to_a_slow_thread);
    return suite;
}
