/*
 * The state machines of SASL and HTTP, for server and client: states, inputs,
 * transitions (arrows), and other differences.
 */
#ifndef DIGEST_DIALECT_H
#define DIGEST_DIALECT_H

#include "handshake/steps.h"

/* FAILED is zero, so a context of zeros is dead. */
enum state {
    STATE_FAILED,
    STATE_START,
    STATE_CHALLENGED,       /* server: expects the response */
    STATE_EXPECT_CHALLENGE, /* client: has sent nothing yet */
    STATE_ASKING,           /* client: the source prompts for the identity */
    STATE_RESUMING,         /* client: has responded to a former challenge */
    STATE_EXPECT_FINAL,     /* client: has responded */
    STATE_COMPLETING,       /* HTTP server: expects CompleteAuthToken */
    STATE_RENEWING,         /* HTTP server: the same; it makes a challenge */
    STATE_ESTABLISHED,
    STATE_COUNT
};

/* The class of a message, which depends on the message alone. */
enum input {
    INPUT_NONE,
    INPUT_CHALLENGE,
    INPUT_RESPONSE,
    INPUT_FINAL,
    INPUT_COMPLETION, /* no message: the call is CompleteAuthToken */
    INPUT_COUNT
};

struct arrow {
    enum state from;
    enum input input;
    const char *name; /* of the step */
    step_function *step;
    enum outcome outcome;
    enum state to;
    SECURITY_STATUS status;
};

struct dialect {
    const struct arrow *arrows;
    size_t arrow_count;

    /* Client: is this the server's last message, not a challenge? */
    bool (*is_final)(struct slice message);

    /* Client: puts a service before a target that is a plain DNS name.  NULL:
     * targets are taken as they are. */
    void (*complete_target)(struct call *call);

    /* Client: checks the target of a call.  NULL on a server. */
    enum reason (*check_target)(struct slice target);

    /* Makes and frees what HTTP adds to an exchange; NULL: nothing. */
    enum reason (*begin)(struct exchange *exchange);
    void (*end)(struct exchange *exchange);

    /* Server: makes the reply to a message that is refused.  NULL: there is
     * none. */
    step_function *refuse;

    bool is_server;
    bool keeps_exchange;    /* after ESTABLISHED, for the next request */
    bool has_layer;         /* messages can be signed and encrypted */
    uint32_t channel_flags; /* ASC_REQ_... about the channel */
    uint32_t mode_flags;    /* not about security: granted when required */
    enum reason too_late;   /* refuses a call that an established context does
                               not expect */
};

/* The dialects of SASL. */
extern const struct dialect dialect_server, dialect_client;

#endif
