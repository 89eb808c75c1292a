/*
 * The keyed hash of a word.
 */
#include "base/siphash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "support/support.h"

/* The vector of the reference implementation for the input 00 01 ... 07. */
START_TEST(known_word_has_its_hash)
{
    static const uint64_t key[] = { UINT64_C(0x0706050403020100),
                                    UINT64_C(0x0f0e0d0c0b0a0908) };

    ck_assert(siphash_word(key, UINT64_C(0x0706050403020100)) ==
              UINT64_C(0x93f5f5799a932462));
}
END_TEST

static void
put_word(uint8_t *octets, uint64_t word)
{
    for (int i = 0; i < 8; i++)
        octets[i] = (uint8_t)(word >> (8 * i));
}

static void
hash_with_openssl(const uint64_t *key, uint64_t word, uint8_t *hash)
{
    size_t size = 8;
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
    EVP_MAC_CTX *state = EVP_MAC_CTX_new(mac);
    uint8_t key_octets[16], octets[8];

    put_word(key_octets, key[0]);
    put_word(key_octets + 8, key[1]);
    put_word(octets, word);
    ck_assert_int_eq(EVP_MAC_init(state, key_octets, 16, parameters), 1);
    ck_assert_int_eq(EVP_MAC_update(state, octets, 8), 1);
    ck_assert_int_eq(EVP_MAC_final(state, hash, &size, 8), 1);
    EVP_MAC_CTX_free(state);
    EVP_MAC_free(mac);
}

START_TEST(hashes_are_those_of_openssl)
{
    uint64_t word = 1, key[SIPHASH_KEY_WORDS] = { 0, UINT64_MAX };
    uint8_t expected[8], got[8];

    for (int i = 0; i < 100; i++) {
        hash_with_openssl(key, word, expected);
        put_word(got, siphash_word(key, word));
        assert_octets("hash", slice_of(got, 8), slice_of(expected, 8));
        key[i % 2] = word;
        word = siphash_word(key, word);
    }
}
END_TEST

Suite *
siphash_suite(void)
{
    Suite *suite = suite_create("siphash");
    TCase *tests = support_case(suite, "siphash");

    tcase_add_test(tests, known_word_has_its_hash);
    tcase_add_test(tests, hashes_are_those_of_openssl);
    return suite;
}
