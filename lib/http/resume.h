/*
 * HTTP client: nonces that outlive their connection.  A session of a server and
 * a user has the challenge as received, our cnonce and the count.
 */
#ifndef DIGEST_HTTP_RESUME_H
#define DIGEST_HTTP_RESUME_H

#include "handshake/exchange.h"
#include "http/state.h"

/* May nonces be stored?  Only if the policy allows it and the caller gave the
 * server's name. */
bool http_resume_is_allowed(const struct call *call);

/* Computes the key of the session.  Call it before the functions below. */
MUST_CHECK enum reason
http_resume_identify(struct exchange *exchange, const struct call *call,
                     const struct wdigest_identity *identity);

/*
 * Loads a stored session, or the next count of the present one: nonce, count,
 * cnonce and challenge.  Sets *resumed if there was one.  REASON_NO_MEMORY and
 * those of http_challenge_parse.
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
