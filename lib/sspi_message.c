/*
 * MakeSignature, VerifySignature, EncryptMessage, DecryptMessage.
 */
#include "buffers.h"
#include "surface.h"

/* The layer of an established context; signing alone needs auth-int. */
static enum reason
find_layer(const CtxtHandle *handle, bool signing, struct layer **layer)
{
    struct context *context = surface_find_established(handle);

    if (context == NULL)
        return REASON_INVALID_HANDLE;
    if (context->layer == NULL ||
        (signing && context->layer->choice.qop != QOP_AUTH_INT))
        return REASON_LAYER_NONE;
    *layer = context->layer;
    return REASON_NONE;
}

/* Where the end of the token goes. */
static SecBuffer *
find_trailer(const SecBufferDesc *message)
{
    SecBuffer *buffer = buffers_find(message, SECBUFFER_PADDING);

    return buffer != NULL ? buffer : buffers_find(message, SECBUFFER_TOKEN);
}

static size_t
trailer_size(const struct layer *layer)
{
    size_t block_size = cipher_row(layer->choice.cipher)->block_size;

    return LAYER_TRAILER_SIZE + (block_size > 1 ? block_size : 0);
}

static enum reason
seal(struct layer *layer, const SecBuffer *data, SecBuffer *trailer)
{
    struct writer writer;
    enum reason reason;

    if (data == NULL || trailer == NULL || trailer->pvBuffer == NULL ||
        (data->pvBuffer == NULL && data->cbBuffer > 0))
        return REASON_BUFFER_MISSING;
    if (data->cbBuffer > layer->choice.message_max ||
        trailer->cbBuffer < trailer_size(layer))
        return REASON_BUFFER_TOO_SMALL;
    writer = writer_over(trailer->pvBuffer, trailer->cbBuffer);
    reason = layer_seal(&layer->send, data->pvBuffer, data->cbBuffer, &writer);
    trailer->cbBuffer = (uint32_t)writer.used;
    return reason;
}

SECURITY_STATUS
MakeSignature(CtxtHandle *phContext, uint32_t fQOP, SecBufferDesc *pMessage,
              uint32_t MessageSeqNo)
{
    struct layer *layer = NULL;
    enum reason reason = find_layer(phContext, true, &layer);

    (void)fQOP;
    (void)MessageSeqNo;
    if (reason == REASON_NONE)
        reason = seal(layer, buffers_find(pMessage, SECBUFFER_DATA),
                      buffers_find(pMessage, SECBUFFER_TOKEN));
    return reasons_status(reason);
}

static enum reason
check_signature(struct layer *layer, const SecBufferDesc *buffers)
{
    struct slice data = buffers_read(buffers, SECBUFFER_DATA);
    struct slice signature = buffers_read(buffers, SECBUFFER_TOKEN);

    if (!slice_exists(data) || !slice_exists(signature))
        return REASON_BUFFER_MISSING;
    return layer_verify(&layer->receive, data, signature);
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
    struct layer *layer = NULL;
    enum reason reason = find_layer(phContext, false, &layer);

    (void)fQOP;
    (void)MessageSeqNo;
    if (reason == REASON_NONE)
        reason = seal(layer, buffers_find(pMessage, SECBUFFER_DATA),
                      find_trailer(pMessage));
    return reasons_status(reason);
}

static enum reason
open_message(struct layer *layer, SecBuffer *buffer)
{
    struct slice message;

    if (buffer == NULL || buffer->pvBuffer == NULL)
        return REASON_BUFFER_MISSING;
    TRY(layer_open(&layer->receive, buffer->pvBuffer, buffer->cbBuffer,
                   &message));
    /* The message is always at the front of its token. */
    buffer->BufferType = SECBUFFER_DATA;
    buffer->cbBuffer = (uint32_t)message.size;
    return REASON_NONE;
}

SECURITY_STATUS
DecryptMessage(CtxtHandle *phContext, SecBufferDesc *pMessage,
               uint32_t MessageSeqNo, uint32_t *pfQOP)
{
    SecBuffer *buffer = buffers_find(pMessage, SECBUFFER_STREAM);
    struct layer *layer = NULL;
    enum reason reason = find_layer(phContext, false, &layer);

    (void)MessageSeqNo;
    if (buffer == NULL)
        buffer = buffers_find(pMessage, SECBUFFER_DATA);
    if (reason == REASON_NONE)
        reason = open_message(layer, buffer);
    if (reason == REASON_NONE && pfQOP != NULL)
        *pfQOP = layer->choice.qop == QOP_AUTH_INT ? SECQOP_WRAP_NO_ENCRYPT
                                                   : 0;
    return reasons_status(reason);
}
