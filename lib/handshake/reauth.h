/*
 * Remembers and counts nonces in the shared store if there is one, else in the
 * local one.  Failures of the shared store are reported to the credential's
 * source.
 */
#ifndef DIGEST_REAUTH_H
#define DIGEST_REAUTH_H

#include "handshake/exchange.h"

/* The store to identify nonces for: NULL if servers share it. */
const struct nonce_store *reauth_local(const struct call *call);

/* Remembers a nonce after its first use, for the policy's reauth_s. */
void reauth_remember(struct exchange *exchange, const struct call *call,
                     const struct nonce_id *id);

/* Counts the next use of a nonce, which then lives reauth_s seconds.  False:
 * the client has to authenticate in full. */
bool reauth_accept(struct exchange *exchange, const struct call *call,
                   const struct nonce_id *id, uint32_t count);

/* HTTP: gets time and key of the shared store; the caller wipes the key.
 * Returns false if there is no shared store, or if it fails. */
bool reauth_moment(struct exchange *exchange, const struct call *call,
                   struct nonce_moment *moment, struct http_nonce_key *key);

/* HTTP: counts a use of a nonce in the shared store. */
enum nonce_verdict reauth_use(struct exchange *exchange,
                              const struct call *call,
                              const struct nonce_id *id,
                              const struct shared_use *use);

#endif
