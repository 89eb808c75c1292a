/*
 * AcceptSecurityContext with every argument in reach of a test.
 */
#ifndef DIGEST_ACCEPTING_H
#define DIGEST_ACCEPTING_H

#include "support/pair.h"

struct accepting {
    CredHandle *credential;
    CtxtHandle *context;
    SecBufferDesc *input;
    uint32_t flags;
    uint32_t representation;
    CtxtHandle *new_context;
    SecBuffer output;
    /* what came out */
    uint32_t attributes;
    TimeStamp expiry;
};

/* The call pair_step would make for the server, still without input. */
struct accepting accepting_begin(void);

/* The call; the token of input goes in buffer 0, unless ->input is set. */
SECURITY_STATUS accepting_run(struct accepting *accepting, struct slice input);

/* The token that came out. */
struct slice accepting_token(const struct accepting *accepting);

#endif
