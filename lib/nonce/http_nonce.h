/*
 * Nonces for HTTP.  The response to a challenge may come on any connection, or
 * never, so the server stores nothing until a nonce is used.  A nonce contains
 * the time at which it was issued, encrypted, and a MAC that proves that this
 * process issued it.  Functions fail as those of crypto.h do, unless a comment
 * says otherwise.
 */
#ifndef DIGEST_HTTP_NONCE_H
#define DIGEST_HTTP_NONCE_H

#include "crypto/crypto.h"

enum {
    HTTP_NONCE_KEY_SIZE = 32,
    HTTP_NONCE_RANDOM_SIZE = 16,
    HTTP_NONCE_MAC_SIZE = 16,
    /* 8 digits of the hidden time, then random and MAC, all hexadecimal */
    HTTP_NONCE_SIZE = 8 + 2 * HTTP_NONCE_RANDOM_SIZE + 2 * HTTP_NONCE_MAC_SIZE,
    HTTP_OPAQUE_SIZE = 16
};

/* The process's secret key. */
struct http_nonce_key {
    uint8_t octets[HTTP_NONCE_KEY_SIZE];
};

/* Writes a nonce that is issued at now_s.  The MAC also covers the prefix, so a
 * client cannot add or remove it, and the kind, 0 to 31, which the nonce does
 * not contain.  REASON_CRYPTO, REASON_RANDOM. */
MUST_CHECK enum reason http_nonce_put(struct writer *writer,
                                      const struct hasher *hasher,
                                      const struct http_nonce_key *key,
                                      uint8_t kind, struct slice prefix,
                                      uint64_t now_s);

/* Returns the time at which a nonce was issued.  REASON_NONCE (its MAC is not
 * from this key, or it is of another kind), REASON_CRYPTO. */
MUST_CHECK enum reason http_nonce_read(const struct hasher *hasher,
                                       const struct http_nonce_key *key,
                                       uint8_t kind, struct slice nonce,
                                       uint64_t *issued_s);

/* Writes the value of "opaque", the same for all nonces of a process. */
MUST_CHECK enum reason http_nonce_put_opaque(struct writer *writer,
                                             const struct hasher *hasher,
                                             const struct http_nonce_key *key);

#endif
