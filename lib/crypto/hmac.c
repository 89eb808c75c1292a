/*
 * H(K ^ outer, H(K ^ inner, text)), RFC 2104 2.
 */
#include "crypto/hmac.h"

#include "crypto/hashing.h"
#include "base/memory.h"
#include "base/limits.h"

enum {
    BLOCK_SIZE = 64, /* of MD5 and of SHA-256 */
    INNER = 0x36,
    OUTER = 0x5c
};

/* A state that has seen the key, each octet XORed with pad, and zeros up to a
 * block. */
static enum reason
start(const struct hashing *hashing, struct slice key, uint8_t pad,
      void **state)
{
    uint8_t block[BLOCK_SIZE];
    bool done;

    *state = hashing_start(hashing);
    if (*state == NULL)
        return REASON_NO_MEMORY;
    memset(block, pad, sizeof(block));
    for (size_t i = 0; i < key.size; i++)
        block[i] ^= key.data[i];
    done = hashing->begin(*state, NULL) &&
           hashing->update(*state, block, sizeof(block));
    memory_wipe(block, sizeof(block));
    return done ? REASON_NONE : REASON_CRYPTO;
}

static enum reason
start_both(struct hmac *hmac, struct slice key)
{
    TRY(start(hmac->hashing, key, INNER, &hmac->inner));
    return start(hmac->hashing, key, OUTER, &hmac->outer);
}

/* RFC 2104 2: a key that is longer than a block is hashed. */
static enum reason
start_long(struct hmac *hmac, struct slice key)
{
    const struct hashing *hashing = hmac->hashing;
    uint8_t hash[HASH_SIZE_MAX];
    enum reason reason =
        hashing_run_once(hashing, &(struct hash_text){ &key, 1, false }, hash);

    if (reason == REASON_NONE)
        reason = start_both(hmac, slice_of(hash, hashing->size));
    memory_wipe(hash, sizeof(hash));
    return reason;
}

enum reason
hmac_start(struct hmac *hmac, const struct hashing *hashing, struct slice key)
{
    *hmac = (struct hmac){ hashing, NULL, NULL };
    return key.size > BLOCK_SIZE ? start_long(hmac, key)
                                 : start_both(hmac, key);
}

void
hmac_stop(struct hmac *hmac)
{
    hashing_stop(hmac->hashing, hmac->inner);
    hashing_stop(hmac->hashing, hmac->outer);
    hmac->inner = hmac->outer = NULL;
}

/* Goes on from a state, which stays as it is. */
static enum reason
run_from(const struct hashing *hashing, void *state, const struct slice *parts,
         size_t count, uint8_t *hash)
{
    void *copy = hashing->copy(state);
    bool done = true;

    if (copy == NULL)
        return REASON_NO_MEMORY;
    for (size_t i = 0; done && i < count; i++)
        done = hashing->update(copy, parts[i].data, parts[i].size);
    done = done && hashing_end(hashing, copy, hash);
    hashing_stop(hashing, copy);
    return done ? REASON_NONE : REASON_CRYPTO;
}

enum reason
hmac_run(const struct hmac *hmac, const struct slice *parts, size_t count,
         uint8_t *mac)
{
    uint8_t hash[HASH_SIZE_MAX];
    struct slice inner;
    enum reason reason;

    TRY(run_from(hmac->hashing, hmac->inner, parts, count, hash));
    inner = slice_of(hash, hmac->hashing->size);
    reason = run_from(hmac->hashing, hmac->outer, &inner, 1, mac);
    memory_wipe(hash, inner.size);
    return reason;
}
