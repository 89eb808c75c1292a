/*
 * The integrity and confidentiality layer (RFC 2831 2.3, 2.4, rfc2831bis-12
 * 2.4.1): two independent directions.
 */
#ifndef DIGEST_LAYER_H
#define DIGEST_LAYER_H

#include "digest/keys.h"
#include "digest/offer.h"

struct direction {
    struct crypto *crypto;
    struct keys keys;     /* wiped with the first message, when mac and */
    struct mac mac;       /* stream are made from them */
    struct stream stream; /* unused with auth-int */
    enum cipher_id cipher;
    uint32_t sequence;
    bool encrypts;
    bool dead; /* after a failure it refuses all messages */
};

struct layer {
    struct choice choice;
    struct direction send;
    struct direction receive;
};

/*
 * Makes the keys of both directions.  OpenSSL's objects, which take much more
 * memory, are made with the first message of a direction.  send_way is
 * WAY_TO_SERVER for a client.  After a failure layer_stop must still be called.
 * REASON_CRYPTO.
 */
MUST_CHECK enum reason layer_start(struct layer *layer,
                                   const struct hasher *hasher,
                                   const struct md5 *h_a1,
                                   const struct choice *choice,
                                   enum way send_way);
void layer_stop(struct layer *layer);

/*
 * Protects size octets of data in place and writes the rest of the token, at
 * most LAYER_TRAILER_MAX octets.  REASON_BUFFER_TOO_SMALL: there is no room for
 * it; REASON_CRYPTO, REASON_NO_MEMORY; REASON_ALTERED: an earlier message of
 * this direction failed.
 */
MUST_CHECK enum reason layer_seal(struct direction *direction, uint8_t *data,
                                  size_t size, struct writer *trailer);

/*
 * Checks and decrypts a token of size octets in place; the message is a part of
 * it.  REASON_ALTERED: something is wrong with this token or was with an
 * earlier one; REASON_CRYPTO, REASON_NO_MEMORY: OpenSSL's objects cannot be
 * made.
 */
MUST_CHECK enum reason layer_open(struct direction *direction, uint8_t *token,
                                  size_t size, struct slice *message);

/* Checks an auth-int message whose trailer is in another buffer.  Fails as
 * layer_open. */
MUST_CHECK enum reason layer_verify(struct direction *direction,
                                    struct slice message, struct slice trailer);

#endif
