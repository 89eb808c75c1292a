/*
 * The stores of nonces for an exchange: the local one, or the shared one.
 * Failures of the shared one are reported to the source of the credential.
 */
#ifndef DIGEST_REAUTH_H
#define DIGEST_REAUTH_H

#include "handshake/exchange.h"

/* Remembers a nonce after its first use, for the policy's reauth_s. */
void reauth_remember(struct exchange *exchange, const struct call *call,
                     const struct nonce_id *id);

/* Counts the next use of a nonce, and extends its life by reauth_s. */
bool reauth_accept(struct exchange *exchange, const struct call *call,
                   const struct nonce_id *id, uint32_t count);

/* HTTP, for nonces in the shared store: */

/* The store's time and key; false if the store is not available. */
bool reauth_moment(struct exchange *exchange, const struct call *call,
                   struct nonce_moment *moment, struct http_nonce_key *key);

/* Counts a use of a nonce. */
enum nonce_verdict reauth_use(struct exchange *exchange,
                              const struct call *call,
                              const struct nonce_id *id,
                              const struct shared_use *use);

#endif
