/*
 * What a client does before it responds, in SASL and in HTTP: identity and
 * cnonce.
 */
#ifndef DIGEST_CLIENT_IDENTITY_H
#define DIGEST_CLIENT_IDENTITY_H

#include "handshake/exchange.h"

/* Asks the source for the identity; sets *wait if the user has to be prompted
 * first.  Fails as the source. */
MUST_CHECK enum reason
client_identity_ask(const struct call *call,
                    const struct wdigest_question *question,
                    struct wdigest_identity *identity, bool *wait);

/* Refuses control characters except HT.  REASON_USER_UNUSABLE. */
MUST_CHECK enum reason
client_identity_check(struct exchange *exchange,
                      const struct wdigest_identity *identity,
                      struct slice realm, struct slice cnonce);

/* Makes exchange->principal.  REASON_NO_MEMORY. */
MUST_CHECK enum reason
client_identity_keep_principal(struct exchange *exchange,
                               const struct wdigest_identity *identity,
                               struct slice realm);

/* Do both sides support channel binding?  The channel may be "no channel". */
bool client_identity_may_bind(const struct exchange *exchange,
                              struct slice nonce);

/*
 * Makes the cnonce; chosen, unless empty, takes the place of random digits.
 * REASON_RANDOM, REASON_CRYPTO, REASON_IDENTITY_FAILED (chosen is too long).
 */
MUST_CHECK enum reason client_identity_make_cnonce(struct exchange *exchange,
                                                   struct slice service_name,
                                                   struct slice nonce,
                                                   struct slice chosen);

#endif
