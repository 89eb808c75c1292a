/*
 * What the SSPI functions share: handles, flags, times, and the delivery of
 * tokens to callers whose buffer may be too small.
 */
#ifndef DIGEST_SURFACE_H
#define DIGEST_SURFACE_H

#include "sspi/buffers.h"
#include "handshake/context.h"

/* Sets the largest time, because nothing expires; NULL is allowed. */
void surface_set_expiry(TimeStamp *expiry);

/* The context of a handle, NULL if there is none. */
struct context *surface_find(const CtxtHandle *handle);

/* The same, but only if it is established. */
struct context *surface_find_established(const CtxtHandle *handle);

/* The user authenticated by a server's established context, or NULL. */
const struct wdigest_principal *
surface_find_principal(const CtxtHandle *handle);

/* The ASC_RET_ or ISC_RET_ flags.  Those about protection are set only after
 * the context is established. */
uint32_t surface_flags(const struct context *context);

/* Is a token pending? */
bool surface_has_pending(const struct context *context);

/*
 * Delivers a new token like buffers_deliver.  REASON_BUFFER_TOO_SMALL: the
 * token and the status of its call are kept as pending.
 */
MUST_CHECK enum reason surface_deliver_new(struct context *context,
                                           const SecBufferDesc *buffers,
                                           bool allocate, struct slice token,
                                           SECURITY_STATUS status);

/* Delivers the pending token, and the status of its call.  Fails as
 * buffers_deliver; then the token stays pending. */
MUST_CHECK enum reason surface_deliver_pending(struct context *context,
                                               const SecBufferDesc *buffers,
                                               bool allocate,
                                               SECURITY_STATUS *status);

#endif
