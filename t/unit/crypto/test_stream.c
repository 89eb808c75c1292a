/*
 * The ciphers of OpenSSL, as crypto.h offers them.
 */
#include "crypto/crypto.h"

#include <string.h>

#include "support/support.h"

struct sealed_text {
    enum crypto_cipher cipher;
    const char *key, *iv, *plain, *sealed; /* in hexadecimal digits */
};

/* RFC 6229 (RC4, 128 bits); the textbook example of DES, once with two equal
 * keys, which make 3DES the same as DES. */
static const struct sealed_text streams[] = {
    { CRYPTO_RC4, "0102030405060708090a0b0c0d0e0f10", NULL,
      "00000000000000000000000000000000", "9ac7cc9a609d1ef7b2932899cde41b97" },
    { CRYPTO_DES_CBC, "133457799bbcdff1", "0000000000000000",
      "0123456789abcdef", "85e813540f0ab405" },
    { CRYPTO_DES_CBC, "133457799bbcdff1", "0123456789abcdef",
      "0000000000000000", "85e813540f0ab405" },
    { CRYPTO_DES_EDE_CBC, "133457799bbcdff1133457799bbcdff1",
      "0000000000000000", "0123456789abcdef", "85e813540f0ab405" },
};

static struct slice
run(const struct sealed_text *row, const char *input, bool encrypt)
{
    struct slice text = support_hex(input);
    uint8_t *room = support_keep(text.size);
    struct stream stream;
    size_t written = 0;

    assert_reason(
        row->key,
        crypto_stream_start(
            &stream, support_crypto(), row->cipher, support_hex(row->key),
            row->iv == NULL ? SLICE_NONE : support_hex(row->iv), encrypt),
        REASON_NONE);
    assert_reason(
        row->key,
        crypto_stream_run(&stream, text.data, text.size, room, &written),
        REASON_NONE);
    crypto_stream_stop(&stream);
    return slice_of(room, written);
}

START_TEST(known_text_is_encrypted)
{
    const struct sealed_text *row = &streams[_i];

    if (!crypto_has(support_crypto(), row->cipher))
        return;

    assert_octets(row->key, run(row, row->plain, true),
                  support_hex(row->sealed));
}
END_TEST

START_TEST(known_text_is_decrypted)
{
    const struct sealed_text *row = &streams[_i];

    if (!crypto_has(support_crypto(), row->cipher))
        return;

    assert_octets(row->key, run(row, row->sealed, false),
                  support_hex(row->plain));
}
END_TEST

/* One octet less, one more, and none. */
static const size_t wrong_sizes[] = { 15, 17, 0 };

enum { WRONG_SIZE_COUNT = COUNT(wrong_sizes) };

START_TEST(key_or_iv_of_another_size_is_refused)
{
    struct slice good = support_repeat('k', 16);
    struct slice bad = support_repeat('k', wrong_sizes[_i]);
    struct stream stream;

    assert_reason("key",
                  crypto_stream_start(&stream, support_crypto(), CRYPTO_AES_CTR,
                                      bad, good, true),
                  REASON_CRYPTO);
    crypto_stream_stop(&stream);
    assert_reason("iv",
                  crypto_stream_start(&stream, support_crypto(), CRYPTO_AES_CTR,
                                      good, bad, true),
                  REASON_CRYPTO);
    crypto_stream_stop(&stream);
}
END_TEST

START_TEST(incomplete_block_is_held_back)
{
    const struct sealed_text *row = &streams[3];
    struct slice plain = support_hex(row->plain);
    uint8_t room[16];
    struct stream stream;
    size_t written;

    assert_reason("start",
                  crypto_stream_start(&stream, support_crypto(), row->cipher,
                                      support_hex(row->key),
                                      support_hex(row->iv), true),
                  REASON_NONE);
    assert_reason("part",
                  crypto_stream_run(&stream, plain.data, 5, room, &written),
                  REASON_NONE);
    assert_number("part", written, 0);
    assert_reason("rest",
                  crypto_stream_run(&stream, plain.data + 5, 3, room, &written),
                  REASON_NONE);
    crypto_stream_stop(&stream);

    assert_octets("block", slice_of(room, written), support_hex(row->sealed));
}
END_TEST

START_TEST(nothing_may_be_run)
{
    const struct sealed_text *row = &streams[3];
    uint8_t room[8];
    struct stream stream;
    size_t written = 1;

    assert_reason("start",
                  crypto_stream_start(&stream, support_crypto(), row->cipher,
                                      support_hex(row->key),
                                      support_hex(row->iv), true),
                  REASON_NONE);
    assert_reason("run", crypto_stream_run(&stream, room, 0, room, &written),
                  REASON_NONE);
    crypto_stream_stop(&stream);

    assert_number("written", written, 0);
}
END_TEST

Suite *
stream_suite(void)
{
    Suite *suite = suite_create("stream");
    TCase *ciphers = support_case(suite, "ciphers");

    tcase_add_loop_test(ciphers, known_text_is_encrypted, 0, COUNT(streams));
    tcase_add_loop_test(ciphers, known_text_is_decrypted, 0, COUNT(streams));
    tcase_add_loop_test(ciphers, key_or_iv_of_another_size_is_refused, 0,
                        WRONG_SIZE_COUNT);
    tcase_add_test(ciphers, incomplete_block_is_held_back);
    tcase_add_test(ciphers, nothing_may_be_run);
    return suite;
}
