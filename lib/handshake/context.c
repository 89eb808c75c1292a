/*
 * Makes and frees contexts.
 */
#include "handshake/context.h"

#include "base/memory.h"

const struct wdigest_principal *
context_principal(const struct context *context)
{
    return context->exchange != NULL ? context->exchange->principal
                                     : context->principal;
}

struct layer *
context_layer(const struct context *context)
{
    return context->exchange != NULL ? context->exchange->layer
                                     : context->layer;
}

enum qop
context_qop(const struct context *context)
{
    if (context->layer != NULL)
        return context->layer->choice.qop;
    return context->exchange != NULL ? context->exchange->choice.qop : QOP_AUTH;
}

static enum reason
begin_exchange(struct context *context, struct crypto *crypto,
               const CredHandle *credential)
{
    TRY(exchange_make(&context->exchange, crypto, credential));
    return context->dialect->begin == NULL
               ? REASON_NONE
               : context->dialect->begin(context->exchange);
}

enum reason
context_make(struct context **context, const struct dialect *dialect,
             struct crypto *crypto, const CredHandle *credential)
{
    struct context *made = memory_take(sizeof(*made));
    enum reason reason;

    if (made == NULL)
        return REASON_NO_MEMORY;
    made->dialect = dialect;
    made->state = STATE_START;
    reason = begin_exchange(made, crypto, credential);
    if (reason == REASON_NONE)
        *context = made;
    else
        context_free(made);
    return reason;
}

void
context_end_exchange(struct context *context)
{
    if (context->exchange != NULL && context->dialect->end != NULL)
        context->dialect->end(context->exchange);
    exchange_free(context->exchange);
    context->exchange = NULL;
}

void
context_free(struct context *context)
{
    context_end_exchange(context);
    exchange_free_layer(context->layer);
    memory_give(context->principal, 0);
    memory_give(context->pending.data, 0);
    memory_give(context, 0);
}
