/*
 * The computations of HTTP Digest (RFC 2617 3.2.2, RFC 7616 3.4).  Unlike in
 * SASL, they include the method and a hash of the body, and hashes are included
 * as hexadecimal digits.  Functions fail as those of crypto.h.
 */
#ifndef DIGEST_HTTP_PROOF_H
#define DIGEST_HTTP_PROOF_H

#include "digest/proof.h"

/* Clients prefer the later ones. */
enum http_algorithm {
    HTTP_NO_ALGORITHM,
    HTTP_MD5,
    HTTP_MD5_SESS,
    HTTP_SHA_256,
    HTTP_SHA_256_SESS,
    HTTP_SHA_512_256,
    HTTP_SHA_512_256_SESS,
    HTTP_ALGORITHM_COUNT
};

/* A hash in hexadecimal digits. */
struct http_hex {
    uint8_t text[HASH_HEX_SIZE_MAX];
    size_t size;
};

/* The values that both sides agree on, as in the messages, unescaped. */
struct http_terms {
    enum http_algorithm algorithm;
    struct slice nonce;
    struct slice cnonce;
    struct slice nc; /* 8 digits */
    struct slice method;
    struct slice uri;
    struct slice entity; /* H(body) in hexadecimal, for auth-int */
    enum qop qop;        /* QOP_NONE: the form of RFC 2069 */
};

/* The name of an algorithm. */
struct slice http_algorithm_name(enum http_algorithm algorithm);

/* The enum http_algorithm of a name, in any case; HTTP_NO_ALGORITHM if it is
 * unknown. */
uint32_t http_algorithm_find(struct slice token);

/* The same for a message: MD5 if the name does not exist (RFC 7616 3.3). */
uint32_t http_algorithm_of(struct slice name);

/* Does OpenSSL provide its hash? */
bool http_algorithm_available(enum http_algorithm algorithm,
                              const struct crypto *crypto);

/* Does it use MD5, so that a stored MD5 hash can be used? */
bool http_algorithm_is_md5(enum http_algorithm algorithm);

/* The number of digits of its hashes. */
size_t http_algorithm_hex_size(enum http_algorithm algorithm);

/* The digits of a hash. */
struct slice http_hex_text(const struct http_hex *hex);

/* Computes H(user ":" realm ":" password); the caller wipes it. */
MUST_CHECK enum reason http_proof_secret(const struct hasher *hasher,
                                         enum http_algorithm algorithm,
                                         struct slice user, struct slice realm,
                                         struct slice password,
                                         struct hash *secret);

/* Computes H(user ":" realm), which is sent in place of the name. */
MUST_CHECK enum reason http_proof_userhash(const struct hasher *hasher,
                                           enum http_algorithm algorithm,
                                           struct slice user,
                                           struct slice realm,
                                           struct http_hex *userhash);

/* Computes H(body), for auth-int. */
MUST_CHECK enum reason http_proof_entity(const struct hasher *hasher,
                                         enum http_algorithm algorithm,
                                         struct slice body,
                                         struct http_hex *entity);

/* Computes response (PROVER_CLIENT) or rspauth (PROVER_SERVER), in which terms'
 * method does not count. */
MUST_CHECK enum reason http_proof_make(const struct hasher *hasher,
                                       const struct hash *secret,
                                       const struct http_terms *terms,
                                       enum prover prover,
                                       struct http_hex *proof);

/* Compares a proof with the right one, in constant time, and wipes that. */
MUST_CHECK enum reason http_proof_check(const struct hasher *hasher,
                                        const struct hash *secret,
                                        const struct http_terms *terms,
                                        enum prover prover, struct slice proof,
                                        bool *right);

#endif
