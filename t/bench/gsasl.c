#include "bench/gsasl.h"
#include "bench/die.h"

#ifdef HAVE_GSASL

#include <gsasl.h>

#include <stdlib.h>
#include <string.h>

enum { MAX_STEPS = 8 };

struct gnu {
    Gsasl *library;
    Gsasl_session *client;
    Gsasl_session *server;
    const char *qop;
};

/* The same account as in library.c. */
static int
provide(Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
    const struct gnu *gnu = gsasl_callback_hook_get(library);
    const char *value = NULL;

    switch (property) {
    case GSASL_SERVICE:
        value = "imap";
        break;
    case GSASL_HOSTNAME:
        value = "host.example.test";
        break;
    case GSASL_REALM:
        value = "example.test";
        break;
    case GSASL_AUTHID:
        value = "alice";
        break;
    case GSASL_PASSWORD:
        value = "correct horse battery staple";
        break;
    case GSASL_QOP:
    case GSASL_QOPS:
        value = gnu->qop;
        break;
    default:
        return GSASL_NO_CALLBACK;
    }
    return gsasl_property_set(session, property, value);
}

bool
gnu_has(enum kind kind)
{
    return kind == KIND_AUTH || kind == KIND_INT;
}

struct gnu *
gnu_new(enum kind kind)
{
    struct gnu *gnu = calloc(1, sizeof(*gnu));

    if (gnu == NULL || gsasl_init(&gnu->library) != GSASL_OK) {
        (void)fail("GNU SASL does not start");
        free(gnu);
        return NULL;
    }
    gnu->qop = kind == KIND_INT ? "qop-int" : "qop-auth";
    gsasl_callback_set(gnu->library, provide);
    gsasl_callback_hook_set(gnu->library, gnu);
    return gnu;
}

static void
end_sessions(struct gnu *gnu)
{
    if (gnu->client != NULL)
        gsasl_finish(gnu->client);
    if (gnu->server != NULL)
        gsasl_finish(gnu->server);
    gnu->client = NULL;
    gnu->server = NULL;
}

void
gnu_free(struct gnu *gnu)
{
    if (gnu == NULL)
        return;
    end_sessions(gnu);
    gsasl_done(gnu->library);
    free(gnu);
}

/* One side's step; replaces the token by its reply. */
static int
step(Gsasl_session *session, char **token, size_t *length)
{
    char *answer = NULL;
    size_t size = 0;
    int status = gsasl_step(session, *token, *length, &answer, &size);

    gsasl_free(*token);
    *token = answer;
    *length = size;
    return status;
}

static int
authenticate(struct gnu *gnu)
{
    char *token = NULL;
    size_t length = 0;
    int server = GSASL_NEEDS_MORE;
    int client = GSASL_NEEDS_MORE;
    int i;

    for (i = 0; i < MAX_STEPS && client == GSASL_NEEDS_MORE; i++) {
        if (server == GSASL_NEEDS_MORE)
            server = step(gnu->server, &token, &length);
        if (server != GSASL_OK && server != GSASL_NEEDS_MORE)
            break;
        client = step(gnu->client, &token, &length);
    }
    gsasl_free(token);
    if (server != GSASL_OK || client != GSASL_OK)
        return fail("GNU SASL: %s, %s", gsasl_strerror_name(server),
                    gsasl_strerror_name(client));
    return 0;
}

int
gnu_handshake(struct gnu *gnu, bool keep)
{
    int status;

    if (gsasl_client_start(gnu->library, "DIGEST-MD5", &gnu->client) !=
            GSASL_OK ||
        gsasl_server_start(gnu->library, "DIGEST-MD5", &gnu->server) !=
            GSASL_OK)
        return fail("GNU SASL has no DIGEST-MD5");
    status = authenticate(gnu);
    if (!keep)
        end_sessions(gnu);
    return status;
}

int
gnu_message(struct gnu *gnu, const char *message, size_t length)
{
    char *token = NULL;
    char *opened = NULL;
    size_t token_length = 0;
    size_t opened_length = 0;
    int status;

    status = gsasl_encode(gnu->client, message, length, &token, &token_length);
    if (status == GSASL_OK)
        status = gsasl_decode(gnu->server, token, token_length, &opened,
                              &opened_length);
    gsasl_free(token);
    gsasl_free(opened);
    if (status != GSASL_OK || opened_length != length)
        return fail("GNU SASL: %s", gsasl_strerror_name(status));
    return 0;
}

#else

bool
gnu_has(enum kind kind)
{
    (void)kind;
    return false;
}

struct gnu *
gnu_new(enum kind kind)
{
    (void)kind;
    (void)fail("built without GNU SASL");
    return NULL;
}

void
gnu_free(struct gnu *gnu)
{
    (void)gnu;
}

int
gnu_handshake(struct gnu *gnu, bool keep)
{
    (void)gnu;
    (void)keep;
    return -1;
}

int
gnu_message(struct gnu *gnu, const char *message, size_t length)
{
    (void)gnu;
    (void)message;
    (void)length;
    return -1;
}

#endif
