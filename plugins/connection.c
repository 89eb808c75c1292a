/*
 * Connects the steps of a mechanism with SSPI.
 */
#include "connection.h"

void
connection_prepare(struct messages *messages, const char *input,
                   unsigned input_size)
{
    /* SSPI does not write to its input. */
    messages->in[0] = (SecBuffer){ input == NULL ? 0 : input_size,
                                   SECBUFFER_TOKEN, (void *)(uintptr_t)input };
    messages->out = (SecBuffer){ 0, SECBUFFER_TOKEN, NULL };
    messages->input = (SecBufferDesc){ SECBUFFER_VERSION, 1, messages->in };
    messages->output = (SecBufferDesc){ SECBUFFER_VERSION, 1, &messages->out };
}

void
connection_add(struct messages *messages, const SecBuffer *buffer)
{
    if (buffer->BufferType != SECBUFFER_EMPTY)
        messages->in[messages->input.cBuffers++] = *buffer;
}

CtxtHandle *
connection_context(struct connection *connection)
{
    return connection->context.dwLower == 0 ? NULL : &connection->context;
}

int
connection_acquire(struct connection *connection, uint32_t use,
                   const struct wdigest_source *source, struct status *status)
{
    SECURITY_STATUS code =
        AcquireCredentialsHandle(NULL, WDIGEST_NAME, use, NULL, source, NULL,
                                 NULL, &connection->credential, NULL);

    connection->receive_max = source->policy->maxbuf;
    return code == SEC_E_OK ? SASL_OK : status_code(status, code);
}

static void
free_token(struct connection *connection)
{
    (void)FreeContextBuffer(connection->token);
    connection->token = NULL;
}

void
connection_send(struct connection *connection, const struct messages *messages,
                const char **output, unsigned *output_size)
{
    free_token(connection);
    connection->token = messages->out.pvBuffer;
    *output = messages->out.pvBuffer;
    *output_size = messages->out.cbBuffer;
}

/* When the layer has ended, data do not pass at all.  context is NULL when the
 * library has disposed of the connection. */
static int
encode(void *context, const struct iovec *parts, unsigned count,
       const char **output, unsigned *output_size)
{
    struct connection *connection = context;

    *output = NULL;
    *output_size = 0;
    return connection == NULL || connection->packets == NULL
               ? SASL_NOTDONE
               : packets_encode(connection->packets, parts, count, output,
                                output_size);
}

static int
decode(void *context, const char *input, unsigned input_size,
       const char **output, unsigned *output_size)
{
    struct connection *connection = context;

    *output = NULL;
    *output_size = 0;
    return connection == NULL || connection->packets == NULL
               ? SASL_NOTDONE
               : packets_decode(connection->packets, input, input_size, output,
                                output_size);
}

static SECURITY_STATUS
start_layer(struct connection *connection, const struct status *status,
            sasl_out_params_t *oparams)
{
    struct protection protection;
    SECURITY_STATUS code = security_query(&connection->context, &protection);

    if (code != SEC_E_OK)
        return code;
    if (protection.ssf > 0) {
        connection->packets = packets_start(
            status, &connection->context, &protection, connection->receive_max);
        if (connection->packets == NULL)
            return SEC_E_INSUFFICIENT_MEMORY;
    }
    oparams->mech_ssf = protection.ssf;
    oparams->maxoutbuf = protection.message_max;
    if (protection.ssf == 0)
        return SEC_E_OK;
    /* for NULL the library passes the mechanism's connection */
    oparams->encode_context = NULL;
    oparams->encode = encode;
    oparams->decode_context = NULL;
    oparams->decode = decode;
    return SEC_E_OK;
}

void
connection_drop_layer(struct connection *connection)
{
    packets_stop(connection->packets);
    connection->packets = NULL;
}

int
connection_choose_layer(struct connection *connection, struct status *status,
                        sasl_out_params_t *oparams)
{
    SECURITY_STATUS code;

    connection_drop_layer(connection);
    code = start_layer(connection, status, oparams);
    /* without a layer, a context that is not established cannot be queried */
    return code == SEC_E_OK || code == SEC_E_INVALID_HANDLE
               ? SASL_CONTINUE
               : status_code(status, code);
}

static void
free_credential(struct connection *connection)
{
    if (connection->credential.dwLower != 0)
        (void)FreeCredentialsHandle(&connection->credential);
    connection->credential = (CredHandle){ 0, 0 };
}

static void
free_context(struct connection *connection)
{
    if (connection->context.dwLower != 0)
        (void)DeleteSecurityContext(&connection->context);
    connection->context = (CtxtHandle){ 0, 0 };
}

/* A client has had its layer since its response. */
static SECURITY_STATUS
settle_layer(struct connection *connection, struct status *status,
             sasl_out_params_t *oparams)
{
    if (connection->packets != NULL)
        return SEC_E_OK;
    oparams->encode_context = NULL;
    oparams->encode = NULL;
    oparams->decode_context = NULL;
    oparams->decode = NULL;
    return start_layer(connection, status, oparams);
}

int
connection_establish(struct connection *connection, struct status *status,
                     sasl_out_params_t *oparams)
{
    SECURITY_STATUS code = settle_layer(connection, status, oparams);

    if (code != SEC_E_OK)
        return status_code(status, code);
    oparams->client_creds = NULL;
    oparams->gss_peer_name = NULL;
    oparams->gss_local_name = NULL;
    oparams->param_version = 0;
    if (connection->packets == NULL)
        free_context(connection);
    free_credential(connection);
    oparams->doneflag = 1;
    return SASL_OK;
}

unsigned
connection_needs(unsigned flags, const sasl_security_properties_t *props)
{
    unsigned needs = 0;

    if (connection_is_http(flags))
        needs |= OPTIONS_HTTP;
    else if (security_may_encrypt(props))
        needs |= OPTIONS_CIPHERS;
    return needs;
}

void
connection_configure(struct wdigest_policy *policy,
                     const struct options *options)
{
    policy->ciphers = options->ciphers.items;
    policy->cipher_count = options->ciphers.count;
    policy->reauth_s = options->reauth_s;
}

void
connection_free(struct connection *connection)
{
    packets_stop(connection->packets);
    free_context(connection);
    free_credential(connection);
    free_token(connection);
}
