/*
 * The application of the test: its callbacks, and a store with one user.
 */
#include <sasl/sasl.h>

#include <sasl/prop.h>
#include <sasl/saslplug.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differential/guard.h"
#include "differential/side.h"
#include "support/application.h"

enum { NAME_SIZE_MAX = 4096 };

static const char *plugin_directory;
static const struct input *current;

void
side_die(const char *why)
{
    (void)fprintf(stderr, "side: %s\n", why);
    exit(2);
}

void *
side_take(size_t size)
{
    void *memory = calloc(1, size);

    if (memory == NULL)
        side_die("out of memory");
    return memory;
}

char *
side_copy(const char *text)
{
    return strcpy(side_take(strlen(text) + 1), text);
}

const struct octets *
side_find(const struct input *input, const char *key)
{
    for (size_t i = 0; i < input->count; i++)
        if (strcmp(input->keys[i], key) == 0)
            return &input->values[i];
    return NULL;
}

const char *
side_value(const struct input *input, const char *key, const char *other)
{
    const struct octets *value = side_find(input, key);

    return value == NULL ? other : value->data;
}

/* Everybody may act for everybody. */
static int
allow_proxy(sasl_conn_t *conn, void *context, const char *user,
            unsigned user_size, const char *authid, unsigned authid_size,
            const char *realm, unsigned realm_size, struct propctx *properties)
{
    (void)conn;
    (void)context;
    (void)user;
    (void)user_size;
    (void)authid;
    (void)authid_size;
    (void)realm;
    (void)realm_size;
    (void)properties;
    return SASL_OK;
}

static int
get_name(void *context, int id, const char **result, unsigned *size)
{
    (void)context;
    return application_give(
        side_value(current, id == SASL_CB_AUTHNAME ? "user" : "authz",
                   id == SASL_CB_AUTHNAME ? "u" : ""),
        result, size);
}

static int
get_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **secret)
{
    static union {
        sasl_secret_t secret;
        char room[sizeof(sasl_secret_t) + NAME_SIZE_MAX];
    } given;
    const char *password = side_value(current, "password", "p");
    size_t size = strlen(password);

    (void)conn;
    (void)context;
    (void)id;
    if (size >= NAME_SIZE_MAX)
        side_die("a password is too long");
    given.secret.len = size;
    memcpy(given.room + offsetof(sasl_secret_t, data), password, size + 1);
    *secret = &given.secret;
    return SASL_OK;
}

static int
get_realm(void *context, int id, const char **realms, const char **result)
{
    (void)context;
    (void)id;
    *result = side_value(current, "chosen", realms[0]);
    return *result == NULL ? SASL_FAIL : SASL_OK;
}

/* The names that canon_user may give the user of the input. */
static bool
is_stored(const char *user, unsigned size)
{
    const struct octets *stored = side_find(current, "stored");
    char name[NAME_SIZE_MAX];

    if (stored != NULL)
        return stored->size == size && memcmp(stored->data, user, size) == 0;
    (void)snprintf(name, sizeof(name), "%s@%s",
                   side_value(current, "user", "u"),
                   side_value(current, "realm", "r"));
    return strlen(name) == size && memcmp(name, user, size) == 0;
}

static int
look_up(void *context, sasl_server_params_t *params, unsigned flags,
        const char *user, unsigned size)
{
    const struct propval *wanted = params->utils->prop_get(params->propctx);

    (void)context;
    if ((flags & SASL_AUXPROP_AUTHZID) != 0)
        return SASL_OK;
    if (!is_stored(user, size))
        return SASL_NOUSER;
    for (; wanted != NULL && wanted->name != NULL; wanted++)
        if (strcmp(wanted->name, "*userPassword") == 0)
            (void)params->utils->prop_set(params->propctx, wanted->name,
                                          side_value(current, "password", "p"),
                                          -1);
    return SASL_OK;
}

static const sasl_callback_t library_callbacks[] = {
    { SASL_CB_GETOPT, CALLBACK(application_use_store), NULL },
    { SASL_CB_GETPATH, CALLBACK(application_get_path), &plugin_directory },
    { SASL_CB_LOG, CALLBACK(application_drop_message), NULL },
    { SASL_CB_PROXY_POLICY, CALLBACK(allow_proxy), NULL },
    { SASL_CB_LIST_END, NULL, NULL },
};

static const sasl_callback_t client_callbacks[] = {
    { SASL_CB_AUTHNAME, CALLBACK(get_name), NULL },
    { SASL_CB_USER, CALLBACK(get_name), NULL },
    { SASL_CB_PASS, CALLBACK(get_secret), NULL },
    { SASL_CB_GETREALM, CALLBACK(get_realm), NULL },
    { SASL_CB_LIST_END, NULL, NULL },
};

void
side_start(const char *directory)
{
    plugin_directory = directory;
    guard_start();
    if (sasl_server_init(library_callbacks, "differential") != SASL_OK ||
        sasl_client_init(library_callbacks) != SASL_OK ||
        application_add_store(look_up) != SASL_OK)
        side_die("libsasl2 does not start");
}

static unsigned
number(const struct input *input, const char *key, unsigned other)
{
    const char *value = side_value(input, key, NULL);

    return value == NULL ? other : (unsigned)strtoul(value, NULL, 10);
}

static void
secure(sasl_conn_t *conn, const struct input *input)
{
    sasl_security_properties_t properties = {
        .min_ssf = number(input, "min", 0),
        .max_ssf = number(input, "max", 0),
        .maxbufsize = number(input, "maxbuf", 65536),
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK)
        side_die("no security properties");
}

sasl_conn_t *
side_open_server(const struct input *input)
{
    sasl_conn_t *conn = NULL;

    current = input;
    if (sasl_server_new(side_value(input, "service", "imap"),
                        side_value(input, "fqdn", "h"),
                        side_value(input, "realm", "r"), NULL, NULL, NULL,
                        SASL_SUCCESS_DATA, &conn) != SASL_OK)
        return NULL;
    secure(conn, input);
    return conn;
}

sasl_conn_t *
side_open_client(const struct input *input)
{
    sasl_conn_t *conn = NULL;

    current = input;
    if (sasl_client_new(side_value(input, "service", "imap"),
                        side_value(input, "fqdn", "h"), NULL, NULL,
                        client_callbacks, SASL_SUCCESS_DATA, &conn) != SASL_OK)
        return NULL;
    secure(conn, input);
    return conn;
}

void
side_tell(struct outcome *outcome, const char *name, const char *data,
          size_t size)
{
    size_t used = strlen(outcome->details);
    char *end = outcome->details + sizeof(outcome->details);
    char *text = outcome->details + used;

    text += snprintf(text, (size_t)(end - text), "%s%s=", used > 0 ? " " : "",
                     name);
    for (size_t i = 0; i < size && end - text > 4; i++) {
        unsigned char octet = (unsigned char)data[i];

        text += snprintf(text, (size_t)(end - text),
                         octet > ' ' && octet < 0x7f && octet != '%' ? "%c"
                                                                     : "%%%02x",
                         octet);
    }
}

static void
tell_property(struct outcome *outcome, sasl_conn_t *conn, int property,
              const char *name)
{
    const void *value = NULL;

    if (sasl_getprop(conn, property, &value) == SASL_OK && value != NULL)
        side_tell(outcome, name, value, strlen(value));
}

void
side_tell_end(struct outcome *outcome, sasl_conn_t *conn)
{
    const void *ssf = NULL;
    char text[16];

    tell_property(outcome, conn, SASL_USERNAME, "user");
    tell_property(outcome, conn, SASL_AUTHUSER, "authid");
    if (sasl_getprop(conn, SASL_SSF, &ssf) != SASL_OK || ssf == NULL)
        return;
    (void)snprintf(text, sizeof(text), "%u", *(const sasl_ssf_t *)ssf);
    side_tell(outcome, "ssf", text, strlen(text));
}
