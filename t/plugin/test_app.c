/*
 * Callbacks, prompts and a user database, which keep the password only for a
 * moment.
 */
#define _DEFAULT_SOURCE /* explicit_bzero */

#include "plugin/test_app.h"

#include <sasl/prop.h>
#include <stdlib.h>
#include <string.h>
#include "plugin/secret_set.h"
#include "support/application.h"

struct test_app test_app;

/* The client's temporary copies of the password. */
static union {
    sasl_secret_t secret;
    char room[sizeof(sasl_secret_t) + SECRET_SET_PASSWORD_SIZE + 1];
} given;

/* Copies the client's password; returns its size. */
static unsigned
give(char *text)
{
    secret_set_password(text);
    if (test_app.wrong_password)
        text[SECRET_SET_PASSWORD_SIZE - 1] ^= 1;
    return SECRET_SET_PASSWORD_SIZE;
}

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
        value = test_app.cipher;
    else if (strcmp(option, "digestmd5_http_algorithm") == 0)
        value = test_app.algorithm;
    else if (strcmp(option, "reauth_timeout") == 0)
        value = test_app.reauthenticates ? "10" : "0";
    return application_give(value, result, size);
}

static int
get_name(void *context, int id, const char **result, unsigned *size)
{
    (void)context;
    return application_give(id == SASL_CB_AUTHNAME ? SECRET_SET_USER : "",
                            result, size);
}

static int
get_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **secret)
{
    (void)conn;
    (void)context;
    (void)id;
    given.secret.len = give(given.room + offsetof(sasl_secret_t, data));
    *secret = &given.secret;
    return SASL_OK;
}

/* A realm can follow the name. */
static bool
is_user(const char *name, unsigned size)
{
    const size_t own_size = strlen(SECRET_SET_USER);

    return size >= own_size && memcmp(name, SECRET_SET_USER, own_size) == 0 &&
           (size == own_size || name[own_size] == '@');
}

static int
look_up(void *context, sasl_server_params_t *params, unsigned flags,
        const char *user, unsigned size)
{
    const struct propval *wanted = params->utils->prop_get(params->propctx);
    char password[SECRET_SET_PASSWORD_SIZE + 1];

    (void)context;
    if ((flags & SASL_AUXPROP_AUTHZID) != 0 || !is_user(user, size))
        return SASL_NOUSER;
    secret_set_password(password);
    for (; wanted != NULL && wanted->name != NULL; wanted++)
        if (strcmp(wanted->name, "*userPassword") == 0)
            (void)params->utils->prop_set(params->propctx, wanted->name,
                                          password, -1);
    explicit_bzero(password, sizeof(password));
    return SASL_OK;
}

/* For a program that is linked with the plugin. */
static bool
add_plugin(void)
{
    return test_app.server_init == NULL ||
           (sasl_server_add_plugin("DIGEST-MD5", test_app.server_init) ==
                SASL_OK &&
            sasl_client_add_plugin("DIGEST-MD5", test_app.client_init) ==
                SASL_OK);
}

bool
test_app_start(void)
{
    static const sasl_callback_t callbacks[] = {
        { SASL_CB_GETOPT, CALLBACK(get_option), NULL },
        { SASL_CB_GETPATH, CALLBACK(application_get_path),
          &test_app.directory },
        { SASL_CB_LOG, CALLBACK(application_drop_message), NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };

    return sasl_server_init(callbacks, "test_app") == SASL_OK &&
           sasl_client_init(callbacks) == SASL_OK &&
           application_add_store(look_up) == SASL_OK && add_plugin();
}

void
test_app_stop(void)
{
    sasl_client_done();
    sasl_server_done();
}

const sasl_callback_t *
test_app_callbacks(void)
{
    static const sasl_callback_t asked[] = {
        { SASL_CB_AUTHNAME, NULL, NULL },
        { SASL_CB_USER, CALLBACK(get_name), NULL },
        { SASL_CB_PASS, NULL, NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };
    static const sasl_callback_t called[] = {
        { SASL_CB_AUTHNAME, CALLBACK(get_name), NULL },
        { SASL_CB_USER, CALLBACK(get_name), NULL },
        { SASL_CB_PASS, CALLBACK(get_secret), NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };

    return test_app.prompts ? asked : called;
}

void
test_app_answer(sasl_interact_t *item)
{
    for (; item->id != SASL_CB_LIST_END; item++) {
        bool password = item->id == SASL_CB_PASS;

        item->result = password ? given.room : SECRET_SET_USER;
        item->len =
            password ? give(given.room) : (unsigned)strlen(SECRET_SET_USER);
    }
}

void
test_app_wipe(void)
{
    explicit_bzero(&given, sizeof(given));
}
