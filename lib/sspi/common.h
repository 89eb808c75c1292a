/*
 * What the SSPI functions share: handles, flags, times, and the delivery of a
 * token to the caller.
 */
#ifndef DIGEST_SSPI_COMMON_H
#define DIGEST_SSPI_COMMON_H

#include "sspi/buffers.h"
#include "handshake/machine.h"

/* Sets the largest time, because nothing expires; NULL is allowed. */
void sspi_set_expiry(TimeStamp *expiry);

/* The context of a handle, NULL if there is none. */
struct context *sspi_find(const CtxtHandle *handle);

/* The same, if it is established, or a client's that already has its layer. */
struct context *sspi_find_protected(const CtxtHandle *handle);

/* The user of a server's established context, or NULL. */
const struct wdigest_principal *sspi_find_principal(const CtxtHandle *handle);

/* The ASC_RET_ or ISC_RET_ flags.  Those about protection are set only after
 * the context is established. */
uint32_t sspi_flags(const struct context *context);

/* Where the token of a call goes. */
struct sspi_output {
    const SecBufferDesc *buffers;
    bool allocates; /* the function allocates memory for it */
    bool keeps;     /* if it does not fit, the context keeps it */
};

/*
 * Sets the output buffer after a failure, unless a reply was delivered.  The
 * caller's memory stays as it was; with allocates there is none.  If the call
 * wants a reply for the peer, cbBuffer is 0: there is none.
 */
void sspi_refuse(const struct call *call, const struct sspi_output *output,
                 enum reason reason);

/*
 * Runs one step of the context and delivers its token.  If a token is pending,
 * delivers that instead, provided that the call repeats the one that made it.
 * REASON_BUFFER_TOO_SMALL: with keeps, the token is pending; without, the
 * caller frees the context.  Any other reason is that of machine_run; if
 * call->has_reply is set then, a reply for the peer was delivered.
 */
MUST_CHECK enum reason sspi_run(struct context *context, struct call *call,
                                const struct sspi_output *output,
                                SECURITY_STATUS *status);

#endif
