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

/* Makes a key from the first size octets of H(A1), which are all but with weak
 * ciphers. */
static enum reason
make(const struct hasher *hasher, const struct md5 *h_a1, size_t size,
     struct slice sentence, struct slice count, struct md5 *key)
{
    const struct slice parts[] = { slice_of(h_a1->octets, size), sentence,
                                   count };

    return crypto_md5(hasher, parts, COUNT(parts), key);
}

enum reason
keys_make(const struct hasher *hasher, const struct md5 *h_a1,
          enum cipher_id cipher, uint32_t nonce_count, enum way way,
          struct keys *keys)
{
    const struct cipher *row = cipher_row(cipher);
    uint8_t text[NONCE_COUNT_SIZE];
    struct writer count = writer_over(text, sizeof(text));

    memset(keys, 0, sizeof(*keys));
    TRY(make(hasher, h_a1, MD5_SIZE, signing[way], SLICE_NONE, &keys->ki));
    if (cipher == CIPHER_NONE)
        return REASON_NONE;
    /* the nonce count makes the counter differ when a nonce is used again */
    text_put_count(&count, nonce_count);
    if (row->fresh_keys)
        TRY(make(hasher, h_a1, MD5_SIZE, counting[way], writer_result(&count),
                 &keys->counter));
    return make(hasher, h_a1, row->h_a1_size, sealing[way], SLICE_NONE,
                &keys->kc);
}
