/*
 * AcceptSecurityContext, InitializeSecurityContext, DeleteSecurityContext.
 */
#include "sspi/buffers.h"
#include "http/dialect.h"
#include "base/memory.h"
#include "sspi/common.h"

/* What differs between server and client. */
struct side {
    const struct dialect *dialect, *http_dialect;
    struct request_layout layout; /* HTTP: the parameters */
    uint32_t credential_use;
    uint32_t known_flags;
    uint32_t unsupported_flags;
    uint32_t integrity_flags;
    uint32_t error_flag;    /* asks for a reply to a message that is refused */
    uint32_t identify_flag; /* forbids to act as the client */
};

static const struct side server_side = {
    .dialect = &dialect_server,
    .http_dialect = &http_dialect_server,
    .layout = { 2, 3 },
    .credential_use = SECPKG_CRED_INBOUND,
    .known_flags =
        ASC_REQ_DELEGATE | ASC_REQ_MUTUAL_AUTH | ASC_REQ_REPLAY_DETECT |
        ASC_REQ_SEQUENCE_DETECT | ASC_REQ_CONFIDENTIALITY |
        ASC_REQ_USE_SESSION_KEY | ASC_REQ_ALLOCATE_MEMORY |
        ASC_REQ_USE_DCE_STYLE | ASC_REQ_DATAGRAM | ASC_REQ_CONNECTION |
        ASC_REQ_EXTENDED_ERROR | ASC_REQ_STREAM | ASC_REQ_INTEGRITY |
        ASC_REQ_IDENTIFY | ASC_REQ_PROXY_BINDINGS |
        ASC_REQ_ALLOW_MISSING_BINDINGS | ASC_REQ_SESSION_TICKET |
        ASC_REQ_CALL_LEVEL | ASC_REQ_FRAGMENT_SUPPLIED | ASC_REQ_LICENSING |
        ASC_REQ_ALLOW_NULL_SESSION | ASC_REQ_ALLOW_NON_USER_LOGONS |
        ASC_REQ_ALLOW_CONTEXT_REPLAY | ASC_REQ_FRAGMENT_TO_FIT |
        ASC_REQ_NO_TOKEN,
    .integrity_flags =
        ASC_REQ_INTEGRITY | ASC_REQ_REPLAY_DETECT | ASC_REQ_SEQUENCE_DETECT,
    .error_flag = ASC_REQ_EXTENDED_ERROR,
    .identify_flag = ASC_REQ_IDENTIFY,
};

static const struct side client_side = {
    .dialect = &dialect_client,
    .http_dialect = &http_dialect_client,
    .layout = { 1, BUFFERS_NOWHERE },
    .credential_use = SECPKG_CRED_OUTBOUND,
    .known_flags = ISC_REQ_DELEGATE | ISC_REQ_MUTUAL_AUTH |
                   ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT |
                   ISC_REQ_CONFIDENTIALITY | ISC_REQ_USE_SESSION_KEY |
                   ISC_REQ_PROMPT_FOR_CREDS | ISC_REQ_USE_SUPPLIED_CREDS |
                   ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_USE_DCE_STYLE |
                   ISC_REQ_DATAGRAM | ISC_REQ_CONNECTION |
                   ISC_REQ_EXTENDED_ERROR | ISC_REQ_STREAM | ISC_REQ_INTEGRITY |
                   ISC_REQ_IDENTIFY | ISC_REQ_NO_INTEGRITY | ISC_REQ_HTTP |
                   ISC_REQ_UNVERIFIED_TARGET_NAME | ISC_REQ_CALL_LEVEL |
                   ISC_REQ_FRAGMENT_SUPPLIED | ISC_REQ_NULL_SESSION |
                   ISC_REQ_MANUAL_CRED_VALIDATION | ISC_REQ_RESERVED1 |
                   ISC_REQ_FRAGMENT_TO_FIT | ISC_REQ_FORWARD_CREDENTIALS |
                   ISC_REQ_USE_HTTP_STYLE,
    .unsupported_flags = ISC_REQ_DELEGATE | ISC_REQ_PROMPT_FOR_CREDS,
    .integrity_flags =
        ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT,
    .error_flag = ISC_REQ_EXTENDED_ERROR,
};

/* The arguments of both functions. */
struct arguments {
    const struct side *side;
    const struct dialect *dialect;
    const CredHandle *credential;
    const CtxtHandle *context;
    const char *target; /* client */
    const SecBufferDesc *input;
    uint32_t flags;
    CtxtHandle *new_context;
    const SecBufferDesc *output;
};

/* A call is HTTP if it has the flag, the same bit on both sides, and
 * parameters. On a server the bit alone is ASC_REQ_ALLOW_MISSING_BINDINGS. */
static const struct dialect *
dialect_of(const struct side *side, uint32_t flags, const SecBufferDesc *input)
{
    return (flags & ASC_REQ_HTTP) != 0 &&
                   buffers_find(input, SECBUFFER_PKG_PARAMS) != NULL
               ? side->http_dialect
               : side->dialect;
}

/* Is this flag set, and does it concern the channel in this dialect? */
static bool
has_flag(const struct arguments *arguments, uint32_t flag)
{
    return (arguments->flags & arguments->dialect->channel_flags & flag) != 0;
}

static enum reason
check_flags(const struct arguments *arguments)
{
    uint32_t flags = arguments->flags;

    if ((flags & ~arguments->side->known_flags) != 0)
        return REASON_FLAGS;
    if (has_flag(arguments, ASC_REQ_PROXY_BINDINGS) &&
        has_flag(arguments, ASC_REQ_ALLOW_MISSING_BINDINGS))
        return REASON_FLAGS;
    /* the bit is the same on both sides */
    if (!arguments->dialect->has_layer &&
        (flags & ASC_REQ_CONFIDENTIALITY) != 0)
        return REASON_FLAGS;
    return (flags & arguments->side->unsupported_flags) != 0
               ? REASON_UNSUPPORTED
               : REASON_NONE;
}

static enum reason
find_credential(const struct arguments *arguments, const CredHandle *handle,
                struct call *call)
{
    const struct credential *credential =
        handle_find(&call->package->credentials, handle);

    if (credential == NULL ||
        (credential->use & arguments->side->credential_use) == 0)
        return REASON_NO_CREDENTIALS;
    call->credential = credential;
    return REASON_NONE;
}

/* Sets the target.  Reports one that cannot be sent to the credential's source;
 * the context stays as it was. */
static enum reason
check_target(const struct arguments *arguments, struct call *call)
{
    enum reason reason;

    call->target = slice_of_string(arguments->target);
    if (arguments->dialect->complete_target != NULL)
        arguments->dialect->complete_target(call);
    if (arguments->dialect->check_target == NULL)
        return REASON_NONE;
    reason = arguments->dialect->check_target(call->target);
    if (reason != REASON_NONE)
        credential_report_name(call->credential, reason, call->target);
    return reason;
}

/* An empty buffer ("no channel") differs from no buffer. */
static void
read_channel(const struct arguments *arguments, struct call *call)
{
    const SecBuffer *buffer =
        buffers_find(arguments->input, SECBUFFER_CHANNEL_BINDINGS);

    if (buffer != NULL)
        call->bindings = buffer->pvBuffer == NULL
                             ? SLICE("")
                             : slice_of(buffer->pvBuffer, buffer->cbBuffer);
    call->proxied = has_flag(arguments, ASC_REQ_PROXY_BINDINGS);
    call->missing_allowed = has_flag(arguments, ASC_REQ_ALLOW_MISSING_BINDINGS);
}

/* The qops that do not meet the flags of this call. */
static uint32_t
weak_qops(const struct arguments *arguments)
{
    /* the bit is the same on both sides */
    if ((arguments->flags & ASC_REQ_CONFIDENTIALITY) != 0)
        return QOP_AUTH | QOP_AUTH_INT;
    return (arguments->flags & arguments->side->integrity_flags) != 0 ? QOP_AUTH
                                                                      : 0;
}

static enum reason
make_context(const struct arguments *arguments, struct call *call,
             struct context **context)
{
    enum reason reason;

    if (arguments->new_context == NULL)
        return REASON_INVALID_HANDLE;
    TRY(find_credential(arguments, arguments->credential, call));
    TRY(check_target(arguments, call));
    reason = context_make(context, arguments->dialect, call->package->crypto,
                          arguments->credential);
    if (reason != REASON_NONE) {
        credential_report(call->credential, reason, NULL, NULL);
        return reason;
    }
    credential_offer(call->credential, weak_qops(arguments),
                     &(*context)->exchange->offer);
    return REASON_NONE;
}

static enum reason
find_context(const struct arguments *arguments, struct call *call,
             struct context **context)
{
    *context = handle_find(&call->package->contexts, arguments->context);
    if (*context == NULL || (*context)->dialect != arguments->dialect)
        return REASON_INVALID_HANDLE;
    if (arguments->credential != NULL)
        TRY(find_credential(arguments, arguments->credential, call));
    else if ((*context)->exchange != NULL)
        TRY(find_credential(arguments, &(*context)->exchange->credential,
                            call));
    return check_target(arguments, call);
}

static struct sspi_output
output_of(const struct arguments *arguments)
{
    return (struct sspi_output){
        .buffers = arguments->output,
        /* the bit is the same on both sides */
        .allocates = (arguments->flags & ASC_REQ_ALLOCATE_MEMORY) != 0,
        .keeps = arguments->context != NULL,
    };
}

static enum reason
run_context(const struct arguments *arguments, struct call *call,
            struct context *context, SECURITY_STATUS *status)
{
    const struct sspi_output output = output_of(arguments);

    call->token = buffers_read(arguments->input, SECBUFFER_TOKEN);
    read_channel(arguments, call);
    if (arguments->dialect == arguments->side->http_dialect)
        buffers_read_request(arguments->input, &arguments->side->layout,
                             call->request);
    call->weak_qops = weak_qops(arguments);
    call->identifies = (arguments->flags & arguments->side->identify_flag) != 0;
    call->mutual_required = (arguments->flags & ISC_REQ_MUTUAL_AUTH) != 0;
    return sspi_run(context, call, &output, status);
}

/* The first call.  If it fails, there is no context, even if only the buffer
 * was too small. */
static enum reason
start_context(const struct arguments *arguments, struct call *call,
              SECURITY_STATUS *status, struct context **context)
{
    struct context *made = NULL;
    CtxtHandle handle = { 0 };
    enum reason reason;

    TRY(make_context(arguments, call, &made));
    reason = handle_add(&call->package->contexts, made, &handle);
    if (reason == REASON_NONE)
        reason = run_context(arguments, call, made, status);
    if (reason != REASON_NONE) {
        (void)handle_remove(&call->package->contexts, &handle);
        context_free(made);
        return reason;
    }
    *arguments->new_context = handle;
    *context = made;
    return REASON_NONE;
}

/* Finds or makes the context, and lets it take its step. */
static enum reason
step(const struct arguments *arguments, struct call *call,
     struct context **context, SECURITY_STATUS *status)
{
    if (call->package == NULL)
        return REASON_INTERNAL;
    TRY(check_flags(arguments));
    if (arguments->context == NULL)
        return start_context(arguments, call, status, context);
    TRY(find_context(arguments, call, context));
    return run_context(arguments, call, *context, status);
}

/* The attributes to return; after a failure those of a reply, if there is one.
 */
static uint32_t
attributes_of(const struct arguments *arguments, const struct call *call,
              const struct context *context, enum reason reason)
{
    uint32_t memory = arguments->flags & ASC_REQ_ALLOCATE_MEMORY;

    if (reason == REASON_NONE)
        return sspi_flags(context) | memory;
    return call->has_reply ? arguments->side->error_flag | memory : 0;
}

static SECURITY_STATUS
run(const struct arguments *arguments, uint32_t *attributes, TimeStamp *expiry)
{
    const struct sspi_output output = output_of(arguments);
    struct http_request request = { .method = SLICE_NONE };
    struct call call = {
        .package = package_current(),
        .request = &request,
        .wants_reply = (arguments->flags & arguments->side->error_flag) != 0,
    };
    struct context *context = NULL;
    SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
    enum reason reason;
    bool entered = crypto_enter();

    reason = step(arguments, &call, &context, &status);
    crypto_leave(entered, reason);

    sspi_set_expiry(expiry);
    if (reason == REASON_NONE)
        context->modes = arguments->flags & arguments->dialect->mode_flags;
    if (attributes != NULL)
        *attributes = attributes_of(arguments, &call, context, reason);
    if (reason != REASON_NONE) {
        sspi_refuse(&call, &output, reason);
        return reasons_status(reason);
    }
    if (arguments->context != NULL && arguments->new_context != NULL)
        *arguments->new_context = *arguments->context;
    return status;
}

SECURITY_STATUS
AcceptSecurityContext(CredHandle *phCredential, CtxtHandle *phContext,
                      SecBufferDesc *pInput, uint32_t fContextReq,
                      uint32_t TargetDataRep, CtxtHandle *phNewContext,
                      SecBufferDesc *pOutput, uint32_t *pfContextAttr,
                      TimeStamp *ptsExpiry)
{
    const struct arguments arguments = {
        .side = &server_side,
        .dialect = dialect_of(&server_side, fContextReq, pInput),
        .credential = phCredential,
        .context = phContext,
        .input = pInput,
        .flags = fContextReq,
        .new_context = phNewContext,
        .output = pOutput,
    };

    (void)TargetDataRep;
    return run(&arguments, pfContextAttr, ptsExpiry);
}

SECURITY_STATUS
InitializeSecurityContext(CredHandle *phCredential, CtxtHandle *phContext,
                          const char *pszTargetName, uint32_t fContextReq,
                          uint32_t Reserved1, uint32_t TargetDataRep,
                          SecBufferDesc *pInput, uint32_t Reserved2,
                          CtxtHandle *phNewContext, SecBufferDesc *pOutput,
                          uint32_t *pfContextAttr, TimeStamp *ptsExpiry)
{
    const struct arguments arguments = {
        .side = &client_side,
        .dialect = dialect_of(&client_side, fContextReq, pInput),
        .credential = phCredential,
        .context = phContext,
        .target = pszTargetName,
        .input = pInput,
        .flags = fContextReq,
        .new_context = phNewContext,
        .output = pOutput,
    };

    (void)Reserved1;
    (void)TargetDataRep;
    (void)Reserved2;
    return run(&arguments, pfContextAttr, ptsExpiry);
}

SECURITY_STATUS
DeleteSecurityContext(CtxtHandle *phContext)
{
    struct package *package = package_current();
    struct context *context = NULL;

    if (package == NULL)
        return SEC_E_INVALID_HANDLE;
    context = handle_remove(&package->contexts, phContext);
    if (context != NULL)
        context_free(context);
    else if (!handle_was_removed(&package->contexts, phContext))
        return SEC_E_INVALID_HANDLE;
    return SEC_E_OK;
}

SECURITY_STATUS
FreeContextBuffer(void *pvContextBuffer)
{
    memory_give(pvContextBuffer, 0);
    return SEC_E_OK;
}
