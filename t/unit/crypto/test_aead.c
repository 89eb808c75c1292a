/*
 * Derived keys and sealed octets.
 */
#include "crypto/aead.h"

#include <string.h>

#include "support/support.h"

static struct aead *aead;

static void
setup(void)
{
    assert_reason("open", aead_open(support_crypto(), &aead), REASON_NONE);
}

static void
teardown(void)
{
    aead_close(aead);
    aead = NULL;
}

static struct aead_key
derive(const struct slice *parts, size_t count)
{
    const uint8_t master[AEAD_KEY_SIZE] = { 1, 2, 3 };
    struct aead_key key;

    assert_reason(
        "derive",
        aead_derive(aead, slice_of(master, sizeof(master)), parts, count, &key),
        REASON_NONE);
    return key;
}

START_TEST(derivation_is_hmac_of_sizes_and_parts)
{
    const struct slice part = SLICE("what do ya want for nothing?");
    struct aead_key key;

    assert_reason("derive", aead_derive(aead, SLICE("Jefe"), &part, 1, &key),
                  REASON_NONE);

    /* by Python's hmac, over 0000001c and the text */
    assert_octets("hmac", aead_key_slice(&key),
                  support_hex("6298cecdfbe401fe7a2c98963b8fc9fc"
                              "e1d110839f3a1ac4f873523359f55750"));
}
END_TEST

START_TEST(parts_cut_elsewhere_give_another_key)
{
    const struct slice one[] = { SLICE("ab"), SLICE("c") };
    const struct slice other[] = { SLICE("a"), SLICE("bc") };
    const struct slice empty[] = { SLICE("abc"), SLICE("") };
    struct aead_key keys[] = { derive(one, 2), derive(other, 2),
                               derive(empty, 2), derive(empty, 1) };

    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < i; j++)
            ck_assert(memcmp(&keys[i], &keys[j], sizeof(keys[i])) != 0);
}
END_TEST

START_TEST(more_than_eight_parts_are_refused)
{
    const struct slice parts[9] = { SLICE("a") };
    struct aead_key key;

    assert_reason("8", aead_derive(aead, SLICE("key"), parts, 8, &key),
                  REASON_NONE);
    assert_reason("9", aead_derive(aead, SLICE("key"), parts, 9, &key),
                  REASON_INTERNAL);
}
END_TEST

enum { TEXT_SIZE = 5, SEALED_SIZE = TEXT_SIZE + AEAD_TAG_SIZE };

static const uint8_t iv[AEAD_IV_SIZE] = { 7 };
static const struct aead_key some_key = { { 9 } };

static struct slice
seal(uint8_t memory[static SEALED_SIZE])
{
    struct writer sealed = writer_over(memory, SEALED_SIZE);

    assert_reason(
        "seal",
        aead_seal(aead, &some_key, iv, SLICE("bound"), SLICE("plain"), &sealed),
        REASON_NONE);
    return writer_result(&sealed);
}

static enum reason
unseal(const struct aead_key *key, const uint8_t *with, struct slice bound,
       struct slice sealed, uint8_t text[static TEXT_SIZE])
{
    struct writer plain = writer_over(text, TEXT_SIZE);

    return aead_unseal(aead, key, with, bound, sealed, &plain);
}

START_TEST(sealed_octets_come_back)
{
    uint8_t memory[SEALED_SIZE], text[TEXT_SIZE];
    struct slice sealed = seal(memory);

    ck_assert_uint_eq(sealed.size, SEALED_SIZE);
    ck_assert(memcmp(memory, "plain", TEXT_SIZE) != 0);
    assert_reason("unseal", unseal(&some_key, iv, SLICE("bound"), sealed, text),
                  REASON_NONE);
    assert_octets("plain", slice_of(text, sizeof(text)), SLICE("plain"));
}
END_TEST

START_TEST(altered_octets_do_not)
{
    static const uint8_t zeros[TEXT_SIZE];
    uint8_t memory[SEALED_SIZE], text[TEXT_SIZE] = "";
    struct slice sealed = seal(memory);

    memory[_i] ^= 0x10;

    assert_reason("unseal", unseal(&some_key, iv, SLICE("bound"), sealed, text),
                  REASON_ALTERED);
    ck_assert(memcmp(text, zeros, sizeof(text)) == 0);
}
END_TEST

START_TEST(other_key_iv_or_bound_octets_do_not_fit)
{
    const struct aead_key key = { { 8 } };
    const uint8_t other[AEAD_IV_SIZE] = { 8 };
    uint8_t memory[SEALED_SIZE], text[TEXT_SIZE];
    struct slice sealed = seal(memory);

    assert_reason("key", unseal(&key, iv, SLICE("bound"), sealed, text),
                  REASON_ALTERED);
    assert_reason("iv", unseal(&some_key, other, SLICE("bound"), sealed, text),
                  REASON_ALTERED);
    assert_reason("bound", unseal(&some_key, iv, SLICE("bounc"), sealed, text),
                  REASON_ALTERED);
    assert_reason("nothing", unseal(&some_key, iv, SLICE(""), sealed, text),
                  REASON_ALTERED);
}
END_TEST

START_TEST(every_other_size_is_refused)
{
    uint8_t memory[SEALED_SIZE + 1] = "", text[TEXT_SIZE];

    (void)seal(memory);
    if (_i == SEALED_SIZE)
        return;

    assert_reason("size",
                  unseal(&some_key, iv, SLICE("bound"),
                         support_copy(slice_of(memory, (size_t)_i)), text),
                  REASON_ALTERED);
}
END_TEST

Suite *
aead_suite(void)
{
    Suite *suite = suite_create("aead");
    TCase *all = support_case(suite, "all");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, derivation_is_hmac_of_sizes_and_parts);
    tcase_add_test(all, parts_cut_elsewhere_give_another_key);
    tcase_add_test(all, more_than_eight_parts_are_refused);
    tcase_add_test(all, sealed_octets_come_back);
    tcase_add_loop_test(all, altered_octets_do_not, 0, SEALED_SIZE);
    tcase_add_test(all, other_key_iv_or_bound_octets_do_not_fit);
    tcase_add_loop_test(all, every_other_size_is_refused, 0, SEALED_SIZE + 2);
    return suite;
}
