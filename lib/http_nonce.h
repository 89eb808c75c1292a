/*
 * Nonces for HTTP, where the answer to a challenge may come on any connection,
 * or never: nothing is kept for them until they are used.  A nonce says itself
 * when it was made, and that this process made it.
 */
#ifndef DIGEST_HTTP_NONCE_H
#define DIGEST_HTTP_NONCE_H

#include "crypto.h"

enum {
    HTTP_NONCE_KEY_SIZE = 32,
    HTTP_NONCE_RANDOM_SIZE = 16,
    HTTP_NONCE_MAC_SIZE = 16,
    /* 8 digits of time, then random and MAC, all hexadecimal */
    HTTP_NONCE_SIZE =
        8 + 2 * HTTP_NONCE_RANDOM_SIZE + 2 * HTTP_NONCE_MAC_SIZE
};

/* The secret of the process. */
struct http_nonce_key {
    uint8_t octets[HTTP_NONCE_KEY_SIZE];
};

/* A nonce of this moment, in seconds.  REASON_CRYPTO. */
MUST_CHECK enum reason http_nonce_make(const struct hasher *hasher,
                                       const struct http_nonce_key *key,
                                       uint64_t now_s,
                                       uint8_t text[static HTTP_NONCE_SIZE]);

/* When a nonce was made.  REASON_NONCE (not with this key), REASON_CRYPTO. */
MUST_CHECK enum reason http_nonce_read(const struct hasher *hasher,
                                       const struct http_nonce_key *key,
                                       struct slice nonce,
                                       uint64_t *issued_s);

#endif
