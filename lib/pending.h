/*
 * Tokens on their way to the caller, who may have brought too little memory:
 * then they wait in the context.
 */
#ifndef DIGEST_PENDING_H
#define DIGEST_PENDING_H

#include "buffers.h"
#include "context.h"

/* Does a token wait? */
bool pending_is(const struct context *context);

/*
 * Delivers a token that was just made, see buffers_deliver, or keeps it with
 * the status of its call.  REASON_BUFFER_TOO_SMALL: it waits.
 */
MUST_CHECK enum reason pending_deliver_new(struct context *context,
                                           const SecBufferDesc *buffers,
                                           bool allocate, struct slice token,
                                           SECURITY_STATUS status);

/* Delivers the token that waits, and the status of its call.  Fails as
 * buffers_deliver; then it goes on waiting. */
MUST_CHECK enum reason pending_deliver(struct context *context,
                                       const SecBufferDesc *buffers,
                                       bool allocate, SECURITY_STATUS *status);

#endif
