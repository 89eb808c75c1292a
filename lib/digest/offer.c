/*
 * Negotiation of qop and cipher.
 */
#include "digest/offer.h"

static bool
allows(const struct window *window, uint32_t ssf)
{
    return window->ssf_min <= ssf && ssf <= window->ssf_max;
}

void
offer_make(struct offer *offer, const struct window *window,
           const struct cipher_list *ciphers, uint32_t maxbuf)
{
    *offer = (struct offer){ .maxbuf = maxbuf };
    if (allows(window, SSF_AUTH))
        offer->qops |= QOP_AUTH;
    if (allows(window, SSF_INTEGRITY))
        offer->qops |= QOP_AUTH_INT;
    for (size_t i = 0; i < ciphers->count; i++) {
        enum cipher_id id = ciphers->ids[i];

        if (allows(window, cipher_row(id)->ssf) &&
            cipher_message_max(id, maxbuf) > 0)
            offer->ciphers.ids[offer->ciphers.count++] = ciphers->ids[i];
    }
    if (offer->ciphers.count > 0)
        offer->qops |= QOP_AUTH_CONF;
}

bool
offer_may_resume(const struct choice *choice)
{
    return choice->qop == QOP_AUTH || (choice->qop == QOP_AUTH_CONF &&
                                       cipher_row(choice->cipher)->fresh_keys);
}

/* Chooses this layer if a message fits into the peer's maxbuf. */
static bool
try_layer(enum qop qop, enum cipher_id cipher, uint32_t peer_maxbuf,
          struct choice *choice)
{
    uint32_t maximum = cipher_message_max(cipher, peer_maxbuf);

    if (maximum == 0)
        return false;
    *choice = (struct choice){ qop, cipher, maximum, 0 };
    return true;
}

enum reason
offer_choose(const struct offer *offer, uint32_t qops, uint32_t ciphers,
             uint32_t peer_maxbuf, struct choice *choice)
{
    qops &= offer->qops;
    for (size_t i = 0; i < offer->ciphers.count; i++) {
        enum cipher_id id = offer->ciphers.ids[i];

        if ((qops & QOP_AUTH_CONF) != 0 && (ciphers & cipher_bit(id)) != 0 &&
            try_layer(QOP_AUTH_CONF, id, peer_maxbuf, choice))
            return REASON_NONE;
    }
    if ((qops & QOP_AUTH_INT) != 0 &&
        try_layer(QOP_AUTH_INT, CIPHER_NONE, peer_maxbuf, choice))
        return REASON_NONE;
    if ((qops & QOP_AUTH) == 0)
        return REASON_TOO_WEAK;
    *choice = (struct choice){ QOP_AUTH, CIPHER_NONE, 0, 0 };
    return REASON_NONE;
}

enum reason
offer_accept(const struct offer *offer, uint32_t qop, uint32_t cipher,
             uint32_t peer_maxbuf, struct choice *choice)
{
    /* The peer's choice is an offer of one qop and one cipher. */
    if ((offer->qops & qop) == 0)
        return REASON_QOP_NOT_OFFERED;
    if (offer_choose(offer, qop, cipher, MAXBUF_MAX, choice) != REASON_NONE)
        return REASON_CIPHER_NOT_OFFERED;
    return offer_choose(offer, qop, cipher, peer_maxbuf, choice) == REASON_NONE
               ? REASON_NONE
               : REASON_VALUE;
}
