/*
 * The algorithms are fetched once, and so are the states they work in.
 */
#include "crypto/aead.h"

#include "crypto/ciphering.h"
#include "base/memory.h"

enum { SEALED_SIZE_MAX = 1024, PART_COUNT_MAX = 8 };

struct sealing {
    const struct crypto *crypto;
    struct ciphering gcm;
    void *state; /* of the cipher */
};

enum reason
sealing_open(const struct crypto *crypto, struct sealing **sealing)
{
    struct sealing *opened = memory_take(sizeof(*opened));

    if (opened == NULL)
        return REASON_NO_MEMORY;
    opened->crypto = crypto;
    ciphering_open(&opened->gcm, crypto_providers(crypto), "AES-256-GCM");
    if (opened->gcm.exists)
        opened->state = ciphering_start(&opened->gcm);
    if (opened->state == NULL) {
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
    ciphering_stop(&sealing->gcm, sealing->state);
    memory_give(sealing, sizeof(*sealing));
}

/* The parts, each with its size in front. */
static enum reason
derive(const struct hmac *hmac, const struct slice *parts, size_t count,
       struct sealing_key *derived)
{
    uint8_t octets[PART_COUNT_MAX * sizeof(uint32_t)];
    struct writer sizes = writer_over(octets, sizeof(octets));
    struct slice all[2 * PART_COUNT_MAX];

    if (count > PART_COUNT_MAX)
        return REASON_INTERNAL;
    for (size_t i = 0; i < count; i++) {
        size_t mark = sizes.used;

        writer_put_u32(&sizes, (uint32_t)parts[i].size);
        all[2 * i] = writer_since(&sizes, mark);
        all[2 * i + 1] = parts[i];
    }
    return hmac_run(hmac, all, 2 * count, derived->octets);
}

enum reason
sealing_derive(struct sealing *sealing, struct slice key,
               const struct slice *parts, size_t count,
               struct sealing_key *derived)
{
    struct hmac hmac;
    enum reason reason =
        crypto_hmac_start(&hmac, sealing->crypto, CRYPTO_SHA_256, key);

    if (reason == REASON_NONE)
        reason = derive(&hmac, parts, count, derived);
    hmac_stop(&hmac);
    return reason;
}

static bool
begin(struct sealing *sealing, const struct sealing_key *key, const uint8_t *iv,
      struct slice bound, bool encrypt)
{
    return ciphering_begin(&sealing->gcm, sealing->state,
                           sealing_key_slice(key),
                           slice_of(iv, SEALING_IV_SIZE), encrypt) &&
           ciphering_bind(&sealing->gcm, sealing->state, bound);
}

static bool
run(struct sealing *sealing, struct slice input, uint8_t *output)
{
    size_t written;

    return ciphering_run(&sealing->gcm, sealing->state, input, output,
                         &written) &&
           written == input.size;
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
                   ciphering_end(&sealing->gcm, sealing->state, tag,
                                 SEALING_TAG_SIZE)
               ? REASON_NONE
               : REASON_CRYPTO;
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
    if (!begin(sealing, key, iv, bound, false) || !run(sealing, sealed, text))
        return REASON_CRYPTO;
    if (ciphering_verify(&sealing->gcm, sealing->state, tag))
        return REASON_NONE;
    memory_wipe(text, sealed.size);
    return REASON_ALTERED;
}
