/*
 * What the SSPI functions share.
 */
#ifndef DIGEST_SURFACE_H
#define DIGEST_SURFACE_H

#include "context.h"

/* Contexts and credentials never expire: the end of time; NULL is allowed. */
void surface_set_expiry(TimeStamp *expiry);

/* The context of a handle, NULL if there is none. */
struct context *surface_find(const CtxtHandle *handle);

/* The same, but only if it is established. */
struct context *surface_find_established(const CtxtHandle *handle);

/* Who was authenticated by a server's established context, or NULL. */
const struct wdigest_principal *
surface_find_principal(const CtxtHandle *handle);

/* ASC_RET_... or ISC_RET_...: those that say how a context is protected only
 * once it is established. */
uint32_t surface_flags(const struct context *context);

#endif
