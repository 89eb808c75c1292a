/*
 * A nonce consists of a time, random octets, and a MAC of both.  The time is
 * encrypted, because it may be the machine's uptime.
 */
#include "nonce/http_nonce.h"

#include "crypto/random.h"
#include "base/text.h"

enum { TIME_SIZE = 8 };

/* Writes a hash of the key, the kind and the claim.  It is a safe MAC: the key
 * has a fixed size, and the truncated hash prevents length extension.  A kind
 * is no letter, so no input is one of mask_time. */
static enum reason
put_mac(struct writer *writer, const struct hasher *hasher,
        const struct http_nonce_key *key, uint8_t kind, struct slice claim,
        size_t size)
{
    const struct slice parts[] = { slice_of(key->octets, sizeof(key->octets)),
                                   slice_of(&kind, 1), claim };
    uint8_t hash[32];

    TRY(crypto_sha256(hasher, parts, COUNT(parts), hash));
    text_put_hex(writer, slice_of(hash, size));
    return REASON_NONE;
}

/* Encrypts or decrypts the time: XOR with a hash of key and random octets. */
static enum reason
mask_time(const struct hasher *hasher, const struct http_nonce_key *key,
          struct slice random, uint32_t *time_s)
{
    const struct slice parts[] = { slice_of(key->octets, sizeof(key->octets)),
                                   SLICE("time"), random };
    uint8_t hash[32];
    struct slice octets = slice_of(hash, sizeof(hash));
    uint32_t mask;

    TRY(crypto_sha256(hasher, parts, COUNT(parts), hash));
    if (!slice_take_u32(&octets, &mask))
        return REASON_INTERNAL;
    *time_s ^= mask;
    return REASON_NONE;
}

enum reason
http_nonce_put(struct writer *writer, const struct hasher *hasher,
               const struct http_nonce_key *key, uint8_t kind,
               struct slice prefix, uint64_t now_s)
{
    size_t mark = writer->used;
    uint8_t octets[HTTP_NONCE_RANDOM_SIZE], digits[2 * HTTP_NONCE_RANDOM_SIZE];
    struct writer random = writer_over(digits, sizeof(digits));
    uint32_t time_s = (uint32_t)now_s;

    TRY(random_fill(octets, sizeof(octets)));
    text_put_hex(&random, slice_of(octets, sizeof(octets)));
    TRY(mask_time(hasher, key, writer_result(&random), &time_s));
    writer_put(writer, prefix);
    text_put_count(writer, time_s);
    writer_put(writer, writer_result(&random));
    return put_mac(writer, hasher, key, kind, writer_since(writer, mark),
                   HTTP_NONCE_MAC_SIZE);
}

enum reason
http_nonce_read(const struct hasher *hasher, const struct http_nonce_key *key,
                uint8_t kind, struct slice nonce, uint64_t *issued_s)
{
    uint8_t text[2 * HTTP_NONCE_MAC_SIZE];
    struct writer expected = writer_over(text, sizeof(text));
    struct slice claim = nonce, mac, random, digits;
    uint32_t time_s;

    if (!slice_take_back(&claim, sizeof(text), &mac))
        return REASON_NONCE;
    TRY(put_mac(&expected, hasher, key, kind, claim, HTTP_NONCE_MAC_SIZE));
    if (!crypto_equal(mac, writer_result(&expected)))
        return REASON_NONCE;
    if (!slice_take_back(&claim, (size_t)2 * HTTP_NONCE_RANDOM_SIZE, &random) ||
        !slice_take_back(&claim, TIME_SIZE, &digits) ||
        text_to_count(digits, &time_s) != REASON_NONE)
        return REASON_NONCE;
    TRY(mask_time(hasher, key, random, &time_s));
    *issued_s = time_s;
    return REASON_NONE;
}

enum reason
http_nonce_put_opaque(struct writer *writer, const struct hasher *hasher,
                      const struct http_nonce_key *key)
{
    return put_mac(writer, hasher, key, 0, SLICE("opaque"),
                   HTTP_OPAQUE_SIZE / 2);
}
