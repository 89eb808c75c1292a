/*
 * Looks for buffers by their type.
 */
#include "sspi/buffers.h"

#include "base/memory.h"

static bool
is_usable(const SecBufferDesc *buffers)
{
    return buffers != NULL && buffers->ulVersion == SECBUFFER_VERSION &&
           buffers->pBuffers != NULL;
}

SecBuffer *
buffers_find(const SecBufferDesc *buffers, uint32_t type)
{
    return buffers_find_without(buffers, type, 0, 0);
}

SecBuffer *
buffers_find_without(const SecBufferDesc *buffers, uint32_t type,
                     uint32_t attributes, uint32_t skip)
{
    if (!is_usable(buffers))
        return NULL;
    for (uint32_t i = 0; i < buffers->cBuffers; i++) {
        SecBuffer *buffer = &buffers->pBuffers[i];

        if ((buffer->BufferType & ~SECBUFFER_ATTRMASK) == type &&
            (buffer->BufferType & attributes) == 0 && skip-- == 0)
            return buffer;
    }
    return NULL;
}

struct slice
buffers_octets(const SecBuffer *buffer)
{
    return buffer == NULL || buffer->pvBuffer == NULL
               ? SLICE_NONE
               : slice_of(buffer->pvBuffer, buffer->cbBuffer);
}

struct slice
buffers_read(const SecBufferDesc *buffers, uint32_t type)
{
    return buffers_octets(buffers_find(buffers, type));
}

static struct slice
read_parameter(const SecBufferDesc *buffers, uint32_t place)
{
    return buffers_octets(
        buffers_find_without(buffers, SECBUFFER_PKG_PARAMS, 0, place));
}

void
buffers_read_request(const SecBufferDesc *buffers,
                     const struct request_layout *layout,
                     struct http_request *request)
{
    *request = (struct http_request){
        .method = read_parameter(buffers, 0),
        .uri = buffers_read(buffers, SECBUFFER_TARGET),
        .entity = read_parameter(buffers, layout->entity),
        .body = buffers_read(buffers, SECBUFFER_DATA),
        .answer = buffers_read(buffers, SECBUFFER_STREAM),
        .realm = read_parameter(buffers, layout->realm),
        .host = buffers_read(buffers, SECBUFFER_TARGET_HOST),
    };
}

static enum reason
allocate_token(SecBuffer *buffer, struct slice token)
{
    struct writer writer;

    buffer->cbBuffer = 0;
    buffer->pvBuffer = NULL;
    if (token.size == 0)
        return REASON_NONE;
    /* with a NUL after it, for callers that use it as a C string */
    buffer->pvBuffer = memory_take(token.size + 1);
    if (buffer->pvBuffer == NULL)
        return REASON_NO_MEMORY;
    writer = writer_over(buffer->pvBuffer, token.size);
    writer_put(&writer, token);
    buffer->cbBuffer = (uint32_t)token.size;
    return REASON_NONE;
}

static enum reason
fill_token(SecBuffer *buffer, struct slice token)
{
    size_t size = buffer->pvBuffer == NULL ? 0 : buffer->cbBuffer;
    struct writer writer = writer_over(buffer->pvBuffer, size);

    writer_put(&writer, token);
    if (writer.overflow)
        return REASON_BUFFER_TOO_SMALL;
    buffer->cbBuffer = (uint32_t)token.size;
    return REASON_NONE;
}

SecBuffer *
buffers_find_output(const SecBufferDesc *buffers)
{
    return buffers_find_without(buffers, SECBUFFER_TOKEN, BUFFERS_UNWRITABLE,
                                0);
}

enum reason
buffers_deliver(const SecBufferDesc *buffers, struct slice token, bool allocate)
{
    SecBuffer *buffer = buffers_find_output(buffers);

    if (buffer == NULL)
        return token.size == 0 ? REASON_NONE : REASON_BUFFER_MISSING;
    return allocate ? allocate_token(buffer, token) : fill_token(buffer, token);
}

void
buffers_clear(const SecBufferDesc *buffers, bool allocate)
{
    SecBuffer *buffer = buffers_find_output(buffers);

    if (buffer == NULL)
        return;
    buffer->cbBuffer = 0;
    if (allocate)
        buffer->pvBuffer = NULL;
}
