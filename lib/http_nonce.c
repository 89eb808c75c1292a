/*
 * Time, random octets, and a hash of the key with both.
 */
#include "http_nonce.h"

#include "text.h"

enum {
    TIME_SIZE = 8,
    CLAIM_SIZE = TIME_SIZE + 2 * HTTP_NONCE_RANDOM_SIZE
};

/* Key and claim have fixed sizes and the hash is cut: nobody can extend it. */
static enum reason
put_mac(struct writer *writer, const struct hasher *hasher,
        const struct http_nonce_key *key, struct slice claim)
{
    const struct slice parts[] = { slice_of(key->octets, sizeof(key->octets)),
                                   claim };
    uint8_t hash[32];

    TRY(crypto_sha256(hasher, parts, sizeof(parts) / sizeof(*parts), hash));
    text_put_hex(writer, slice_of(hash, HTTP_NONCE_MAC_SIZE));
    return REASON_NONE;
}

enum reason
http_nonce_make(const struct hasher *hasher, const struct http_nonce_key *key,
                uint64_t now_s, uint8_t text[static HTTP_NONCE_SIZE])
{
    struct writer writer = writer_over(text, HTTP_NONCE_SIZE);
    uint8_t random[HTTP_NONCE_RANDOM_SIZE];

    TRY(crypto_random(hasher->crypto, random, sizeof(random)));
    text_put_count(&writer, (uint32_t)now_s);
    text_put_hex(&writer, slice_of(random, sizeof(random)));
    return put_mac(&writer, hasher, key, writer_result(&writer));
}

enum reason
http_nonce_read(const struct hasher *hasher, const struct http_nonce_key *key,
                struct slice nonce, uint64_t *issued_s)
{
    uint8_t text[2 * HTTP_NONCE_MAC_SIZE];
    struct writer expected = writer_over(text, sizeof(text));
    struct slice claim, time;
    uint32_t count;

    if (nonce.size != HTTP_NONCE_SIZE ||
        slice_take(&nonce, CLAIM_SIZE, &claim) != REASON_NONE)
        return REASON_NONCE;
    TRY(put_mac(&expected, hasher, key, claim));
    if (!crypto_equal(nonce, writer_result(&expected)))
        return REASON_NONCE;
    if (slice_take(&claim, TIME_SIZE, &time) != REASON_NONE ||
        text_to_count(time, &count) != REASON_NONE)
        return REASON_NONCE;
    *issued_s = count;
    return REASON_NONE;
}
