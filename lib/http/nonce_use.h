/*
 * HTTP server: the life of a nonce.  It is issued with a challenge, is used for
 * many requests on any connection, each with a count of its own, and expires.
 */
#ifndef DIGEST_HTTP_NONCE_USE_H
#define DIGEST_HTTP_NONCE_USE_H

#include "handshake/exchange.h"
#include "http/state.h"

enum { HTTP_USE_NONCE_MAX = sizeof("+Upgraded+v1") + HTTP_NONCE_SIZE };

/* The use of a nonce by a request. */
enum http_use {
    HTTP_USE_FIRST,
    HTTP_USE_NEXT,       /* not counted yet */
    HTTP_USE_STALE,      /* unknown */
    HTTP_USE_STALE_KNOWN /* ours, but too old, or the count was used */
};

/* Writes a nonce for one algorithm and the channel there is, and the opaque
 * beside it.  REASON_CRYPTO. */
MUST_CHECK enum reason http_use_put_nonce(struct writer *writer,
                                          struct writer *opaque,
                                          struct exchange *exchange,
                                          const struct call *call,
                                          enum http_algorithm algorithm);

/* Writes the nonce that follows that of the kept response, unless the client
 * needs another opaque with it.  REASON_CRYPTO. */
MUST_CHECK enum reason http_use_put_next(struct writer *writer,
                                         struct exchange *exchange,
                                         const struct call *call);

/* Judges the nonce of the kept response, whose proof is right; its first use
 * is counted at once.  Reports why one is stale.  REASON_NONCE_ZERO,
 * REASON_OPAQUE_WRONG, REASON_CRYPTO. */
MUST_CHECK enum reason http_use_judge(struct exchange *exchange,
                                      const struct call *call,
                                      enum http_use *use);

/* Counts a later use after http_use_judge, unless the store has done so.  Of
 * several requests with the same count one is accepted; the others are
 * REASON_NONCE_TAKEN.  REASON_CRYPTO. */
MUST_CHECK enum reason http_use_count(const struct exchange *exchange,
                                      const struct call *call);

/* Has the nonce of the kept response passed half of its life? */
bool http_use_is_ending(const struct exchange *exchange,
                        const struct call *call);

#endif
