/*
 * The keys of the layer against layers.json.
 */
#include "digest/keys.h"

#include <stdio.h>
#include <string.h>

#include "support/support.h"

static json_t *suites;

/* One suite in one direction: the index of a loop counts both. */
struct side {
    const json_t *suite;
    const json_t *part;
    const json_t *keys;
    enum way way;
    enum cipher_id cipher;
    char id[64];
};

static struct side
side_of(int index)
{
    static const char *const parts[] = { "client_to_server",
                                         "server_to_client" };
    static const enum way ways[] = { WAY_TO_SERVER, WAY_TO_CLIENT };
    size_t way = (size_t)index % 2;
    struct side side;
    struct slice name;

    side.suite = json_array_get(suites, (size_t)index / 2);
    side.part = json_object_get(side.suite, parts[way]);
    side.keys = json_object_get(side.part, "keys");
    side.way = ways[way];
    name = support_value(side.suite, "cipher");
    side.cipher = cipher_find(name);
    snprintf(side.id, sizeof(side.id), "%.*s %s",
             (int)(name.data == NULL ? 8 : name.size),
             name.data == NULL ? "auth-int" : (const char *)name.data,
             parts[way]);
    return side;
}

static struct slice
octets_of(const struct md5 *md5)
{
    return slice_of(md5->octets, sizeof(md5->octets));
}

static struct md5
h_a1_of(const struct side *side)
{
    struct md5 h_a1;

    memcpy(h_a1.octets, support_octets(side->suite, "HA1").data,
           sizeof(h_a1.octets));
    return h_a1;
}

static struct keys
make(const struct side *side)
{
    struct md5 h_a1 = h_a1_of(side);
    struct keys keys;

    assert_reason(
        side->id,
        keys_make(support_hasher(), &h_a1, side->cipher, 1, side->way, &keys),
        REASON_NONE);
    return keys;
}

START_TEST(signing_key_of_the_vector)
{
    struct side side = side_of(_i);
    struct keys keys = make(&side);

    assert_octets(side.id, octets_of(&keys.ki),
                  support_octets(side.keys, "Ki"));
}
END_TEST

START_TEST(G11_sealing_key_of_the_vector)
{
    struct side side = side_of(_i);
    struct keys keys = make(&side);

    if (side.cipher == CIPHER_NONE)
        return;

    assert_octets(side.id, octets_of(&keys.kc),
                  support_octets(side.keys, "Kc"));
}
END_TEST

/* rfc2831bis-12 2.4.1: the count makes the counter differ, not the keys. */
START_TEST(counter_of_the_draft_vector)
{
    static const char *const names[] = { "client_to_server",
                                         "server_to_client" };
    const json_t *drafts = support_vectors("draft_ciphers.json");
    const json_t *suite = json_array_get(json_object_get(drafts, "suites"), 1);
    const json_t *rows =
        json_object_get(json_object_get(suite, names[_i]), "keys");
    struct keys keys, next;
    struct md5 h_a1;

    memcpy(h_a1.octets, support_octets(drafts, "HA1").data,
           sizeof(h_a1.octets));
    assert_reason("make",
                  keys_make(support_hasher(), &h_a1, CIPHER_AES_CTR, 1,
                            (enum way)_i, &keys),
                  REASON_NONE);
    assert_reason("make",
                  keys_make(support_hasher(), &h_a1, CIPHER_AES_CTR, 2,
                            (enum way)_i, &next),
                  REASON_NONE);

    assert_octets("Ki", octets_of(&keys.ki), support_octets(rows, "Ki"));
    assert_octets("Kc", octets_of(&keys.kc), support_octets(rows, "Kc"));
    assert_octets("counter", octets_of(&keys.counter),
                  support_octets(rows, "initial_counter"));
    assert_octets("next Kc", octets_of(&next.kc), octets_of(&keys.kc));
    ck_assert(!slice_equal(octets_of(&next.counter), octets_of(&keys.counter)));
}
END_TEST

START_TEST(sealing_key_is_zeros_without_a_cipher)
{
    static const struct md5 zeros;
    struct side side = side_of(_i);
    struct md5 h_a1 = h_a1_of(&side);
    struct keys keys;

    memset(&keys, 0xff, sizeof(keys));
    assert_reason(
        "make",
        keys_make(support_hasher(), &h_a1, CIPHER_NONE, 1, side.way, &keys),
        REASON_NONE);

    assert_octets("Kc", octets_of(&keys.kc), octets_of(&zeros));
}
END_TEST

START_TEST(the_two_ways_have_different_keys)
{
    struct side to_server = side_of(2 * _i);
    struct side to_client = side_of(2 * _i + 1);
    struct keys one = make(&to_server);
    struct keys other = make(&to_client);

    ck_assert(!support_same(octets_of(&one.ki), octets_of(&other.ki)));
    if (to_server.cipher != CIPHER_NONE)
        ck_assert(!support_same(octets_of(&one.kc), octets_of(&other.kc)));
}
END_TEST

/* Kc depends on exactly 5, 7 or 16 octets of H(A1). */
struct strength {
    enum cipher_id cipher;
    size_t size;
};

static const struct strength strengths[] = {
    { CIPHER_RC4_40, 5 }, { CIPHER_RC4_56, 7 }, { CIPHER_RC4, 16 },
    { CIPHER_DES, 16 },   { CIPHER_3DES, 16 },
};

START_TEST(G11_weak_cipher_ignores_the_rest_of_h_a1)
{
    const struct strength *row = &strengths[_i];
    const char *id = support_show(cipher_row(row->cipher)->name);
    struct side side = side_of(0);
    struct md5 h_a1 = h_a1_of(&side);
    struct keys before, after;

    assert_reason(id,
                  keys_make(support_hasher(), &h_a1, row->cipher, 1,
                            WAY_TO_SERVER, &before),
                  REASON_NONE);
    for (size_t i = 0; i < MD5_SIZE; i++) {
        struct md5 changed = h_a1;

        changed.octets[i] ^= 1;
        assert_reason(id,
                      keys_make(support_hasher(), &changed, row->cipher, 1,
                                WAY_TO_SERVER, &after),
                      REASON_NONE);

        ck_assert_msg(support_same(octets_of(&before.kc),
                                   octets_of(&after.kc)) == (i >= row->size),
                      "%s: octet %zu", id, i);
        ck_assert_msg(
            !support_same(octets_of(&before.ki), octets_of(&after.ki)),
            "%s: octet %zu", id, i);
    }
}
END_TEST

START_TEST(signing_key_signs_the_messages_of_the_vector)
{
    struct side side = side_of(_i);
    struct keys keys = make(&side);
    const json_t *messages = json_object_get(side.part, "messages");
    struct mac mac;

    assert_reason(side.id,
                  crypto_mac_start(&mac, support_crypto(), CRYPTO_MD5,
                                   octets_of(&keys.ki)),
                  REASON_NONE);
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        uint8_t sequence[4];
        struct writer writer = writer_over(sequence, sizeof(sequence));
        struct slice parts[2];
        struct md5 md5;

        writer_put_u32(&writer, (uint32_t)json_integer_value(
                                    json_object_get(message, "seq")));
        parts[0] = writer_result(&writer);
        parts[1] = support_octets(message, "plaintext");
        assert_reason(side.id,
                      crypto_mac_run(&mac, parts, 2, md5.octets, MD5_SIZE),
                      REASON_NONE);

        assert_octets(side.id, slice_of(md5.octets, LAYER_MAC_SIZE),
                      support_octets(message, "hmac10"));
    }
    crypto_mac_stop(&mac);
}
END_TEST

Suite *
keys_suite(void)
{
    Suite *suite = suite_create("keys");
    TCase *all = support_case(suite, "keys");
    int count;

    suites = json_object_get(support_vectors("layers.json"), "suites");
    count = (int)json_array_size(suites);
    tcase_add_loop_test(all, signing_key_of_the_vector, 0, 2 * count);
    tcase_add_loop_test(all, G11_sealing_key_of_the_vector, 0, 2 * count);
    tcase_add_loop_test(all, sealing_key_is_zeros_without_a_cipher, 0, 2);
    tcase_add_loop_test(all, the_two_ways_have_different_keys, 0, count);
    tcase_add_loop_test(all, G11_weak_cipher_ignores_the_rest_of_h_a1, 0,
                        COUNT(strengths));
    tcase_add_loop_test(all, signing_key_signs_the_messages_of_the_vector, 0,
                        2 * count);
    tcase_add_loop_test(all, counter_of_the_draft_vector, 0, 2);
    return suite;
}
