/*
 * CompleteAuthToken: finishes a step of AcceptSecurityContext in HTTP.
 */
#include "sspi/common.h"
#include "sspi/pending.h"

/* The positions are those of AcceptSecurityContext; the body is the reply's. */
static const struct request_layout layout = { 2, 3 };

/* CompleteAuthToken has no flags: it allocates if the buffer has no memory. */
static bool
allocates(const SecBufferDesc *buffers)
{
    const SecBuffer *buffer = buffers_find_output(buffers);

    return buffer != NULL && buffer->pvBuffer == NULL;
}

static enum reason
complete(struct context *context, struct call *call,
         const struct sspi_output *output, SECURITY_STATUS *status)
{
    const struct package *package = call->package;
    enum reason reason;
    bool entered;

    call->credential =
        handle_find(&package->credentials, &context->exchange->credential);
    if (call->credential == NULL)
        return REASON_NO_CREDENTIALS;
    buffers_read_request(output->buffers, &layout, call->request);
    entered = crypto_enter();
    reason = sspi_run(context, call, output, status);
    crypto_leave(entered, reason);
    return reason;
}

/* Is there something to complete, or a pending token? */
static bool
is_expected(const struct context *context)
{
    return context->state == STATE_COMPLETING ||
           context->state == STATE_RENEWING ||
           (context->dialect->keeps_exchange && pending_exists(context));
}

SECURITY_STATUS
CompleteAuthToken(CtxtHandle *phContext, SecBufferDesc *pToken)
{
    struct http_request request = { .method = SLICE_NONE };
    struct call call = { .package = package_current(),
                         .request = &request,
                         .completing = true };
    struct context *context = sspi_find(phContext);
    const struct sspi_output output = {
        .buffers = pToken,
        .allocates = allocates(pToken),
        .keeps = true,
    };
    SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
    enum reason reason;

    if (context == NULL)
        return SEC_E_INVALID_HANDLE;
    if (!is_expected(context))
        return SEC_E_OUT_OF_SEQUENCE;
    /* as in the call that is completed */
    call.wants_reply = (context->modes & ASC_RET_EXTENDED_ERROR) != 0;
    reason = complete(context, &call, &output, &status);
    if (reason == REASON_NONE)
        return status;
    sspi_refuse(&call, &output, reason);
    return reasons_status(reason);
}
