/*
 * HTTP server: what is offered to a client (RFC 7616 3.3).
 */
#ifndef DIGEST_HTTP_OFFER_H
#define DIGEST_HTTP_OFFER_H

#include "handshake/steps.h"
#include "http/state.h"

/* The bits of the policy's algorithms, by their numbers.
 * REASON_HTTP_ALGORITHM. */
MUST_CHECK enum reason http_offer_algorithms(struct exchange *exchange,
                                             const struct call *call,
                                             uint32_t *algorithms);

/* Keeps the realm that the caller's request names, until another one comes.
 * REASON_HTTP_PARAMETER (it is not ASCII), REASON_NO_MEMORY. */
MUST_CHECK enum reason http_offer_take_realm(struct exchange *exchange,
                                             const struct call *call);

/* The realm of the caller, else the first of the policy, or none. */
struct slice http_offer_realm(const struct exchange *exchange,
                              const struct call *call);

/* The bits of the qops; HTTP has no auth-conf. */
uint32_t http_offer_qops(const struct exchange *exchange);

/* Writes the challenges for all algorithms, the best one first; stale: only the
 * nonce of the response was invalid. */
MUST_CHECK enum reason http_offer_challenge(struct exchange *exchange,
                                            struct call *call, bool stale,
                                            enum outcome *outcome);

#endif
