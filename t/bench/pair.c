#include "bench/pair.h"
#include "bench/die.h"
#include "bench/heap.h"

#include <string.h>

static const char service[] = "imap";
static const char host_name[] = "host.example.test";
static const char realm[] = "example.test";

/* Holds the longest message of the benchmark in one packet. */
enum { MAX_BUFFER = 65536 };

/* More steps than any handshake takes. */
enum { MAX_STEPS = 8 };

struct token {
    const char *data;
    unsigned length;
};

static int
fail_call(const char *call, sasl_conn_t *connection, int status)
{
    return fail("%s: %s", call,
                connection != NULL ? sasl_errdetail(connection)
                                   : sasl_errstring(status, NULL, NULL));
}

static void
weigh_before(struct pair *pair, enum side side)
{
    if (pair->weigh)
        pair->heap[side] -= heap_in_use();
}

static void
weigh_after(struct pair *pair, enum side side)
{
    if (pair->weigh)
        pair->heap[side] += heap_in_use();
}

/* Allows only the security layer of this kind. */
static int
set_layer(sasl_conn_t *connection, enum kind kind)
{
    sasl_security_properties_t properties = {
        .min_ssf = layer_kinds[kind].strength,
        .max_ssf = layer_kinds[kind].strength,
        .maxbufsize = MAX_BUFFER,
    };

    return sasl_setprop(connection, SASL_SEC_PROPS, &properties);
}

static int
open_client(struct pair *pair, enum kind kind)
{
    int status;

    weigh_before(pair, SIDE_CLIENT);
    status =
        sasl_client_new(service, host_name, NULL, NULL, NULL, 0, &pair->client);
    if (status == SASL_OK)
        status = set_layer(pair->client, kind);
    weigh_after(pair, SIDE_CLIENT);
    if (status != SASL_OK)
        return fail_call("sasl_client_new", pair->client, status);
    return 0;
}

static int
open_server(struct pair *pair, enum kind kind)
{
    int status;

    weigh_before(pair, SIDE_SERVER);
    status = sasl_server_new(service, host_name, realm, NULL, NULL, NULL, 0,
                             &pair->server);
    if (status == SASL_OK)
        status = set_layer(pair->server, kind);
    weigh_after(pair, SIDE_SERVER);
    if (status != SASL_OK)
        return fail_call("sasl_server_new", pair->server, status);
    return 0;
}

int
pair_open(struct pair *pair, enum kind kind)
{
    pair->client = NULL;
    pair->server = NULL;
    pair->reauthenticated = false;
    if (open_server(pair, kind) != 0)
        return -1;
    return open_client(pair, kind);
}

void
pair_close(struct pair *pair)
{
    sasl_dispose(&pair->client);
    sasl_dispose(&pair->server);
}

/* A step on the client, or its start if there is no challenge yet. */
static int
client_step(struct pair *pair, bool start, struct token in, struct token *out)
{
    const char *mechanism;
    int status;

    out->data = NULL;
    out->length = 0;
    weigh_before(pair, SIDE_CLIENT);
    if (start)
        status = sasl_client_start(pair->client, "DIGEST-MD5", NULL, &out->data,
                                   &out->length, &mechanism);
    else
        status = sasl_client_step(pair->client, in.data, in.length, NULL,
                                  &out->data, &out->length);
    weigh_after(pair, SIDE_CLIENT);
    if (status != SASL_OK && status != SASL_CONTINUE)
        (void)fail_call("client", pair->client, status);
    return status;
}

static int
server_step(struct pair *pair, bool start, struct token in, struct token *out)
{
    int status;

    out->data = NULL;
    out->length = 0;
    weigh_before(pair, SIDE_SERVER);
    if (start)
        status = sasl_server_start(pair->server, "DIGEST-MD5", in.data,
                                   in.length, &out->data, &out->length);
    else
        status = sasl_server_step(pair->server, in.data, in.length, &out->data,
                                  &out->length);
    weigh_after(pair, SIDE_SERVER);
    if (status != SASL_OK && status != SASL_CONTINUE)
        (void)fail_call("server", pair->server, status);
    return status;
}

/* A challenge has a nonce; the reply to a right response has none. */
static bool
is_final(struct token token)
{
    static const char start[] = "rspauth=";

    return token.length >= sizeof(start) - 1 &&
           memcmp(token.data, start, sizeof(start) - 1) == 0;
}

/* Both sides must have the layer of the measurement's name. */
static int
check_layer(struct pair *pair, enum kind kind)
{
    const sasl_ssf_t wanted = layer_kinds[kind].strength;
    const void *client = NULL;
    const void *server = NULL;

    if (sasl_getprop(pair->client, SASL_SSF, &client) != SASL_OK ||
        sasl_getprop(pair->server, SASL_SSF, &server) != SASL_OK ||
        client == NULL || server == NULL)
        return fail("no SSF after the handshake");
    if (*(const sasl_ssf_t *)client != wanted ||
        *(const sasl_ssf_t *)server != wanted)
        return fail("the SSF is not %u", wanted);
    return 0;
}

int
pair_authenticate(struct pair *pair, enum kind kind)
{
    struct token from_client;
    struct token from_server = { NULL, 0 };
    int client = SASL_CONTINUE;
    int server = SASL_CONTINUE;
    int step;

    for (step = 0; step < MAX_STEPS; step++) {
        client = client_step(pair, step == 0, from_server, &from_client);
        if (client != SASL_OK && client != SASL_CONTINUE)
            return -1;
        if (server == SASL_OK)
            break;
        server = server_step(pair, step == 0, from_client, &from_server);
        if (server != SASL_OK && server != SASL_CONTINUE)
            return -1;
        if (step == 0)
            pair->reauthenticated = is_final(from_server);
        if (server == SASL_OK && client == SASL_OK)
            break;
    }
    if (client != SASL_OK || server != SASL_OK)
        return fail("the handshake does not end");
    return check_layer(pair, kind);
}

int
pair_transfer(struct pair *pair, enum side from, const char *data,
              size_t length, const char **out)
{
    bool forth = from == SIDE_CLIENT;
    sasl_conn_t *sender = forth ? pair->client : pair->server;
    sasl_conn_t *receiver = forth ? pair->server : pair->client;
    enum side to = forth ? SIDE_SERVER : SIDE_CLIENT;
    struct token packets;
    unsigned received;
    int status;

    weigh_before(pair, from);
    status = sasl_encode(sender, data, (unsigned)length, &packets.data,
                         &packets.length);
    weigh_after(pair, from);
    if (status != SASL_OK)
        return fail_call("sasl_encode", sender, status);
    weigh_before(pair, to);
    status =
        sasl_decode(receiver, packets.data, packets.length, out, &received);
    weigh_after(pair, to);
    if (status != SASL_OK)
        return fail_call("sasl_decode", receiver, status);
    if (received != length)
        return fail("sasl_decode: %u of %zu octets", received, length);
    return 0;
}
