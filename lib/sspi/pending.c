/*
 * Compares calls by a hash of all their arguments.
 */
#include "sspi/pending.h"

#include "base/memory.h"

enum {
    FLAG_COUNT = 5,
    FIELD_COUNT = 10,
    FIELD_HEAD_SIZE = 5, /* whether it exists, and its size */
    HEAD_SIZE = FLAG_COUNT + FIELD_COUNT * FIELD_HEAD_SIZE
};

bool
pending_exists(const struct context *context)
{
    return context->pending.data != NULL;
}

/* Writes the flags, and which fields exist and their sizes. */
static void
put_head(struct writer *writer, const struct call *call,
         const struct slice fields[static FIELD_COUNT])
{
    writer_put_octet(writer, call->completing);
    writer_put_octet(writer, call->proxied);
    writer_put_octet(writer, call->missing_allowed);
    writer_put_octet(writer, call->mutual_required);
    writer_put_octet(writer, (uint8_t)call->weak_qops);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        writer_put_octet(writer, slice_exists(fields[i]));
        writer_put_u32(writer, (uint32_t)fields[i].size);
    }
}

static enum reason
identify(const struct call *call, uint8_t hash[static PENDING_CALL_SIZE])
{
    const struct http_request *request = call->request;
    const struct slice fields[FIELD_COUNT] = {
        call->token,     call->bindings, request->method, request->uri,
        request->entity, request->body,  request->answer, request->realm,
        request->host,   call->target,
    };
    uint8_t head[HEAD_SIZE];
    struct writer writer = writer_over(head, sizeof(head));
    struct slice parts[1 + FIELD_COUNT];
    struct hasher hasher;
    enum reason reason;

    put_head(&writer, call, fields);
    parts[0] = writer_result(&writer);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        parts[1 + i] = fields[i];
    TRY(crypto_hasher_start(&hasher, call->package->crypto));
    reason = crypto_sha256(&hasher, parts, 1 + FIELD_COUNT, hash);
    crypto_hasher_stop(&hasher);
    return reason;
}

enum reason
pending_keep(struct context *context, const struct call *call,
             struct slice token, SECURITY_STATUS status)
{
    struct pending made = { .size = token.size, .status = status };
    struct writer writer;

    TRY(identify(call, made.call));
    made.data = memory_take(token.size);
    if (made.data == NULL)
        return REASON_NO_MEMORY;
    writer = writer_over(made.data, made.size);
    writer_put(&writer, token);
    context->pending = made;
    return REASON_BUFFER_TOO_SMALL;
}

enum reason
pending_check(const struct context *context, const struct call *call)
{
    uint8_t hash[PENDING_CALL_SIZE];

    TRY(identify(call, hash));
    return crypto_equal(
               slice_of(hash, sizeof(hash)),
               slice_of(context->pending.call, sizeof(context->pending.call)))
               ? REASON_NONE
               : REASON_OTHER_CALL;
}

struct slice
pending_token(const struct context *context)
{
    return slice_of(context->pending.data, context->pending.size);
}

void
pending_drop(struct context *context)
{
    memory_give(context->pending.data, 0);
    context->pending = (struct pending){ 0 };
}
