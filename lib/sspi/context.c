/*
 * AcceptSecurityContext, InitializeSecurityContext, DeleteSecurityContext.
 */
#include "sspi/buffers.h"
#include "http/dialect.h"
#include "handshake/machine.h"
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
    uint32_t mode_flags; /* granted as required, not about security */
};

static const struct side server_side = {
    .dialect = &dialect_server,
    .http_dialect = &http_dialect_server,
    .layout = { 2, 3 },
    .credential_use = SECPKG_CRED_INBOUND,
    .known_flags = ASC_REQ_DELEGATE | ASC_REQ_MUTUAL_AUTH |
                   ASC_REQ_REPLAY_DETECT | ASC_REQ_SEQUENCE_DETECT |
                   ASC_REQ_CONFIDENTIALITY | ASC_REQ_USE_SESSION_KEY |
                   ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_USE_DCE_STYLE |
                   ASC_REQ_DATAGRAM | ASC_REQ_CONNECTION |
                   ASC_REQ_EXTENDED_ERROR | ASC_REQ_STREAM | ASC_REQ_INTEGRITY |
                   ASC_REQ_IDENTIFY | ASC_REQ_PROXY_BINDINGS |
                   ASC_REQ_ALLOW_MISSING_BINDINGS,
    .integrity_flags =
        ASC_REQ_INTEGRITY | ASC_REQ_REPLAY_DETECT | ASC_REQ_SEQUENCE_DETECT,
    .mode_flags = ASC_REQ_CONNECTION | ASC_REQ_EXTENDED_ERROR,
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
                   ISC_REQ_UNVERIFIED_TARGET_NAME,
    .unsupported_flags = ISC_REQ_DELEGATE | ISC_REQ_PROMPT_FOR_CREDS,
    .integrity_flags =
        ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT,
    .mode_flags = ISC_REQ_CONNECTION | ISC_REQ_EXTENDED_ERROR,
};

/* The arguments of both functions. */
struct arguments {
    const struct side *side;
    const struct dialect *dialect;
    const CredHandle *credential;
    const CtxtHandle *context;
    const char *target; /* client */
    const SecBufferDesc *input;
    struct buffers_input sorted;
    uint32_t flags;
    CtxtHandle *new_context;
    const SecBufferDesc *output;
};

/* A call with parameters is HTTP, any other SASL. */
static const struct dialect *
dialect_of(const struct side *side, const struct buffers_input *sorted)
{
    return sorted->parameter == NULL ? side->dialect : side->http_dialect;
}

/* Does the call have this flag about the channel? */
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

static enum reason
check_target(const struct arguments *arguments, struct call *call)
{
    call->target = slice_of_string(arguments->target);
    return arguments->dialect->check_target == NULL
               ? REASON_NONE
               : arguments->dialect->check_target(call->target);
}

/* An empty buffer ("no channel") differs from no buffer. */
static void
read_channel(const struct arguments *arguments, struct call *call)
{
    const SecBuffer *buffer = arguments->sorted.bindings;

    if (buffer != NULL)
        call->bindings = buffer->pvBuffer == NULL
                             ? SLICE("")
                             : slice_of(buffer->pvBuffer, buffer->cbBuffer);
    call->proxied = has_flag(arguments, ASC_REQ_PROXY_BINDINGS);
    call->missing_allowed = has_flag(arguments, ASC_REQ_ALLOW_MISSING_BINDINGS);
}

static enum reason
make_context(const struct arguments *arguments, struct call *call,
             struct context **context)
{
    bool integrity = (arguments->flags & arguments->side->integrity_flags) != 0;
    /* the bit is the same on both sides */
    bool confidentiality = (arguments->flags & ASC_REQ_CONFIDENTIALITY) != 0;

    if (arguments->new_context == NULL)
        return REASON_INVALID_HANDLE;
    TRY(find_credential(arguments, arguments->credential, call));
    TRY(check_target(arguments, call));
    TRY(context_make(context, arguments->dialect, call->package->crypto,
                     arguments->credential));
    credential_offer(call->credential, integrity, confidentiality,
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
    TRY(check_target(arguments, call));
    if (arguments->credential != NULL)
        return find_credential(arguments, arguments->credential, call);
    if ((*context)->exchange != NULL)
        return find_credential(arguments, &(*context)->exchange->credential,
                               call);
    return REASON_NONE;
}

/* Should we allocate the memory?  The bit is the same on both sides. */
static bool
allocates(const struct arguments *arguments)
{
    return (arguments->flags & ASC_REQ_ALLOCATE_MEMORY) != 0;
}

static enum reason
run_context(const struct arguments *arguments, struct call *call,
            struct context *context, SECURITY_STATUS *status)
{
    uint8_t output[TOKEN_SIZE_MAX];
    enum reason delivered;

    if (surface_has_pending(context))
        return surface_deliver_pending(context, arguments->output,
                                       allocates(arguments), status);
    call->token = buffers_octets(arguments->sorted.token);
    read_channel(arguments, call);
    if (arguments->sorted.parameter != NULL)
        buffers_read_request(arguments->input, &arguments->side->layout,
                             call->request);
    call->mutual_required = (arguments->flags & ISC_REQ_MUTUAL_AUTH) != 0;
    call->now_s = package_now_s();
    call->output = writer_over(output, sizeof(output));
    TRY(machine_run(context, call, status));
    delivered =
        surface_deliver_new(context, arguments->output, allocates(arguments),
                            writer_result(&call->output), *status);
    if (delivered == REASON_NONE || delivered == REASON_BUFFER_TOO_SMALL)
        return delivered;
    return machine_fail(context, call, delivered);
}

/* A context whose first step failed is freed at once, and the caller gets no
 * handle.  If only the caller's buffer was too small, it stays. */
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
    if (handle.dwLower == 0 || made->state == STATE_FAILED) {
        (void)handle_remove(&call->package->contexts, &handle);
        context_free(made);
        return reason == REASON_NONE ? REASON_INTERNAL : reason;
    }
    *arguments->new_context = handle;
    *context = made;
    return reason;
}

/* The token is empty: with EXTENDED_ERROR the caller may send it. */
static SECURITY_STATUS
refuse(const struct arguments *arguments, enum reason reason)
{
    if (reason != REASON_BUFFER_TOO_SMALL)
        buffers_clear(arguments->output, allocates(arguments));
    return reasons_status(reason);
}

static SECURITY_STATUS
step(const struct arguments *arguments, uint32_t *attributes, TimeStamp *expiry)
{
    struct http_request request;
    struct call call = { .package = package_current(), .request = &request };
    struct context *context = NULL;
    SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
    enum reason reason;

    surface_set_expiry(expiry);
    if (attributes != NULL)
        *attributes = 0;
    if (call.package == NULL)
        return refuse(arguments, REASON_INTERNAL);
    reason = check_flags(arguments);
    if (reason == REASON_NONE && arguments->context == NULL) {
        reason = start_context(arguments, &call, &status, &context);
    } else if (reason == REASON_NONE) {
        reason = find_context(arguments, &call, &context);
        if (reason == REASON_NONE)
            reason = run_context(arguments, &call, context, &status);
    }
    if (reason != REASON_NONE)
        return refuse(arguments, reason);
    if (arguments->context != NULL && arguments->new_context != NULL)
        *arguments->new_context = *arguments->context;
    context->modes = arguments->flags & arguments->side->mode_flags;
    if (attributes != NULL)
        *attributes = surface_flags(context) |
                      (arguments->flags & ASC_REQ_ALLOCATE_MEMORY);
    return status;
}

SECURITY_STATUS
AcceptSecurityContext(CredHandle *phCredential, CtxtHandle *phContext,
                      SecBufferDesc *pInput, uint32_t fContextReq,
                      uint32_t TargetDataRep, CtxtHandle *phNewContext,
                      SecBufferDesc *pOutput, uint32_t *pfContextAttr,
                      TimeStamp *ptsExpiry)
{
    const struct buffers_input sorted = buffers_sort(pInput);
    const struct arguments arguments = {
        .side = &server_side,
        .dialect = dialect_of(&server_side, &sorted),
        .credential = phCredential,
        .context = phContext,
        .input = pInput,
        .sorted = sorted,
        .flags = fContextReq,
        .new_context = phNewContext,
        .output = pOutput,
    };

    (void)TargetDataRep;
    return step(&arguments, pfContextAttr, ptsExpiry);
}

SECURITY_STATUS
InitializeSecurityContext(CredHandle *phCredential, CtxtHandle *phContext,
                          const char *pszTargetName, uint32_t fContextReq,
                          uint32_t Reserved1, uint32_t TargetDataRep,
                          SecBufferDesc *pInput, uint32_t Reserved2,
                          CtxtHandle *phNewContext, SecBufferDesc *pOutput,
                          uint32_t *pfContextAttr, TimeStamp *ptsExpiry)
{
    const struct buffers_input sorted = buffers_sort(pInput);
    const struct arguments arguments = {
        .side = &client_side,
        .dialect = dialect_of(&client_side, &sorted),
        .credential = phCredential,
        .context = phContext,
        .target = pszTargetName,
        .input = pInput,
        .sorted = sorted,
        .flags = fContextReq,
        .new_context = phNewContext,
        .output = pOutput,
    };

    (void)Reserved1;
    (void)TargetDataRep;
    (void)Reserved2;
    return step(&arguments, pfContextAttr, ptsExpiry);
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
