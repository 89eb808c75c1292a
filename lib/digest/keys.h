/*
 * The keys of the layer (RFC 2831 2.3 and 2.4, rfc2831bis-12 2.4.1).
 */
#ifndef DIGEST_KEYS_H
#define DIGEST_KEYS_H

#include "crypto/cipher.h"

enum way { WAY_TO_SERVER, WAY_TO_CLIENT };

/* The keys of one direction; wipe them after use. */
struct keys {
    struct md5 ki;      /* signing */
    struct md5 kc;      /* sealing; zeros without a cipher */
    struct md5 counter; /* the first counter of aes-ctr; else zeros */
};

/* Makes the keys of one direction from H(A1).  nonce_count is the number nc of
 * the response.  REASON_CRYPTO. */
MUST_CHECK enum reason keys_make(const struct hasher *hasher,
                                 const struct md5 *h_a1, enum cipher_id cipher,
                                 uint32_t nonce_count, enum way way,
                                 struct keys *keys);

#endif
