/*
 * Errors that OpenSSL adds to the thread's queue are removed here, not by
 * crypto_leave: a handshake goes on after a forged entry.
 */
#include "crypto/aead.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/memory.h"

enum { SEALED_SIZE_MAX = 1024, PART_COUNT_MAX = 8 };

struct aead {
    struct crypto *crypto;
    EVP_CIPHER *gcm;
    EVP_CIPHER_CTX *state;
};

enum reason
aead_open(struct crypto *crypto, struct aead **aead)
{
    struct aead *opened = memory_take(sizeof(*opened));

    if (opened == NULL)
        return REASON_NO_MEMORY;
    opened->crypto = crypto;
    (void)ERR_set_mark();
    opened->gcm = EVP_CIPHER_fetch(crypto_library(crypto), "AES-256-GCM", NULL);
    opened->state = EVP_CIPHER_CTX_new();
    (void)ERR_pop_to_mark();
    if (opened->gcm == NULL || opened->state == NULL) {
        aead_close(opened);
        return REASON_CRYPTO;
    }
    *aead = opened;
    return REASON_NONE;
}

void
aead_close(struct aead *aead)
{
    if (aead == NULL)
        return;
    EVP_CIPHER_CTX_free(aead->state);
    EVP_CIPHER_free(aead->gcm);
    memory_give(aead, 0);
}

enum reason
aead_derive(struct aead *aead, struct slice key, const struct slice *parts,
            size_t count, struct aead_key *derived)
{
    uint8_t sizes[PART_COUNT_MAX][sizeof(uint32_t)];
    struct slice sized[2 * PART_COUNT_MAX];
    struct mac mac;
    enum reason reason;

    if (count > PART_COUNT_MAX)
        return REASON_INTERNAL;
    for (size_t i = 0; i < count; i++) {
        struct writer size = writer_over(sizes[i], sizeof(sizes[i]));

        writer_put_u32(&size, (uint32_t)parts[i].size);
        sized[2 * i] = writer_result(&size);
        sized[2 * i + 1] = parts[i];
    }
    (void)ERR_set_mark();
    reason = crypto_mac_start(&mac, aead->crypto, CRYPTO_SHA_256, key);
    if (reason == REASON_NONE)
        reason = crypto_mac_run(&mac, sized, 2 * count, derived->octets,
                                sizeof(derived->octets));
    crypto_mac_stop(&mac);
    (void)ERR_pop_to_mark();
    return reason;
}

static bool
begin(const struct aead *aead, const struct aead_key *key, const uint8_t *iv,
      struct slice aad, bool encrypt)
{
    int size;

    return EVP_CipherInit_ex2(aead->state, aead->gcm, key->octets, iv, encrypt,
                              NULL) == 1 &&
           EVP_CipherUpdate(aead->state, NULL, &size, aad.data,
                            (int)aad.size) == 1;
}

/* GCM holds no octets back: all output is written here. */
static bool
run(const struct aead *aead, struct slice input, uint8_t *output)
{
    int size;

    return EVP_CipherUpdate(aead->state, output, &size, input.data,
                            (int)input.size) == 1;
}

static bool
end(const struct aead *aead)
{
    uint8_t nothing[EVP_MAX_BLOCK_LENGTH];
    int size;

    return EVP_CipherFinal_ex(aead->state, nothing, &size) == 1;
}

enum reason
aead_seal(struct aead *aead, const struct aead_key *key,
          const uint8_t iv[static AEAD_IV_SIZE], struct slice aad,
          struct slice plain, struct writer *sealed)
{
    uint8_t *text = writer_reserve(sealed, plain.size);
    uint8_t *tag = writer_reserve(sealed, AEAD_TAG_SIZE);
    bool done;

    if (tag == NULL || aad.size > SEALED_SIZE_MAX ||
        plain.size > SEALED_SIZE_MAX)
        return REASON_INTERNAL;
    (void)ERR_set_mark();
    done = begin(aead, key, iv, aad, true) && run(aead, plain, text) &&
           end(aead) &&
           EVP_CIPHER_CTX_ctrl(aead->state, EVP_CTRL_AEAD_GET_TAG,
                               AEAD_TAG_SIZE, tag) == 1;
    (void)ERR_pop_to_mark();
    return done ? REASON_NONE : REASON_CRYPTO;
}

/* Is this the tag of the text?  It has AEAD_TAG_SIZE octets. */
static bool
is_tag(const struct aead *aead, struct slice tag)
{
    uint8_t octets[AEAD_TAG_SIZE];
    struct writer copy = writer_over(octets, sizeof(octets));

    writer_put(&copy, tag);
    return EVP_CIPHER_CTX_ctrl(aead->state, EVP_CTRL_AEAD_SET_TAG,
                               AEAD_TAG_SIZE, octets) == 1 &&
           end(aead);
}

enum reason
aead_unseal(struct aead *aead, const struct aead_key *key,
            const uint8_t iv[static AEAD_IV_SIZE], struct slice aad,
            struct slice sealed, struct writer *plain)
{
    enum reason reason = REASON_CRYPTO;
    struct slice tag;
    uint8_t *text;

    if (aad.size > SEALED_SIZE_MAX || sealed.size > SEALED_SIZE_MAX ||
        !slice_take_back(&sealed, AEAD_TAG_SIZE, &tag))
        return REASON_ALTERED;
    text = writer_reserve(plain, sealed.size);
    if (text == NULL)
        return REASON_ALTERED;
    (void)ERR_set_mark();
    if (begin(aead, key, iv, aad, false) && run(aead, sealed, text))
        reason = is_tag(aead, tag) ? REASON_NONE : REASON_ALTERED;
    (void)ERR_pop_to_mark();
    if (reason != REASON_NONE)
        memory_wipe(text, sealed.size);
    return reason;
}
