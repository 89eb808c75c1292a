/*
 * The algorithms are fetched once, and so are the states they work in.
 */
#include "sealing.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "memory.h"

enum {
    SEALED_SIZE_MAX = 1024
};

struct sealing {
    EVP_MAC_CTX *hmac;
    EVP_CIPHER *algorithm;
    EVP_CIPHER_CTX *cipher;
};

enum reason
sealing_open(const struct crypto *crypto, struct sealing **sealing)
{
    struct sealing *opened = memory_take(sizeof(*opened));

    if (opened == NULL)
        return REASON_NO_MEMORY;
    ERR_set_mark();
    opened->hmac = crypto_make_hmac(crypto_library(crypto), "SHA2-256");
    opened->algorithm =
        EVP_CIPHER_fetch(crypto_library(crypto), "AES-256-GCM", NULL);
    opened->cipher = EVP_CIPHER_CTX_new();
    ERR_pop_to_mark();
    if (opened->hmac == NULL || opened->algorithm == NULL ||
        opened->cipher == NULL) {
        sealing_close(opened);
        return REASON_CRYPTO;
    }
    *sealing = opened;
    return REASON_NONE;
}

void
sealing_close(struct sealing *sealing)
{
    if (sealing == NULL)
        return;
    EVP_MAC_CTX_free(sealing->hmac);
    EVP_CIPHER_CTX_free(sealing->cipher);
    EVP_CIPHER_free(sealing->algorithm);
    memory_give(sealing, sizeof(*sealing));
}

static bool
update(EVP_MAC_CTX *hmac, struct slice part)
{
    uint8_t size[sizeof(uint32_t)];
    struct writer writer = writer_over(size, sizeof(size));

    writer_put_u32(&writer, (uint32_t)part.size);
    return EVP_MAC_update(hmac, size, sizeof(size)) &&
           EVP_MAC_update(hmac, part.data, part.size);
}

enum reason
sealing_derive(struct sealing *sealing, struct slice key,
               const struct slice *parts, size_t count,
               struct sealing_key *derived)
{
    if (!EVP_MAC_init(sealing->hmac, key.data, key.size, NULL))
        return REASON_CRYPTO;
    for (size_t i = 0; i < count; i++)
        if (!update(sealing->hmac, parts[i]))
            return REASON_CRYPTO;
    return EVP_MAC_final(sealing->hmac, derived->octets, NULL,
                         sizeof(derived->octets))
               ? REASON_NONE
               : REASON_CRYPTO;
}

static bool
begin(struct sealing *sealing, const struct sealing_key *key, const uint8_t *iv,
      struct slice bound, bool encrypt)
{
    int done;

    return EVP_CipherInit_ex2(sealing->cipher, sealing->algorithm, key->octets,
                              iv, encrypt, NULL) &&
           EVP_CipherUpdate(sealing->cipher, NULL, &done, bound.data,
                            (int)bound.size);
}

/* Of the last octets there are none: GCM is a stream. */
static bool
run(struct sealing *sealing, struct slice input, uint8_t *output)
{
    int done;

    return EVP_CipherUpdate(sealing->cipher, output, &done, input.data,
                            (int)input.size);
}

static bool
end(struct sealing *sealing)
{
    uint8_t nothing[EVP_MAX_BLOCK_LENGTH];
    int done;

    return EVP_CipherFinal_ex(sealing->cipher, nothing, &done);
}

enum reason
sealing_seal(struct sealing *sealing, const struct sealing_key *key,
             const uint8_t iv[static SEALING_IV_SIZE], struct slice bound,
             struct slice plain, struct writer *sealed)
{
    uint8_t *text = writer_reserve(sealed, plain.size);
    uint8_t *tag = writer_reserve(sealed, SEALING_TAG_SIZE);

    if (tag == NULL || bound.size > SEALED_SIZE_MAX ||
        plain.size > SEALED_SIZE_MAX)
        return REASON_INTERNAL;
    return begin(sealing, key, iv, bound, true) && run(sealing, plain, text) &&
                   end(sealing) &&
                   EVP_CIPHER_CTX_ctrl(sealing->cipher, EVP_CTRL_AEAD_GET_TAG,
                                       SEALING_TAG_SIZE, tag) > 0
               ? REASON_NONE
               : REASON_CRYPTO;
}

/* OpenSSL takes the tag from memory that it may write to. */
static bool
expect_tag(struct sealing *sealing, struct slice tag)
{
    uint8_t copy[SEALING_TAG_SIZE];

    memcpy(copy, tag.data, sizeof(copy));
    return EVP_CIPHER_CTX_ctrl(sealing->cipher, EVP_CTRL_AEAD_SET_TAG,
                               sizeof(copy), copy) > 0;
}

enum reason
sealing_unseal(struct sealing *sealing, const struct sealing_key *key,
               const uint8_t iv[static SEALING_IV_SIZE], struct slice bound,
               struct slice sealed, struct writer *plain)
{
    struct slice tag;
    uint8_t *text;

    if (bound.size > SEALED_SIZE_MAX || sealed.size > SEALED_SIZE_MAX ||
        slice_take_back(&sealed, SEALING_TAG_SIZE, &tag) != REASON_NONE)
        return REASON_ALTERED;
    text = writer_reserve(plain, sealed.size);
    if (text == NULL)
        return REASON_ALTERED;
    if (!begin(sealing, key, iv, bound, false) || !run(sealing, sealed, text) ||
        !expect_tag(sealing, tag))
        return REASON_CRYPTO;
    if (end(sealing))
        return REASON_NONE;
    memory_wipe(text, sealed.size);
    return REASON_ALTERED;
}
