/*
 * A token that found no room in the caller's buffer.  It waits in its context
 * for a repetition of the call that made it, and for nothing else: what another
 * call brings would pass for judged.
 */
#ifndef DIGEST_SSPI_PENDING_H
#define DIGEST_SSPI_PENDING_H

#include "http/request.h"
#include "handshake/context.h"

/* Does a token wait? */
bool pending_exists(const struct context *context);

/* Keeps the token of a call, and its status.  REASON_BUFFER_TOO_SMALL: it
 * waits.  REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason pending_keep(struct context *context,
                                    const struct call *call, struct slice token,
                                    SECURITY_STATUS status);

/* Is the call a repetition of the one whose token waits?  REASON_OTHER_CALL,
 * REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason pending_check(const struct context *context,
                                     const struct call *call);

/* The token that waits. */
struct slice pending_token(const struct context *context);

/* Nothing waits any more. */
void pending_drop(struct context *context);

#endif
