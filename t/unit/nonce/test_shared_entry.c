/*
 * An attacker with access to the store can do nothing to an entry.
 */
#include "nonce/shared_entry.h"

#include <string.h>

#include "support/support.h"

enum { UNTIL_S = 1800000000 };

static struct aead *aead;
static struct nonce_keys keys;

static struct nonce_keys
keys_of(uint8_t master, struct slice run)
{
    const struct aead_key key = { { master } };
    struct nonce_keys made;

    assert_reason("keys", nonce_keys_derive(&made, aead, &key, run),
                  REASON_NONE);
    return made;
}

static void
setup(void)
{
    assert_reason("open", aead_open(support_crypto(), &aead), REASON_NONE);
    keys = keys_of(1, SLICE("run"));
}

static void
teardown(void)
{
    aead_close(aead);
    aead = NULL;
}

static const struct nonce_id id = { { 1 }, { 2 } };
static const struct nonce_id other_nonce = { { 3 }, { 2 } };
static const struct nonce_id other_owner = { { 1 }, { 4 } };

static void
put(const struct nonce_use *use, uint8_t entry[static NONCE_ENTRY_SIZE])
{
    struct writer writer = writer_over(entry, NONCE_ENTRY_SIZE);

    assert_reason("put", nonce_entry_put(aead, &keys, use, UNTIL_S, &writer),
                  REASON_NONE);
    ck_assert(!writer.overflow);
    ck_assert_uint_eq(writer.used, NONCE_ENTRY_SIZE);
}

static enum reason
read_as(const struct nonce_keys *with, const struct nonce_use *use,
        const uint8_t *entry, size_t size)
{
    uint64_t until_s;

    return nonce_entry_read(aead, with, use,
                            support_copy(slice_of(entry, size)), &until_s);
}

START_TEST(entry_tells_its_end)
{
    const struct nonce_use use = { &id, 5 };
    uint8_t entry[NONCE_ENTRY_SIZE];
    uint64_t until_s = 0;

    put(&use, entry);

    assert_reason("read",
                  nonce_entry_read(aead, &keys, &use,
                                   slice_of(entry, sizeof(entry)), &until_s),
                  REASON_NONE);
    ck_assert_uint_eq(until_s, UNTIL_S);
}
END_TEST

START_TEST(tampered_entry_is_refused)
{
    const struct nonce_use use = { &id, 5 };
    uint8_t entry[NONCE_ENTRY_SIZE];

    put(&use, entry);
    entry[_i] ^= 1;

    assert_reason("read", read_as(&keys, &use, entry, sizeof(entry)),
                  REASON_ALTERED);
}
END_TEST

/* An entry with the right mark and another content is not accepted. */
START_TEST(swapped_entry_is_refused)
{
    const struct nonce_use use = { &id, 5 };
    const struct nonce_use others[] = {
        { &other_nonce, 5 }, { &other_owner, 5 }, { &id, 4 }, { &id, 6 }
    };
    uint8_t entry[NONCE_ENTRY_SIZE], other[NONCE_ENTRY_SIZE];

    put(&use, entry);
    put(&others[_i], other);
    ck_assert(memcmp(entry, other, NONCE_MARK_SIZE) != 0);
    assert_reason("as it is", read_as(&keys, &use, other, sizeof(other)),
                  REASON_ALTERED);

    memcpy(other, entry, NONCE_MARK_SIZE);

    assert_reason("under its mark", read_as(&keys, &use, other, sizeof(other)),
                  REASON_ALTERED);
}
END_TEST

START_TEST(other_key_and_other_run_know_nothing)
{
    const struct nonce_use use = { &id, 5 };
    const struct nonce_keys others[] = { keys_of(2, SLICE("run")),
                                         keys_of(1, SLICE("ruo")) };
    uint8_t entry[NONCE_ENTRY_SIZE];

    put(&use, entry);

    for (size_t i = 0; i < 2; i++) {
        assert_reason("read", read_as(&others[i], &use, entry, sizeof(entry)),
                      REASON_ALTERED);
        ck_assert(memcmp(&others[i].http, &keys.http, sizeof(keys.http)) != 0);
        ck_assert(memcmp(&others[i].name, &keys.name, sizeof(keys.name)) != 0);
    }
}
END_TEST

START_TEST(entry_of_another_size_is_refused)
{
    const struct nonce_use use = { &id, 5 };
    uint8_t entry[NONCE_ENTRY_SIZE + 1] = "";

    put(&use, entry);

    for (size_t size = 0; size <= sizeof(entry); size++)
        if (size != NONCE_ENTRY_SIZE)
            assert_reason("read", read_as(&keys, &use, entry, size),
                          REASON_ALTERED);
}
END_TEST

START_TEST(no_two_entries_look_alike)
{
    const struct nonce_use use = { &id, 5 };
    uint8_t entry[NONCE_ENTRY_SIZE], other[NONCE_ENTRY_SIZE];

    put(&use, entry);
    put(&use, other);

    ck_assert(memcmp(entry, other, NONCE_MARK_SIZE) == 0);
    ck_assert(memcmp(entry, other, NONCE_ENTRY_SIZE) != 0);
}
END_TEST

START_TEST(name_is_of_the_nonce_alone)
{
    const struct nonce_id *ids[] = { &id, &other_owner, &other_nonce };
    uint8_t texts[4][NONCE_NAME_MAX];
    struct writer names[4];

    for (size_t i = 0; i < 4; i++) {
        names[i] = writer_over(texts[i], NONCE_NAME_MAX);
        assert_reason(
            "name",
            i == 3 ? nonce_entry_put_epoch(aead, &keys, &names[i])
                   : nonce_entry_put_name(aead, &keys, ids[i], &names[i]),
            REASON_NONE);
        ck_assert(!names[i].overflow);
    }
    ck_assert(slice_equal(writer_result(&names[0]), writer_result(&names[1])));
    ck_assert(!slice_equal(writer_result(&names[0]), writer_result(&names[2])));
    ck_assert(!slice_equal(writer_result(&names[0]), writer_result(&names[3])));
}
END_TEST

Suite *
shared_entry_suite(void)
{
    Suite *suite = suite_create("shared_entry");
    TCase *all = support_case(suite, "all");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, entry_tells_its_end);
    tcase_add_loop_test(all, tampered_entry_is_refused, 0, NONCE_ENTRY_SIZE);
    tcase_add_loop_test(all, swapped_entry_is_refused, 0, 4);
    tcase_add_test(all, other_key_and_other_run_know_nothing);
    tcase_add_test(all, entry_of_another_size_is_refused);
    tcase_add_test(all, no_two_entries_look_alike);
    tcase_add_test(all, name_is_of_the_nonce_alone);
    return suite;
}
