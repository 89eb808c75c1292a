/*
 * H(A1) and a sentence for each key.
 */
#include "keys.h"

#include <string.h>

#define SENTENCE(what) SLICE_INIT("Digest " what " key magic constant")

static const struct slice signing[] = {
    [WAY_TO_SERVER] = SENTENCE("session key to client-to-server signing"),
    [WAY_TO_CLIENT] = SENTENCE("session key to server-to-client signing"),
};

static const struct slice sealing[] = {
    [WAY_TO_SERVER] = SENTENCE("H(A1) to client-to-server sealing"),
    [WAY_TO_CLIENT] = SENTENCE("H(A1) to server-to-client sealing"),
};

static enum reason
make(const struct hasher *hasher, const struct md5 *h_a1, size_t size,
     struct slice sentence, struct md5 *key)
{
    const struct slice parts[] = { slice_of(h_a1->octets, size), sentence };

    return crypto_md5(hasher, parts, sizeof(parts) / sizeof(*parts), key);
}

enum reason
keys_make(const struct hasher *hasher, const struct md5 *h_a1,
          enum cipher_id cipher, enum way way, struct keys *keys)
{
    memset(keys, 0, sizeof(*keys));
    TRY(make(hasher, h_a1, sizeof(h_a1->octets), signing[way], &keys->ki));
    if (cipher == CIPHER_NONE)
        return REASON_NONE;
    /* Weak ciphers take only the first octets of H(A1). */
    return make(hasher, h_a1, cipher_row(cipher)->h_a1_size, sealing[way],
                &keys->kc);
}
