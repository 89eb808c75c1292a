/*
 * Requests that follow the one that established the context.
 */
#include "sspi_signature.h"

#include "buffers.h"
#include "http_signature.h"
#include "machine.h"
#include "surface.h"

/* After the token: method, URL, HEntity. */
static const struct request_layout layout = { 0, 1, 2, BUFFERS_NOWHERE };

/* A context of the role, and what its steps want to know. */
static enum reason
prepare(const CtxtHandle *handle, enum role role, const SecBufferDesc *buffers,
        struct context **context, struct io *io)
{
    *context = surface_find_established(handle);
    if (*context == NULL)
        return REASON_INVALID_HANDLE;
    if ((*context)->role != role)
        return REASON_UNSUPPORTED;
    io->package = package_current();
    io->credential = handle_find(&io->package->credentials,
                                 &(*context)->exchange->credential);
    if (io->credential == NULL)
        return REASON_NO_CREDENTIALS;
    buffers_read_request(buffers, &layout, io->request);
    io->target = io->request->uri;
    io->now_s = package_now_s();
    return REASON_NONE;
}

static enum reason
make(const CtxtHandle *handle, const SecBufferDesc *buffers)
{
    SecBuffer *signature = buffers_find_without(
        buffers, SECBUFFER_PADDING,
        SECBUFFER_READONLY | SECBUFFER_READONLY_WITH_CHECKSUM, 0);
    struct http_request request;
    struct context *context;
    struct io io = { .request = &request };
    enum outcome outcome;

    TRY(prepare(handle, ROLE_HTTP_CLIENT, buffers, &context, &io));
    if (signature == NULL || signature->pvBuffer == NULL)
        return REASON_BUFFER_MISSING;
    /* before the nonce is counted */
    if (signature->cbBuffer < RESPONSE_SIZE_MAX)
        return REASON_BUFFER_TOO_SMALL;
    if (!surface_is_request_uri(io.target))
        return REASON_TARGET_URI;
    io.output = writer_over(signature->pvBuffer, signature->cbBuffer);
    TRY(initialize_http_next(context->exchange, &io, &outcome));
    signature->cbBuffer = (uint32_t)io.output.used;
    return REASON_NONE;
}

SECURITY_STATUS
signature_make_http(const CtxtHandle *handle, uint32_t qop,
                    const SecBufferDesc *buffers)
{
    return reasons_status(qop != 0 ? REASON_LAYER_NONE : make(handle, buffers));
}

static enum reason
verify(const CtxtHandle *handle, const SecBufferDesc *buffers)
{
    struct http_request request;
    struct context *context;
    struct io io = { .token = buffers_read(buffers, SECBUFFER_TOKEN),
                     .request = &request };

    TRY(prepare(handle, ROLE_HTTP_SERVER, buffers, &context, &io));
    return http_signature_verify(context->exchange, &io);
}

SECURITY_STATUS
signature_verify_http(const CtxtHandle *handle, const SecBufferDesc *buffers,
                      uint32_t *qop)
{
    if (qop != NULL)
        *qop = 0;
    return reasons_status(verify(handle, buffers));
}
