/*
 * OpenSSL's EVP, in one private library context: every algorithm is fetched
 * once per process, and the application's own context is left alone.
 *
 * Functions fail with REASON_CRYPTO (OpenSSL did not do it, or has not what it
 * takes) or REASON_NO_MEMORY, where nothing else is said.
 */
#ifndef DIGEST_CRYPTO_H
#define DIGEST_CRYPTO_H

#include "base/limits.h"
#include "base/slice.h"

/* OpenSSL's, as openssl/types.h declares them. */
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct evp_mac_ctx_st EVP_MAC_CTX;
typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct ossl_lib_ctx_st OSSL_LIB_CTX;

struct crypto;

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

/* One hash at a time; reused for the next. */
struct hasher {
    struct crypto *crypto;
    EVP_MD_CTX *state;
};

/* HMAC with a key. */
struct mac {
    EVP_MAC_CTX *state;
};

/* A cipher under way, in one direction. */
struct stream {
    EVP_CIPHER_CTX *state;
};

/* Makes the context and fetches the hashes.  REASON_NO_MD5, REASON_CRYPTO,
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason crypto_open(struct crypto **crypto);
void crypto_close(struct crypto *crypto);

/* While a process forks nobody may be fetching anything. */
void crypto_lock(struct crypto *crypto);
void crypto_unlock(struct crypto *crypto);

/*
 * Around a step of an exchange, or a message: the error queue of the thread is
 * the application's.  If the step fails, what OpenSSL has added to the queue in
 * the meantime is taken out again.  crypto_open and crypto_has, which may fail
 * without a failure of the step, do that themselves.
 */
bool crypto_enter(void);
void crypto_leave(bool entered, enum reason reason);

/* The private library context, for aead.c. */
OSSL_LIB_CTX *crypto_library(const struct crypto *crypto);

/* Does OpenSSL give this cipher?  The first question fetches it, and loads the
 * legacy provider if that has it. */
bool crypto_has(struct crypto *crypto, enum crypto_cipher cipher);

/* A new nonce: random octets in base64.  REASON_RANDOM. */
MUST_CHECK enum reason crypto_nonce(uint8_t text[static NONCE_TEXT_SIZE]);

/* Equal?  In time that depends on the size alone. */
bool crypto_equal(struct slice one, struct slice other);

/* What it takes to compute hashes; to be stopped if this succeeds. */
MUST_CHECK enum reason crypto_hasher_start(struct hasher *hasher,
                                           struct crypto *crypto);
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

/* Takes a key.  Also after a failure crypto_mac_stop is to be called. */
MUST_CHECK enum reason crypto_mac_start(struct mac *mac, struct crypto *crypto,
                                        enum crypto_hash algorithm,
                                        struct slice key);
void crypto_mac_stop(struct mac *mac);

/* Writes the HMAC of the parts, joined; any number of times.  size is that of
 * the hash. */
MUST_CHECK enum reason crypto_mac_run(const struct mac *mac,
                                      const struct slice *parts, size_t count,
                                      uint8_t *octets, size_t size);

/* key and iv have the sizes the cipher wants, REASON_CRYPTO if not; RC4 has no
 * iv.  Also after a failure crypto_stream_stop is to be called. */
MUST_CHECK enum reason crypto_stream_start(struct stream *stream,
                                           struct crypto *crypto,
                                           enum crypto_cipher cipher,
                                           struct slice key, struct slice iv,
                                           bool encrypt);
void crypto_stream_stop(struct stream *stream);

/*
 * Runs size octets from input to output, which may be the same.  A block
 * cipher holds back an incomplete block until the next call.
 */
MUST_CHECK enum reason crypto_stream_run(const struct stream *stream,
                                         const uint8_t *input, size_t size,
                                         uint8_t *output, size_t *written);

#endif
