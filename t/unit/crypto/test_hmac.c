/*
 * HMAC against the RFCs' examples and against OpenSSL's.
 */
#include "crypto/hmac.h"

#include <openssl/evp.h>
#include <string.h>

#include "crypto/crypto.h"
#include "support/support.h"

struct signed_text {
    const char *key, *text, *mac; /* in hexadecimal digits */
};

#define EIGHTY_AA                                                              \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                                 \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                                 \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                                 \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* RFC 2202 section 2; cases 1, 2, 3 and one with a key of 80 octets. */
static const struct signed_text macs[] = {
    { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
      "9294727a3638bb1c13f48ef8158bfc9d" },
    { "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "750c783e6ab0b503eaa86e310a5db738" },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "dddddddddddddddddddddddddddddddddddddddddddddddddd"
      "dddddddddddddddddddddddddddddddddddddddddddddddddd",
      "56be34521d144c88dbb8c733f0e8b3f6" },
    { EIGHTY_AA,
      "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65"
      "204b6579202d2048617368204b6579204669727374",
      "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd" },
};

enum { MAC_COUNT = sizeof(macs) / sizeof(*macs) };

static struct hmac
start(enum crypto_hash algorithm, struct slice key)
{
    struct hmac hmac;

    assert_reason("start",
                  crypto_hmac_start(&hmac, support_crypto(), algorithm, key),
                  REASON_NONE);
    return hmac;
}

START_TEST(hmac_of_rfc_2202)
{
    struct slice text = support_hex(macs[_i].text);
    struct hmac hmac = start(CRYPTO_MD5, support_hex(macs[_i].key));
    uint8_t mac[MD5_SIZE];

    assert_reason("run", hmac_run(&hmac, &text, 1, mac), REASON_NONE);
    hmac_stop(&hmac);

    assert_octets(macs[_i].key, slice_of(mac, MD5_SIZE),
                  support_hex(macs[_i].mac));
}
END_TEST

START_TEST(key_may_sign_again)
{
    struct slice text = support_hex(macs[0].text);
    const struct slice parts[] = { slice_of(text.data, 3), SLICE_NONE,
                                   slice_of(text.data + 3, text.size - 3) };
    struct hmac one = start(CRYPTO_MD5, support_hex(macs[0].key));
    struct hmac other = start(CRYPTO_MD5, SLICE("other"));
    uint8_t mac[MD5_SIZE];

    assert_reason("nothing", hmac_run(&one, NULL, 0, mac), REASON_NONE);
    assert_reason("other", hmac_run(&other, &text, 1, mac), REASON_NONE);
    assert_reason("parts", hmac_run(&one, parts, 3, mac), REASON_NONE);
    hmac_stop(&one);
    hmac_stop(&other);

    assert_octets("mac", slice_of(mac, MD5_SIZE), support_hex(macs[0].mac));
}
END_TEST

static const struct {
    enum crypto_hash algorithm;
    const char *name;
    size_t size;
} hashes[] = {
    { CRYPTO_MD5, "MD5", 16 },
    { CRYPTO_SHA_256, "SHA256", 32 },
};

/* Around the sizes of the hashes and of their blocks, and none. */
static const size_t key_sizes[] = { 0, 1, 15, 16, 32, 63, 64, 65, 128, 1000 };
static const size_t text_sizes[] = { 0, 1, 55, 56, 63, 64, 65, 1000 };

enum {
    HASH_COUNT = sizeof(hashes) / sizeof(*hashes),
    KEY_SIZE_COUNT = sizeof(key_sizes) / sizeof(*key_sizes),
    TEXT_SIZE_COUNT = sizeof(text_sizes) / sizeof(*text_sizes),
    SIZE_MAX_HERE = 1000
};

static struct slice
octets_from(unsigned first, size_t size)
{
    uint8_t *octets = support_keep(SIZE_MAX_HERE);

    for (size_t i = 0; i < size; i++)
        octets[i] = (uint8_t)(first + 7 * i);
    return slice_of(octets, size);
}

START_TEST(mac_is_that_of_openssl)
{
    size_t hash = (size_t)_i / KEY_SIZE_COUNT;
    struct slice key = octets_from(3, key_sizes[_i % KEY_SIZE_COUNT]);
    struct hmac hmac = start(hashes[hash].algorithm, key);

    for (size_t i = 0; i < TEXT_SIZE_COUNT; i++) {
        struct slice text = octets_from(5, text_sizes[i]);
        uint8_t got[HASH_SIZE_MAX], expected[HASH_SIZE_MAX];
        size_t size = 0;

        assert_reason("run", hmac_run(&hmac, &text, 1, got), REASON_NONE);
        ck_assert_ptr_nonnull(EVP_Q_mac(
            NULL, "HMAC", NULL, hashes[hash].name, NULL, key.data, key.size,
            text.data, text.size, expected, sizeof(expected), &size));

        assert_number("size", size, hashes[hash].size);
        assert_octets(hashes[hash].name, slice_of(got, size),
                      slice_of(expected, size));
    }
    hmac_stop(&hmac);
}
END_TEST

START_TEST(G3_stopped_one_may_be_stopped_again)
{
    struct hmac hmac = start(CRYPTO_MD5, SLICE("key"));

    ck_assert(hmac_is_started(&hmac));
    hmac_stop(&hmac);
    hmac_stop(&hmac);

    ck_assert(!hmac_is_started(&hmac));
}
END_TEST

START_TEST(one_that_never_started_may_be_stopped)
{
    struct hmac hmac = { NULL, NULL, NULL };

    ck_assert(!hmac_is_started(&hmac));
    hmac_stop(&hmac);
}
END_TEST

Suite *
hmac_suite(void)
{
    Suite *suite = suite_create("hmac");
    TCase *all = support_case(suite, "all");

    tcase_add_loop_test(all, hmac_of_rfc_2202, 0, MAC_COUNT);
    tcase_add_test(all, key_may_sign_again);
    tcase_add_loop_test(all, mac_is_that_of_openssl, 0,
                        HASH_COUNT * KEY_SIZE_COUNT);
    tcase_add_test(all, G3_stopped_one_may_be_stopped_again);
    tcase_add_test(all, one_that_never_started_may_be_stopped);
    return suite;
}
