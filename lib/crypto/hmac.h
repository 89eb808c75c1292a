/*
 * HMAC (RFC 2104) with the hashes of OpenSSL.  OpenSSL's own HMAC is not to be
 * had without the application's default context, see lib/crypto/provider.h.
 */
#ifndef DIGEST_HMAC_H
#define DIGEST_HMAC_H

#include "base/slice.h"

struct hashing;

/* A key, hashed in both of its forms; the hash's states are OpenSSL's. */
struct hmac {
    const struct hashing *hashing;
    void *inner, *outer;
};

/*
 * Prepares a key of any size for a hash with blocks of 64 octets (MD5,
 * SHA-256), whose functions have to outlive it.  Also after a failure
 * hmac_stop is to be called.  REASON_NO_MEMORY, REASON_CRYPTO.
 */
MUST_CHECK enum reason
hmac_start(struct hmac *hmac, const struct hashing *hashing, struct slice key);

/* Wipes the key; also what was stopped. */
void hmac_stop(struct hmac *hmac);

static inline bool
hmac_is_started(const struct hmac *hmac)
{
    return hmac->outer != NULL;
}

/* The HMAC of the parts, joined, which has the size of the hash.  Any number of
 * times.  REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason hmac_run(const struct hmac *hmac,
                                const struct slice *parts, size_t count,
                                uint8_t *mac);

#endif
