#include "sasl.h"

#include "input.h"

#include <sasl/prop.h>
#include <sasl/saslplug.h>

#include <stdlib.h>
#include <string.h>

sasl_server_plug_init_t sasl_server_plug_init;
sasl_client_plug_init_t sasl_client_plug_init;

#define CALLBACK(function) ((int (*)(void))(void (*)(void))(function))

static const char right[] = "open sesame";
static const char wrong[] = "open barley";
static const char *password = right;
static const char *ciphers;

static int
get_option(void *context, const char *plugin, const char *option,
           const char **result, unsigned *size)
{
    const char *value = NULL;

    (void)context;
    (void)plugin;
    if (strcmp(option, "auxprop_plugin") == 0)
        value = "store";
    else if (strcmp(option, "digestmd5_ciphers") == 0)
        value = ciphers;
    if (value == NULL)
        return SASL_FAIL;
    *result = value;
    if (size != NULL)
        *size = (unsigned)strlen(value);
    return SASL_OK;
}

/* There is no directory with plugins. */
static int
get_path(void *context, const char **path)
{
    (void)context;
    *path = "/nonexistent";
    return SASL_OK;
}

static int
drop_message(void *context, int level, const char *message)
{
    (void)context;
    (void)level;
    (void)message;
    return SASL_OK;
}

static int
get_name(void *context, int id, const char **result, unsigned *size)
{
    (void)context;
    *result = id == SASL_CB_AUTHNAME ? "alice" : "";
    if (size != NULL)
        *size = (unsigned)strlen(*result);
    return SASL_OK;
}

static int
get_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **secret)
{
    static union {
        sasl_secret_t secret;
        char room[sizeof(sasl_secret_t) + sizeof(right)];
    } kept;

    (void)conn;
    (void)context;
    (void)id;
    kept.secret.len = strlen(password);
    memcpy(kept.room + offsetof(sasl_secret_t, data), password,
           kept.secret.len + 1);
    *secret = &kept.secret;
    return SASL_OK;
}

static int
look_up(void *context, sasl_server_params_t *params, unsigned flags,
        const char *user, unsigned size)
{
    const struct propval *wanted = params->utils->prop_get(params->propctx);

    (void)context;
    if ((flags & SASL_AUXPROP_AUTHZID) != 0 || size < 5 ||
        memcmp(user, "alice", 5) != 0 || (size > 5 && user[5] != '@'))
        return SASL_NOUSER;
    for (; wanted != NULL && wanted->name != NULL; wanted++)
        if (strcmp(wanted->name, "*userPassword") == 0)
            (void)params->utils->prop_set(params->propctx, wanted->name, right,
                                          (int)strlen(right));
    return SASL_OK;
}

static int
start_store(const sasl_utils_t *utils, int version_max, int *version,
            sasl_auxprop_plug_t **plug, const char *name)
{
    static char own_name[] = "store";
    static sasl_auxprop_plug_t store = {
        .auxprop_lookup = look_up,
        .name = own_name,
    };

    (void)utils;
    (void)version_max;
    (void)name;
    *version = SASL_AUXPROP_PLUG_VERSION;
    *plug = &store;
    return SASL_OK;
}

void
sasl_prepare(void)
{
    static const sasl_callback_t callbacks[] = {
        { SASL_CB_GETOPT, CALLBACK(get_option), NULL },
        { SASL_CB_GETPATH, CALLBACK(get_path), NULL },
        { SASL_CB_LOG, CALLBACK(drop_message), NULL },
        { SASL_CB_USER, CALLBACK(get_name), NULL },
        { SASL_CB_AUTHNAME, CALLBACK(get_name), NULL },
        { SASL_CB_PASS, CALLBACK(get_secret), NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };

    if (sasl_server_init(callbacks, "fuzz") != SASL_OK ||
        sasl_client_init(callbacks) != SASL_OK ||
        sasl_auxprop_add_plugin("store", start_store) != SASL_OK ||
        sasl_server_add_plugin("DIGEST-MD5", sasl_server_plug_init) !=
            SASL_OK ||
        sasl_client_add_plugin("DIGEST-MD5", sasl_client_plug_init) != SASL_OK)
        abort();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    sasl_prepare();
    return 0;
}

static void
set_strength(sasl_conn_t *conn, unsigned strength)
{
    sasl_security_properties_t properties = {
        .min_ssf = strength == ANY_STRENGTH ? 0 : strength,
        .max_ssf = strength,
        .maxbufsize = 4096,
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK)
        abort();
}

sasl_conn_t *
sasl_open_server(unsigned strength)
{
    sasl_conn_t *conn = NULL;

    if (sasl_server_new("imap", "127.0.0.1", "example.test", NULL, NULL, NULL,
                        0, &conn) != SASL_OK)
        abort();
    set_strength(conn, strength);
    return conn;
}

sasl_conn_t *
sasl_open_client(unsigned strength)
{
    sasl_conn_t *conn = NULL;

    if (sasl_client_new("imap", "127.0.0.1", NULL, NULL, NULL, 0, &conn) !=
        SASL_OK)
        abort();
    set_strength(conn, strength);
    return conn;
}

void
sasl_choose_cipher(const char *cipher)
{
    ciphers = cipher;
}

void
sasl_choose_password(bool is_right)
{
    password = is_right ? right : wrong;
}

void
sasl_authenticate(sasl_conn_t *client, sasl_conn_t *server)
{
    const char *challenge, *response, *final;
    unsigned size, response_size;

    if (sasl_server_start(server, "DIGEST-MD5", NULL, 0, &challenge, &size) !=
            SASL_CONTINUE ||
        sasl_client_start(client, "DIGEST-MD5", NULL, &response, &response_size,
                          NULL) != SASL_CONTINUE ||
        sasl_client_step(client, challenge, size, NULL, &response,
                         &response_size) != SASL_CONTINUE ||
        sasl_server_step(server, response, response_size, &final, &size) <
            SASL_OK ||
        sasl_client_step(client, final, size, NULL, &response,
                         &response_size) != SASL_OK ||
        sasl_server_step(server, "", 0, &final, &size) != SASL_OK)
        abort();
}
