/*
 * A pending token is one that did not fit into the caller's buffer.  The
 * context keeps it until the same call is repeated.  Any other call fails:
 * nobody would check its message.
 */
#ifndef DIGEST_SSPI_PENDING_H
#define DIGEST_SSPI_PENDING_H

#include "http/request.h"
#include "handshake/context.h"

/* Is a token pending? */
bool pending_exists(const struct context *context);

/* Keeps the token and the status of a call.  Never REASON_NONE, but
 * REASON_BUFFER_TOO_SMALL: the token is pending; REASON_NO_MEMORY,
 * REASON_CRYPTO. */
MUST_CHECK enum reason pending_keep(struct context *context,
                                    const struct call *call, struct slice token,
                                    SECURITY_STATUS status);

/* Checks that the call repeats the one whose token is pending.
 * REASON_OTHER_CALL, REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason pending_check(const struct context *context,
                                     const struct call *call);

/* The pending token. */
struct slice pending_token(const struct context *context);

/* Frees the pending token. */
void pending_drop(struct context *context);

#endif
