/*
 * Several attempts on one connection of a server: the properties that the
 * application asked for are those of the last user alone, and nobody gets in
 * with the password of another one.
 *
 * usage: properties DIRECTORY, which holds the plugin and nothing else
 */
#include <sasl/prop.h>
#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/application.h"

enum { TOKEN_SIZE_MAX = 4096 };

/* A user's password is the name, and that of "no..." does not exist. */
static const char *const users[] = { "alice", "bob", "nobody" };
static const char *const wanted[] = { "mail", "*mail", NULL };

static const char *client_user, *client_password;
static const char *directory;
static unsigned test_number;

static void
ok(bool good, const char *what, const char *first, const char *second)
{
    printf("%sok %u - %s: %s, then %s\n", good ? "" : "not ", ++test_number,
           what, first, second);
}

static int
get_name(void *context, int id, const char **result, unsigned *size)
{
    (void)context;
    return application_give(id == SASL_CB_AUTHNAME ? client_user : "", result,
                            size);
}

static int
get_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **secret)
{
    static union {
        sasl_secret_t secret;
        char room[sizeof(sasl_secret_t) + 64];
    } given;

    (void)conn;
    (void)context;
    (void)id;
    given.secret.len = strlen(client_password);
    memcpy(given.room + offsetof(sasl_secret_t, data), client_password,
           given.secret.len + 1);
    *secret = &given.secret;
    return SASL_OK;
}

/* Like libsasl2's own databases it leaves a property that has a value.  Only
 * alice has a mail address. */
static int
look_up(void *context, sasl_server_params_t *params, unsigned flags,
        const char *user, unsigned size)
{
    const sasl_utils_t *utils = params->utils;
    const struct propval *item = utils->prop_get(params->propctx);
    const char *end = memchr(user, '@', size);
    unsigned name_size = end == NULL ? size : (unsigned)(end - user);

    (void)context;
    if (strncmp(user, "no", 2) == 0)
        return SASL_NOUSER;
    for (; item != NULL && item->name != NULL; item++) {
        bool is_authid = item->name[0] == '*';

        if (is_authid == ((flags & SASL_AUXPROP_AUTHZID) != 0) ||
            (item->values != NULL && (flags & SASL_AUXPROP_OVERRIDE) == 0))
            continue;
        if (strcmp(item->name + is_authid, "mail") != 0 ||
            strncmp(user, "alice", 5) == 0)
            (void)utils->prop_set(params->propctx, item->name, user,
                                  (int)name_size);
    }
    return SASL_OK;
}

static void
start(void)
{
    static const sasl_callback_t callbacks[] = {
        { SASL_CB_GETOPT, CALLBACK(application_use_store), NULL },
        { SASL_CB_GETPATH, CALLBACK(application_get_path), &directory },
        { SASL_CB_LOG, CALLBACK(application_drop_message), NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };

    if (sasl_server_init(callbacks, "properties") != SASL_OK ||
        sasl_client_init(callbacks) != SASL_OK ||
        application_add_store(look_up) != SASL_OK)
        abort();
}

static sasl_conn_t *
make_client(void)
{
    static const sasl_callback_t callbacks[] = {
        { SASL_CB_AUTHNAME, CALLBACK(get_name), NULL },
        { SASL_CB_USER, CALLBACK(get_name), NULL },
        { SASL_CB_PASS, CALLBACK(get_secret), NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };
    sasl_conn_t *client;

    if (sasl_client_new("imap", "host.test", NULL, NULL, callbacks,
                        SASL_SUCCESS_DATA, &client) != SASL_OK)
        abort();
    return client;
}

/* The server's code for this user and password. */
static int
authenticate(sasl_conn_t *server, const char *user, const char *password)
{
    sasl_conn_t *client = make_client();
    char token[TOKEN_SIZE_MAX];
    const char *data = NULL;
    unsigned size = 0;
    int code;

    client_user = user;
    client_password = password;
    if (sasl_client_start(client, "DIGEST-MD5", NULL, &data, &size, NULL) !=
            SASL_CONTINUE ||
        sasl_server_start(server, "DIGEST-MD5", NULL, 0, &data, &size) !=
            SASL_CONTINUE ||
        size > sizeof(token))
        abort();
    memcpy(token, data, size);
    if (sasl_client_step(client, token, size, NULL, &data, &size) !=
            SASL_CONTINUE ||
        size > sizeof(token))
        abort();
    memcpy(token, data, size);
    code = sasl_server_step(server, token, size, &data, &size);
    sasl_dispose(&client);
    return code;
}

/* Are the application's properties those of this user, and none if NULL? */
static bool
has_properties_of(sasl_conn_t *server, const char *user)
{
    struct propctx *properties = sasl_auxprop_getctx(server);
    const struct propval *item = prop_get(properties);
    bool right = true;

    for (; item != NULL && item->name != NULL; item++) {
        bool has = item->values != NULL && item->values[0] != NULL;

        if (strstr(item->name, "mail") == NULL)
            right = right && !has; /* secrets are erased */
        else if (user == NULL || strcmp(user, "alice") != 0)
            right = right && !has;
        else
            right = right && has && strcmp(item->values[0], user) == 0;
    }
    return right;
}

static sasl_conn_t *
make_server(void)
{
    sasl_conn_t *server;

    if (sasl_server_new("imap", "host.test", "example.test", NULL, NULL, NULL,
                        SASL_SUCCESS_DATA, &server) != SASL_OK ||
        sasl_auxprop_request(server, (const char **)(uintptr_t)wanted) !=
            SASL_OK)
        abort();
    return server;
}

static void
try(const char *first, const char *second)
{
    sasl_conn_t *server = make_server();
    bool known = strncmp(second, "no", 2) != 0;
    int code = authenticate(server, first, "wrong");

    ok(code != SASL_OK, "a wrong password", first, second);
    code = authenticate(server, second,
                        strcmp(first, second) == 0 ? "other" : first);
    ok(code != SASL_OK, "the first one's password", first, second);
    (void)authenticate(server, first, "wrong");
    code = authenticate(server, second, second);
    ok(known == (code == SASL_OK) &&
           has_properties_of(server, known ? second : NULL),
       "properties", first, second);
    sasl_dispose(&server);
}

int
main(int argc, char **argv)
{
    enum { COUNT = sizeof(users) / sizeof(*users) };

    if (argc != 2)
        return 2;
    directory = argv[1];
    start();
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++)
            try(users[i], users[j]);
    printf("1..%u\n", test_number);
    sasl_client_done();
    sasl_server_done();
    return 0;
}
