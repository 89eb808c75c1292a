/*
 * AcceptSecurityContext with all arguments set by the test.
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
    /* the results */
    uint32_t attributes;
    TimeStamp expiry;
};

/* The call that pair_step would make for the server, without input. */
struct accepting accepting_begin(void);

/* Makes the call; the token input is in buffer 0, unless ->input is set. */
SECURITY_STATUS accepting_run(struct accepting *accepting, struct slice input);

/* The output token. */
struct slice accepting_token(const struct accepting *accepting);

#endif
