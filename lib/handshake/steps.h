/*
 * The steps of RFC 2831.  A step sees the exchange and the call, never the
 * state.
 */
#ifndef DIGEST_STEPS_H
#define DIGEST_STEPS_H

#include "handshake/exchange.h"

/* How a step ended, if it did not fail. */
enum outcome {
    OUTCOME_NOTHING, /* the step forgot to say: a failure */
    OUTCOME_SILENT,  /* nothing to send yet */
    OUTCOME_SENT,    /* a message for the peer */
    OUTCOME_ASKING,  /* somebody has to be asked first */
    OUTCOME_PROVED,  /* the peer knows the secret */
    OUTCOME_HELD,    /* likewise, but there is no message for it yet */
    OUTCOME_STALE,   /* likewise, but its nonce will not do */
    OUTCOME_COUNT
};

typedef enum reason step_function(struct exchange *exchange, struct call *call,
                                  enum outcome *outcome);

/* accept.c */
step_function accept_offer, accept_resume, accept_judge;

/* initialize.c */
step_function initialize_greet, initialize_answer, initialize_answer_again,
    initialize_verify;

#endif
