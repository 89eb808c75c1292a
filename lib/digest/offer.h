/*
 * The protection that one side offers, and that both agree on.  Pure functions.
 */
#ifndef DIGEST_OFFER_H
#define DIGEST_OFFER_H

#include "crypto/cipher.h"
#include "message/keywords.h"

/* The strengths that are allowed, in bits: 0 no layer, 1 integrity, more than
 * that confidentiality. */
struct window {
    uint32_t ssf_min;
    uint32_t ssf_max;
};

struct offer {
    uint32_t qops; /* bits of enum qop, 0: nothing */
    struct cipher_list ciphers;
    uint32_t maxbuf; /* octets of the largest token we receive */
};

struct choice {
    enum qop qop;
    enum cipher_id cipher; /* CIPHER_NONE unless auth-conf */
    uint32_t message_max;  /* octets we may send at once, 0 without a layer */
    uint32_t nonce_count;  /* the number nc of the response */
};

/* Offers the qops that the window allows, and of the ciphers those that it
 * allows and with which a message fits into maxbuf, in their order. */
void offer_make(struct offer *offer, const struct window *window,
                const struct cipher_list *ciphers, uint32_t maxbuf);

/* May the nonce be used to reauthenticate?  No, if the layer would have the
 * same keys again: messages could be replayed. */
bool offer_may_resume(const struct choice *choice);

/*
 * Chooses the strongest qop that both support, and the first of our ciphers
 * that the peer has.  REASON_TOO_WEAK.
 */
MUST_CHECK enum reason offer_choose(const struct offer *offer, uint32_t qops,
                                    uint32_t ciphers, uint32_t peer_maxbuf,
                                    struct choice *choice);

/*
 * Accepts the peer's choice if we offered it.  REASON_QOP_NOT_OFFERED,
 * REASON_CIPHER_NOT_OFFERED, REASON_VALUE (no message fits into its maxbuf).
 */
MUST_CHECK enum reason offer_accept(const struct offer *offer, uint32_t qop,
                                    uint32_t cipher, uint32_t peer_maxbuf,
                                    struct choice *choice);

#endif
