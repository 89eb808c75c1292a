/*
 * One message at a time, in place, in one direction.
 */
#include "digest/layer.h"

#include <string.h>

#include "base/memory.h"

/* Padding and trailer.  It is also enough for what 3des and des, whose blocks
 * have 8 octets, hold back of the data and return with them. */
enum { TAIL_SIZE_MAX = LAYER_PAD_MAX + LAYER_TRAILER_SIZE };

enum reason
layer_start(struct layer *layer, const struct hasher *hasher,
            const struct md5 *h_a1, const struct choice *choice,
            enum way send_way)
{
    enum way receive_way =
        send_way == WAY_TO_SERVER ? WAY_TO_CLIENT : WAY_TO_SERVER;

    memset(layer, 0, sizeof(*layer));
    if (choice->cipher != CIPHER_NONE &&
        !cipher_available(choice->cipher, hasher->crypto))
        return REASON_CRYPTO;
    layer->choice = *choice;
    layer->send.crypto = layer->receive.crypto = hasher->crypto;
    layer->send.cipher = layer->receive.cipher = choice->cipher;
    layer->send.encrypts = true;
    TRY(keys_make(hasher, h_a1, choice->cipher, choice->nonce_count, send_way,
                  &layer->send.keys));
    return keys_make(hasher, h_a1, choice->cipher, choice->nonce_count,
                     receive_way, &layer->receive.keys);
}

static void
stop(struct direction *direction)
{
    crypto_mac_stop(&direction->mac);
    crypto_stream_stop(&direction->stream);
}

void
layer_stop(struct layer *layer)
{
    stop(&layer->send);
    stop(&layer->receive);
    memory_wipe(layer, sizeof(*layer));
}

static enum reason
use_keys(struct direction *direction)
{
    const struct keys *keys = &direction->keys;

    TRY(crypto_mac_start(&direction->mac, direction->crypto, CRYPTO_MD5,
                         slice_of(keys->ki.octets, MD5_SIZE)));
    if (direction->cipher == CIPHER_NONE)
        return REASON_NONE;
    return cipher_start(&direction->stream, direction->crypto,
                        direction->cipher, &keys->kc, &keys->counter,
                        direction->encrypts);
}

/* Called before each message.  If out of memory, the next call tries again. */
static enum reason
make_ready(struct direction *direction)
{
    enum reason reason;

    if (direction->dead)
        return REASON_ALTERED;
    if (direction->mac.state != NULL)
        return REASON_NONE;
    reason = use_keys(direction);
    if (reason == REASON_NONE)
        memory_wipe(&direction->keys, sizeof(direction->keys));
    else
        stop(direction);
    return reason;
}

static enum reason
make_mac(struct direction *direction, struct slice message, struct md5 *mac)
{
    uint8_t octets[LAYER_SEQUENCE_SIZE];
    struct writer sequence = writer_over(octets, sizeof(octets));
    struct slice parts[2];

    writer_put_u32(&sequence, direction->sequence);
    parts[0] = writer_result(&sequence);
    parts[1] = message;
    return crypto_mac_run(&direction->mac, parts, 2, mac->octets,
                          sizeof(mac->octets));
}

static void
put_pad(struct writer *tail, size_t size, const struct cipher *cipher)
{
    size_t pad =
        cipher->block_size - (size + cipher->end_size) % cipher->block_size;

    for (size_t i = 0; cipher->block_size > 1 && i < pad; i++)
        writer_put_octet(tail, (uint8_t)pad);
}

static void
put_end(const struct direction *direction, struct writer *writer)
{
    writer_put_u16(writer, LAYER_TYPE);
    writer_put_u32(writer, direction->sequence);
}

/* Encrypts data and tail as one stream.  As much of the output as fits replaces
 * the data, the rest goes to the trailer. */
static enum reason
encrypt(struct direction *direction, uint8_t *data, size_t size,
        struct slice tail, struct writer *trailer)
{
    uint8_t sealed[TAIL_SIZE_MAX];
    struct writer end = writer_over(data, size);
    struct slice rest, over_data;
    size_t written;

    if (size > 0)
        TRY(crypto_stream_run(&direction->stream, data, size, data, &end.used));
    TRY(crypto_stream_run(&direction->stream, tail.data, tail.size, sealed,
                          &written));
    rest = slice_of(sealed, written);
    if (!slice_take(&rest, end.size - end.used, &over_data))
        return REASON_INTERNAL;
    writer_put(&end, over_data);
    writer_put(trailer, rest);
    return REASON_NONE;
}

static enum reason
seal(struct direction *direction, uint8_t *data, size_t size,
     struct writer *trailer)
{
    const struct cipher *cipher = cipher_row(direction->cipher);
    bool seal_end = cipher->end_size == LAYER_TRAILER_SIZE;
    uint8_t octets[TAIL_SIZE_MAX];
    struct writer tail = writer_over(octets, sizeof(octets));
    struct md5 mac;

    TRY(make_mac(direction, slice_of(data, size), &mac));
    put_pad(&tail, size, cipher);
    writer_put(&tail, slice_of(mac.octets, LAYER_MAC_SIZE));
    if (seal_end)
        put_end(direction, &tail);
    if (direction->cipher == CIPHER_NONE)
        writer_put(trailer, writer_result(&tail));
    else
        TRY(encrypt(direction, data, size, writer_result(&tail), trailer));
    if (!seal_end)
        put_end(direction, trailer);
    return trailer->overflow ? REASON_BUFFER_TOO_SMALL : REASON_NONE;
}

enum reason
layer_seal(struct direction *direction, uint8_t *data, size_t size,
           struct writer *trailer)
{
    enum reason reason;

    TRY(make_ready(direction));
    reason = seal(direction, data, size, trailer);
    direction->dead = reason != REASON_NONE;
    direction->sequence++;
    return reason;
}

/* 1 if value is below limit, else 0; both are far below 2^31. */
static unsigned
is_below(unsigned value, unsigned limit)
{
    return (value - limit) >> (sizeof(value) * 8 - 1);
}

/*
 * Removes the padding without branches on its octets: bad padding must look
 * like a wrong MAC (rfc2831bis-12 3.8).  Returns 1 if the padding was valid.
 */
static unsigned
take_pad(struct slice *message, size_t pad_max)
{
    unsigned available =
        message->size < pad_max ? (unsigned)message->size : (unsigned)pad_max;
    unsigned pad = message->data[message->size - 1];
    unsigned good = is_below(0, pad) & is_below(pad, available + 1);

    for (unsigned i = 0; i < available; i++) {
        unsigned octet = message->data[message->size - 1 - i];

        /* before the padding any octet is allowed */
        good &= is_below(octet ^ pad, 1) | (1 ^ is_below(i, pad));
    }
    message->size -= pad & (0u - good);
    return good;
}

/* Decrypts the body in place.  It then contains message, padding and MAC. */
static enum reason
decrypt(struct direction *direction, uint8_t *data, struct slice body)
{
    const struct cipher *cipher = cipher_row(direction->cipher);
    size_t written;

    if (cipher->block_size > 1 &&
        (body.size <= cipher->end_size || body.size % cipher->block_size != 0))
        return REASON_ALTERED;
    TRY(crypto_stream_run(&direction->stream, body.data, body.size, data,
                          &written));
    return written == body.size ? REASON_NONE : REASON_ALTERED;
}

/* Returns 1 if the message type and sequence number are the expected ones. */
static unsigned
check_end(const struct direction *direction, struct slice end)
{
    uint8_t octets[LAYER_TYPE_SIZE + LAYER_SEQUENCE_SIZE];
    struct writer expected = writer_over(octets, sizeof(octets));

    put_end(direction, &expected);
    return crypto_equal(end, writer_result(&expected));
}

/* Decrypts the encrypted part of a token.  Splits the token into body (message
 * and padding), received MAC, and end (message type and sequence number). */
static enum reason
cut_token(struct direction *direction, uint8_t *token, struct slice *body,
          struct slice *received, struct slice *end)
{
    const struct cipher *cipher = cipher_row(direction->cipher);
    struct slice plain_end;

    if (!slice_take_back(body, LAYER_TRAILER_SIZE - cipher->end_size,
                         &plain_end) ||
        body->size < cipher->end_size)
        return REASON_ALTERED;
    if (direction->cipher != CIPHER_NONE)
        TRY(decrypt(direction, token, *body));
    *end = plain_end;
    return (plain_end.size > 0 ||
            slice_take_back(body, LAYER_TYPE_SIZE + LAYER_SEQUENCE_SIZE,
                            end)) &&
                   slice_take_back(body, LAYER_MAC_SIZE, received)
               ? REASON_NONE
               : REASON_ALTERED;
}

static enum reason
open_token(struct direction *direction, uint8_t *token, size_t size,
           struct slice *message)
{
    size_t block_size = cipher_row(direction->cipher)->block_size;
    struct slice body = slice_of(token, size);
    struct slice end, received;
    struct md5 mac;
    unsigned good;

    TRY(cut_token(direction, token, &body, &received, &end));
    good = check_end(direction, end);
    if (block_size > 1)
        good &= take_pad(&body, block_size);
    TRY(make_mac(direction, body, &mac));
    good &= crypto_equal(received, slice_of(mac.octets, LAYER_MAC_SIZE));
    *message = body;
    return good != 0 ? REASON_NONE : REASON_ALTERED;
}

/* Counts the message; after a failure the direction stays dead. */
static enum reason
settle(struct direction *direction, enum reason reason)
{
    direction->dead = reason != REASON_NONE;
    direction->sequence++;
    return reason == REASON_NONE ? REASON_NONE : REASON_ALTERED;
}

enum reason
layer_open(struct direction *direction, uint8_t *token, size_t size,
           struct slice *message)
{
    enum reason reason;

    *message = SLICE_NONE;
    TRY(make_ready(direction));
    reason = open_token(direction, token, size, message);
    if (reason != REASON_NONE)
        *message = SLICE_NONE;
    return settle(direction, reason);
}

static enum reason
verify(struct direction *direction, struct slice message, struct slice trailer)
{
    struct slice received;
    struct md5 mac;
    unsigned good;

    if (!slice_take(&trailer, LAYER_MAC_SIZE, &received))
        return REASON_ALTERED;
    TRY(make_mac(direction, message, &mac));
    good = check_end(direction, trailer);
    good &= crypto_equal(received, slice_of(mac.octets, LAYER_MAC_SIZE));
    return good != 0 ? REASON_NONE : REASON_ALTERED;
}

enum reason
layer_verify(struct direction *direction, struct slice message,
             struct slice trailer)
{
    TRY(make_ready(direction));
    return settle(direction, verify(direction, message, trailer));
}
