/*
 * What OpenSSL is asked for, and what the application's own OpenSSL must not
 * notice of it.
 */
#include "crypto/crypto.h"

#include <openssl/err.h>
#include <openssl/provider.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"
#include "base/text.h"

static struct slice
octets_of(const struct md5 *md5)
{
    return slice_of(md5->octets, sizeof(md5->octets));
}

START_TEST(G2_default_provider_has_aes_and_3des_only)
{
    struct crypto *crypto = support_crypto_without_legacy();

    ck_assert(crypto_has(crypto, CRYPTO_AES_CTR));
    ck_assert(crypto_has(crypto, CRYPTO_DES_EDE_CBC));
    ck_assert(!crypto_has(crypto, CRYPTO_RC4));
    ck_assert(!crypto_has(crypto, CRYPTO_DES_CBC));
    crypto_close(crypto);
}
END_TEST

START_TEST(missing_cipher_stays_missing)
{
    struct crypto *crypto = support_crypto_without_legacy();

    /* the legacy provider could be loaded now */
    ck_assert(!crypto_has(crypto, CRYPTO_RC4));
    crypto_close(crypto);
}
END_TEST

START_TEST(several_may_be_open)
{
    struct crypto *one, *other;
    struct hasher hasher;
    struct md5 md5;

    assert_reason("one", crypto_open(&one), REASON_NONE);
    assert_reason("other", crypto_open(&other), REASON_NONE);
    crypto_close(one);
    assert_reason("start", crypto_hasher_start(&hasher, other), REASON_NONE);

    assert_reason("hash", crypto_md5(&hasher, NULL, 0, &md5), REASON_NONE);

    crypto_hasher_stop(&hasher);
    crypto_close(other);
}
END_TEST

START_TEST(nothing_may_be_closed)
{
    crypto_close(NULL);
}
END_TEST

/* Everything that the library asks of OpenSSL. */
static void
use_everything(void)
{
    static const uint8_t key[MD5_SIZE];
    struct crypto *crypto = support_crypto();
    const struct slice parts[] = { SLICE("a") };
    uint8_t nonce[NONCE_TEXT_SIZE], sha256[32], block[8] = { 0 };
    struct stream stream;
    struct md5 md5;
    struct mac mac;
    size_t written;

    assert_reason("md5", crypto_md5(support_hasher(), parts, 1, &md5),
                  REASON_NONE);
    assert_reason("sha", crypto_sha256(support_hasher(), parts, 1, sha256),
                  REASON_NONE);
    assert_reason("nonce", crypto_nonce(nonce), REASON_NONE);
    assert_reason("mac",
                  crypto_mac_start(&mac, crypto, CRYPTO_MD5, SLICE("key")),
                  REASON_NONE);
    assert_reason("mac", crypto_mac_run(&mac, parts, 1, md5.octets, MD5_SIZE),
                  REASON_NONE);
    crypto_mac_stop(&mac);
    assert_reason("stream",
                  crypto_stream_start(&stream, crypto, CRYPTO_DES_EDE_CBC,
                                      slice_of(key, sizeof(key)),
                                      slice_of(key, sizeof(block)), true),
                  REASON_NONE);
    assert_reason(
        "run",
        crypto_stream_run(&stream, block, sizeof(block), block, &written),
        REASON_NONE);
    crypto_stream_stop(&stream);
    (void)crypto_has(crypto, CRYPTO_RC4);
}

START_TEST(application_does_not_get_our_providers)
{
    ck_assert(!OSSL_PROVIDER_available(NULL, "legacy"));
    use_everything();

    ck_assert(!OSSL_PROVIDER_available(NULL, "legacy"));
    ck_assert(!OSSL_PROVIDER_available(NULL, "null"));
}
END_TEST

START_TEST(default_context_of_the_application_stays)
{
    OSSL_LIB_CTX *before = OSSL_LIB_CTX_set0_default(NULL);

    use_everything();

    ck_assert_ptr_eq(OSSL_LIB_CTX_set0_default(NULL), before);
}
END_TEST

/* Asks for what is not there. */
static void
ask_in_vain(void)
{
    static const uint8_t key[MD5_SIZE];
    struct crypto *crypto = support_crypto_without_legacy();
    struct stream stream;

    assert_reason("start",
                  crypto_stream_start(&stream, crypto, CRYPTO_RC4,
                                      slice_of(key, sizeof(key)), SLICE_NONE,
                                      true),
                  REASON_CRYPTO);
    crypto_stream_stop(&stream);
    crypto_close(crypto);
}

START_TEST(error_queue_of_the_application_stays_empty)
{
    ERR_clear_error();
    use_everything();
    ask_in_vain();

    ck_assert_uint_eq(ERR_peek_error(), 0);
}
END_TEST

static void
raise_error(void)
{
    ERR_raise(ERR_LIB_USER, ERR_R_PASSED_NULL_PARAMETER);
}

/* With or without an error of the application, a failure or none. */
START_TEST(errors_of_a_failure_are_taken_out)
{
    bool before = (_i & 1) != 0, fails = (_i & 2) != 0, entered;

    ERR_clear_error();
    if (before)
        raise_error();
    entered = crypto_enter();
    if (fails)
        raise_error();
    crypto_leave(entered, fails ? REASON_CRYPTO : REASON_NONE);
    /* no mark is left */
    (void)ERR_pop_to_mark();

    ck_assert_uint_eq(ERR_peek_error(), 0);
}
END_TEST

START_TEST(error_of_the_application_stays)
{
    bool fails = _i != 0, entered;

    ERR_clear_error();
    raise_error();
    entered = crypto_enter();
    if (fails)
        raise_error();
    crypto_leave(entered, fails ? REASON_CRYPTO : REASON_NONE);

    ck_assert_uint_ne(ERR_get_error(), 0);
    ck_assert_uint_eq(ERR_get_error(), 0);
}
END_TEST

START_TEST(error_of_the_application_stays_in_its_queue)
{
    unsigned long error;

    ERR_clear_error();
    raise_error();
    error = ERR_peek_error();
    ask_in_vain();

    ck_assert_uint_eq(ERR_get_error(), error);
    ck_assert_uint_eq(ERR_peek_error(), 0);
}
END_TEST

struct known_answer {
    const char *text;
    const char *hash;
};

/* RFC 1321 A.5. */
static const struct known_answer md5s[] = {
    { "", "d41d8cd98f00b204e9800998ecf8427e" },
    { "a", "0cc175b9c0f1b6a831c399e269772661" },
    { "abc", "900150983cd24fb0d6963f7d28e17f72" },
    { "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
    { "abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b" },
    { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
      "d174ab98d277d9f5a5611c2c9f419d9f" },
    { "1234567890123456789012345678901234567890"
      "1234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a" },
};

START_TEST(md5_of_rfc_1321)
{
    const struct slice text = slice_of_string(md5s[_i].text);
    struct md5 md5;

    assert_reason("md5", crypto_md5(support_hasher(), &text, 1, &md5),
                  REASON_NONE);

    assert_octets(md5s[_i].text, octets_of(&md5), support_hex(md5s[_i].hash));
}
END_TEST

START_TEST(md5_joins_its_parts)
{
    const struct slice parts[] = { SLICE("mess"), SLICE_NONE, SLICE("age "),
                                   SLICE(""), SLICE("digest") };
    struct md5 md5;

    assert_reason("md5", crypto_md5(support_hasher(), parts, 5, &md5),
                  REASON_NONE);

    assert_octets("md5", octets_of(&md5), support_hex(md5s[3].hash));
}
END_TEST

START_TEST(md5_of_no_parts_is_that_of_nothing)
{
    struct md5 md5;

    assert_reason("md5", crypto_md5(support_hasher(), NULL, 0, &md5),
                  REASON_NONE);

    assert_octets("md5", octets_of(&md5), support_hex(md5s[0].hash));
}
END_TEST

START_TEST(hasher_may_hash_again)
{
    const struct slice text = SLICE("abc");
    uint8_t sha256[32];
    struct md5 md5;

    assert_reason("md5", crypto_md5(support_hasher(), &text, 1, &md5),
                  REASON_NONE);
    assert_reason("sha256", crypto_sha256(support_hasher(), &text, 1, sha256),
                  REASON_NONE);
    assert_reason("md5", crypto_md5(support_hasher(), &text, 1, &md5),
                  REASON_NONE);

    assert_octets("md5", octets_of(&md5), support_hex(md5s[2].hash));
}
END_TEST

/* FIPS 180-2 appendix B. */
static const struct known_answer sha256s[] = {
    { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "abc",
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

START_TEST(sha256_of_fips_180)
{
    const struct slice text = slice_of_string(sha256s[_i].text);
    uint8_t hash[32];

    assert_reason("sha256", crypto_sha256(support_hasher(), &text, 1, hash),
                  REASON_NONE);

    assert_octets(sha256s[_i].text, slice_of(hash, sizeof(hash)),
                  support_hex(sha256s[_i].hash));
}
END_TEST

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

static struct mac
start_mac(struct slice key)
{
    struct mac mac;

    assert_reason("start",
                  crypto_mac_start(&mac, support_crypto(), CRYPTO_MD5, key),
                  REASON_NONE);
    return mac;
}

START_TEST(mac_of_rfc_2202)
{
    struct slice text = support_hex(macs[_i].text);
    struct mac mac = start_mac(support_hex(macs[_i].key));
    struct md5 md5;

    assert_reason("run", crypto_mac_run(&mac, &text, 1, md5.octets, MD5_SIZE),
                  REASON_NONE);
    crypto_mac_stop(&mac);

    assert_octets(macs[_i].key, octets_of(&md5), support_hex(macs[_i].mac));
}
END_TEST

START_TEST(key_may_sign_again)
{
    struct slice text = support_hex(macs[0].text);
    const struct slice parts[] = { slice_of(text.data, 3), SLICE_NONE,
                                   slice_of(text.data + 3, text.size - 3) };
    struct mac one = start_mac(support_hex(macs[0].key));
    struct mac other = start_mac(SLICE("other"));
    struct md5 md5;

    assert_reason("nothing",
                  crypto_mac_run(&one, NULL, 0, md5.octets, MD5_SIZE),
                  REASON_NONE);
    assert_reason("other",
                  crypto_mac_run(&other, &text, 1, md5.octets, MD5_SIZE),
                  REASON_NONE);
    assert_reason("parts", crypto_mac_run(&one, parts, 3, md5.octets, MD5_SIZE),
                  REASON_NONE);
    crypto_mac_stop(&one);
    crypto_mac_stop(&other);

    assert_octets("mac", octets_of(&md5), support_hex(macs[0].mac));
}
END_TEST

/* Fields of this size each, and the text they make. */
static struct slice
join(const struct slice *fields, size_t count)
{
    uint8_t *text = support_keep(4096);
    struct writer writer = writer_over(text, 4096);

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            writer_put_octet(&writer, ':');
        writer_put(&writer, fields[i]);
    }
    return writer_result(&writer);
}

/* Below, at and above the size of a block. */
static const size_t field_sizes[] = { 0, 1, 40, 63, 64, 127, 128, 600 };

enum { FIELD_SIZE_COUNT = COUNT(field_sizes) };

START_TEST(fields_are_hashed_with_colons_between_them)
{
    const struct slice fields[] = { support_repeat('a', field_sizes[_i]),
                                    SLICE("b"),
                                    support_repeat('c', field_sizes[_i]) };
    struct slice text = join(fields, 3);
    struct md5 got, expected;

    assert_reason("fields",
                  crypto_md5_fields(support_hasher(), fields, 3, &got),
                  REASON_NONE);
    assert_reason("text", crypto_md5(support_hasher(), &text, 1, &expected),
                  REASON_NONE);

    assert_octets("md5", slice_of(got.octets, MD5_SIZE),
                  slice_of(expected.octets, MD5_SIZE));
}
END_TEST

START_TEST(any_number_of_hashers_may_be_in_use)
{
    struct hasher hashers[40];
    const struct slice text = SLICE("abc");
    struct md5 md5;

    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 40; i++)
            assert_reason("start",
                          crypto_hasher_start(&hashers[i], support_crypto()),
                          REASON_NONE);
        for (size_t i = 0; i < 40; i++) {
            assert_reason("md5", crypto_md5(&hashers[i], &text, 1, &md5),
                          REASON_NONE);
            assert_octets("md5", slice_of(md5.octets, MD5_SIZE),
                          support_hex("900150983cd24fb0d6963f7d28e17f72"));
        }
        for (size_t i = 0; i < 40; i++)
            crypto_hasher_stop(&hashers[i]);
    }
}
END_TEST

START_TEST(G3_stopped_things_may_be_stopped_again)
{
    struct hasher hasher;
    struct mac mac = { NULL };
    struct stream stream = { NULL };

    assert_reason("hasher", crypto_hasher_start(&hasher, support_crypto()),
                  REASON_NONE);
    crypto_hasher_stop(&hasher);
    crypto_hasher_stop(&hasher);
    crypto_mac_stop(&mac);
    crypto_mac_stop(&mac);
    crypto_stream_stop(&stream);
    crypto_stream_stop(&stream);

    ck_assert_ptr_null(hasher.state);
    ck_assert_ptr_null(mac.state);
    ck_assert_ptr_null(stream.state);
}
END_TEST

START_TEST(G31_equal_octets_are_equal)
{
    ck_assert(crypto_equal(support_copy(SLICE("abc\0d")),
                           support_copy(SLICE("abc\0d"))));
    ck_assert(crypto_equal(SLICE(""), SLICE("")));
    ck_assert(crypto_equal(SLICE_NONE, SLICE("")));
}
END_TEST

START_TEST(G31_a_difference_anywhere_is_seen)
{
    struct slice one = support_repeat('x', 32);

    for (size_t i = 0; i < one.size; i++) {
        uint8_t *octets = support_keep(one.size);

        memcpy(octets, one.data, one.size);
        octets[i] ^= 0x80;

        ck_assert(!crypto_equal(one, slice_of(octets, one.size)));
    }
}
END_TEST

START_TEST(G31_prefix_is_not_equal)
{
    ck_assert(!crypto_equal(SLICE("abc"), SLICE("ab")));
    ck_assert(!crypto_equal(SLICE("ab"), SLICE("abc")));
    ck_assert(!crypto_equal(SLICE(""), SLICE("a")));
    ck_assert(!crypto_equal(SLICE("abc\0"), SLICE("abc")));
}
END_TEST

START_TEST(nonce_is_16_characters_of_base64)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t *text = support_keep(NONCE_TEXT_SIZE);

    assert_number("size", NONCE_TEXT_SIZE, 16);
    assert_reason("nonce", crypto_nonce(text), REASON_NONE);

    for (size_t i = 0; i < NONCE_TEXT_SIZE; i++)
        ck_assert_ptr_nonnull(memchr(alphabet, text[i], 64));
}
END_TEST

static int
compare_nonces(const void *one, const void *other)
{
    return memcmp(one, other, NONCE_TEXT_SIZE);
}

START_TEST(a_thousand_nonces_are_different)
{
    enum { COUNT = 1000 };
    uint8_t *texts = support_keep(COUNT * NONCE_TEXT_SIZE);

    for (size_t i = 0; i < COUNT; i++)
        assert_reason("nonce", crypto_nonce(texts + i * NONCE_TEXT_SIZE),
                      REASON_NONE);
    qsort(texts, COUNT, NONCE_TEXT_SIZE, compare_nonces);

    for (size_t i = 1; i < COUNT; i++)
        ck_assert(compare_nonces(texts + (i - 1) * NONCE_TEXT_SIZE,
                                 texts + i * NONCE_TEXT_SIZE) != 0);
}
END_TEST

Suite *
crypto_suite(void)
{
    Suite *suite = suite_create("crypto");
    TCase *openssl = support_case(suite, "openssl");
    TCase *hashes = support_case(suite, "hashes");
    TCase *ciphers = support_case(suite, "ciphers");
    TCase *rest = support_case(suite, "random");

    tcase_add_test(openssl, G2_default_provider_has_aes_and_3des_only);
    tcase_add_test(openssl, missing_cipher_stays_missing);
    tcase_add_test(openssl, several_may_be_open);
    tcase_add_test(openssl, nothing_may_be_closed);
    tcase_add_test(openssl, application_does_not_get_our_providers);
    tcase_add_test(openssl, default_context_of_the_application_stays);
    tcase_add_test(openssl, error_queue_of_the_application_stays_empty);
    tcase_add_test(openssl, error_of_the_application_stays_in_its_queue);
    tcase_add_loop_test(openssl, errors_of_a_failure_are_taken_out, 0, 4);
    tcase_add_loop_test(openssl, error_of_the_application_stays, 0, 2);
    tcase_add_loop_test(hashes, md5_of_rfc_1321, 0, COUNT(md5s));
    tcase_add_test(hashes, md5_joins_its_parts);
    tcase_add_test(hashes, md5_of_no_parts_is_that_of_nothing);
    tcase_add_test(hashes, hasher_may_hash_again);
    tcase_add_loop_test(hashes, sha256_of_fips_180, 0, COUNT(sha256s));
    tcase_add_loop_test(hashes, mac_of_rfc_2202, 0, COUNT(macs));
    tcase_add_test(hashes, key_may_sign_again);
    tcase_add_test(ciphers, G3_stopped_things_may_be_stopped_again);
    tcase_add_loop_test(hashes, fields_are_hashed_with_colons_between_them, 0,
                        FIELD_SIZE_COUNT);
    tcase_add_test(hashes, any_number_of_hashers_may_be_in_use);
    tcase_add_test(rest, G31_equal_octets_are_equal);
    tcase_add_test(rest, G31_a_difference_anywhere_is_seen);
    tcase_add_test(rest, G31_prefix_is_not_equal);
    tcase_add_test(rest, nonce_is_16_characters_of_base64);
    tcase_add_test(rest, a_thousand_nonces_are_different);
    return suite;
}
