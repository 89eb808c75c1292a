/*
 * The protection that one side offers, and that both agree on.  Pure functions.
 */
#ifndef DIGEST_OFFER_H
#define DIGEST_OFFER_H

#include "crypto/cipher.h"
#include "message/keywords.h"

/* The strengths allowed, in bits: 0 none, 1 integrity, above encryption. */
struct window {
    uint32_t ssf_min;
    uint32_t ssf_max;
};

struct offer {
    uint32_t qops; /* bits of enum qop, 0: nothing */
    struct cipher_list ciphers;
    uint32_t maxbuf; /* largest token we receive */
};

struct choice {
    enum qop qop;
    enum cipher_id cipher; /* CIPHER_NONE unless auth-conf */
    uint32_t message_max;  /* octets we may send at once, 0 without a layer */
    uint32_t nonce_count;  /* the number nc of the response */
};

/* Offers the qops and ciphers that the window allows, if a message fits into
 * maxbuf; the ciphers keep their order. */
void offer_make(struct offer *offer, const struct window *window,
                const struct cipher_list *ciphers, uint32_t maxbuf);

/* May the nonce be used to reauthenticate?  Not with a layer that would have
 * the same keys again, so that messages could be replayed. */
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
 * REASON_CIPHER_NOT_OFFERED, REASON_VALUE (its maxbuf is too small for it).
 */
MUST_CHECK enum reason offer_accept(const struct offer *offer, uint32_t qop,
                                    uint32_t cipher, uint32_t peer_maxbuf,
                                    struct choice *choice);

#endif
