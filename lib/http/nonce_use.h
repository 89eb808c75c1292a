/*
 * HTTP server: the life of a nonce, from the challenge over many requests, in
 * the order of their counts and on any connection, to its end.
 */
#ifndef DIGEST_HTTP_USE_H
#define DIGEST_HTTP_USE_H

#include "handshake/exchange.h"
#include "http/state.h"

enum { HTTP_USE_NONCE_MAX = sizeof("+Upgraded+v1") + HTTP_NONCE_SIZE };

/* How a nonce comes back. */
enum http_use {
    HTTP_USE_FIRST,
    HTTP_USE_NEXT,       /* still to be counted */
    HTTP_USE_STALE,      /* foreign, too old, or used up */
    HTTP_USE_STALE_KNOWN /* the same, and it was used here before */
};

/* Writes a nonce for the channel there is, and the opaque beside it.
 * REASON_CRYPTO. */
MUST_CHECK enum reason http_use_put_nonce(struct writer *writer,
                                          struct writer *opaque,
                                          struct exchange *exchange,
                                          const struct call *call);

/* Writes the nonce that follows that of the kept response, unless the client
 * needs another opaque with it.  REASON_CRYPTO. */
MUST_CHECK enum reason http_use_put_next(struct writer *writer,
                                         struct exchange *exchange,
                                         const struct call *call);

/* Judges the nonce of the kept response, whose proof is right; its first use
 * is counted at once.  REASON_CRYPTO. */
MUST_CHECK enum reason http_use_judge(struct exchange *exchange,
                                      const struct call *call,
                                      enum http_use *use);

/* Counts a later use of the kept response that was judged, if the store has not
 * done so.  Of several with the same count one is the first; the others are
 * REASON_NONCE_TAKEN.  REASON_CRYPTO. */
MUST_CHECK enum reason http_use_count(const struct exchange *exchange,
                                      const struct call *call);

/* Is the nonce of the kept response near its end? */
bool http_use_is_ending(const struct exchange *exchange,
                        const struct call *call);

#endif
