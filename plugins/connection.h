/*
 * What server and client connections share: a credential, a context, the last
 * message, and the stream of the layer.
 */
#ifndef DIGEST_CONNECTION_H
#define DIGEST_CONNECTION_H

#include "host.h"
#include "options.h"
#include "packets.h"
#include "security.h"
#include "status.h"
#include "wdigest.h"

struct connection {
    const sasl_utils_t *utils;
    CredHandle credential;   /* while authenticating */
    CtxtHandle context;      /* while authenticating, then with a layer */
    void *token;             /* the last message for the peer */
    struct packets *packets; /* NULL without a layer */
    uint32_t receive_max;    /* largest token to receive, in octets */
};

enum { INPUT_BUFFERS_MAX = 6 };

/* The peer's message as an input buffer, and an output buffer. */
struct messages {
    SecBuffer in[INPUT_BUFFERS_MAX];
    SecBuffer out;
    SecBufferDesc input;
    SecBufferDesc output;
};

/* Prepares the buffers; the messages must not be moved afterwards. */
void connection_prepare(struct messages *messages, const char *input,
                        unsigned input_size);

/* Adds an input buffer, unless it is of type SECBUFFER_EMPTY. */
void connection_add(struct messages *messages, const SecBuffer *buffer);

/* The context's handle for an SSPI function, NULL before the first step. */
CtxtHandle *connection_context(struct connection *connection);

/* Makes the credential, for a source with a policy.  SASL_OK, or the code of
 * the failure. */
int connection_acquire(struct connection *connection, uint32_t use,
                       const struct wdigest_source *source,
                       struct status *status);

/* Returns the message of a step, which is valid until the next step or
 * dispose. */
void connection_send(struct connection *connection,
                     const struct messages *messages, const char **output,
                     unsigned *output_size);

/*
 * After a client's response: starts the layer that it chose, in place of that
 * of an earlier response, and sets the layer's fields of oparams.  An
 * application may use the layer before it passes us the server's proof, or
 * without passing it.  SASL_CONTINUE, or the code of a failure.
 */
int connection_choose_layer(struct connection *connection,
                            struct status *status, sasl_out_params_t *oparams);

/* Ends the layer.  From then on encode and decode fail, so no data pass without
 * it. */
void connection_drop_layer(struct connection *connection);

/* After a successful authentication: starts the layer and sets the fields of
 * oparams.  Frees all handles that the layer does not need, because
 * sasl_dispose would free them under a mutex that all connections share. */
int connection_establish(struct connection *connection, struct status *status,
                         sasl_out_params_t *oparams);

/* Does the connection authenticate HTTP requests? */
static inline bool
connection_is_http(unsigned flags)
{
    return (flags & SASL_NEED_HTTP) != 0;
}

/* The options that a connection needs besides those of its side: a sum of
 * OPTIONS_... */
unsigned connection_needs(unsigned flags,
                          const sasl_security_properties_t *props);

/* Copies the options that both sides have into the policy. */
void connection_configure(struct wdigest_policy *policy,
                          const struct options *options);

/* Frees all but the structure. */
void connection_free(struct connection *connection);

#endif
