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

/* The same, but only if it is established. */
struct context *sspi_find_established(const CtxtHandle *handle);

/* The same, or a client that waits for rspauth, but has its layer. */
struct context *sspi_find_protected(const CtxtHandle *handle);

/* Who was authenticated by a server's established context, or NULL. */
const struct wdigest_principal *sspi_find_principal(const CtxtHandle *handle);

/* The ASC_RET_ or ISC_RET_ flags.  Those about protection are set only after
 * the context is established. */
uint32_t sspi_flags(const struct context *context);

/* Where a call's token goes. */
struct sspi_output {
    const SecBufferDesc *buffers;
    bool allocates; /* into memory that the function allocates */
    bool keeps;     /* a token that does not fit, for the next call */
};

/*
 * Sets the output buffers after a failure.  The caller's memory stays as it
 * was; with allocates there is none.  If the call wants a reply for the peer
 * and there is none, cbBuffer is 0.
 */
void sspi_refuse(const struct call *call, const struct sspi_output *output,
                 enum reason reason);

/*
 * Runs one step of the context and delivers its token.  If a token is pending,
 * it is delivered instead, provided that the call repeats the one that made it.
 * REASON_BUFFER_TOO_SMALL, with keeps: call again.  Any other reason is final
 * for the context; if call->has_reply is set then, a reply for the peer was
 * delivered.
 */
MUST_CHECK enum reason sspi_run(struct context *context, struct call *call,
                                const struct sspi_output *output,
                                SECURITY_STATUS *status);

#endif
