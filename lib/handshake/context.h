/*
 * A security context.  It lives as long as the connection.
 */
#ifndef DIGEST_CONTEXT_H
#define DIGEST_CONTEXT_H

#include "handshake/dialect.h"
#include "handshake/exchange.h"

enum { PENDING_CALL_SIZE = 32 };

/* A token that did not fit into the caller's buffer, and a hash of the call it
 * was made for. */
struct pending {
    uint8_t *data;
    size_t size;
    SECURITY_STATUS status;
    uint8_t call[PENDING_CALL_SIZE];
};

struct context {
    const struct dialect *dialect;
    enum state state;
    enum reason reason;        /* why it failed */
    uint32_t modes;            /* required flags that are granted as they are */
    bool identifies;           /* and no more: nobody may act as the client */
    struct exchange *exchange; /* NULL once it is over */
    struct layer *layer;       /* NULL without one */
    struct wdigest_principal *principal; /* the authenticated user */
    struct pending pending;
};

/* A context in state START.  REASON_NO_MEMORY. */
MUST_CHECK enum reason context_make(struct context **context,
                                    const struct dialect *dialect,
                                    struct crypto *crypto,
                                    const CredHandle *credential);
void context_free(struct context *context);

/* Wipes and frees the exchange, if there is one. */
void context_end_exchange(struct context *context);

/* The user authenticated in an established context. */
const struct wdigest_principal *
context_principal(const struct context *context);

/* The layer of a context, NULL without one: a client's is there when it has
 * answered, and nobody may send past it. */
struct layer *context_layer(const struct context *context);

/* How an established context is protected. */
enum qop context_qop(const struct context *context);

#endif
