/*
 * Fetches algorithms and calls OpenSSL's functions for them.
 */
#include "crypto/crypto.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/memory.h"
#include "crypto/known_answers.h"
#include "crypto/random.h"

enum { JOINED_SIZE_MAX = 256 };

struct crypto {
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *standard;
    EVP_MD *hashes[CRYPTO_HASH_COUNT]; /* NULL: there is none */

    /* set at the first use, under the mutex */
    pthread_mutex_t mutex;
    OSSL_PROVIDER *legacy;
    EVP_CIPHER *ciphers[CRYPTO_CIPHER_COUNT]; /* NULL: there is none */
    atomic_bool asked_for[CRYPTO_CIPHER_COUNT];
    EVP_MAC_CTX *hmacs[CRYPTO_HASH_COUNT]; /* to be copied; see find_hmac */
};

static const struct {
    const char *name;
    bool is_legacy;
} ciphers[CRYPTO_CIPHER_COUNT] = {
    [CRYPTO_RC4] = { "RC4", true },
    [CRYPTO_DES_CBC] = { "DES-CBC", true },
    [CRYPTO_DES_EDE_CBC] = { "DES-EDE-CBC", false },
    [CRYPTO_AES_CTR] = { "AES-128-CTR", false },
};

static const char *const hashes[CRYPTO_HASH_COUNT] = {
    [CRYPTO_MD5] = "MD5",
    [CRYPTO_SHA_256] = "SHA2-256",
    [CRYPTO_SHA_512_256] = "SHA2-512/256",
};

static void
fetch_hash(struct crypto *crypto, enum crypto_hash hash)
{
    EVP_MD *fetched = EVP_MD_fetch(crypto->library, hashes[hash], NULL);

    if (known_answers_hash(fetched, hash))
        crypto->hashes[hash] = fetched;
    else
        EVP_MD_free(fetched);
}

static enum reason
fetch_hashes(struct crypto *crypto)
{
    crypto->library = OSSL_LIB_CTX_new();
    if (crypto->library == NULL)
        return REASON_NO_MEMORY;
    crypto->standard = OSSL_PROVIDER_load(crypto->library, "default");
    for (int i = 0; i < CRYPTO_HASH_COUNT; i++)
        fetch_hash(crypto, (enum crypto_hash)i);
    if (crypto->hashes[CRYPTO_MD5] == NULL)
        return REASON_NO_MD5;
    return crypto->hashes[CRYPTO_SHA_256] == NULL ? REASON_CRYPTO : REASON_NONE;
}

enum reason
crypto_open(struct crypto **crypto)
{
    struct crypto *opened = memory_take(sizeof(*opened));
    enum reason reason;

    if (opened == NULL)
        return REASON_NO_MEMORY;
    if (pthread_mutex_init(&opened->mutex, NULL) != 0) {
        memory_give(opened, 0);
        return REASON_NO_MEMORY;
    }
    (void)ERR_set_mark();
    reason = fetch_hashes(opened);
    (void)ERR_pop_to_mark();
    if (reason == REASON_NONE)
        *crypto = opened;
    else
        crypto_close(opened);
    return reason;
}

static void
unload(OSSL_PROVIDER *provider)
{
    if (provider != NULL)
        (void)OSSL_PROVIDER_unload(provider);
}

void
crypto_close(struct crypto *crypto)
{
    if (crypto == NULL)
        return;
    for (int i = 0; i < CRYPTO_CIPHER_COUNT; i++)
        EVP_CIPHER_free(crypto->ciphers[i]);
    for (int i = 0; i < CRYPTO_HASH_COUNT; i++) {
        EVP_MAC_CTX_free(crypto->hmacs[i]);
        EVP_MD_free(crypto->hashes[i]);
    }
    unload(crypto->legacy);
    unload(crypto->standard);
    OSSL_LIB_CTX_free(crypto->library);
    (void)pthread_mutex_destroy(&crypto->mutex);
    memory_give(crypto, 0);
}

void
crypto_hold(struct crypto *crypto, bool held)
{
    (void)(held ? pthread_mutex_lock : pthread_mutex_unlock)(&crypto->mutex);
}

/* OpenSSL sets no mark in an empty queue.  All errors in it are ours then, and
 * ERR_pop_to_mark removes all. */
bool
crypto_enter(void)
{
    return ERR_set_mark() == 1;
}

void
crypto_leave(bool entered, enum reason reason)
{
    if (reason != REASON_NONE)
        (void)ERR_pop_to_mark();
    else if (entered)
        (void)ERR_clear_last_mark();
}

OSSL_LIB_CTX *
crypto_library(const struct crypto *crypto)
{
    return crypto->library;
}

static void
fetch_cipher(struct crypto *crypto, enum crypto_cipher cipher)
{
    EVP_CIPHER *fetched;

    (void)ERR_set_mark();
    if (ciphers[cipher].is_legacy && crypto->legacy == NULL)
        crypto->legacy = OSSL_PROVIDER_load(crypto->library, "legacy");
    fetched = EVP_CIPHER_fetch(crypto->library, ciphers[cipher].name, NULL);
    if (known_answers_cipher(fetched, cipher))
        crypto->ciphers[cipher] = fetched;
    else
        EVP_CIPHER_free(fetched);
    (void)ERR_pop_to_mark();
}

bool
crypto_has(struct crypto *crypto, enum crypto_cipher cipher)
{
    if (!atomic_load_explicit(&crypto->asked_for[cipher],
                              memory_order_acquire)) {
        crypto_hold(crypto, true);
        if (!atomic_load(&crypto->asked_for[cipher]))
            fetch_cipher(crypto, cipher);
        atomic_store(&crypto->asked_for[cipher], true);
        crypto_hold(crypto, false);
    }
    return crypto->ciphers[cipher] != NULL;
}

enum reason
crypto_nonce(uint8_t text[static NONCE_TEXT_SIZE])
{
    uint8_t octets[NONCE_RANDOM_SIZE];
    uint8_t encoded[NONCE_TEXT_SIZE + 1]; /* OpenSSL adds a NUL */
    struct writer writer = writer_over(text, NONCE_TEXT_SIZE);

    TRY(random_fill(octets, sizeof(octets)));
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
crypto_hasher_start(struct hasher *hasher, struct crypto *crypto)
{
    hasher->crypto = crypto;
    hasher->state = EVP_MD_CTX_new();
    return hasher->state == NULL ? REASON_NO_MEMORY : REASON_NONE;
}

void
crypto_hasher_stop(struct hasher *hasher)
{
    EVP_MD_CTX_free(hasher->state);
    hasher->state = NULL;
}

/* The input of a hash: parts, and a separator between each two. */
struct input {
    const struct slice *parts;
    size_t count;
    struct slice separator;
};

/* Hashes the parts one after the other, whatever their sizes. */
static bool
update_parts(EVP_MD_CTX *state, const struct input *input)
{
    struct slice between = input->separator;

    for (size_t i = 0; i < input->count; i++)
        if ((i > 0 &&
             EVP_DigestUpdate(state, between.data, between.size) != 1) ||
            EVP_DigestUpdate(state, input->parts[i].data,
                             input->parts[i].size) != 1)
            return false;
    return true;
}

/* Joins short parts first: one call of OpenSSL is faster than many. */
static bool
update(EVP_MD_CTX *state, const struct input *input)
{
    uint8_t octets[JOINED_SIZE_MAX];
    struct writer joined = writer_over(octets, sizeof(octets));
    bool done;

    for (size_t i = 0; i < input->count; i++) {
        if (i > 0)
            writer_put(&joined, input->separator);
        writer_put(&joined, input->parts[i]);
    }
    done = joined.overflow ? update_parts(state, input)
                           : EVP_DigestUpdate(state, octets, joined.used) == 1;
    memory_wipe(octets, joined.used);
    return done;
}

static enum reason
make_hash(const struct hasher *hasher, enum crypto_hash algorithm,
          const struct input *input, uint8_t *hash)
{
    const EVP_MD *md = hasher->crypto->hashes[algorithm];

    return md != NULL && EVP_DigestInit_ex2(hasher->state, md, NULL) == 1 &&
                   update(hasher->state, input) &&
                   EVP_DigestFinal_ex(hasher->state, hash, NULL) == 1
               ? REASON_NONE
               : REASON_CRYPTO;
}

enum reason
crypto_md5(const struct hasher *hasher, const struct slice *parts, size_t count,
           struct md5 *md5)
{
    return make_hash(hasher, CRYPTO_MD5,
                     &(struct input){ parts, count, SLICE_NONE }, md5->octets);
}

enum reason
crypto_md5_fields(const struct hasher *hasher, const struct slice *fields,
                  size_t count, struct md5 *md5)
{
    return make_hash(hasher, CRYPTO_MD5,
                     &(struct input){ fields, count, SLICE(":") }, md5->octets);
}

enum reason
crypto_sha256(const struct hasher *hasher, const struct slice *parts,
              size_t count, uint8_t sha256[static 32])
{
    return make_hash(hasher, CRYPTO_SHA_256,
                     &(struct input){ parts, count, SLICE_NONE }, sha256);
}

bool
crypto_has_hash(const struct crypto *crypto, enum crypto_hash algorithm)
{
    return crypto->hashes[algorithm] != NULL;
}

enum reason
crypto_hash(const struct hasher *hasher, enum crypto_hash algorithm,
            const struct slice *parts, size_t count, struct hash *hash)
{
    hash->size = algorithm == CRYPTO_MD5 ? MD5_SIZE : HASH_SIZE_MAX;
    return make_hash(hasher, algorithm,
                     &(struct input){ parts, count, SLICE_NONE }, hash->octets);
}

/* An HMAC with this hash and a key of zeros. */
static EVP_MAC_CTX *
make_hmac(const struct crypto *crypto, enum crypto_hash algorithm)
{
    static const uint8_t no_key[HASH_SIZE_MAX];
    const OSSL_PARAM parameters[] = {
        /* OpenSSL only reads the name, although its type is char * */
        OSSL_PARAM_construct_utf8_string(
            OSSL_MAC_PARAM_DIGEST, (char *)(uintptr_t)hashes[algorithm], 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *hmac = EVP_MAC_fetch(crypto->library, "HMAC", NULL);
    EVP_MAC_CTX *state = hmac == NULL ? NULL : EVP_MAC_CTX_new(hmac);

    EVP_MAC_free(hmac); /* the state has a reference */
    if (state != NULL &&
        EVP_MAC_init(state, no_key, sizeof(no_key), parameters) == 1)
        return state;
    EVP_MAC_CTX_free(state);
    return NULL;
}

/* OpenSSL looks up the hash of a new HMAC by its name, which is slow.  So there
 * is one HMAC for each hash, and a copy of it gets the key. */
static const EVP_MAC_CTX *
find_hmac(struct crypto *crypto, enum crypto_hash algorithm)
{
    const EVP_MAC_CTX *hmac;

    crypto_hold(crypto, true);
    if (crypto->hmacs[algorithm] == NULL)
        crypto->hmacs[algorithm] = make_hmac(crypto, algorithm);
    hmac = crypto->hmacs[algorithm];
    crypto_hold(crypto, false);
    return hmac;
}

enum reason
crypto_mac_start(struct mac *mac, struct crypto *crypto,
                 enum crypto_hash algorithm, struct slice key)
{
    const EVP_MAC_CTX *hmac = find_hmac(crypto, algorithm);

    mac->state = NULL;
    if (hmac == NULL)
        return REASON_CRYPTO;
    mac->state = EVP_MAC_CTX_dup(hmac);
    if (mac->state == NULL)
        return REASON_NO_MEMORY;
    return EVP_MAC_init(mac->state, key.data, key.size, NULL) == 1
               ? REASON_NONE
               : REASON_CRYPTO;
}

void
crypto_mac_stop(struct mac *mac)
{
    EVP_MAC_CTX_free(mac->state);
    mac->state = NULL;
}

enum reason
crypto_mac_run(const struct mac *mac, const struct slice *parts, size_t count,
               uint8_t *octets, size_t size)
{
    size_t written;
    bool done = EVP_MAC_init(mac->state, NULL, 0, NULL) == 1;

    for (size_t i = 0; done && i < count; i++)
        done = EVP_MAC_update(mac->state, parts[i].data, parts[i].size) == 1;
    done = done && EVP_MAC_final(mac->state, octets, &written, size) == 1;
    return done ? REASON_NONE : REASON_CRYPTO;
}

/* EVP does not check the sizes of key and iv. */
static bool
fits(const EVP_CIPHER *cipher, struct slice key, struct slice iv)
{
    return (size_t)EVP_CIPHER_get_key_length(cipher) == key.size &&
           (size_t)EVP_CIPHER_get_iv_length(cipher) == iv.size;
}

enum reason
crypto_stream_start(struct stream *stream, struct crypto *crypto,
                    enum crypto_cipher cipher, struct slice key,
                    struct slice iv, bool encrypt)
{
    const EVP_CIPHER *algorithm;

    stream->state = NULL;
    if (!crypto_has(crypto, cipher))
        return REASON_CRYPTO;
    algorithm = crypto->ciphers[cipher];
    stream->state = EVP_CIPHER_CTX_new();
    if (stream->state == NULL)
        return REASON_NO_MEMORY;
    /* The layer pads by itself, RFC 2831 2.4. */
    return fits(algorithm, key, iv) &&
                   EVP_CipherInit_ex2(stream->state, algorithm, key.data,
                                      iv.data, encrypt, NULL) == 1 &&
                   EVP_CIPHER_CTX_set_padding(stream->state, 0) == 1
               ? REASON_NONE
               : REASON_CRYPTO;
}

void
crypto_stream_stop(struct stream *stream)
{
    EVP_CIPHER_CTX_free(stream->state);
    stream->state = NULL;
}

enum reason
crypto_stream_run(const struct stream *stream, const uint8_t *input,
                  size_t size, uint8_t *output, size_t *written)
{
    int made = 0;

    *written = 0;
    if (size > INT_MAX ||
        (size > 0 &&
         EVP_CipherUpdate(stream->state, output, &made, input, (int)size) != 1))
        return REASON_CRYPTO;
    *written = (size_t)made;
    return REASON_NONE;
}
