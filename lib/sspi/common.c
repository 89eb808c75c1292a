/*
 * Handles, flags, times, and the delivery of tokens.
 */
#include "sspi/common.h"

#include "sspi/pending.h"

void
sspi_set_expiry(TimeStamp *expiry)
{
    if (expiry != NULL)
        *expiry = (TimeStamp){ UINT32_MAX, INT32_MAX };
}

struct context *
sspi_find(const CtxtHandle *handle)
{
    const struct package *package = package_current();

    return package == NULL ? NULL : handle_find(&package->contexts, handle);
}

struct context *
sspi_find_protected(const CtxtHandle *handle)
{
    struct context *context = sspi_find(handle);

    return context != NULL && (context->state == STATE_ESTABLISHED ||
                               context_layer(context) != NULL)
               ? context
               : NULL;
}

const struct wdigest_principal *
sspi_find_principal(const CtxtHandle *handle)
{
    const struct context *context = sspi_find(handle);

    return context != NULL && context->state == STATE_ESTABLISHED &&
                   context->dialect->is_server
               ? context_principal(context)
               : NULL;
}

/* In HTTP a server may send no proof; in SASL both sides always prove. */
static bool
is_mutual(const struct context *context)
{
    return context->exchange == NULL || context->exchange->proved;
}

uint32_t
sspi_flags(const struct context *context)
{
    /* these bits are the same on both sides, except integrity */
    uint32_t flags = context->modes;
    enum qop qop = context_qop(context);

    if (context->state != STATE_ESTABLISHED)
        return flags;
    if (is_mutual(context))
        flags |= ASC_RET_MUTUAL_AUTH;
    if (context->identifies)
        flags |= ASC_RET_IDENTIFY;
    if (qop != QOP_AUTH_INT && qop != QOP_AUTH_CONF)
        return flags;
    flags |= ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT;
    flags |=
        context->dialect->is_server ? ASC_RET_INTEGRITY : ISC_RET_INTEGRITY;
    if (qop == QOP_AUTH_CONF)
        flags |= ASC_RET_CONFIDENTIALITY;
    return flags;
}

static enum reason
deliver(struct context *context, const struct call *call,
        const struct sspi_output *output, struct slice token,
        SECURITY_STATUS status)
{
    enum reason reason;

    /* CompleteAuthToken delivers the token, into the same buffers */
    if (status == SEC_I_COMPLETE_NEEDED ||
        status == SEC_I_COMPLETE_AND_CONTINUE) {
        if (output->allocates)
            buffers_clear(output->buffers, true);
        return REASON_NONE;
    }
    reason = buffers_deliver(output->buffers, token, output->allocates);
    return reason == REASON_BUFFER_TOO_SMALL && output->keeps
               ? pending_keep(context, call, token, status)
               : reason;
}

/* Delivers the reply to a refusal, unless the buffer is too small for it. */
static void
deliver_reply(struct call *call, const struct sspi_output *output)
{
    if (call->has_reply)
        call->has_reply =
            buffers_deliver(output->buffers, writer_result(&call->output),
                            output->allocates) == REASON_NONE;
}

static enum reason
run_new(struct context *context, struct call *call,
        const struct sspi_output *output, SECURITY_STATUS *status)
{
    uint8_t token[TOKEN_SIZE_MAX];
    enum reason reason;

    call->now_s = package_now_s();
    call->output = writer_over(token, sizeof(token));
    reason = machine_run(context, call, status);
    if (reason != REASON_NONE) {
        deliver_reply(call, output);
        return reason;
    }
    reason =
        deliver(context, call, output, writer_result(&call->output), *status);
    return reason == REASON_NONE || reason == REASON_BUFFER_TOO_SMALL
               ? reason
               : machine_fail(context, call, reason);
}

static enum reason
run_pending(struct context *context, struct call *call,
            const struct sspi_output *output, SECURITY_STATUS *status)
{
    enum reason reason = pending_check(context, call);

    if (reason == REASON_NONE)
        reason = buffers_deliver(output->buffers, pending_token(context),
                                 output->allocates);
    if (reason == REASON_BUFFER_TOO_SMALL)
        return reason;
    *status = context->pending.status;
    pending_drop(context);
    return reason == REASON_NONE ? REASON_NONE
                                 : machine_fail(context, call, reason);
}

enum reason
sspi_run(struct context *context, struct call *call,
         const struct sspi_output *output, SECURITY_STATUS *status)
{
    return pending_exists(context) ? run_pending(context, call, output, status)
                                   : run_new(context, call, output, status);
}

void
sspi_refuse(const struct call *call, const struct sspi_output *output,
            enum reason reason)
{
    if (call->has_reply || reason == REASON_BUFFER_TOO_SMALL)
        return;
    if (output->allocates || call->wants_reply)
        buffers_clear(output->buffers, output->allocates);
}
