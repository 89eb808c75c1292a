/*
 * HTTP: the request of the application to SSPI's parameters.
 */
#ifndef DIGEST_PLUGIN_HTTP_H
#define DIGEST_PLUGIN_HTTP_H

#include "connection.h"

/* Has a client its request, if it needs one?  Sets the error text. */
bool http_has_request(const sasl_client_params_t *params);

/* Adds the request; a server may have none before there is a message. */
void http_add_server(struct messages *messages,
                     const sasl_http_request_t *request);
void http_add_client(struct messages *messages,
                     const sasl_http_request_t *request, const char *server);

/* Fills the part of the policy that is about HTTP. */
void http_configure(struct wdigest_policy *policy,
                    const struct options *options);

#endif
