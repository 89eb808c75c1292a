/*
 * Each key is a hash of H(A1) and a constant sentence.
 */
#include "digest/keys.h"

#include <string.h>

#include "base/text.h"

#define SENTENCE(what) SLICE_INIT("Digest " what " key magic constant")

static const struct slice signing[] = {
    [WAY_TO_SERVER] = SENTENCE("session key to client-to-server signing"),
    [WAY_TO_CLIENT] = SENTENCE("session key to server-to-client signing"),
};

static const struct slice sealing[] = {
    [WAY_TO_SERVER] = SENTENCE("H(A1) to client-to-server sealing"),
    [WAY_TO_CLIENT] = SENTENCE("H(A1) to server-to-client sealing"),
};

static const struct slice counting[] = {
    [WAY_TO_SERVER] = SLICE_INIT("aes-128 counter client-to-server"),
    [WAY_TO_CLIENT] = SLICE_INIT("aes-128 counter server-to-client"),
};

static enum reason
make(const struct hasher *hasher, const struct md5 *h_a1, size_t size,
     struct slice sentence, struct md5 *key)
{
    const struct slice parts[] = { slice_of(h_a1->octets, size), sentence };

    return crypto_md5(hasher, parts, COUNT(parts), key);
}

/* The nonce count makes the counter differ when a nonce is used again. */
static enum reason
make_counter(const struct hasher *hasher, const struct md5 *h_a1,
             uint32_t nonce_count, struct slice sentence, struct md5 *counter)
{
    uint8_t text[NONCE_COUNT_SIZE];
    struct writer digits = writer_over(text, sizeof(text));
    struct slice parts[] = { slice_of(h_a1->octets, sizeof(h_a1->octets)),
                             sentence, SLICE_NONE };

    text_put_count(&digits, nonce_count);
    parts[2] = writer_result(&digits);
    return crypto_md5(hasher, parts, COUNT(parts), counter);
}

enum reason
keys_make(const struct hasher *hasher, const struct md5 *h_a1,
          enum cipher_id cipher, uint32_t nonce_count, enum way way,
          struct keys *keys)
{
    memset(keys, 0, sizeof(*keys));
    TRY(make(hasher, h_a1, sizeof(h_a1->octets), signing[way], &keys->ki));
    if (cipher == CIPHER_NONE)
        return REASON_NONE;
    if (cipher_row(cipher)->fresh_keys)
        TRY(make_counter(hasher, h_a1, nonce_count, counting[way],
                         &keys->counter));
    /* Weak ciphers take only the first octets of H(A1). */
    return make(hasher, h_a1, cipher_row(cipher)->h_a1_size, sealing[way],
                &keys->kc);
}
