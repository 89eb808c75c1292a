/*
 * HTTP client: nonces that outlive their connection.  What is remembered for a
 * server and a user is the challenge as it came, our own nonce and the count.
 */
#ifndef DIGEST_HTTP_RESUME_H
#define DIGEST_HTTP_RESUME_H

#include "handshake/exchange.h"
#include "http/state.h"

/* May nonces be remembered, and for whom?  Only the caller knows the server's
 * name. */
bool http_resume_is_allowed(const struct call *call);

/* Says whose session this is, before anything else here. */
MUST_CHECK enum reason
http_resume_identify(struct exchange *exchange, const struct call *call,
                     const struct wdigest_identity *identity);

/*
 * Takes up a former session, or the next number of the present one: nonce,
 * count, own nonce and challenge.  *resumed tells whether there was one.
 * REASON_NO_MEMORY and those of a challenge that has become unreadable.
 */
MUST_CHECK enum reason http_resume_take(struct exchange *exchange,
                                        const struct call *call, bool *resumed);

/* Remembers what the server has just accepted. */
void http_resume_remember(const struct exchange *exchange,
                          const struct call *call);

/* Forgets what it has refused. */
void http_resume_forget(const struct exchange *exchange,
                        const struct call *call);

#endif
