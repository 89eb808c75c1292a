/*
 * Handles, flags, times, and the pending token of a context.
 */
#include "sspi/common.h"

#include "base/memory.h"

void
surface_set_expiry(TimeStamp *expiry)
{
    if (expiry != NULL)
        *expiry = (TimeStamp){ UINT32_MAX, INT32_MAX };
}

struct context *
surface_find(const CtxtHandle *handle)
{
    const struct package *package = package_current();

    return package == NULL ? NULL : handle_find(&package->contexts, handle);
}

struct context *
surface_find_established(const CtxtHandle *handle)
{
    struct context *context = surface_find(handle);

    return context != NULL && context->state == STATE_ESTABLISHED ? context
                                                                  : NULL;
}

const struct wdigest_principal *
surface_find_principal(const CtxtHandle *handle)
{
    const struct context *context = surface_find_established(handle);

    return context != NULL && context->dialect->is_server
               ? context_principal(context)
               : NULL;
}

/* In HTTP some servers send no proof. */
static bool
is_mutual(const struct context *context)
{
    return context->exchange == NULL || context->exchange->proved;
}

uint32_t
surface_flags(const struct context *context)
{
    /* these bits are the same on both sides, except integrity */
    uint32_t flags = context->modes;
    enum qop qop = context_qop(context);

    if (context->state != STATE_ESTABLISHED)
        return flags;
    if (is_mutual(context))
        flags |= ASC_RET_MUTUAL_AUTH;
    if (qop != QOP_AUTH_INT && qop != QOP_AUTH_CONF)
        return flags;
    flags |= ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT;
    flags |=
        context->dialect->is_server ? ASC_RET_INTEGRITY : ISC_RET_INTEGRITY;
    if (qop == QOP_AUTH_CONF)
        flags |= ASC_RET_CONFIDENTIALITY;
    return flags;
}

bool
surface_has_pending(const struct context *context)
{
    return context->pending.data != NULL;
}

static enum reason
keep_token(struct pending *pending, struct slice token, SECURITY_STATUS status)
{
    struct writer writer;

    pending->data = memory_take(token.size);
    if (pending->data == NULL)
        return REASON_NO_MEMORY;
    pending->size = token.size;
    pending->status = status;
    writer = writer_over(pending->data, pending->size);
    writer_put(&writer, token);
    return REASON_BUFFER_TOO_SMALL;
}

enum reason
surface_deliver_new(struct context *context, const SecBufferDesc *buffers,
                    bool allocate, struct slice token, SECURITY_STATUS status)
{
    enum reason reason = buffers_deliver(buffers, token, allocate);

    return reason == REASON_BUFFER_TOO_SMALL
               ? keep_token(&context->pending, token, status)
               : reason;
}

enum reason
surface_deliver_pending(struct context *context, const SecBufferDesc *buffers,
                        bool allocate, SECURITY_STATUS *status)
{
    struct pending *pending = &context->pending;

    TRY(buffers_deliver(buffers, slice_of(pending->data, pending->size),
                        allocate));
    *status = pending->status;
    memory_give(pending->data, 0);
    *pending = (struct pending){ 0 };
    return REASON_NONE;
}
