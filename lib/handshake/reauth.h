/*
 * The stores of nonces as an exchange sees them: the one of the process, or
 * the shared one, whose troubles are told to the owner of the credential.
 */
#ifndef DIGEST_RECALL_H
#define DIGEST_RECALL_H

#include "handshake/exchange.h"

/* Remembers a nonce that was used once, for the policy's time. */
void recall_remember(struct exchange *exchange, const struct call *call,
                     const struct nonce_id *id);

/* Counts a nonce up, and gives it that time again. */
bool recall_accept(struct exchange *exchange, const struct call *call,
                   const struct nonce_id *id, uint32_t count);

/* HTTP, for nonces that all servers know: */

/* The moment, and the key; false if there are no such nonces now. */
bool recall_moment(struct exchange *exchange, const struct call *call,
                   struct nonce_moment *moment, struct http_nonce_key *key);

/* Counts a nonce for the first time. */
bool recall_begin(struct exchange *exchange, const struct call *call,
                  const struct nonce_id *id, const struct nonce_moment *moment,
                  uint64_t issued_s, uint64_t life_s);

/* Counts it up; it still ends after so many seconds. */
enum nonce_verdict recall_count(struct exchange *exchange,
                                const struct call *call,
                                const struct nonce_id *id, uint32_t count,
                                uint64_t left_s);

#endif
