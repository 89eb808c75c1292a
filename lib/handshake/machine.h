/*
 * The driver of the state machine.  It follows the arrows of a context's
 * dialect; a transition without arrow cannot happen.
 */
#ifndef DIGEST_MACHINE_H
#define DIGEST_MACHINE_H

#include "handshake/context.h"

/* Classifies a message in this dialect. */
enum input machine_classify(const struct dialect *dialect,
                            struct slice message);

/*
 * Runs one step of the context.  REASON_NONE: *status is the answer to the
 * caller.  Any other reason was reported to the credential's source, and the
 * context is dead; but a call to an established context that has no arrow is
 * only refused, with dialect->too_late.
 */
MUST_CHECK enum reason machine_run(struct context *context, struct call *call,
                                   SECURITY_STATUS *status);

/* Puts a context into state FAILED for ever: reports the reason, and frees
 * exchange and layer.  If the call wants a reply for the peer, and the dialect
 * has one, makes it.  Returns the reason. */
enum reason machine_fail(struct context *context, struct call *call,
                         enum reason reason);

#endif
