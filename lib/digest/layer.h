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
    struct keys keys;     /* until the first message */
    struct mac mac;       /* from then on */
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
 * Makes the keys of both directions.  OpenSSL's contexts, many times their
 * size, are created with the first message.  send_way is WAY_TO_SERVER for a
 * client.  After a failure layer_stop must still be called.  REASON_CRYPTO,
 * REASON_NO_MEMORY.
 */
MUST_CHECK enum reason layer_start(struct layer *layer,
                                   const struct hasher *hasher,
                                   const struct md5 *h_a1,
                                   const struct choice *choice,
                                   enum way send_way);
void layer_stop(struct layer *layer);

/*
 * Protects size octets in place and writes the rest of the token, at most
 * LAYER_TRAILER_MAX octets.  REASON_ALTERED: it has failed before;
 * REASON_CRYPTO, REASON_NO_MEMORY.
 */
MUST_CHECK enum reason layer_seal(struct direction *direction, uint8_t *data,
                                  size_t size, struct writer *trailer);

/*
 * Opens a token in place; the message is a part of it.  REASON_NO_MEMORY, or
 * REASON_ALTERED for any other error, and for all later tokens.
 */
MUST_CHECK enum reason layer_open(struct direction *direction, uint8_t *token,
                                  size_t size, struct slice *message);

/* Checks an auth-int message whose trailer is in another buffer.  Fails as
 * layer_open. */
MUST_CHECK enum reason layer_verify(struct direction *direction,
                                    struct slice message, struct slice trailer);

#endif
