/*
 * HTTP: converts the application's request to SSPI's parameters.
 */
#ifndef DIGEST_PLUGIN_HTTP_H
#define DIGEST_PLUGIN_HTTP_H

#include "connection.h"

/* Does a client that needs a request have one?  If not, sets the error text. */
bool http_has_request(const sasl_client_params_t *params);

/* Add the request to the input buffers.  On a server, request may be NULL
 * before the client's first message; server is the service principal name. */
void http_add_server(struct messages *messages,
                     const sasl_http_request_t *request);
void http_add_client(struct messages *messages,
                     const sasl_http_request_t *request, const char *server);

/* Copies the options of HTTP into the policy. */
void http_configure(struct wdigest_policy *policy,
                    const struct options *options);

#endif
