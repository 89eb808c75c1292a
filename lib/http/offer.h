/*
 * HTTP server: what is offered to a client (RFC 7616 3.3).
 */
#ifndef DIGEST_HTTP_OFFER_H
#define DIGEST_HTTP_OFFER_H

#include "handshake/steps.h"
#include "http/state.h"

/* Sets bit 1 << n of *algorithms for each algorithm of the policy, with n of
 * enum http_algorithm.  REASON_HTTP_ALGORITHM. */
MUST_CHECK enum reason http_offer_algorithms(struct exchange *exchange,
                                             const struct call *call,
                                             uint32_t *algorithms);

/* Keeps the realm of the caller's request, if it has one, until another one
 * comes.  REASON_HTTP_PARAMETER (it is not printable ASCII),
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason http_offer_take_realm(struct exchange *exchange,
                                             const struct call *call);

/* The realm that was kept, else the first one of the policy, or none. */
struct slice http_offer_realm(const struct exchange *exchange,
                              const struct call *call);

/* The bits of the qops that are offered; HTTP has no auth-conf. */
uint32_t http_offer_qops(const struct exchange *exchange);

/* Writes a challenge for each algorithm, the best one first.  stale: only the
 * nonce of the response was invalid.  REASON_NO_COMMON_PROTECTION,
 * REASON_HTTP_PARAMETER (realm), REASON_CHALLENGE_TOO_LARGE,
 * REASON_CHALLENGES_TOO_LARGE, and those of the functions above,
 * exchange_check_channel and http_use_put_nonce. */
MUST_CHECK enum reason http_offer_challenge(struct exchange *exchange,
                                            struct call *call, bool stale,
                                            enum outcome *outcome);

#endif
