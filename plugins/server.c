/*
 * The server mechanism: its callbacks, based on AcceptSecurityContext.
 */
#include "server.h"

#include "channel.h"
#include "connection.h"
#include "http.h"
#include "secrets.h"
#include "shared_store.h"

/* Data that only the authentication needs. */
struct handshake {
    struct secrets secrets;
    struct status status;
    struct options options;
    struct wdigest_policy policy;
    struct channel channel;
    struct slice realm; /* to offer if the option is not set */
    char trace[SECRETS_TRACE_SIZE];
    char realm_text[]; /* a copy: the application may set another one */
};

struct server {
    struct connection connection;
    struct handshake *handshake; /* NULL after its end */
};

static enum reason
lookup(void *argument, const struct wdigest_claim *claim,
       wdigest_candidate *candidate, void *candidates)
{
    const struct handshake *handshake = argument;

    return secrets_lookup(&handshake->secrets, claim, candidate, candidates);
}

static void
report(void *argument, enum reason reason, const char *first,
       const char *second)
{
    struct handshake *handshake = argument;

    status_report(&handshake->status, reason, first, second,
                  reason == REASON_USER_UNKNOWN ? handshake->trace : "");
}

/* The application's realm, else the server's name, else none. */
static struct handshake *
make_handshake(const sasl_server_params_t *params)
{
    struct slice realm = slice_of_string(
        params->user_realm != NULL ? params->user_realm : params->serverFQDN);
    struct handshake *handshake =
        host_take(params->utils, sizeof(*handshake) + realm.size);
    struct writer writer;

    if (handshake == NULL)
        return NULL;
    writer = writer_over(handshake->realm_text, realm.size);
    writer_put(&writer, realm);
    handshake->realm = writer_result(&writer);
    return handshake;
}

static void
choose_realms(struct handshake *handshake)
{
    struct wdigest_policy *policy = &handshake->policy;

    policy->realms = handshake->options.realms.items;
    policy->realm_count = handshake->options.realms.count;
    if (policy->realm_count > 0)
        return;
    policy->realms = &handshake->realm;
    policy->realm_count = handshake->realm.size > 0 ? 1 : 0;
}

static int
configure(struct handshake *handshake, sasl_server_params_t *params)
{
    struct wdigest_policy *policy = &handshake->policy;
    int code;

    handshake->secrets.params = params;
    handshake->secrets.policy = policy;
    handshake->secrets.trace = handshake->trace;
    handshake->status = (struct status){ params->utils, true, REASON_NONE };
    code = options_read(&handshake->options, params->utils,
                        OPTIONS_SERVER |
                            connection_needs(params->flags, &params->props));
    if (code != SASL_OK)
        return code;
    connection_configure(policy, &handshake->options);
    policy->service = slice_of_string(params->service);
    policy->host = slice_of_string(params->serverFQDN);
    policy->hosts = handshake->options.hosts.items;
    policy->host_count = handshake->options.hosts.count;
    policy->realm_offered_only = handshake->options.realm_offered_only;
    policy->binding_required = handshake->options.channel == CHANNEL_REQUIRE;
    choose_realms(handshake);
    http_configure(policy, &handshake->options);
    code = channel_make(&handshake->channel, params->utils, params->cbinding,
                        handshake->options.channel);
    if (code != SASL_OK)
        return code;
    policy->binding_optional =
        !policy->binding_required && !handshake->channel.critical;
    return security_apply(&params->props, params->external_ssf, policy);
}

static int
start_server(struct server *server, sasl_server_params_t *params)
{
    struct handshake *handshake = server->handshake;
    struct wdigest_source source = {
        .version = WDIGEST_SOURCE_VERSION,
        .size = sizeof(source),
        .argument = handshake,
        .policy = &handshake->policy,
        .lookup = lookup,
        .report = report,
    };
    int code = configure(handshake, params);

    store_remind(params->utils);
    return code == SASL_OK
               ? connection_acquire(&server->connection, SECPKG_CRED_INBOUND,
                                    &source, &handshake->status)
               : code;
}

int
server_mech_new(void *glob_context, sasl_server_params_t *params,
                const char *challenge, unsigned challenge_size,
                void **conn_context)
{
    struct server *server = host_take(params->utils, sizeof(*server));
    int code = SASL_NOMEM;

    (void)glob_context;
    (void)challenge;
    (void)challenge_size;
    if (server == NULL)
        return SASL_NOMEM;
    server->connection.utils = params->utils;
    server->handshake = make_handshake(params);
    if (server->handshake != NULL)
        code = start_server(server, params);
    if (code != SASL_OK) {
        server_mech_dispose(server, params->utils);
        return code;
    }
    *conn_context = server;
    return SASL_OK;
}

static void
free_handshake(struct server *server, const sasl_utils_t *utils)
{
    if (server->handshake == NULL)
        return;
    options_free(&server->handshake->options, utils);
    channel_free(&server->handshake->channel, utils);
    host_give(utils, server->handshake);
    server->handshake = NULL;
}

/* The library expects its own pointer to the binding's name. */
static void
report_binding(const struct server *server, sasl_out_params_t *oparams)
{
    const sasl_server_params_t *params = server->handshake->secrets.params;
    CtxtHandle context = server->connection.context;
    const struct wdigest_principal *principal;
    void *found = NULL;

    oparams->cbindingdisp = SASL_CB_DISP_NONE;
    oparams->cbindingname = NULL;
    (void)QuerySecurityContextToken(&context, &found);
    principal = found;
    if (principal != NULL && principal->bound && SASL_CB_PRESENT(params)) {
        oparams->cbindingdisp = SASL_CB_DISP_USED;
        oparams->cbindingname = params->cbinding->name;
    }
    (void)FreeContextBuffer(found);
}

/* A user without a secret gets one by a login with a plain text password, if
 * the application supports that. */
static int
offer_transition(const struct server *server, enum reason reason, int code)
{
    return reason == REASON_USER_UNKNOWN &&
                   server->handshake->secrets.params->transition != NULL
               ? SASL_TRANS
               : code;
}

static int
finish_step(struct server *server, SECURITY_STATUS code,
            sasl_out_params_t *oparams)
{
    struct handshake *handshake = server->handshake;
    enum reason reason = handshake->status.reason;
    int result;

    if (code == SEC_I_CONTINUE_NEEDED)
        return SASL_CONTINUE;
    if (code != SEC_E_OK)
        return offer_transition(server, reason,
                                status_code(&handshake->status, code));
    report_binding(server, oparams);
    result =
        connection_establish(&server->connection, &handshake->status, oparams);
    if (result == SASL_OK)
        free_handshake(server, server->connection.utils);
    return result;
}

static uint32_t
required_flags(const struct handshake *handshake)
{
    uint32_t flags = security_flags(&handshake->policy, ASC_REQ_INTEGRITY);

    /* HTTP has no encryption; if the policy requires it, the offer is empty */
    return connection_is_http(handshake->secrets.params->flags)
               ? (flags & ~ASC_REQ_CONFIDENTIALITY) | ASC_REQ_HTTP
               : flags;
}

static SECURITY_STATUS
accept(struct server *server, struct messages *messages)
{
    struct connection *connection = &server->connection;
    SECURITY_STATUS code = AcceptSecurityContext(
        &connection->credential, connection_context(connection),
        &messages->input, required_flags(server->handshake), 0,
        &connection->context, &messages->output, NULL, NULL);

    /* the plugin does not know the body of the reply, which rspauth would
     * cover with auth-int */
    return code == SEC_I_COMPLETE_NEEDED || code == SEC_I_COMPLETE_AND_CONTINUE
               ? CompleteAuthToken(&connection->context, &messages->output)
               : code;
}

int
server_mech_step(void *conn_context, sasl_server_params_t *params,
                 const char *input, unsigned input_size, const char **output,
                 unsigned *output_size, sasl_out_params_t *oparams)
{
    struct server *server = conn_context;
    struct connection *connection;
    struct messages messages;
    SECURITY_STATUS code;

    *output = NULL;
    *output_size = 0;
    /* The library may call a step after dispose. */
    if (server == NULL || server->handshake == NULL)
        return SASL_BADPROT;
    connection = &server->connection;
    server->handshake->secrets.params = params;
    server->handshake->secrets.oparams = oparams;
    server->handshake->trace[0] = '\0';
    connection_prepare(&messages, input, input_size);
    connection_add(&messages, &server->handshake->channel.buffer);
    if (connection_is_http(params->flags))
        http_add_server(&messages, params->http_request);
    code = accept(server, &messages);
    connection_send(connection, &messages, output, output_size);
    return finish_step(server, code, oparams);
}

void
server_mech_dispose(void *conn_context, const sasl_utils_t *utils)
{
    struct server *server = conn_context;

    if (server == NULL)
        return;
    connection_free(&server->connection);
    free_handshake(server, utils);
    host_give(utils, server);
}
