/*
 * The driver of the state machine.  It follows the arrows of a context's
 * dialect; a transition without arrow cannot happen.
 */
#ifndef DIGEST_MACHINE_H
#define DIGEST_MACHINE_H

#include "handshake/context.h"

/* Names for the picture in doc/ and for tests. */
const char *machine_state_name(enum state state);
const char *machine_input_name(enum input input);
const char *machine_outcome_name(enum outcome outcome);

/* Classifies a message in this dialect. */
enum input machine_classify(const struct dialect *dialect,
                            struct slice message);

/*
 * Runs one step of the context.  Sets *status on success.  A failure is final;
 * its reason is reported and stored in context->reason.
 */
MUST_CHECK enum reason machine_run(struct context *context, struct call *call,
                                   SECURITY_STATUS *status);

/* Sets a context in any state to FAILED, for ever, and frees its exchange and
 * layer.  Returns the reason. */
enum reason machine_fail(struct context *context, const struct call *call,
                         enum reason reason);

#endif
