/*
 * Derives keys with HMAC-SHA-256, and encrypts the entries of the shared store
 * with AES-256-GCM.  One thread at a time may use an aead.  Functions fail as
 * those of crypto.h do, unless a comment says otherwise.
 */
#ifndef DIGEST_AEAD_H
#define DIGEST_AEAD_H

#include "crypto/crypto.h"

enum { AEAD_KEY_SIZE = 32, AEAD_IV_SIZE = 12, AEAD_TAG_SIZE = 16 };

struct aead;

struct aead_key {
    uint8_t octets[AEAD_KEY_SIZE];
};

/* Fetches the cipher.  REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason aead_open(struct crypto *crypto, struct aead **aead);
void aead_close(struct aead *aead);

static inline struct slice
aead_key_slice(const struct aead_key *key)
{
    return slice_of(key->octets, sizeof(key->octets));
}

/* Computes the HMAC of up to 8 parts, each with its size in front (4 octets,
 * big end first).  REASON_INTERNAL: more than 8. */
MUST_CHECK enum reason aead_derive(struct aead *aead, struct slice key,
                                   const struct slice *parts, size_t count,
                                   struct aead_key *derived);

/* Writes plain in encrypted form, and behind it AEAD_TAG_SIZE octets of tag.
 * The tag also covers aad (additional authenticated data).  Each iv may be used
 * only once with a key.  REASON_INTERNAL: plain or aad has more than 1024
 * octets, or there is no room. */
MUST_CHECK enum reason aead_seal(struct aead *aead, const struct aead_key *key,
                                 const uint8_t iv[static AEAD_IV_SIZE],
                                 struct slice aad, struct slice plain,
                                 struct writer *sealed);

/* Checks the tag and writes the decrypted octets.  REASON_ALTERED: the tag is
 * wrong, sealed is too short or too long, or there is no room. */
MUST_CHECK enum reason aead_unseal(struct aead *aead,
                                   const struct aead_key *key,
                                   const uint8_t iv[static AEAD_IV_SIZE],
                                   struct slice aad, struct slice sealed,
                                   struct writer *plain);

#endif
