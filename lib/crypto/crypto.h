/*
 * OpenSSL, behind one private library context: the application's own is never
 * touched, and every algorithm is looked up once per process.
 *
 * Functions fail with REASON_CRYPTO (OpenSSL did not do it, or has not what it
 * takes) or REASON_NO_MEMORY, where nothing else is said.
 */
#ifndef DIGEST_CRYPTO_H
#define DIGEST_CRYPTO_H

#include "crypto/hmac.h"
#include "crypto/known.h"
#include "base/limits.h"
#include "base/slice.h"

struct ciphering;
struct crypto;
struct md5_maker;
struct providers;

/* Ciphers of OpenSSL that the mechanism is built on. */
enum crypto_cipher {
    CRYPTO_RC4,
    CRYPTO_DES_CBC,
    CRYPTO_DES_EDE_CBC, /* 3DES with two keys */
    CRYPTO_AES_CTR,     /* with 128 bits */
    CRYPTO_CIPHER_COUNT
};

struct md5 {
    uint8_t octets[MD5_SIZE];
};

/* Hashes that HTTP can choose from. */
enum crypto_hash {
    CRYPTO_MD5,
    CRYPTO_SHA_256,
    CRYPTO_SHA_512_256,
    CRYPTO_HASH_COUNT
};

struct hash {
    uint8_t octets[HASH_SIZE_MAX];
    size_t size;
};

/* One hash at a time; reused, so that MD5 allocates nothing. */
struct hasher {
    const struct crypto *crypto;
    struct md5_maker *md5;
};

/* A cipher under way, in one direction. */
struct stream {
    const struct ciphering *ciphering;
    void *state;
};

/*
 * Loads the named providers of OpenSSL, as far as they exist, and looks the
 * algorithms up.  The list ends with NULL.  REASON_NO_MD5, REASON_CRYPTO,
 * REASON_NO_MEMORY.
 */
MUST_CHECK enum reason crypto_open(const char *const *providers,
                                   struct crypto **crypto);
void crypto_close(struct crypto *crypto);

/* For sealing.c, which needs another cipher. */
const struct providers *crypto_providers(const struct crypto *crypto);

/* Does OpenSSL give this cipher? */
bool crypto_has(const struct crypto *crypto, enum crypto_cipher cipher);

/* That many random octets. */
MUST_CHECK enum reason crypto_random(const struct crypto *crypto, void *octets,
                                     size_t size);

/* A new nonce: random octets in base64. */
MUST_CHECK enum reason crypto_nonce(const struct crypto *crypto,
                                    uint8_t text[static NONCE_TEXT_SIZE]);

/* Equal?  In time that depends on the size alone. */
bool crypto_equal(struct slice one, struct slice other);

/* What it takes to compute hashes; to be stopped if this succeeds. */
MUST_CHECK enum reason crypto_hasher_start(struct hasher *hasher,
                                           const struct crypto *crypto);
void crypto_hasher_stop(struct hasher *hasher);

/* MD5 of the parts, joined. */
MUST_CHECK enum reason crypto_md5(const struct hasher *hasher,
                                  const struct slice *parts, size_t count,
                                  struct md5 *md5);

/* MD5 of the fields with a colon between each two: so are all formulas of the
 * mechanism. */
MUST_CHECK enum reason crypto_md5_fields(const struct hasher *hasher,
                                         const struct slice *fields,
                                         size_t count, struct md5 *md5);

/* Of two such texts that differ in their last field only. */
MUST_CHECK enum reason crypto_md5_pair(const struct hasher *hasher,
                                       const struct slice *fields, size_t count,
                                       const struct slice lasts[static 2],
                                       struct md5 md5[static 2]);

/* What the process remembers of public texts; the hasher's alone until it is
 * stopped. */
struct known *crypto_known(const struct hasher *hasher);

/* Does OpenSSL give this hash? */
bool crypto_has_hash(const struct crypto *crypto, enum crypto_hash algorithm);

/* Any hash of the parts, joined. */
MUST_CHECK enum reason crypto_hash(const struct hasher *hasher,
                                   enum crypto_hash algorithm,
                                   const struct slice *parts, size_t count,
                                   struct hash *hash);

/* SHA-256 of the parts, joined. */
MUST_CHECK enum reason crypto_sha256(const struct hasher *hasher,
                                     const struct slice *parts, size_t count,
                                     uint8_t hash[static 32]);

/* Prepares a key for HMAC with MD5 or SHA-256.  Also after a failure hmac_stop
 * is to be called. */
MUST_CHECK enum reason crypto_hmac_start(struct hmac *hmac,
                                         const struct crypto *crypto,
                                         enum crypto_hash algorithm,
                                         struct slice key);

/* key and iv have the sizes the cipher wants, REASON_CRYPTO if not; RC4 has no
 * iv.  Also after a failure crypto_stream_stop is to be called. */
MUST_CHECK enum reason crypto_stream_start(struct stream *stream,
                                           const struct crypto *crypto,
                                           enum crypto_cipher cipher,
                                           struct slice key, struct slice iv,
                                           bool encrypt);
void crypto_stream_stop(struct stream *stream);

/*
 * Runs size octets from input to output, which may be the same.  A block
 * cipher holds back an incomplete block until the next call.
 */
MUST_CHECK enum reason crypto_stream_run(struct stream *stream,
                                         const uint8_t *input, size_t size,
                                         uint8_t *output, size_t *written);

#endif
