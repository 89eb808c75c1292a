/*
 * What OpenSSL computes for the mechanism.
 */
#include "crypto/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "crypto/ciphering.h"
#include "crypto/md5_pool.h"
#include "base/memory.h"
#include "crypto/random.h"

enum { SHA256_SIZE = 32 };

struct crypto {
    struct providers providers;
    struct random *random;
    struct hashing hashes[CRYPTO_HASH_COUNT];
    struct md5_pool *md5;
    struct ciphering ciphers[CRYPTO_CIPHER_COUNT];
};

static const char *const cipher_names[CRYPTO_CIPHER_COUNT] = {
    [CRYPTO_RC4] = "RC4",
    [CRYPTO_DES_CBC] = "DES-CBC",
    [CRYPTO_DES_EDE_CBC] = "DES-EDE-CBC",
    [CRYPTO_AES_CTR] = "AES-128-CTR",
};

static const struct {
    const char *name;
    size_t size;
} hash_rows[CRYPTO_HASH_COUNT] = {
    [CRYPTO_MD5] = { "MD5", MD5_SIZE },
    [CRYPTO_SHA_256] = { "SHA2-256", SHA256_SIZE },
    [CRYPTO_SHA_512_256] = { "SHA2-512/256", HASH_SIZE_MAX },
};

static enum reason
find_algorithms(struct crypto *crypto)
{
    for (int i = 0; i < CRYPTO_HASH_COUNT; i++)
        hashing_open(&crypto->hashes[i], &crypto->providers, hash_rows[i].name,
                     hash_rows[i].size);
    if (!hashing_exists(&crypto->hashes[CRYPTO_MD5]))
        return REASON_NO_MD5;
    if (!hashing_exists(&crypto->hashes[CRYPTO_SHA_256]))
        return REASON_CRYPTO;
    for (int i = 0; i < CRYPTO_CIPHER_COUNT; i++)
        ciphering_open(&crypto->ciphers[i], &crypto->providers,
                       cipher_names[i]);
    TRY(md5_pool_open(&crypto->hashes[CRYPTO_MD5], &crypto->md5));
    return random_start(&crypto->providers, &crypto->random);
}

enum reason
crypto_open(const char *const *providers, struct crypto **crypto)
{
    struct crypto *opened = memory_take(sizeof(*opened));
    enum reason reason = REASON_NO_MEMORY;

    if (opened == NULL)
        return REASON_NO_MEMORY;
    /* A missing provider is no failure: its algorithms are missing then. */
    if (providers_load(&opened->providers, providers))
        reason = find_algorithms(opened);
    if (reason != REASON_NONE) {
        crypto_close(opened);
        return reason;
    }
    *crypto = opened;
    return REASON_NONE;
}

void
crypto_close(struct crypto *crypto)
{
    if (crypto == NULL)
        return;
    random_stop(crypto->random);
    md5_pool_close(crypto->md5);
    providers_unload(&crypto->providers);
    memory_give(crypto, sizeof(*crypto));
}

const struct providers *
crypto_providers(const struct crypto *crypto)
{
    return &crypto->providers;
}

bool
crypto_has(const struct crypto *crypto, enum crypto_cipher cipher)
{
    return crypto->ciphers[cipher].exists;
}

enum reason
crypto_random(const struct crypto *crypto, void *octets, size_t size)
{
    return random_take(crypto->random, octets, size);
}

enum reason
crypto_nonce(const struct crypto *crypto, uint8_t text[static NONCE_TEXT_SIZE])
{
    uint8_t octets[NONCE_RANDOM_SIZE];
    uint8_t encoded[NONCE_TEXT_SIZE + 1]; /* OpenSSL adds a NUL */
    struct writer writer = writer_over(text, NONCE_TEXT_SIZE);

    TRY(crypto_random(crypto, octets, sizeof(octets)));
    (void)EVP_EncodeBlock(encoded, octets, (int)sizeof(octets));
    writer_put(&writer, slice_of(encoded, NONCE_TEXT_SIZE));
    return REASON_NONE;
}

bool
crypto_equal(struct slice one, struct slice other)
{
    return one.size == other.size &&
           CRYPTO_memcmp(one.data, other.data, one.size) == 0;
}

enum reason
crypto_hasher_start(struct hasher *hasher, const struct crypto *crypto)
{
    hasher->crypto = crypto;
    hasher->md5 = md5_pool_take(crypto->md5);
    return hasher->md5 == NULL ? REASON_NO_MEMORY : REASON_NONE;
}

void
crypto_hasher_stop(struct hasher *hasher)
{
    if (hasher->md5 != NULL)
        md5_pool_give(hasher->crypto->md5, hasher->md5);
    hasher->md5 = NULL;
}

static enum reason
make_md5(const struct hasher *hasher, const struct hash_text *text,
         struct md5 *md5)
{
    return hashing_run(&hasher->crypto->hashes[CRYPTO_MD5], hasher->md5->state,
                       text, md5->octets);
}

enum reason
crypto_md5(const struct hasher *hasher, const struct slice *parts, size_t count,
           struct md5 *md5)
{
    return make_md5(hasher, &(struct hash_text){ parts, count, false }, md5);
}

enum reason
crypto_md5_fields(const struct hasher *hasher, const struct slice *fields,
                  size_t count, struct md5 *md5)
{
    return make_md5(hasher, &(struct hash_text){ fields, count, true }, md5);
}

enum reason
crypto_md5_pair(const struct hasher *hasher, const struct slice *fields,
                size_t count, const struct slice lasts[static 2],
                struct md5 md5[static 2])
{
    return hashing_run_pair(&hasher->crypto->hashes[CRYPTO_MD5],
                            hasher->md5->state,
                            &(struct hash_text){ fields, count, true }, lasts,
                            md5[0].octets, md5[1].octets);
}

struct known *
crypto_known(const struct hasher *hasher)
{
    return &hasher->md5->known;
}

enum reason
crypto_sha256(const struct hasher *hasher, const struct slice *parts,
              size_t count, uint8_t sha256[static 32])
{
    return hashing_run_once(&hasher->crypto->hashes[CRYPTO_SHA_256],
                            &(struct hash_text){ parts, count, false }, sha256);
}

bool
crypto_has_hash(const struct crypto *crypto, enum crypto_hash algorithm)
{
    return hashing_exists(&crypto->hashes[algorithm]);
}

enum reason
crypto_hash(const struct hasher *hasher, enum crypto_hash algorithm,
            const struct slice *parts, size_t count, struct hash *made)
{
    const struct hashing *hashing = &hasher->crypto->hashes[algorithm];

    made->size = hashing->size;
    return hashing_run_once(hashing, &(struct hash_text){ parts, count, false },
                            made->octets);
}

enum reason
crypto_hmac_start(struct hmac *hmac, const struct crypto *crypto,
                  enum crypto_hash algorithm, struct slice key)
{
    return hmac_start(hmac, &crypto->hashes[algorithm], key);
}

enum reason
crypto_stream_start(struct stream *stream, const struct crypto *crypto,
                    enum crypto_cipher cipher, struct slice key,
                    struct slice iv, bool encrypt)
{
    stream->ciphering = &crypto->ciphers[cipher];
    stream->state = NULL;
    if (!stream->ciphering->exists)
        return REASON_CRYPTO;
    stream->state = ciphering_start(stream->ciphering);
    if (stream->state == NULL)
        return REASON_NO_MEMORY;
    /* The layer pads by itself, RFC 2831 2.4. */
    return ciphering_begin(stream->ciphering, stream->state, key, iv, encrypt)
               ? REASON_NONE
               : REASON_CRYPTO;
}

void
crypto_stream_stop(struct stream *stream)
{
    ciphering_stop(stream->ciphering, stream->state);
    stream->state = NULL;
}

enum reason
crypto_stream_run(struct stream *stream, const uint8_t *input, size_t size,
                  uint8_t *output, size_t *written)
{
    return ciphering_run(stream->ciphering, stream->state,
                         slice_of(input, size), output, written)
               ? REASON_NONE
               : REASON_CRYPTO;
}
