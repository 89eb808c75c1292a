/*
 * layer_seal() and layer_open() of lib/digest/layer.c with all functions that
 * they call except OpenSSL's, and cipher_message_max() of lib/crypto/cipher.c.
 *
 * Before: auth-int, and a cipher of each shape; messages of 0 to 18 octets and
 * tokens of 0 to 36, of any value; sequence numbers up to the last; OpenSSL may
 * fail at any time, and a comparison of MACs has any result.
 * After: no octet outside message, token or trailer is accessed and no length
 * leaves its range.  A sealed message has the size that the mechanism says, and
 * fits into maxbuf if the message is no larger than cipher_message_max().  An
 * opened message is part of its token.  Each call increments the sequence
 * number.  After a failure the direction is dead: it returns no message, does
 * not count, and always returns the same error.
 *
 * eva: prove
 * options: -eva-use-spec take_pad -eva-split-return full
 */
#include "digest/layer.h"

/*@ // take_pad/ proves it.
    requires \valid(message) && message->size >= 1;
    assigns message->size, \result \from message->size, pad_max,
      message->data[0 .. message->size - 1];
    ensures \result == 0 || \result == 1;
    ensures message->size <= \old(message->size);
*/
static unsigned take_pad(struct slice *message, size_t pad_max);

#include "crypto/cipher.c"
#include "digest/layer.c"
#include "base/slice.c"

#include "harness.h"

enum { MESSAGE_MAX = 18, OPEN_MAX = 36 };

static size_t held;       /* octets that the cipher holds back */
static size_t block_size; /* of the cipher */
static const uint32_t sequences[] = { 0, 1, 0x7fffffff, 0x80000000,
                                      0xfffffffe };

/* Models OpenSSL: anything that it may do. */

enum reason
crypto_mac_run(const struct mac *mac, const struct slice *parts, size_t count,
               uint8_t *octets, size_t size)
{
    (void)mac;
    for (size_t i = 0; i < count; i++) {
        //@ assert mac_reads: parts[i].size > 0 ==> \valid_read(parts[i].data + (0 .. parts[i].size - 1));
    }
    if (any(0, 1) == 0)
        return REASON_CRYPTO;
    //@ assert mac_writes: \valid(octets + (0 .. size - 1));
    any_octets(octets, size);
    return REASON_NONE;
}

bool
crypto_equal(struct slice one, struct slice other)
{
    //@ assert same_size: one.size == other.size;
    //@ assert equal_reads: \valid_read(one.data + (0 .. one.size - 1));
    //@ assert equal_reads_other: \valid_read(other.data + (0 .. other.size - 1));
    return any(0, 1) == 1;
}

enum reason
crypto_stream_run(const struct stream *stream, const uint8_t *input, size_t size,
                  uint8_t *output, size_t *written)
{
    (void)stream;
    //@ assert run_reads: \valid_read(input + (0 .. size - 1));
    if (any(0, 1) == 0)
        return REASON_CRYPTO;
    *written = held + size - (held + size) % block_size;
    held = (held + size) % block_size;
    //@ assert run_writes: *written > 0 ==> \valid(output + (0 .. *written - 1));
    if (*written > 0)
        any_octets(output, *written);
    return REASON_NONE;
}

static struct direction
start(enum cipher_id cipher, uint32_t sequence)
{
    static uint8_t keyed;
    struct direction direction = { .cipher = cipher, .sequence = sequence };

    direction.mac.state = (EVP_MAC_CTX *)&keyed;
    held = 0;
    /* aes-ctr is padded, but not a block cipher for OpenSSL */
    block_size = cipher == CIPHER_AES_CTR ? 1 : cipher_row(cipher)->block_size;
    return direction;
}

static void
check_dead(struct direction *direction, uint32_t sequence)
{
    uint8_t octets[20];
    struct slice message;
    struct writer trailer = writer_over(octets, sizeof(octets));
    enum reason reason;

    any_octets(octets, sizeof(octets));
    reason = layer_open(direction, octets, sizeof(octets), &message);
    //@ assert dead_open: reason == REASON_ALTERED && message.data == \null;
    reason = layer_seal(direction, octets, 0, &trailer);
    //@ assert dead_seal: reason == REASON_ALTERED && trailer.used == 0;
    //@ assert dead_stays: direction->dead && direction->sequence == sequence;
}

static void
check_seal(enum cipher_id cipher, size_t size, size_t room, uint32_t sequence)
{
    struct direction direction = start(cipher, sequence);
    uint8_t data[MESSAGE_MAX], octets[LAYER_TRAILER_MAX];
    struct writer trailer =
        writer_over(octets + sizeof(octets) - room, room);
    const struct cipher *row = cipher_row(cipher);
    size_t sealed = size + row->end_size;
    enum reason reason;

    sealed += row->block_size == 1 ? 0
                                   : row->block_size - sealed % row->block_size;
    any_octets(data, sizeof(data));
    reason = layer_seal(&direction, data + sizeof(data) - size, size,
                        &trailer);
    //@ assert seal_counts: direction.sequence == (uint32_t)(sequence + 1);
    //@ assert seal_room: trailer.used <= room;
    if (reason != REASON_NONE) {
        check_dead(&direction, direction.sequence);
        return;
    }
    //@ assert seal_lives: !direction.dead;
    //@ assert seal_size: size + trailer.used == sealed + 16 - row->end_size;
}

static void
check_open(enum cipher_id cipher, size_t size, uint32_t sequence)
{
    struct direction direction = start(cipher, sequence);
    uint8_t octets[OPEN_MAX];
    uint8_t *token = octets + sizeof(octets) - size;
    struct slice message;
    enum reason reason;

    any_octets(octets, sizeof(octets));
    reason = layer_open(&direction, token, size, &message);
    //@ assert open_counts: direction.sequence == (uint32_t)(sequence + 1);
    if (reason != REASON_NONE) {
        //@ assert open_nothing: message.data == \null && message.size == 0;
        check_dead(&direction, direction.sequence);
        return;
    }
    //@ assert open_lives: !direction.dead;
    //@ assert open_place: message.data == token;
    //@ assert open_size: size >= 16 && message.size <= size - 16;
}

static void
check_maximum(enum cipher_id cipher, uint32_t maxbuf)
{
    struct direction direction = start(cipher, 0);
    uint8_t data[40], octets[LAYER_TRAILER_MAX];
    struct writer trailer = writer_over(octets, sizeof(octets));
    uint32_t size = cipher_message_max(cipher, maxbuf);

    //@ assert maximum: size <= maxbuf;
    any_octets(data, sizeof(data));
    if (layer_seal(&direction, data, size, &trailer) == REASON_NONE) {
        //@ assert fits: size == 0 || size + trailer.used <= maxbuf;
    }
}

void
prove(void)
{
    /* other ciphers differ from these in keys and names only */
    const enum cipher_id ciphers_here[] = { CIPHER_NONE, CIPHER_AES_CTR,
                                            CIPHER_RC4, CIPHER_3DES };

    for (unsigned i = 0; i < 4; i++) {
        enum cipher_id cipher = ciphers_here[i];

        for (size_t size = 0; size <= MESSAGE_MAX; size++)
            check_seal(cipher, size, LAYER_TRAILER_MAX, 0);
        for (size_t room = 0; room < LAYER_TRAILER_MAX; room++)
            check_seal(cipher, 5, room, 0);
        for (size_t size = 0; size <= OPEN_MAX; size++)
            check_open(cipher, size, 0);
        for (unsigned j = 0; j < sizeof(sequences) / sizeof(uint32_t); j++) {
            check_seal(cipher, 3, LAYER_TRAILER_MAX, sequences[j]);
            check_open(cipher, 24, sequences[j]);
        }
        for (uint32_t maxbuf = MAXBUF_MIN; maxbuf <= 40; maxbuf++)
            check_maximum(cipher, maxbuf);
    }
}
