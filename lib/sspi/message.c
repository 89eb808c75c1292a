/*
 * MakeSignature, VerifySignature, EncryptMessage, DecryptMessage.
 */
#include "base/memory.h"
#include "sspi/buffers.h"
#include "sspi/common.h"

/* Finds the layer of a context.  MakeSignature and VerifySignature need
 * auth-int, and HTTP does not have them. */
static enum reason
find_layer(const CtxtHandle *handle, bool signing, struct layer **layer)
{
    struct context *context = sspi_find_protected(handle);

    if (context == NULL)
        return REASON_INVALID_HANDLE;
    if (signing && !context->dialect->has_layer)
        return REASON_UNSUPPORTED;
    *layer = context_layer(context);
    return *layer == NULL || (signing && (*layer)->choice.qop != QOP_AUTH_INT)
               ? REASON_LAYER_NONE
               : REASON_NONE;
}

/* Buffers that MakeSignature and VerifySignature ignore. */
#define LEFT_ALONE SECBUFFER_READONLY_WITH_CHECKSUM

/* The layer protects all messages in the same way. */
static enum reason
check_qop(uint32_t qop)
{
    return qop == 0 ? REASON_NONE : REASON_LAYER_NONE;
}

/* The only buffer of a type.  NULL if there are two, because the second would
 * not be protected. */
static SecBuffer *
find_only(const SecBufferDesc *message, uint32_t type, uint32_t attributes)
{
    return buffers_find_without(message, type, attributes, 1) != NULL
               ? NULL
               : buffers_find_without(message, type, attributes, 0);
}

/* The message, and the buffer for the end of its token. */
struct parts {
    SecBuffer *data;
    SecBuffer *trailer;
};

/* DATA and TOKEN; a read-only message can be signed. */
static struct parts
find_signature(const SecBufferDesc *message)
{
    return (struct parts){
        find_only(message, SECBUFFER_DATA, LEFT_ALONE),
        find_only(message, SECBUFFER_TOKEN, BUFFERS_UNWRITABLE),
    };
}

/* Exactly two DATA buffers: the second is for the end of the token. */
static struct parts
find_pair(const SecBufferDesc *message)
{
    const uint32_t type = SECBUFFER_DATA;

    if (buffers_find_without(message, type, BUFFERS_UNWRITABLE, 2) != NULL)
        return (struct parts){ NULL, NULL };
    return (struct parts){
        buffers_find_without(message, type, BUFFERS_UNWRITABLE, 0),
        buffers_find_without(message, type, BUFFERS_UNWRITABLE, 1),
    };
}

/* DATA, and PADDING, TOKEN, STREAM_TRAILER or another DATA. */
static struct parts
find_parts(const SecBufferDesc *message)
{
    static const uint32_t types[] = { SECBUFFER_PADDING, SECBUFFER_TOKEN,
                                      SECBUFFER_STREAM_TRAILER };
    SecBuffer *trailer = NULL;

    for (size_t i = 0; i < COUNT(types) && trailer == NULL; i++)
        trailer = find_only(message, types[i], BUFFERS_UNWRITABLE);
    if (trailer == NULL)
        return find_pair(message);
    return (struct parts){
        find_only(message, SECBUFFER_DATA, BUFFERS_UNWRITABLE), trailer
    };
}

/* An empty message may have no memory. */
static bool
has_memory(const SecBuffer *buffer)
{
    return buffer != NULL &&
           (buffer->pvBuffer != NULL || buffer->cbBuffer == 0);
}

static size_t
trailer_size(const struct layer *layer)
{
    size_t block_size = cipher_row(layer->choice.cipher)->block_size;

    return LAYER_TRAILER_SIZE + (block_size > 1 ? block_size : 0);
}

static enum reason
seal(struct layer *layer, struct parts parts)
{
    const SecBuffer *data = parts.data;
    SecBuffer *trailer = parts.trailer;
    struct writer writer;
    enum reason reason;
    bool entered;

    if (!has_memory(data) || trailer == NULL || trailer->pvBuffer == NULL)
        return REASON_BUFFER_MISSING;
    if (data->cbBuffer > layer->choice.message_max ||
        trailer->cbBuffer < trailer_size(layer))
        return REASON_BUFFER_TOO_SMALL;
    writer = writer_over(trailer->pvBuffer, trailer->cbBuffer);
    entered = crypto_enter();
    reason = layer_seal(&layer->send, data->pvBuffer, data->cbBuffer, &writer);
    crypto_leave(entered, reason);
    trailer->cbBuffer = (uint32_t)writer.used;
    return reason;
}

SECURITY_STATUS
MakeSignature(CtxtHandle *phContext, uint32_t fQOP, SecBufferDesc *pMessage,
              uint32_t MessageSeqNo)
{
    SecBuffer *padding = buffers_find_without(pMessage, SECBUFFER_PADDING,
                                              BUFFERS_UNWRITABLE, 0);
    struct layer *layer = NULL;
    enum reason reason = find_layer(phContext, true, &layer);

    (void)MessageSeqNo;
    if (reason == REASON_NONE)
        reason = check_qop(fQOP);
    if (reason == REASON_NONE)
        reason = seal(layer, find_signature(pMessage));
    if (reason == REASON_NONE && padding != NULL)
        padding->cbBuffer = 0;
    return reasons_status(reason);
}

static enum reason
check_signature(struct layer *layer, const SecBufferDesc *buffers)
{
    const SecBuffer *data = find_only(buffers, SECBUFFER_DATA, LEFT_ALONE);
    const SecBuffer *signature =
        find_only(buffers, SECBUFFER_TOKEN, LEFT_ALONE);
    enum reason reason;
    bool entered;

    if (!has_memory(data) || !has_memory(signature))
        return REASON_BUFFER_MISSING;
    entered = crypto_enter();
    reason =
        layer_verify(&layer->receive, slice_of(data->pvBuffer, data->cbBuffer),
                     slice_of(signature->pvBuffer, signature->cbBuffer));
    crypto_leave(entered, reason);
    return reason;
}

SECURITY_STATUS
VerifySignature(CtxtHandle *phContext, SecBufferDesc *pMessage,
                uint32_t MessageSeqNo, uint32_t *pfQOP)
{
    struct layer *layer = NULL;
    enum reason reason = find_layer(phContext, true, &layer);

    (void)MessageSeqNo;
    if (reason == REASON_NONE)
        reason = check_signature(layer, pMessage);
    if (pfQOP != NULL)
        *pfQOP = 0;
    return reasons_status(reason);
}

SECURITY_STATUS
EncryptMessage(CtxtHandle *phContext, uint32_t fQOP, SecBufferDesc *pMessage,
               uint32_t MessageSeqNo)
{
    SecBuffer *header = buffers_find_without(pMessage, SECBUFFER_STREAM_HEADER,
                                             BUFFERS_UNWRITABLE, 0);
    struct layer *layer = NULL;
    enum reason reason = find_layer(phContext, false, &layer);

    (void)MessageSeqNo;
    if (reason == REASON_NONE)
        reason = check_qop(fQOP);
    if (reason == REASON_NONE)
        reason = seal(layer, find_parts(pMessage));
    if (reason == REASON_NONE && header != NULL)
        header->cbBuffer = 0;
    return reasons_status(reason);
}

static enum reason
open_token(struct layer *layer, void *token, size_t size, struct slice *message)
{
    bool entered = crypto_enter();
    enum reason reason = layer_open(&layer->receive, token, size, message);

    crypto_leave(entered, reason);
    return reason;
}

/* The token is in one buffer.  An empty DATA buffer beside it is made to point
 * to the message; without one the buffer itself is. */
static enum reason
open_stream(struct layer *layer, SecBuffer *stream, SecBuffer *data)
{
    struct slice message;

    if (stream->pvBuffer == NULL)
        return REASON_BUFFER_MISSING;
    TRY(open_token(layer, stream->pvBuffer, stream->cbBuffer, &message));
    if (data == NULL || data->cbBuffer > 0)
        data = stream;
    /* the message is at the front of the token */
    data->BufferType = SECBUFFER_DATA;
    data->pvBuffer = stream->pvBuffer;
    data->cbBuffer = (uint32_t)message.size;
    return REASON_NONE;
}

/* Moves as much of the message into the buffer as it has room for. */
static void
put_back(SecBuffer *buffer, struct slice *message)
{
    struct writer writer = writer_over(buffer->pvBuffer, buffer->cbBuffer);
    size_t size =
        message->size < buffer->cbBuffer ? message->size : buffer->cbBuffer;
    struct slice part;

    if (slice_take(message, size, &part))
        writer_put(&writer, part);
    buffer->cbBuffer = (uint32_t)writer.used;
}

/* The token is in two buffers.  The message fills the first, which is enough if
 * the buffers are as EncryptMessage left them, and then the second. */
static enum reason
open_parts(struct layer *layer, struct parts parts)
{
    struct slice data = buffers_octets(parts.data);
    struct slice trailer = buffers_octets(parts.trailer);
    size_t size = data.size + trailer.size;
    uint8_t *token;
    struct writer writer;
    struct slice message;
    enum reason reason;

    if (!has_memory(parts.data) || trailer.data == NULL)
        return REASON_BUFFER_MISSING;
    token = memory_take(size);
    if (token == NULL)
        return REASON_NO_MEMORY;
    writer = writer_over(token, size);
    writer_put(&writer, data);
    writer_put(&writer, trailer);
    reason = open_token(layer, token, size, &message);
    if (reason == REASON_NONE) {
        put_back(parts.data, &message);
        put_back(parts.trailer, &message);
    }
    memory_give(token, size);
    return reason;
}

static enum reason
open_message(struct layer *layer, const SecBufferDesc *buffers)
{
    SecBuffer *stream =
        find_only(buffers, SECBUFFER_STREAM, BUFFERS_UNWRITABLE);
    SecBuffer *data = find_only(buffers, SECBUFFER_DATA, BUFFERS_UNWRITABLE);
    struct parts parts;

    if (stream != NULL)
        return open_stream(layer, stream, data);
    parts = find_parts(buffers);
    if (parts.data != NULL && parts.trailer != NULL &&
        parts.trailer->cbBuffer > 0)
        return open_parts(layer, parts);
    return data == NULL ? REASON_BUFFER_MISSING
                        : open_stream(layer, data, NULL);
}

SECURITY_STATUS
DecryptMessage(CtxtHandle *phContext, SecBufferDesc *pMessage,
               uint32_t MessageSeqNo, uint32_t *pfQOP)
{
    struct layer *layer = NULL;
    enum reason reason = find_layer(phContext, false, &layer);

    (void)MessageSeqNo;
    if (reason == REASON_NONE)
        reason = open_message(layer, pMessage);
    if (reason == REASON_NONE && pfQOP != NULL)
        *pfQOP = layer->choice.qop == QOP_AUTH_INT ? SECQOP_WRAP_NO_ENCRYPT : 0;
    return reasons_status(reason);
}
