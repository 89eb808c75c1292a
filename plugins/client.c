/*
 * The client mechanism: its callbacks, based on InitializeSecurityContext.
 */
#include "client.h"

#include "channel.h"
#include "connection.h"
#include "http.h"
#include "prompts.h"

/* Data that only the authentication needs. */
struct handshake {
    struct prompts prompts;
    struct status status;
    struct options options;
    struct wdigest_policy policy;
    struct channel channel;
    char target[]; /* service/host */
};

struct client {
    struct connection connection;
    struct handshake *handshake; /* NULL after its end */
};

static enum reason
identify(void *argument, const struct wdigest_question *question,
         struct wdigest_identity *identity, bool *wait)
{
    struct handshake *handshake = argument;

    return prompts_identify(&handshake->prompts, question, identity, wait);
}

static void
report(void *argument, enum reason reason, const char *first,
       const char *second)
{
    struct handshake *handshake = argument;

    status_report(&handshake->status, reason, first, second, "");
}

static struct handshake *
make_handshake(sasl_client_params_t *params)
{
    struct slice service = slice_of_string(params->service);
    struct slice host = slice_of_string(params->serverFQDN);
    size_t size = service.size + 1 + host.size;
    struct handshake *handshake =
        host_take(params->utils, sizeof(*handshake) + size + 1);
    struct writer writer;

    if (handshake == NULL)
        return NULL;
    handshake->prompts.params = params;
    writer = writer_over(handshake->target, size);
    writer_put(&writer, service);
    writer_put_octet(&writer, '/');
    writer_put(&writer, host);
    return handshake;
}

/* If a binding is required, the server must support it, too. */
static int
bind_channel(struct handshake *handshake, const sasl_client_params_t *params)
{
    enum channel_option option = handshake->options.channel;
    int code = channel_make(&handshake->channel, params->utils,
                            params->cbinding, option);

    handshake->policy.binding_required =
        option == CHANNEL_REQUIRE || handshake->channel.critical;
    return code;
}

static int
configure(struct handshake *handshake, sasl_client_params_t *params)
{
    int code;

    handshake->status = (struct status){ params->utils, false, REASON_NONE };
    code = options_read(&handshake->options, params->utils,
                        OPTIONS_CLIENT |
                            connection_needs(params->flags, &params->props));
    if (code != SASL_OK)
        return code;
    connection_configure(&handshake->policy, &handshake->options);
    http_configure(&handshake->policy, &handshake->options);
    code = bind_channel(handshake, params);
    if (code != SASL_OK)
        return code;
    return security_apply(&params->props, params->external_ssf,
                          &handshake->policy);
}

static int
start_client(struct client *client, sasl_client_params_t *params)
{
    struct handshake *handshake = client->handshake;
    struct wdigest_source source = {
        .version = WDIGEST_SOURCE_VERSION,
        .size = sizeof(source),
        .argument = handshake,
        .policy = &handshake->policy,
        .identify = identify,
        .report = report,
    };
    int code = configure(handshake, params);

    return code == SASL_OK
               ? connection_acquire(&client->connection, SECPKG_CRED_OUTBOUND,
                                    &source, &handshake->status)
               : code;
}

int
client_mech_new(void *glob_context, sasl_client_params_t *params,
                void **conn_context)
{
    struct client *client = host_take(params->utils, sizeof(*client));
    int code = SASL_NOMEM;

    (void)glob_context;
    if (client == NULL)
        return SASL_NOMEM;
    if (!http_has_request(params)) {
        host_give(params->utils, client);
        return SASL_BADPARAM;
    }
    client->connection.utils = params->utils;
    client->handshake = make_handshake(params);
    if (client->handshake != NULL)
        code = start_client(client, params);
    if (code != SASL_OK) {
        client_mech_dispose(client, params->utils);
        return code;
    }
    *conn_context = client;
    return SASL_OK;
}

static void
free_handshake(struct client *client, const sasl_utils_t *utils)
{
    struct handshake *handshake = client->handshake;

    if (handshake == NULL)
        return;
    prompts_free(&handshake->prompts);
    options_free(&handshake->options, utils);
    channel_free(&handshake->channel, utils);
    host_give(utils, handshake);
    client->handshake = NULL;
}

static int
finish_step(struct client *client, SECURITY_STATUS code,
            sasl_out_params_t *oparams)
{
    struct connection *connection = &client->connection;
    int result;

    if (code == SEC_I_CONTINUE_NEEDED)
        return connection_choose_layer(connection, &client->handshake->status,
                                       oparams);
    if (code == SEC_I_INCOMPLETE_CREDENTIALS) {
        connection_drop_layer(connection);
        prompts_hand_out(&client->handshake->prompts);
        return SASL_INTERACT;
    }
    if (code != SEC_E_OK) {
        connection_drop_layer(connection);
        prompts_free(&client->handshake->prompts); /* nobody asks again */
        return status_code(&client->handshake->status, code);
    }
    result =
        connection_establish(connection, &client->handshake->status, oparams);
    if (result == SASL_OK)
        free_handshake(client, connection->utils);
    return result;
}

static uint32_t
required_flags(const struct handshake *handshake)
{
    const sasl_client_params_t *params = handshake->prompts.params;
    uint32_t flags = security_flags(&handshake->policy, ISC_REQ_INTEGRITY);

    if (connection_is_http(params->flags))
        flags = (flags & ~ISC_REQ_CONFIDENTIALITY) | ISC_REQ_HTTP;
    /* in SASL every server proves itself, in HTTP some do */
    if ((params->props.security_flags & SASL_SEC_MUTUAL_AUTH) != 0)
        flags |= ISC_REQ_MUTUAL_AUTH;
    return flags;
}

static SECURITY_STATUS
initialize(struct client *client, struct messages *messages, const char *target)
{
    struct connection *connection = &client->connection;

    return InitializeSecurityContext(
        &connection->credential, connection_context(connection), target,
        required_flags(client->handshake), 0, 0, &messages->input, 0,
        &connection->context, &messages->output, NULL, NULL);
}

/* The same for HTTP, whose target is the request. */
static SECURITY_STATUS
initialize_http(struct client *client, struct messages *messages)
{
    const struct handshake *handshake = client->handshake;
    const sasl_http_request_t *request =
        handshake->prompts.params->http_request;

    http_add_client(messages, request, handshake->target);
    return initialize(client, messages, request->uri);
}

/* In SASL nobody asks for the password after that: many applications never show
 * the client the server's last message. */
static bool
has_answered(const sasl_client_params_t *params, SECURITY_STATUS code,
             unsigned challenge_size)
{
    return code == SEC_I_CONTINUE_NEEDED && challenge_size > 0 &&
           !connection_is_http(params->flags);
}

int
client_mech_step(void *conn_context, sasl_client_params_t *params,
                 const char *input, unsigned input_size,
                 sasl_interact_t **prompt_need, const char **output,
                 unsigned *output_size, sasl_out_params_t *oparams)
{
    struct client *client = conn_context;
    struct messages messages;
    SECURITY_STATUS code;
    int result;

    *output = NULL;
    *output_size = 0;
    if (client == NULL || client->handshake == NULL)
        return SASL_BADPROT;
    if (!http_has_request(params))
        return SASL_BADPARAM;
    client->handshake->prompts.params = params;
    client->handshake->prompts.oparams = oparams;
    client->handshake->prompts.need = prompt_need;
    result = prompts_take(&client->handshake->prompts);
    if (result != SASL_OK)
        return result;
    connection_prepare(&messages, input, input_size);
    connection_add(&messages, &client->handshake->channel.buffer);
    code = connection_is_http(params->flags)
               ? initialize_http(client, &messages)
               : initialize(client, &messages, client->handshake->target);
    connection_send(&client->connection, &messages, output, output_size);
    if (has_answered(params, code, input_size))
        prompts_free(&client->handshake->prompts);
    return finish_step(client, code, oparams);
}

void
client_mech_dispose(void *conn_context, const sasl_utils_t *utils)
{
    struct client *client = conn_context;

    if (client == NULL)
        return;
    connection_free(&client->connection);
    free_handshake(client, utils);
    host_give(utils, client);
}
