/*
 * What the SSPI functions share: handles, flags, times, and tokens on their way
 * to a caller who may have brought too little memory.
 */
#ifndef DIGEST_SURFACE_H
#define DIGEST_SURFACE_H

#include "sspi/buffers.h"
#include "handshake/context.h"

/* Contexts and credentials never expire: the end of time; NULL is allowed. */
void surface_set_expiry(TimeStamp *expiry);

/* The context of a handle, NULL if there is none. */
struct context *surface_find(const CtxtHandle *handle);

/* The same, but only if it is established. */
struct context *surface_find_established(const CtxtHandle *handle);

/* The same, or a client that waits for rspauth, but has its layer. */
struct context *surface_find_protected(const CtxtHandle *handle);

/* Who was authenticated by a server's established context, or NULL. */
const struct wdigest_principal *
surface_find_principal(const CtxtHandle *handle);

/* ASC_RET_... or ISC_RET_...: those that say how a context is protected only
 * once it is established. */
uint32_t surface_flags(const struct context *context);

/* Does a token wait? */
bool surface_has_pending(const struct context *context);

/*
 * Delivers a token that was just made, see buffers_deliver, or keeps it with
 * the status of its call.  REASON_BUFFER_TOO_SMALL: it waits.
 */
MUST_CHECK enum reason surface_deliver_new(struct context *context,
                                           const SecBufferDesc *buffers,
                                           bool allocate, struct slice token,
                                           SECURITY_STATUS status);

/* Delivers the token that waits, and the status of its call.  Fails as
 * buffers_deliver; then it goes on waiting. */
MUST_CHECK enum reason surface_deliver_pending(struct context *context,
                                               const SecBufferDesc *buffers,
                                               bool allocate,
                                               SECURITY_STATUS *status);

#endif
