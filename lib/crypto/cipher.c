/*
 * The table of the ciphers, and how their keys are made.
 */
#include "crypto/cipher.h"

#include "base/memory.h"

enum {
    DES_PART_SIZE = 7, /* octets of Kc in one DES key */
    DES_KEY_SIZE = 8,
    IV_OFFSET = 8, /* RFC 2831 2.4: the last 8 octets of Kc */
    KEY_SIZE_MAX = 2 * DES_KEY_SIZE
};

#define PLAIN_END LAYER_MAC_SIZE, false

/* clang-format off */
static const struct cipher ciphers[CIPHER_COUNT] = {
    [CIPHER_NONE] = { SLICE_INIT(""), 0, 0, 1, CRYPTO_RC4, PLAIN_END },
    [CIPHER_AES_CTR] = { SLICE_INIT("aes-ctr"), 128, 16, 16, CRYPTO_AES_CTR,
                         LAYER_TRAILER_SIZE, true },
    [CIPHER_RC4] = { SLICE_INIT("rc4"), 128, 16, 1, CRYPTO_RC4, PLAIN_END },
    [CIPHER_3DES] = { SLICE_INIT("3des"), 112, 16, 8, CRYPTO_DES_EDE_CBC,
                      PLAIN_END },
    [CIPHER_RC4_56] = { SLICE_INIT("rc4-56"), 56, 7, 1, CRYPTO_RC4,
                        PLAIN_END },
    [CIPHER_DES] = { SLICE_INIT("des"), 55, 16, 8, CRYPTO_DES_CBC,
                     PLAIN_END },
    [CIPHER_RC4_40] = { SLICE_INIT("rc4-40"), 40, 5, 1, CRYPTO_RC4,
                        PLAIN_END },
};
/* clang-format on */

const struct cipher *
cipher_row(enum cipher_id id)
{
    return &ciphers[id];
}

enum cipher_id
cipher_find(struct slice name)
{
    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++)
        if (slice_equal_nocase(ciphers[id].name, name))
            return (enum cipher_id)id;
    return CIPHER_NONE;
}

uint32_t
cipher_find_bit(struct slice name)
{
    enum cipher_id id = cipher_find(name);

    return id == CIPHER_NONE ? 0 : cipher_bit(id);
}

bool
cipher_available(enum cipher_id id, struct crypto *crypto)
{
    return id != CIPHER_NONE && crypto_has(crypto, ciphers[id].engine);
}

/* The largest message with a token of at most size octets. */
static uint32_t
fitting(const struct cipher *cipher, uint32_t size)
{
    uint32_t blocks, end_size = (uint32_t)cipher->end_size;

    if (size <= LAYER_TRAILER_SIZE)
        return 0;
    if (cipher->block_size == 1)
        return size - LAYER_TRAILER_SIZE;
    /* message, pad and end fill blocks; the pad has at least one octet */
    blocks = size - (LAYER_TRAILER_SIZE - end_size);
    blocks -= blocks % (uint32_t)cipher->block_size;
    return blocks <= end_size + 1 ? 0 : blocks - end_size - 1;
}

uint32_t
cipher_message_max(enum cipher_id id, uint32_t maxbuf)
{
    const struct cipher *cipher = &ciphers[id];
    uint32_t maximum = 0;

    /* Some peers count the length in front of the token too.  Stay below
     * that, unless there would be nothing left. */
    if (maxbuf > LENGTH_PREFIX_SIZE)
        maximum = fitting(cipher, maxbuf - LENGTH_PREFIX_SIZE);
    return maximum > 0 ? maximum : fitting(cipher, maxbuf);
}

/* Seven bits and a lowest bit that makes the number of ones odd. */
static uint8_t
with_odd_parity(unsigned seven_bits)
{
    unsigned octet = seven_bits << 1;
    unsigned parity = octet ^ octet >> 4;

    parity ^= parity >> 2;
    parity ^= parity >> 1;
    return (uint8_t)(octet | (~parity & 1));
}

/* Spreads 56 bits over 8 octets, seven each from the top (RFC 2831 2.4);
 * OpenSSL refuses keys of even parity. */
static void
put_des_key(struct writer *key, struct slice part)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < part.size; i++)
        bits = bits << 8 | part.data[i];
    for (int shift = 49; shift >= 0; shift -= 7)
        writer_put_octet(key, with_odd_parity((unsigned)(bits >> shift & 127)));
}

static void
put_key(struct writer *key, enum crypto_cipher engine, const struct md5 *kc)
{
    struct slice rest = slice_of(kc->octets, MD5_SIZE);
    struct slice part;

    if (engine == CRYPTO_RC4 || engine == CRYPTO_AES_CTR) {
        writer_put(key, rest);
        return;
    }
    while (key->used <
               (engine == CRYPTO_DES_CBC ? DES_KEY_SIZE : 2 * DES_KEY_SIZE) &&
           slice_take(&rest, DES_PART_SIZE, &part))
        put_des_key(key, part);
}

/* RFC 2831 2.4: the last octets of Kc; rfc2831bis-12 2.4.1: the counter. */
static struct slice
choose_iv(const struct cipher *cipher, const struct md5 *kc,
          const struct md5 *counter)
{
    if (cipher->fresh_keys)
        return slice_of(counter->octets, MD5_SIZE);
    return cipher->block_size == 1
               ? SLICE_NONE
               : slice_of(kc->octets + IV_OFFSET, MD5_SIZE - IV_OFFSET);
}

enum reason
cipher_start(struct stream *stream, struct crypto *crypto, enum cipher_id id,
             const struct md5 *kc, const struct md5 *counter, bool encrypt)
{
    const struct cipher *cipher = &ciphers[id];
    uint8_t key[KEY_SIZE_MAX];
    struct writer writer = writer_over(key, sizeof(key));
    enum reason reason;

    if (id == CIPHER_NONE)
        return REASON_INTERNAL;
    put_key(&writer, cipher->engine, kc);
    reason = crypto_stream_start(stream, crypto, cipher->engine,
                                 writer_result(&writer),
                                 choose_iv(cipher, kc, counter), encrypt);
    memory_wipe(key, sizeof(key));
    return reason;
}
