/*
 * The steps of RFC 2831.  A step gets the exchange and the call, but not the
 * state.
 */
#ifndef DIGEST_STEPS_H
#define DIGEST_STEPS_H

#include "handshake/exchange.h"

/* The outcome of a step that did not fail. */
enum outcome {
    OUTCOME_NOTHING, /* the step set no outcome: a failure */
    OUTCOME_SILENT,  /* nothing to send yet */
    OUTCOME_SENT,    /* a message for the peer */
    OUTCOME_ASKING,  /* the user has to be prompted first */
    OUTCOME_PROVED,  /* the peer knows the secret */
    OUTCOME_HELD,    /* the same, but CompleteAuthToken makes the message */
    OUTCOME_STALE,   /* the same, but the peer's nonce is stale */
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
