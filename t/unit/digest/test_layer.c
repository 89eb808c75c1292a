/*
 * Sealing and opening against the vectors, and what must not open.
 */
#include "digest/layer.h"

#include <string.h>

#include "base/memory.h"
#include "support/support.h"

static const char *const cipher_names[] = { "auth-int", "rc4", "3des",
                                            "rc4-56",   "des", "rc4-40",
                                            "aes-ctr" };

enum {
    CIPHER_NAMES = COUNT(cipher_names),
    SUITES = 6, /* and aes-ctr, which is in another file */
    TRACKS = 2 * (SUITES + 1),
    DRAFT_AES_CTR = 1,
    MESSAGES = 6
};

static struct layer near, far; /* a client and its server */
static json_t *vectors, *drafts, *negative;

/* Any 16 octets. */
static const struct md5 root = { "0123456789abcde" };

static struct choice
choice_of(const char *cipher)
{
    enum cipher_id id = cipher_find(slice_of_string(cipher));

    return (struct choice){ id == CIPHER_NONE ? QOP_AUTH_INT : QOP_AUTH_CONF,
                            id, 1 << 16, 1 };
}

static void
connect_with(const struct md5 *h_a1, const char *cipher)
{
    const struct choice choice = choice_of(cipher);

    assert_reason(
        "near",
        layer_start(&near, support_hasher(), h_a1, &choice, WAY_TO_SERVER),
        REASON_NONE);
    assert_reason(
        "far",
        layer_start(&far, support_hasher(), h_a1, &choice, WAY_TO_CLIENT),
        REASON_NONE);
}

static void
disconnect(void)
{
    layer_stop(&near);
    layer_stop(&far);
    memset(&near, 0, sizeof(near));
    memset(&far, 0, sizeof(far));
}

static struct md5
root_of(const json_t *object)
{
    struct slice octets = support_octets(object, "HA1");
    struct md5 h_a1;

    ck_assert_uint_eq(octets.size, sizeof(h_a1.octets));
    memcpy(h_a1.octets, octets.data, sizeof(h_a1.octets));
    return h_a1;
}

static struct slice
seal(struct direction *direction, struct slice message)
{
    struct slice data = support_copy(message);
    uint8_t trailer[LAYER_TRAILER_MAX];
    struct writer writer = writer_over(trailer, sizeof(trailer));
    struct slice parts[2];

    assert_reason("seal",
                  layer_seal(direction, (uint8_t *)(uintptr_t)data.data,
                             data.size, &writer),
                  REASON_NONE);
    parts[0] = data;
    parts[1] = writer_result(&writer);
    return support_join(parts, 2);
}

/* Opens a copy of the token. */
static enum reason
open_token(struct direction *direction, struct slice token,
           struct slice *message)
{
    struct slice copy = support_copy(token);

    return layer_open(direction, (uint8_t *)(uintptr_t)copy.data, copy.size,
                      message);
}

static void
assert_refused(const char *id, struct direction *direction, struct slice token)
{
    struct slice message = SLICE("something");

    assert_reason(id, open_token(direction, token, &message), REASON_ALTERED);
    ck_assert_msg(!slice_exists(message), "%s: message given", id);
}

static struct slice
altered(struct slice token, size_t bit)
{
    struct slice copy = support_copy(token);

    ((uint8_t *)(uintptr_t)copy.data)[bit / 8] ^= (uint8_t)(1u << bit % 8);
    return copy;
}

/* The vectors of one direction; _i is suite * 2 + direction. */
struct track {
    const json_t *messages;
    struct direction *sender, *receiver;
    const char *id;
};

static struct track
start_track(int number)
{
    static const char *const ways[] = { "client_to_server",
                                        "server_to_client" };
    bool draft = number / 2 == SUITES;
    const json_t *suite =
        draft ? json_array_get(json_object_get(drafts, "suites"), DRAFT_AES_CTR)
              : json_array_get(json_object_get(vectors, "suites"),
                               (size_t)number / 2);
    const json_t *cipher = json_object_get(suite, "cipher");
    struct md5 h_a1 = root_of(draft ? drafts : suite);
    bool back = number % 2 != 0;

    connect_with(&h_a1, json_is_null(cipher) ? "" : json_string_value(cipher));
    return (struct track){
        .messages = json_object_get(json_object_get(suite, ways[number % 2]),
                                    "messages"),
        .sender = back ? &far.send : &near.send,
        .receiver = back ? &near.receive : &far.receive,
        .id = json_is_null(cipher) ? "auth-int" : json_string_value(cipher),
    };
}

START_TEST(sealed_token_of_the_vector)
{
    struct track track = start_track(_i);

    for (size_t i = 0; i < MESSAGES; i++) {
        const json_t *row = json_array_get(track.messages, i);

        assert_octets(track.id,
                      seal(track.sender, support_octets(row, "plaintext")),
                      support_octets(row, "token"));
    }
}
END_TEST

START_TEST(opened_token_of_the_vector)
{
    struct track track = start_track(_i);

    for (size_t i = 0; i < MESSAGES; i++) {
        const json_t *row = json_array_get(track.messages, i);
        struct slice message;

        assert_reason(
            track.id,
            open_token(track.receiver, support_octets(row, "token"), &message),
            REASON_NONE);
        assert_octets(track.id, message, support_octets(row, "plaintext"));
    }
}
END_TEST

START_TEST(sequence_edge_of_the_vector)
{
    const json_t *edges = json_object_get(vectors, "sequence_edges");
    const json_t *row =
        json_array_get(json_object_get(edges, "messages"), (size_t)_i);
    uint32_t number = (uint32_t)json_integer_value(json_object_get(row, "seq"));
    struct md5 h_a1 =
        root_of(json_array_get(json_object_get(vectors, "suites"), 0));
    struct slice message;

    connect_with(&h_a1, "");
    near.send.sequence = far.receive.sequence = number;

    assert_octets("seal", seal(&near.send, support_octets(row, "plaintext")),
                  support_octets(row, "token"));
    assert_reason(
        "open",
        open_token(&far.receive, support_octets(row, "token"), &message),
        REASON_NONE);
    ck_assert_uint_eq(near.send.sequence, (uint32_t)(number + 1));
    ck_assert_uint_eq(far.receive.sequence, (uint32_t)(number + 1));
}
END_TEST

START_TEST(G8_G29_G30_token_of_the_negative_vector)
{
    const json_t *row =
        json_array_get(json_object_get(negative, "cases"), (size_t)_i);
    const char *cipher = support_text(row, "cipher");
    struct md5 h_a1 = root_of(negative);

    connect_with(&h_a1, cipher);

    assert_refused(support_text(row, "id"), &far.receive,
                   support_octets(row, "token"));
    assert_refused("good token afterwards", &far.receive,
                   seal(&near.send, SLICE("hello")));
}
END_TEST

START_TEST(sequence_wraps_to_zero)
{
    struct slice message;

    connect_with(&root, cipher_names[_i]);
    near.send.sequence = far.receive.sequence = UINT32_MAX;

    for (int i = 0; i < 2; i++)
        assert_reason(
            cipher_names[_i],
            open_token(&far.receive, seal(&near.send, SLICE("wrap")), &message),
            REASON_NONE);
    ck_assert_uint_eq(far.receive.sequence, 1);
}
END_TEST

START_TEST(repeated_token_is_refused)
{
    struct slice token, message;

    connect_with(&root, cipher_names[_i]);
    token = seal(&near.send, SLICE("once"));
    assert_reason("first", open_token(&far.receive, token, &message),
                  REASON_NONE);

    assert_refused(cipher_names[_i], &far.receive, token);
}
END_TEST

START_TEST(reordered_token_is_refused)
{
    struct slice first, second;

    connect_with(&root, cipher_names[_i]);
    first = seal(&near.send, SLICE("one"));
    second = seal(&near.send, SLICE("two"));

    assert_refused(cipher_names[_i], &far.receive, second);
    assert_refused(cipher_names[_i], &far.receive, first);
}
END_TEST

START_TEST(skipped_token_is_missed)
{
    connect_with(&root, cipher_names[_i]);
    (void)seal(&near.send, SLICE("lost"));

    assert_refused(cipher_names[_i], &far.receive,
                   seal(&near.send, SLICE("next")));
}
END_TEST

START_TEST(reflected_token_is_refused)
{
    connect_with(&root, cipher_names[_i]);

    assert_refused(cipher_names[_i], &near.receive,
                   seal(&near.send, SLICE("mirror")));
}
END_TEST

START_TEST(G44_wrong_sequence_looks_like_a_wrong_mac)
{
    struct slice token;

    connect_with(&root, cipher_names[_i]);
    token = seal(&near.send, SLICE("message"));

    /* the last bit of the sequence number */
    assert_refused(cipher_names[_i], &far.receive,
                   altered(token, (token.size - 1) * 8));
    assert_refused("dead", &far.receive, token);
}
END_TEST

START_TEST(G30_every_flipped_bit_looks_like_any_other)
{
    struct slice token;

    connect_with(&root, cipher_names[_i]);
    token = seal(&near.send, SLICE("abc"));
    disconnect();
    for (size_t bit = 0; bit < token.size * 8; bit++) {
        connect_with(&root, cipher_names[_i]);

        assert_refused(cipher_names[_i], &far.receive, altered(token, bit));

        disconnect();
    }
}
END_TEST

START_TEST(every_truncation_is_noticed)
{
    struct slice token;

    connect_with(&root, cipher_names[_i]);
    token = seal(&near.send, SLICE("twenty octets of it."));
    disconnect();
    for (size_t size = 0; size < token.size; size++) {
        connect_with(&root, cipher_names[_i]);

        assert_refused(cipher_names[_i], &far.receive,
                       slice_of(token.data, size));

        disconnect();
    }
}
END_TEST

START_TEST(every_missing_front_is_noticed)
{
    struct slice token;

    connect_with(&root, cipher_names[_i]);
    token = seal(&near.send, SLICE("twenty octets of it."));
    disconnect();
    for (size_t cut = 1; cut < token.size; cut++) {
        connect_with(&root, cipher_names[_i]);

        assert_refused(cipher_names[_i], &far.receive,
                       slice_of(token.data + cut, token.size - cut));

        disconnect();
    }
}
END_TEST

START_TEST(octets_behind_the_token_are_noticed)
{
    struct slice parts[2];

    connect_with(&root, cipher_names[_i]);
    parts[0] = seal(&near.send, SLICE("message"));
    parts[1] = support_repeat('\0', 8);

    assert_refused(cipher_names[_i], &far.receive, support_join(parts, 2));
}
END_TEST

START_TEST(G29_short_packet)
{
    connect_with(&root, cipher_names[_i % CIPHER_NAMES]);

    assert_refused(cipher_names[_i % CIPHER_NAMES], &far.receive,
                   support_repeat('\0', (size_t)_i / CIPHER_NAMES));
}
END_TEST

START_TEST(empty_message_passes)
{
    struct slice message;

    connect_with(&root, cipher_names[_i]);

    assert_reason(
        "open", open_token(&far.receive, seal(&near.send, SLICE("")), &message),
        REASON_NONE);
    ck_assert_uint_eq(message.size, 0);
}
END_TEST

START_TEST(message_stands_at_the_front_of_its_token)
{
    struct slice token, message;

    connect_with(&root, cipher_names[_i]);
    token = seal(&near.send, SLICE("in place"));

    assert_reason("open",
                  layer_open(&far.receive, (uint8_t *)(uintptr_t)token.data,
                             token.size, &message),
                  REASON_NONE);
    ck_assert_ptr_eq(message.data, token.data);
}
END_TEST

START_TEST(all_sizes_pass)
{
    connect_with(&root, cipher_names[_i]);

    for (size_t size = 0; size < 70; size++) {
        struct slice sent = support_repeat('m', size), message;
        struct slice token = seal(&near.send, sent);

        assert_reason("open", open_token(&far.receive, token, &message),
                      REASON_NONE);
        assert_octets(cipher_names[_i], message, sent);
        ck_assert_uint_le(token.size, size + LAYER_TRAILER_MAX);
    }
}
END_TEST

START_TEST(small_trailer_kills_the_sender)
{
    uint8_t data[8] = { 0 }, room[LAYER_TRAILER_MAX];
    struct writer writer = writer_over(room, LAYER_TRAILER_SIZE - 1);

    connect_with(&root, cipher_names[_i]);

    assert_reason("small", layer_seal(&near.send, data, sizeof(data), &writer),
                  REASON_BUFFER_TOO_SMALL);
    writer = writer_over(room, sizeof(room));
    assert_reason("again", layer_seal(&near.send, data, sizeof(data), &writer),
                  REASON_ALTERED);
    ck_assert_uint_eq(writer.used, 0);
}
END_TEST

static enum reason
verify(struct slice message, struct slice trailer)
{
    return layer_verify(&far.receive, support_copy(message),
                        support_copy(trailer));
}

START_TEST(signature_apart_from_its_message_is_verified)
{
    struct slice message = SLICE("signed"), token;

    connect_with(&root, "");
    token = seal(&near.send, message);

    assert_reason("verify",
                  verify(message, slice_of(token.data + message.size,
                                           LAYER_TRAILER_SIZE)),
                  REASON_NONE);
}
END_TEST

START_TEST(signature_of_another_message_is_refused)
{
    struct slice message = SLICE("signed"), token, trailer;

    connect_with(&root, "");
    token = seal(&near.send, message);
    trailer = slice_of(token.data + message.size, LAYER_TRAILER_SIZE);

    assert_reason("other", verify(SLICE("Signed"), trailer), REASON_ALTERED);
    assert_reason("right one", verify(message, trailer), REASON_ALTERED);
}
END_TEST

START_TEST(signature_of_another_size_is_refused)
{
    struct slice message = SLICE("signed"), parts[2];

    connect_with(&root, "");
    parts[0] = seal(&near.send, message);
    parts[1] = support_repeat('\0', 32);
    parts[0] = support_join(parts, 2);

    if (_i == LAYER_TRAILER_SIZE)
        return;
    assert_reason(
        "size",
        verify(message, slice_of(parts[0].data + message.size, (size_t)_i)),
        REASON_ALTERED);
}
END_TEST

START_TEST(stopping_twice_does_no_harm)
{
    connect_with(&root, cipher_names[_i]);

    layer_stop(&near);
    layer_stop(&near);
}
END_TEST

static void
add_refusals(TCase *refusals)
{
    tcase_add_loop_test(refusals, repeated_token_is_refused, 0, CIPHER_NAMES);
    tcase_add_loop_test(refusals, reordered_token_is_refused, 0, CIPHER_NAMES);
    tcase_add_loop_test(refusals, skipped_token_is_missed, 0, CIPHER_NAMES);
    tcase_add_loop_test(refusals, reflected_token_is_refused, 0, CIPHER_NAMES);
    tcase_add_loop_test(refusals, G44_wrong_sequence_looks_like_a_wrong_mac, 0,
                        CIPHER_NAMES);
    tcase_add_loop_test(refusals, G30_every_flipped_bit_looks_like_any_other, 0,
                        CIPHER_NAMES);
    tcase_add_loop_test(refusals, every_truncation_is_noticed, 0, CIPHER_NAMES);
    tcase_add_loop_test(refusals, every_missing_front_is_noticed, 0,
                        CIPHER_NAMES);
    tcase_add_loop_test(refusals, octets_behind_the_token_are_noticed, 0,
                        CIPHER_NAMES);
    tcase_add_loop_test(refusals, G29_short_packet, 0,
                        CIPHER_NAMES * (LAYER_TRAILER_SIZE + 1));
    tcase_add_loop_test(refusals, small_trailer_kills_the_sender, 0,
                        CIPHER_NAMES);
    tcase_add_test(refusals, signature_of_another_message_is_refused);
    tcase_add_loop_test(refusals, signature_of_another_size_is_refused, 0, 33);
}

Suite *
layer_suite(void)
{
    Suite *suite = suite_create("layer");
    TCase *passing = support_case(suite, "passing");
    TCase *refusals = support_case(suite, "refusals");
    const json_t *edges;

    vectors = support_vectors("layers.json");
    drafts = support_vectors("draft_ciphers.json");
    negative = support_vectors("layer_negative.json");
    edges =
        json_object_get(json_object_get(vectors, "sequence_edges"), "messages");
    tcase_add_checked_fixture(passing, NULL, disconnect);
    tcase_add_checked_fixture(refusals, NULL, disconnect);
    tcase_add_loop_test(passing, sealed_token_of_the_vector, 0, TRACKS);
    tcase_add_loop_test(passing, opened_token_of_the_vector, 0, TRACKS);
    support_each(passing, sequence_edge_of_the_vector, edges);
    tcase_add_loop_test(passing, sequence_wraps_to_zero, 0, CIPHER_NAMES);
    tcase_add_loop_test(passing, empty_message_passes, 0, CIPHER_NAMES);
    tcase_add_loop_test(passing, message_stands_at_the_front_of_its_token, 0,
                        CIPHER_NAMES);
    tcase_add_loop_test(passing, all_sizes_pass, 0, CIPHER_NAMES);
    tcase_add_loop_test(passing, stopping_twice_does_no_harm, 0, CIPHER_NAMES);
    tcase_add_test(passing, signature_apart_from_its_message_is_verified);
    support_each(refusals, G8_G29_G30_token_of_the_negative_vector,
                 json_object_get(negative, "cases"));
    add_refusals(refusals);
    return suite;
}
