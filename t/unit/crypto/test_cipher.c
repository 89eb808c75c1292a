/*
 * Names, sizes and keys of the ciphers; the messages of layers.json.
 */
#include "crypto/cipher.h"

#include <stdio.h>
#include <string.h>

#include "support/support.h"

static json_t *suites;

struct expected_row {
    struct slice name;
    enum cipher_id id;
    uint32_t ssf;
    size_t h_a1_size;
    size_t block_size;
};

static const struct expected_row rows[] = {
    { SLICE_INIT("aes-ctr"), CIPHER_AES_CTR, 128, 16, 16 },
    { SLICE_INIT("rc4"), CIPHER_RC4, 128, 16, 1 },
    { SLICE_INIT("rc4-56"), CIPHER_RC4_56, 56, 7, 1 },
    { SLICE_INIT("rc4-40"), CIPHER_RC4_40, 40, 5, 1 },
    { SLICE_INIT("3des"), CIPHER_3DES, 112, 16, 8 },
    { SLICE_INIT("des"), CIPHER_DES, 55, 16, 8 },
};

START_TEST(cipher_has_its_row)
{
    const struct expected_row *expected = &rows[_i];
    const char *id = support_show(expected->name);
    const struct cipher *row = cipher_row(expected->id);

    assert_octets(id, row->name, expected->name);
    assert_number(id, row->ssf, expected->ssf);
    assert_number(id, row->h_a1_size, expected->h_a1_size);
    assert_number(id, row->block_size, expected->block_size);
}
END_TEST

START_TEST(cipher_is_found_by_its_token)
{
    const struct expected_row *expected = &rows[_i];
    const char *id = support_show(expected->name);

    assert_number(id, cipher_find(expected->name), expected->id);
    assert_number(id, cipher_find_bit(expected->name),
                  cipher_bit(expected->id));
}
END_TEST

START_TEST(bits_of_the_ciphers_are_different)
{
    uint32_t seen = 0;

    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++) {
        ck_assert_uint_eq(seen & cipher_bit((enum cipher_id)id), 0);
        ck_assert_uint_eq((DIRECTIVE_PRESENT | DIRECTIVE_UNKNOWN) &
                              cipher_bit((enum cipher_id)id),
                          0);
        seen |= cipher_bit((enum cipher_id)id);
    }
}
END_TEST

START_TEST(cipher_is_found_in_any_case)
{
    assert_number("3DES", cipher_find(SLICE("3DES")), CIPHER_3DES);
    assert_number("Rc4-40", cipher_find(SLICE("Rc4-40")), CIPHER_RC4_40);
}
END_TEST

static const struct slice unknown[] = {
    SLICE_INIT(""),        SLICE_INIT("rc"),      SLICE_INIT("rc4-"),
    SLICE_INIT("rc4-4"),   SLICE_INIT("rc4-400"), SLICE_INIT("rc4-128"),
    SLICE_INIT("aes"),     SLICE_INIT("aes-cbc"), SLICE_INIT("aes-ct"),
    SLICE_INIT("rc4\0"),   SLICE_INIT(" des"),    SLICE_INIT("des "),
    SLICE_INIT("des,rc4"), SLICE_INIT("none"),
};

START_TEST(unknown_token_is_no_cipher)
{
    const char *id = support_show(unknown[_i]);

    assert_number(id, cipher_find(unknown[_i]), CIPHER_NONE);
    assert_number(id, cipher_find_bit(unknown[_i]), 0);
}
END_TEST

START_TEST(no_cipher_has_an_empty_name)
{
    assert_octets("none", cipher_row(CIPHER_NONE)->name, SLICE(""));
    assert_number("ssf", cipher_row(CIPHER_NONE)->ssf, 0);
}
END_TEST

START_TEST(no_cipher_is_never_available)
{
    ck_assert(!cipher_available(CIPHER_NONE, support_crypto()));
}
END_TEST

START_TEST(G2_cipher_is_available_if_openssl_has_it)
{
    struct crypto *crypto = support_crypto_without_legacy();

    ck_assert(cipher_available(CIPHER_AES_CTR, crypto));
    ck_assert(cipher_available(CIPHER_3DES, crypto));
    ck_assert(!cipher_available(CIPHER_DES, crypto));
    ck_assert(!cipher_available(CIPHER_RC4, crypto));
    ck_assert(!cipher_available(CIPHER_RC4_56, crypto));
    ck_assert(!cipher_available(CIPHER_RC4_40, crypto));
    crypto_close(crypto);
}
END_TEST

START_TEST(G2_missing_cipher_cannot_be_started)
{
    static const struct md5 kc;
    struct crypto *crypto = support_crypto_without_legacy();
    struct stream stream;

    assert_reason("rc4",
                  cipher_start(&stream, crypto, CIPHER_RC4, &kc, NULL, true),
                  REASON_CRYPTO);
    crypto_stream_stop(&stream);
    assert_reason("des",
                  cipher_start(&stream, crypto, CIPHER_DES, &kc, NULL, true),
                  REASON_CRYPTO);
    crypto_stream_stop(&stream);
    crypto_close(crypto);
}
END_TEST

/* The size of the token of a message, RFC 2831 2.3 and 2.4; rfc2831bis-12
 * 2.4.1 for aes-ctr. */
static uint32_t
token_size(enum cipher_id id, uint32_t message)
{
    uint32_t block = (uint32_t)cipher_row(id)->block_size;
    uint32_t end = id == CIPHER_AES_CTR ? 16 : 10;
    uint32_t pad = block == 1 ? 0 : block - (message + end) % block;

    return message + pad + 16;
}

START_TEST(G10_largest_message_fits_into_any_maxbuf)
{
    for (uint32_t maxbuf = MAXBUF_MIN; maxbuf < 5000; maxbuf++) {
        uint32_t size = cipher_message_max((enum cipher_id)_i, maxbuf);

        ck_assert_msg(size == 0 ||
                          token_size((enum cipher_id)_i, size) <= maxbuf,
                      "cipher %d, maxbuf %u: got %u", _i, maxbuf, size);
    }
}
END_TEST

START_TEST(G10_prefix_fits_too_unless_nothing_would_be_left)
{
    for (uint32_t maxbuf = MAXBUF_MIN; maxbuf < 5000; maxbuf++) {
        uint32_t size = cipher_message_max((enum cipher_id)_i, maxbuf);
        uint32_t least = token_size((enum cipher_id)_i, 1);

        if (maxbuf >= least + 4)
            ck_assert_msg(token_size((enum cipher_id)_i, size) + 4 <= maxbuf,
                          "cipher %d, maxbuf %u: got %u", _i, maxbuf, size);
    }
}
END_TEST

START_TEST(no_octet_that_fits_is_given_away)
{
    for (uint32_t maxbuf = MAXBUF_MIN; maxbuf < 5000; maxbuf++) {
        uint32_t size = cipher_message_max((enum cipher_id)_i, maxbuf);
        bool some = token_size((enum cipher_id)_i, 1) <= maxbuf;

        ck_assert_msg((size > 0) == some, "cipher %d, maxbuf %u: got %u", _i,
                      maxbuf, size);
        ck_assert_msg(token_size((enum cipher_id)_i, size + 1) + 4 > maxbuf,
                      "cipher %d, maxbuf %u: got %u", _i, maxbuf, size);
    }
}
END_TEST

struct maximum {
    enum cipher_id id;
    uint32_t maxbuf, message;
};

static const struct maximum maxima[] = {
    { CIPHER_NONE, 0, 0 },
    { CIPHER_NONE, 4, 0 },
    { CIPHER_NONE, 16, 0 },
    { CIPHER_NONE, 17, 1 },
    { CIPHER_NONE, 20, 4 },
    { CIPHER_NONE, 21, 1 },
    { CIPHER_NONE, 65536, 65516 },
    { CIPHER_NONE, 16777215, 16777195 },
    { CIPHER_RC4, 16, 0 },
    { CIPHER_RC4, 17, 1 },
    { CIPHER_RC4_40, 17, 1 },
    { CIPHER_RC4_56, 65536, 65516 },
    { CIPHER_3DES, 0, 0 },
    { CIPHER_3DES, 17, 0 },
    { CIPHER_3DES, 21, 0 },
    { CIPHER_3DES, 22, 5 },
    { CIPHER_3DES, 23, 5 },
    { CIPHER_DES, 21, 0 },
    { CIPHER_DES, 22, 5 },
    { CIPHER_DES, 26, 5 },
    { CIPHER_DES, 29, 5 },
    { CIPHER_DES, 33, 5 },
    { CIPHER_DES, 34, 13 },
    { CIPHER_3DES, 65536, 65509 },
    { CIPHER_AES_CTR, 0, 0 },
    { CIPHER_AES_CTR, 17, 0 },
    { CIPHER_AES_CTR, 31, 0 },
    { CIPHER_AES_CTR, 32, 15 },
    { CIPHER_AES_CTR, 47, 15 },
    { CIPHER_AES_CTR, 52, 31 },
    { CIPHER_AES_CTR, 65536, 65503 },
};

START_TEST(G10_small_maxbuf_does_not_wrap)
{
    const struct maximum *row = &maxima[_i];
    char id[64];

    snprintf(id, sizeof(id), "cipher %d, maxbuf %u", (int)row->id, row->maxbuf);

    assert_number(id, cipher_message_max(row->id, row->maxbuf), row->message);
}
END_TEST

/* One suite of layers.json in one direction. */
struct side {
    enum cipher_id id;
    const json_t *messages;
    struct md5 kc;
    const char *name;
};

static struct side
side_of(int index)
{
    static const char *const parts[] = { "client_to_server",
                                         "server_to_client" };
    const json_t *suite = json_array_get(suites, (size_t)index / 2);
    const json_t *part = json_object_get(suite, parts[index % 2]);
    const json_t *keys = json_object_get(part, "keys");
    struct side side = { 0 };

    side.id = cipher_find(support_value(suite, "cipher"));
    side.messages = json_object_get(part, "messages");
    if (side.id != CIPHER_NONE) {
        side.name = support_text(suite, "cipher");
        memcpy(side.kc.octets, support_octets(keys, "Kc").data, MD5_SIZE);
    }
    return side;
}

/* message | pad | MAC, what is sealed. */
static struct slice
plain_of(const struct side *side, const json_t *message)
{
    struct slice plain = support_octets(message, "plaintext");
    size_t block = cipher_row(side->id)->block_size;
    size_t pad = block == 1 ? 0 : block - (plain.size + 10) % block;
    const struct slice parts[] = { plain, support_repeat((char)pad, pad),
                                   support_octets(message, "hmac10") };

    return support_join(parts, 3);
}

static struct slice
sealed_of(const json_t *message)
{
    struct slice token = support_octets(message, "token");

    return slice_of(token.data, token.size - 6);
}

static struct slice
run(struct stream *stream, struct slice input, const char *id)
{
    uint8_t *room = support_keep(input.size);
    size_t written = 0;

    assert_reason(
        id, crypto_stream_run(stream, input.data, input.size, room, &written),
        REASON_NONE);
    return slice_of(room, written);
}

START_TEST(messages_of_the_vector_are_sealed)
{
    struct side side = side_of(_i);
    struct stream stream;

    if (!cipher_available(side.id, support_crypto()))
        return;
    assert_reason(
        side.name,
        cipher_start(&stream, support_crypto(), side.id, &side.kc, NULL, true),
        REASON_NONE);
    for (size_t i = 0; i < json_array_size(side.messages); i++) {
        const json_t *message = json_array_get(side.messages, i);

        assert_octets(side.name,
                      run(&stream, plain_of(&side, message), side.name),
                      sealed_of(message));
    }
    crypto_stream_stop(&stream);
}
END_TEST

START_TEST(messages_of_the_vector_are_opened)
{
    struct side side = side_of(_i);
    struct stream stream;

    if (!cipher_available(side.id, support_crypto()))
        return;
    assert_reason(
        side.name,
        cipher_start(&stream, support_crypto(), side.id, &side.kc, NULL, false),
        REASON_NONE);
    for (size_t i = 0; i < json_array_size(side.messages); i++) {
        const json_t *message = json_array_get(side.messages, i);

        assert_octets(side.name, run(&stream, sealed_of(message), side.name),
                      plain_of(&side, message));
    }
    crypto_stream_stop(&stream);
}
END_TEST

START_TEST(messages_of_the_vector_are_sealed_in_place)
{
    struct side side = side_of(_i);
    struct stream stream;

    if (!cipher_available(side.id, support_crypto()))
        return;
    assert_reason(
        side.name,
        cipher_start(&stream, support_crypto(), side.id, &side.kc, NULL, true),
        REASON_NONE);
    for (size_t i = 0; i < json_array_size(side.messages); i++) {
        const json_t *message = json_array_get(side.messages, i);
        struct slice plain = plain_of(&side, message);
        uint8_t *room = support_keep(plain.size);
        size_t written = 0;

        memcpy(room, plain.data, plain.size);
        assert_reason(
            side.name,
            crypto_stream_run(&stream, room, plain.size, room, &written),
            REASON_NONE);
        assert_octets(side.name, slice_of(room, written), sealed_of(message));
    }
    crypto_stream_stop(&stream);
}
END_TEST

START_TEST(G3_stopped_stream_may_be_stopped_again)
{
    static const struct md5 kc;
    struct stream stream;

    assert_reason(
        "start",
        cipher_start(&stream, support_crypto(), CIPHER_3DES, &kc, NULL, true),
        REASON_NONE);
    crypto_stream_stop(&stream);
    crypto_stream_stop(&stream);

    ck_assert_ptr_null(stream.state);
}
END_TEST

Suite *
cipher_suite(void)
{
    Suite *suite = suite_create("cipher");
    TCase *table = support_case(suite, "table");
    TCase *sizes = support_case(suite, "sizes");
    TCase *vectors = support_case(suite, "vectors");
    int count, row_count = COUNT(rows);

    suites = json_object_get(support_vectors("layers.json"), "suites");
    count = 2 * (int)json_array_size(suites);
    tcase_add_loop_test(table, cipher_has_its_row, 0, row_count);
    tcase_add_loop_test(table, cipher_is_found_by_its_token, 0, row_count);
    tcase_add_test(table, bits_of_the_ciphers_are_different);
    tcase_add_test(table, cipher_is_found_in_any_case);
    tcase_add_loop_test(table, unknown_token_is_no_cipher, 0, COUNT(unknown));
    tcase_add_test(table, no_cipher_has_an_empty_name);
    tcase_add_test(table, no_cipher_is_never_available);
    tcase_add_test(table, G2_cipher_is_available_if_openssl_has_it);
    tcase_add_test(table, G2_missing_cipher_cannot_be_started);
    tcase_add_loop_test(sizes, G10_largest_message_fits_into_any_maxbuf,
                        CIPHER_NONE, CIPHER_COUNT);
    tcase_add_loop_test(sizes, G10_prefix_fits_too_unless_nothing_would_be_left,
                        CIPHER_NONE, CIPHER_COUNT);
    tcase_add_loop_test(sizes, no_octet_that_fits_is_given_away, CIPHER_NONE,
                        CIPHER_COUNT);
    tcase_add_loop_test(sizes, G10_small_maxbuf_does_not_wrap, 0,
                        COUNT(maxima));
    tcase_add_loop_test(vectors, messages_of_the_vector_are_sealed, 0, count);
    tcase_add_loop_test(vectors, messages_of_the_vector_are_opened, 0, count);
    tcase_add_loop_test(vectors, messages_of_the_vector_are_sealed_in_place, 0,
                        count);
    tcase_add_test(vectors, G3_stopped_stream_may_be_stopped_again);
    return suite;
}
