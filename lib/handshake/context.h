/*
 * A security context.  It lives as long as the connection.
 */
#ifndef DIGEST_CONTEXT_H
#define DIGEST_CONTEXT_H

#include "handshake/dialect.h"
#include "handshake/exchange.h"

enum { PENDING_CALL_SIZE = 32 };

/* A token that did not fit into the caller's buffer, and a hash of the
 * arguments of the call that made it (sspi/pending.h). */
struct pending {
    uint8_t *data;
    size_t size;
    SECURITY_STATUS status;
    uint8_t call[PENDING_CALL_SIZE];
};

struct context {
    const struct dialect *dialect;
    enum state state;
    enum reason reason; /* why it failed */
    uint32_t modes;     /* see struct dialect, mode_flags */
    bool identifies;    /* ASC_REQ_IDENTIFY: nobody may act as the user */
    struct exchange *exchange;           /* NULL once it is over */
    struct layer *layer;                 /* NULL without one */
    struct wdigest_principal *principal; /* the authenticated user */
    struct pending pending;
};

/* Makes a context in state START.  REASON_NO_MEMORY. */
MUST_CHECK enum reason context_make(struct context **context,
                                    const struct dialect *dialect,
                                    struct crypto *crypto,
                                    const CredHandle *credential);
void context_free(struct context *context);

/* Wipes and frees the exchange, if there is one. */
void context_end_exchange(struct context *context);

/* The user of an established context, or of a client with a layer. */
const struct wdigest_principal *
context_principal(const struct context *context);

/* The layer of a context, NULL without one.  A client has it from its response
 * on. */
struct layer *context_layer(const struct context *context);

/* The qop of an established context. */
enum qop context_qop(const struct context *context);

#endif
