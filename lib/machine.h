/*
 * The handshake: states, inputs, outcomes, the arrows between them, and the
 * driver that follows the arrows.  What has no arrow cannot happen.
 */
#ifndef DIGEST_MACHINE_H
#define DIGEST_MACHINE_H

#include "context.h"

/* What a message is, judged by the message alone. */
enum input {
    INPUT_NONE,
    INPUT_CHALLENGE,
    INPUT_RESPONSE,
    INPUT_FINAL,
    INPUT_COMPLETION, /* the call itself: CompleteAuthToken */
    INPUT_COUNT
};

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

/* A step sees the exchange and the call, never the state. */
typedef enum reason step_function(struct exchange *exchange, struct call *call,
                                  enum outcome *outcome);

struct arrow {
    enum state from;
    enum input input;
    const char *name; /* of the step */
    step_function *step;
    enum outcome outcome;
    enum state to;
    SECURITY_STATUS status;
};

/* The arrows of a role. */
const struct arrow *machine_arrows(enum role role, size_t *count);

/* Names for the picture in doc/ and for tests. */
const char *machine_state_name(enum state state);
const char *machine_input_name(enum input input);
const char *machine_outcome_name(enum outcome outcome);

/* What a message is to this role. */
enum input machine_classify(enum role role, struct slice message);

/*
 * One step of the context.  Sets *status with REASON_NONE; any other reason
 * is in context->reason, was reported, and is final.
 */
MUST_CHECK enum reason machine_run(struct context *context, struct call *call,
                                   SECURITY_STATUS *status);

/* Fails a context, in whatever state; there is no way back, and whatever was
 * negotiated is gone.  Returns the reason. */
enum reason machine_fail(struct context *context, const struct call *call,
                         enum reason reason);

/* The steps: accept.c, initialize.c, accept_http.c, initialize_http.c. */
step_function accept_offer, accept_resume, accept_judge;
step_function initialize_greet, initialize_answer, initialize_answer_again,
    initialize_verify;
step_function accept_http_offer, accept_http_judge, accept_http_complete,
    accept_http_renew;
step_function initialize_http_greet, initialize_http_answer,
    initialize_http_answer_again, initialize_http_answer_stale,
    initialize_http_verify, initialize_http_trust, initialize_http_next;

#endif
