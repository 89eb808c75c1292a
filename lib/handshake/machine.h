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
 * One step of the context.  Sets *status with REASON_NONE; any other reason
 * was reported, and is final, in context->reason.  But a call that comes too
 * late leaves an established context as it was.
 */
MUST_CHECK enum reason machine_run(struct context *context, struct call *call,
                                   SECURITY_STATUS *status);

/* Fails a context, in whatever state; there is no way back, and whatever was
 * negotiated is gone.  Makes the reply to a refusal that the call wants, if the
 * dialect has one.  Returns the reason. */
enum reason machine_fail(struct context *context, struct call *call,
                         enum reason reason);

#endif
