/*
 * The one token a context can keep.
 */
#include "pending.h"

#include "memory.h"

bool
pending_is(const struct context *context)
{
    return context->pending.data != NULL;
}

static enum reason
keep(struct pending *pending, struct slice token, SECURITY_STATUS status)
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
pending_deliver_new(struct context *context, const SecBufferDesc *buffers,
                    bool allocate, struct slice token, SECURITY_STATUS status)
{
    enum reason reason = buffers_deliver(buffers, token, allocate);

    return reason == REASON_BUFFER_TOO_SMALL
               ? keep(&context->pending, token, status)
               : reason;
}

enum reason
pending_deliver(struct context *context, const SecBufferDesc *buffers,
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
