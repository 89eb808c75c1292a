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
    HTTP_USE_FIRST,      /* counted */
    HTTP_USE_NEXT,       /* valid, to be counted by http_use_count */
    HTTP_USE_STALE,      /* the nonce is unknown */
    HTTP_USE_STALE_KNOWN /* the nonce has expired, or the count was used */
};

/* Writes a nonce for one algorithm, with the prefix of channel binding if there
 * is a channel, and the opaque that belongs to it.  REASON_CRYPTO,
 * REASON_RANDOM. */
MUST_CHECK enum reason http_use_put_nonce(struct writer *writer,
                                          struct writer *opaque,
                                          struct exchange *exchange,
                                          const struct call *call,
                                          enum http_algorithm algorithm);

/* Writes the nonce that the client shall use next.  Writes nothing if another
 * opaque belongs to it, because there is none in Authentication-Info.
 * REASON_CRYPTO, REASON_RANDOM. */
MUST_CHECK enum reason http_use_put_next(struct writer *writer,
                                         struct exchange *exchange,
                                         const struct call *call);

/* Judges the nonce of the kept response, whose proof is right.  Counts its
 * first use, in a shared store any use.  If the nonce is stale, reports why.
 * REASON_NONCE_ZERO, REASON_OPAQUE_WRONG, REASON_CRYPTO. */
MUST_CHECK enum reason http_use_judge(struct exchange *exchange,
                                      const struct call *call,
                                      enum http_use *use);

/* Counts the use if http_use_judge has not done so.  Of several requests with
 * the same count one is accepted; the others get REASON_NONCE_TAKEN.
 * REASON_CRYPTO. */
MUST_CHECK enum reason http_use_count(const struct exchange *exchange,
                                      const struct call *call);

/* Should the client get another nonce?  It should if that of the kept response
 * has passed half of its life, or without a qop, when it can be used once. */
bool http_use_is_ending(const struct exchange *exchange,
                        const struct call *call);

#endif
