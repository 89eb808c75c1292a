/*
 * CompleteAuthToken: finishes a step of AcceptSecurityContext in HTTP.
 */
#include "handshake/machine.h"
#include "sspi/common.h"

/* As in AcceptSecurityContext; the entity is that of the reply. */
static const struct request_layout layout = { 2, 3 };

/* There are no flags here: we allocate if the caller's buffer has no memory. */
static bool
allocates(const SecBufferDesc *buffers)
{
    const SecBuffer *buffer = buffers_find(buffers, SECBUFFER_TOKEN);

    return buffer != NULL && buffer->pvBuffer == NULL;
}

static enum reason
complete(struct context *context, struct call *call, SecBufferDesc *buffers,
         SECURITY_STATUS *status)
{
    const struct package *package = call->package;
    uint8_t output[TOKEN_SIZE_MAX];
    enum reason reason;

    call->credential =
        handle_find(&package->credentials, &context->exchange->credential);
    if (call->credential == NULL)
        return REASON_NO_CREDENTIALS;
    buffers_read_request(buffers, &layout, call->request);
    call->now_s = package_now_s();
    call->output = writer_over(output, sizeof(output));
    TRY(machine_run(context, call, status));
    reason = surface_deliver_new(context, buffers, allocates(buffers),
                                 writer_result(&call->output), *status);
    if (reason == REASON_NONE || reason == REASON_BUFFER_TOO_SMALL)
        return reason;
    return machine_fail(context, call, reason);
}

SECURITY_STATUS
CompleteAuthToken(CtxtHandle *phContext, SecBufferDesc *pToken)
{
    struct http_request request;
    struct call call = { .package = package_current(),
                         .request = &request,
                         .completing = true };
    struct context *context = surface_find(phContext);
    SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
    enum reason reason;

    if (context == NULL)
        return SEC_E_INVALID_HANDLE;
    if (context->dialect->keeps_exchange && surface_has_pending(context))
        reason = surface_deliver_pending(context, pToken, allocates(pToken),
                                         &status);
    else if (context->state != STATE_COMPLETING &&
             context->state != STATE_RENEWING)
        return SEC_E_OUT_OF_SEQUENCE;
    else
        reason = complete(context, &call, pToken, &status);
    if (reason == REASON_NONE)
        return status;
    if (reason != REASON_BUFFER_TOO_SMALL)
        buffers_clear(pToken, allocates(pToken));
    return reasons_status(reason);
}
