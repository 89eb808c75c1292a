/*
 * What OpenSSL computes for the mechanism.
 */
#include "crypto.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include "md5_pool.h"
#include "memory.h"
#include "random.h"
#include "text.h"

enum {
    PROVIDER_COUNT_MAX = 4,
    SHA256_SIZE = 32
};

struct crypto {
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *providers[PROVIDER_COUNT_MAX];
    struct random *random;
    struct hashing hashes[CRYPTO_HASH_COUNT];
    struct md5_pool *md5;
    EVP_MAC_CTX *hmac; /* with any key; copies get theirs */
    EVP_CIPHER *ciphers[CRYPTO_CIPHER_COUNT];
};

static const char *const cipher_names[CRYPTO_CIPHER_COUNT] = {
    [CRYPTO_RC4] = "RC4",
    [CRYPTO_DES_CBC] = "DES-CBC",
    [CRYPTO_DES_EDE_CBC] = "DES-EDE-CBC",
    [CRYPTO_AES_CTR] = "AES-128-CTR",
};

static const char *const hash_names[CRYPTO_HASH_COUNT] = {
    [CRYPTO_MD5] = "MD5",
    [CRYPTO_SHA_256] = "SHA2-256",
    [CRYPTO_SHA_512_256] = "SHA2-512/256",
};

/* A missing provider is no failure: its algorithms are then missing. */
static void
load_providers(struct crypto *crypto, const char *const *names)
{
    for (size_t i = 0; i < PROVIDER_COUNT_MAX && names[i] != NULL; i++)
        crypto->providers[i] = OSSL_PROVIDER_load(crypto->library, names[i]);
}

EVP_MAC_CTX *
crypto_make_hmac(OSSL_LIB_CTX *library, const char *hash)
{
    static const uint8_t any_key[HASH_SIZE_MAX];
    /* OpenSSL only reads the name */
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                         (char *)(uintptr_t)hash, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *algorithm = EVP_MAC_fetch(library, "HMAC", NULL);
    /* unlike others of its kind it does not take NULL */
    EVP_MAC_CTX *state =
        algorithm == NULL ? NULL : EVP_MAC_CTX_new(algorithm);

    EVP_MAC_free(algorithm);
    if (state != NULL &&
        !EVP_MAC_init(state, any_key, sizeof(any_key), parameters)) {
        EVP_MAC_CTX_free(state);
        return NULL;
    }
    return state;
}

static enum reason
fetch_algorithms(struct crypto *crypto)
{
    for (int i = 0; i < CRYPTO_HASH_COUNT; i++)
        hashing_open(&crypto->hashes[i], crypto->library, hash_names[i]);
    if (!hashing_exists(&crypto->hashes[CRYPTO_MD5]))
        return REASON_NO_MD5;
    TRY(md5_pool_open(&crypto->hashes[CRYPTO_MD5], &crypto->md5));
    crypto->hmac =
        crypto_make_hmac(crypto->library, hash_names[CRYPTO_MD5]);
    if (!hashing_exists(&crypto->hashes[CRYPTO_SHA_256]) ||
        crypto->hmac == NULL)
        return REASON_CRYPTO;
    TRY(random_start(crypto->library, &crypto->random));
    for (size_t i = 0; i < CRYPTO_CIPHER_COUNT; i++)
        crypto->ciphers[i] =
            EVP_CIPHER_fetch(crypto->library, cipher_names[i], NULL);
    return REASON_NONE;
}

enum reason
crypto_open(const char *const *providers, struct crypto **crypto)
{
    struct crypto *opened = memory_take(sizeof(*opened));
    enum reason reason = REASON_NO_MEMORY;

    if (opened == NULL)
        return REASON_NO_MEMORY;
    /* What is missing must not show in the application's error queue. */
    ERR_set_mark();
    opened->library = OSSL_LIB_CTX_new();
    if (opened->library != NULL) {
        load_providers(opened, providers);
        reason = fetch_algorithms(opened);
    }
    ERR_pop_to_mark();
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
    for (size_t i = 0; i < CRYPTO_CIPHER_COUNT; i++)
        EVP_CIPHER_free(crypto->ciphers[i]);
    EVP_MAC_CTX_free(crypto->hmac);
    random_stop(crypto->random);
    md5_pool_close(crypto->md5);
    for (int i = 0; i < CRYPTO_HASH_COUNT; i++)
        hashing_close(&crypto->hashes[i]);
    for (size_t i = 0; i < PROVIDER_COUNT_MAX; i++)
        if (crypto->providers[i] != NULL)
            OSSL_PROVIDER_unload(crypto->providers[i]);
    OSSL_LIB_CTX_free(crypto->library);
    memory_give(crypto, sizeof(*crypto));
}

OSSL_LIB_CTX *
crypto_library(const struct crypto *crypto)
{
    return crypto->library;
}

bool
crypto_has(const struct crypto *crypto, enum crypto_cipher cipher)
{
    return crypto->ciphers[cipher] != NULL;
}

enum reason
crypto_random(const struct crypto *crypto, void *octets, size_t size)
{
    return random_take(crypto->random, octets, size);
}

enum reason
crypto_nonce(const struct crypto *crypto,
             uint8_t text[static NONCE_TEXT_SIZE])
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

/* The others are rare enough to get a state for each hash. */
static enum reason
hash_other(const struct hashing *hashing, const struct slice *parts,
           size_t count, uint8_t *hash, size_t size)
{
    void *state;
    const struct hash_text text = { parts, count, false };
    enum reason reason;

    if (!hashing_exists(hashing))
        return REASON_CRYPTO;
    state = hashing_start(hashing);
    if (state == NULL)
        return REASON_NO_MEMORY;
    reason = hashing_run(hashing, state, &text, hash, size);
    hashing_stop(hashing, state);
    return reason;
}

static enum reason
make_md5(const struct hasher *hasher, const struct hash_text *text,
         struct md5 *md5)
{
    return hashing_run(&hasher->crypto->hashes[CRYPTO_MD5],
                       hasher->md5->state, text, md5->octets,
                       sizeof(md5->octets));
}

enum reason
crypto_md5(const struct hasher *hasher, const struct slice *parts,
           size_t count, struct md5 *md5)
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
                            md5[0].octets, md5[1].octets, MD5_SIZE);
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
    return hash_other(&hasher->crypto->hashes[CRYPTO_SHA_256], parts, count,
                      sha256, SHA256_SIZE);
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
    made->size = algorithm == CRYPTO_MD5 ? MD5_SIZE : HASH_SIZE_MAX;
    return hash_other(&hasher->crypto->hashes[algorithm], parts, count,
                      made->octets, made->size);
}

enum reason
crypto_mac_start(struct mac *mac, const struct crypto *crypto,
                 struct slice key)
{
    mac->state = EVP_MAC_CTX_dup(crypto->hmac);
    if (mac->state == NULL)
        return REASON_NO_MEMORY;
    return EVP_MAC_init(mac->state, key.data, key.size, NULL) ? REASON_NONE
                                                              : REASON_CRYPTO;
}

void
crypto_mac_stop(struct mac *mac)
{
    EVP_MAC_CTX_free(mac->state);
    mac->state = NULL;
}

bool
crypto_mac_is_started(const struct mac *mac)
{
    return mac->state != NULL;
}

enum reason
crypto_mac(struct mac *mac, const struct slice *parts, size_t count,
           struct md5 *md5)
{
    /* Without a key the one prepared is taken up again. */
    if (!EVP_MAC_init(mac->state, NULL, 0, NULL))
        return REASON_CRYPTO;
    for (size_t i = 0; i < count; i++)
        if (!EVP_MAC_update(mac->state, parts[i].data, parts[i].size))
            return REASON_CRYPTO;
    return EVP_MAC_final(mac->state, md5->octets, NULL, sizeof(md5->octets))
               ? REASON_NONE
               : REASON_CRYPTO;
}

enum reason
crypto_stream_start(struct stream *stream, const struct crypto *crypto,
                    enum crypto_cipher cipher, const uint8_t *key,
                    const uint8_t *iv, bool encrypt)
{
    const EVP_CIPHER *algorithm = crypto->ciphers[cipher];

    stream->state = EVP_CIPHER_CTX_new();
    if (stream->state == NULL)
        return REASON_NO_MEMORY;
    if (algorithm == NULL ||
        !EVP_CipherInit_ex2(stream->state, algorithm, key, iv, encrypt, NULL))
        return REASON_CRYPTO;
    /* The layer pads by itself, RFC 2831 2.4. */
    return EVP_CIPHER_CTX_set_padding(stream->state, 0) ? REASON_NONE
                                                        : REASON_CRYPTO;
}

void
crypto_stream_stop(struct stream *stream)
{
    EVP_CIPHER_CTX_free(stream->state);
    stream->state = NULL;
}

enum reason
crypto_stream_run(struct stream *stream, const uint8_t *input, size_t size,
                  uint8_t *output, size_t *written)
{
    int done = 0;

    if (size > INT_MAX ||
        !EVP_CipherUpdate(stream->state, output, &done, input, (int)size))
        return REASON_CRYPTO;
    *written = (size_t)done;
    return REASON_NONE;
}
