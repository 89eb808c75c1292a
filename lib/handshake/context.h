/*
 * A security context.  It lives as long as the connection.
 */
#ifndef DIGEST_CONTEXT_H
#define DIGEST_CONTEXT_H

#include "handshake/dialect.h"
#include "handshake/exchange.h"

/* A token that did not fit into the caller's buffer. */
struct pending {
    uint8_t *data;
    size_t size;
    SECURITY_STATUS status;
};

struct context {
    const struct dialect *dialect;
    enum state state;
    enum reason reason;        /* why it failed */
    uint32_t modes;            /* flags that are granted as required */
    struct exchange *exchange; /* NULL after its end */
    struct layer *layer;       /* NULL without one */
    struct wdigest_principal *principal; /* the authenticated user */
    struct pending pending;
};

/* A context in state START.  REASON_NO_MEMORY. */
MUST_CHECK enum reason context_make(struct context **context,
                                    const struct dialect *dialect,
                                    const struct crypto *crypto,
                                    const CredHandle *credential);
void context_free(struct context *context);

/* Wipes and frees the exchange, if there is one. */
void context_end_exchange(struct context *context);

/* The user authenticated in an established context. */
const struct wdigest_principal *
context_principal(const struct context *context);

/* The qop of an established context. */
enum qop context_qop(const struct context *context);

#endif
