/*
 * Keys that are made from keys, and octets that leave the process: HMAC with
 * SHA-256, and AES-256-GCM.  One caller at a time.  Where nothing else is said
 * functions fail as those of crypto.h.
 */
#ifndef DIGEST_SEALING_H
#define DIGEST_SEALING_H

#include "crypto/crypto.h"

enum { SEALING_KEY_SIZE = 32, SEALING_IV_SIZE = 12, SEALING_TAG_SIZE = 16 };

struct sealing;

struct sealing_key {
    uint8_t octets[SEALING_KEY_SIZE];
};

/* REASON_NO_MEMORY, REASON_CRYPTO (OpenSSL lacks one of them). */
MUST_CHECK enum reason sealing_open(const struct crypto *crypto,
                                    struct sealing **sealing);
void sealing_close(struct sealing *sealing);

static inline struct slice
sealing_key_slice(const struct sealing_key *key)
{
    return slice_of(key->octets, sizeof(key->octets));
}

/* HMAC of the parts, each with its size in front. */
MUST_CHECK enum reason sealing_derive(struct sealing *sealing, struct slice key,
                                      const struct slice *parts, size_t count,
                                      struct sealing_key *derived);

/* Writes plain in encrypted form and behind it the tag, which also covers the
 * octets of bound. */
MUST_CHECK enum reason sealing_seal(struct sealing *sealing,
                                    const struct sealing_key *key,
                                    const uint8_t iv[static SEALING_IV_SIZE],
                                    struct slice bound, struct slice plain,
                                    struct writer *sealed);

/* The other way round.  REASON_ALTERED, REASON_CRYPTO. */
MUST_CHECK enum reason sealing_unseal(struct sealing *sealing,
                                      const struct sealing_key *key,
                                      const uint8_t iv[static SEALING_IV_SIZE],
                                      struct slice bound, struct slice sealed,
                                      struct writer *plain);

#endif
