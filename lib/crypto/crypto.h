/*
 * OpenSSL's EVP, in one private library context: every algorithm is fetched
 * once per process, and the application's own context is left alone.  A hash or
 * cipher that does not give a known answer then counts as one that OpenSSL
 * lacks.
 *
 * Functions fail with REASON_CRYPTO (an OpenSSL operation failed, or OpenSSL
 * lacks the algorithm) or REASON_NO_MEMORY, unless a comment says otherwise.
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

/* The OpenSSL ciphers that the mechanism uses. */
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

/* The hashes; HTTP can use any of them. */
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

/* Computes one hash at a time. */
struct hasher {
    struct crypto *crypto;
    EVP_MD_CTX *state;
};

/* HMAC with a key. */
struct mac {
    EVP_MAC_CTX *state;
};

/* A cipher and its state, for one direction. */
struct stream {
    EVP_CIPHER_CTX *state;
};

/* Makes the context and fetches the hashes.  REASON_NO_MD5, REASON_CRYPTO,
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason crypto_open(struct crypto **crypto);
void crypto_close(struct crypto *crypto);

/* Around a fork: while it is held, no other thread fetches algorithms. */
void crypto_hold(struct crypto *crypto, bool held);

/*
 * Protect the thread's OpenSSL error queue, which belongs to the application.
 * Call crypto_enter before a step of an exchange or the protection of a
 * message, and crypto_leave after it, with the result of crypto_enter and the
 * reason of the step.  If the step failed, crypto_leave removes the errors that
 * OpenSSL added to the queue.  crypto_open and crypto_has remove theirs
 * themselves, because a step can succeed although they fail.
 */
bool crypto_enter(void);
void crypto_leave(bool entered, enum reason reason);

/* The private library context, for aead.c. */
OSSL_LIB_CTX *crypto_library(const struct crypto *crypto);

/* Does OpenSSL provide this cipher?  The first call fetches it, and loads the
 * legacy provider if the cipher is in there. */
bool crypto_has(struct crypto *crypto, enum crypto_cipher cipher);

/* Writes a new nonce: random octets in base64.  REASON_RANDOM. */
MUST_CHECK enum reason crypto_nonce(uint8_t text[static NONCE_TEXT_SIZE]);

/* Compares in a time that depends only on the size. */
bool crypto_equal(struct slice one, struct slice other);

/* Prepares a hasher.  After success call crypto_hasher_stop.  REASON_NO_MEMORY.
 */
MUST_CHECK enum reason crypto_hasher_start(struct hasher *hasher,
                                           struct crypto *crypto);
void crypto_hasher_stop(struct hasher *hasher);

/* Computes MD5 of the joined parts. */
MUST_CHECK enum reason crypto_md5(const struct hasher *hasher,
                                  const struct slice *parts, size_t count,
                                  struct md5 *md5);

/* Computes MD5 of the fields with a colon between each two, as the formulas of
 * RFC 2831 do. */
MUST_CHECK enum reason crypto_md5_fields(const struct hasher *hasher,
                                         const struct slice *fields,
                                         size_t count, struct md5 *md5);

/* Does OpenSSL provide this hash? */
bool crypto_has_hash(const struct crypto *crypto, enum crypto_hash algorithm);

/* Computes any hash of the joined parts. */
MUST_CHECK enum reason crypto_hash(const struct hasher *hasher,
                                   enum crypto_hash algorithm,
                                   const struct slice *parts, size_t count,
                                   struct hash *hash);

/* Computes SHA-256 of the joined parts. */
MUST_CHECK enum reason crypto_sha256(const struct hasher *hasher,
                                     const struct slice *parts, size_t count,
                                     uint8_t hash[static 32]);

/* Prepares HMAC with this hash and key.  Call crypto_mac_stop even after a
 * failure. */
MUST_CHECK enum reason crypto_mac_start(struct mac *mac, struct crypto *crypto,
                                        enum crypto_hash algorithm,
                                        struct slice key);
void crypto_mac_stop(struct mac *mac);

/* Computes the HMAC of the joined parts; may be called again.  It is written to
 * octets; size is that of the hash. */
MUST_CHECK enum reason crypto_mac_run(const struct mac *mac,
                                      const struct slice *parts, size_t count,
                                      uint8_t *octets, size_t size);

/* Prepares a cipher without padding.  REASON_CRYPTO also if key or iv have
 * another size than the cipher needs; RC4 has no iv.  Call crypto_stream_stop
 * even after a failure. */
MUST_CHECK enum reason crypto_stream_start(struct stream *stream,
                                           struct crypto *crypto,
                                           enum crypto_cipher cipher,
                                           struct slice key, struct slice iv,
                                           bool encrypt);
void crypto_stream_stop(struct stream *stream);

/*
 * Encrypts or decrypts size octets from input to output, which may be the same
 * memory.  A block cipher holds back an incomplete block until the next call,
 * so *written octets come out.
 */
MUST_CHECK enum reason crypto_stream_run(const struct stream *stream,
                                         const uint8_t *input, size_t size,
                                         uint8_t *output, size_t *written);

#endif
