/*
 * The request as buffers of SSPI, which finds buffers by their type, and
 * parameters by their order.
 */
#include "http.h"

bool
http_has_request(const sasl_client_params_t *params)
{
    const sasl_http_request_t *request = params->http_request;

    if (!connection_is_http(params->flags) ||
        (request != NULL && request->uri != NULL))
        return true;
    params->utils->seterror(params->utils->conn, SASL_NOLOG,
                            "SASL_HTTP_REQUEST is not set");
    return false;
}

/* SSPI does not write to its input. */
static void
add(struct messages *messages, uint32_t type, struct slice content)
{
    const SecBuffer buffer = { (uint32_t)content.size, type,
                               (void *)(uintptr_t)content.data };

    connection_add(messages, &buffer);
}

static void
add_body(struct messages *messages, const sasl_http_request_t *request)
{
    struct slice body = slice_of(request->entity, request->elen);

    if (request->elen > UINT32_MAX)
        return;
    add(messages, SECBUFFER_DATA, body.size == 0 ? SLICE("") : body);
}

void
http_add_server(struct messages *messages, const sasl_http_request_t *request)
{
    add(messages, SECBUFFER_PKG_PARAMS,
        slice_of_string(request == NULL ? NULL : request->method));
    if (request == NULL)
        return;
    /* without a uri the comparison with the response's must fail; without a
     * buffer there would be none */
    add(messages, SECBUFFER_TARGET,
        request->uri == NULL ? SLICE("") : slice_of_string(request->uri));
    add_body(messages, request);
}

void
http_add_client(struct messages *messages, const sasl_http_request_t *request,
                const char *server)
{
    add(messages, SECBUFFER_PKG_PARAMS, slice_of_string(request->method));
    add(messages, SECBUFFER_TARGET_HOST, slice_of_string(server));
    add_body(messages, request);
}

void
http_configure(struct wdigest_policy *policy, const struct options *options)
{
    policy->algorithms = options->http_algorithms.items;
    policy->algorithm_count = options->http_algorithms.count;
    policy->domain = options->http_domain;
    policy->without_qop = options->http_legacy;
    policy->hidden_users = options->http_users.items;
    policy->hidden_user_count = options->http_users.count;
}
