/*
 * HTTP client: uses a nonce on several connections.  The store of sessions has,
 * for each server and user, the challenge as received, our cnonce and the
 * count.
 */
#ifndef DIGEST_HTTP_RESUME_H
#define DIGEST_HTTP_RESUME_H

#include "handshake/exchange.h"
#include "http/state.h"

/* May nonces be stored?  Only if the policy allows it and the caller gave the
 * server's name. */
bool http_resume_is_allowed(const struct call *call);

/* Computes the key of the session, unless nonces may not be stored.  Call it
 * before the functions below.  REASON_CRYPTO. */
MUST_CHECK enum reason
http_resume_identify(struct exchange *exchange, const struct call *call,
                     const struct wdigest_identity *identity);

/*
 * Takes the stored session with its next count, if there is one that fits, into
 * the exchange: nonce, count, cnonce and challenge.  Sets *resumed then.
 * REASON_NO_MEMORY and those of http_challenge_parse.
 */
MUST_CHECK enum reason http_resume_take(struct exchange *exchange,
                                        const struct call *call, bool *resumed);

/* Stores the session that the server has just accepted. */
void http_resume_remember(const struct exchange *exchange,
                          const struct call *call);

/* Removes the session that the server has refused: the one with the present
 * nonce, not one that another context has stored since. */
void http_resume_forget(const struct exchange *exchange,
                        const struct call *call);

#endif
