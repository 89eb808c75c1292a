/*
 * Nonces for HTTP, where the answer to a challenge may come on any connection,
 * or never: nothing is kept for them until they are used.  A nonce says itself,
 * to who has the key, when it was made, and that this process made it.  Where
 * nothing else is said functions fail as those of crypto.h.
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

/* The secret of the process. */
struct http_nonce_key {
    uint8_t octets[HTTP_NONCE_KEY_SIZE];
};

/* Writes a nonce issued at now_s.  Its MAC covers the prefix, so a client
 * cannot add or remove that.  REASON_CRYPTO. */
MUST_CHECK enum reason http_nonce_put(struct writer *writer,
                                      const struct hasher *hasher,
                                      const struct http_nonce_key *key,
                                      struct slice prefix, uint64_t now_s);

/* Returns when a nonce was issued.  REASON_NONCE (not with this key),
 * REASON_CRYPTO. */
MUST_CHECK enum reason http_nonce_read(const struct hasher *hasher,
                                       const struct http_nonce_key *key,
                                       struct slice nonce, uint64_t *issued_s);

/* Writes the value of "opaque", the same for all nonces of a process. */
MUST_CHECK enum reason http_nonce_put_opaque(struct writer *writer,
                                             const struct hasher *hasher,
                                             const struct http_nonce_key *key);

#endif
