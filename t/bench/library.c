/*
 * Sets up libsasl2 for the benchmark: one plugin, no files, no syslog, and one
 * account in memory, so that no database is measured.
 */
/* For realpath(). */
#define _XOPEN_SOURCE 700

#include "bench/pair.h"
#include "bench/die.h"
#include "support/application.h"

#include <sasl/prop.h>
#include <sasl/saslplug.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char user_name[] = "alice";
static _Thread_local char thread_user[sizeof(user_name) + 10] = "alice";
static const char password[] = "correct horse battery staple";

/* The directory that libsasl2 searches, and the link in it. */
static const char search_pattern[] = "/tmp/sasl-bench-XXXXXX";
static char search_dir[sizeof(search_pattern)];
static const char *search_path = search_dir;
static char plugin_link[sizeof(search_dir) + 32];

/* Reauthentication is off in the other rows, because it would keep state. */
static bool want_reauthentication;
static const char *want_cipher;

static const char *
find_option(const char *option)
{
    if (strcmp(option, "auxprop_plugin") == 0)
        return "store";
    if (strcmp(option, "mech_list") == 0)
        return "DIGEST-MD5";
    if (strcmp(option, "digestmd5_ciphers") == 0)
        return want_cipher;
    if (strcmp(option, "reauth_timeout") == 0)
        return want_reauthentication ? "10" : "0";
    return NULL;
}

/* The look-up of options belongs to the application and should cost little, so
 * it first compares the initial letters. */
static int
get_option(void *context, const char *plugin, const char *option,
           const char **result, unsigned *length)
{
    const char *value = NULL;

    (void)context;
    (void)plugin;
    if (*option == 'a' || *option == 'm' || *option == 'r' ||
        (*option == 'd' && want_cipher != NULL))
        value = find_option(option);
    return application_give(value, result, length);
}

static int
get_name(void *context, int id, const char **result, unsigned *length)
{
    (void)context;
    (void)id;
    return application_give(thread_user, result, length);
}

static int
get_secret(sasl_conn_t *connection, void *context, int id,
           sasl_secret_t **secret)
{
    /* A sasl_secret_t ends with its text; the union adds the room for it. */
    static _Thread_local union {
        sasl_secret_t secret;
        char room[sizeof(sasl_secret_t) + sizeof(password)];
    } kept;

    (void)connection;
    (void)context;
    (void)id;
    kept.secret.len = sizeof(password) - 1;
    memcpy(kept.room + offsetof(sasl_secret_t, data), password,
           sizeof(password));
    *secret = &kept.secret;
    return SASL_OK;
}

/* The password, under any of the names that plugins request. */
static int
store_lookup(void *context, sasl_server_params_t *params, unsigned flags,
             const char *user, unsigned length)
{
    const sasl_utils_t *utils = params->utils;
    const struct propval *wanted = utils->prop_get(params->propctx);
    const char *name;

    (void)context;
    if (length < sizeof(user_name) - 1 ||
        memcmp(user, user_name, sizeof(user_name) - 1) != 0)
        return SASL_NOUSER;
    for (; wanted != NULL && wanted->name != NULL; wanted++) {
        name = wanted->name;
        /* A star marks properties of the authentication identity. */
        if ((*name == '*') == ((flags & SASL_AUXPROP_AUTHZID) != 0))
            continue;
        if (*name == '*')
            name++;
        if (strcmp(name, SASL_AUX_PASSWORD_PROP) == 0 &&
            (wanted->values == NULL || (flags & SASL_AUXPROP_OVERRIDE) != 0))
            (void)utils->prop_set(params->propctx, wanted->name, password,
                                  (int)sizeof(password) - 1);
    }
    return SASL_OK;
}

static bool
name_search_dir(void)
{
    memcpy(search_dir, search_pattern, sizeof(search_dir));
    return mkdtemp(search_dir) != NULL;
}

/* A directory with only the plugin, because libsasl2 loads all files there. */
static int
make_search_dir(const char *plugin_dir)
{
    char name[4096];
    char *plugin;
    int failed;

    (void)snprintf(name, sizeof(name), "%s/libdigestmd5.so", plugin_dir);
    plugin = realpath(name, NULL);
    if (plugin == NULL)
        return fail("%s not found", name);
    if (!name_search_dir()) {
        free(plugin);
        return fail("cannot create %s", search_dir);
    }
    (void)snprintf(plugin_link, sizeof(plugin_link), "%s/libdigestmd5.so",
                   search_dir);
    failed = symlink(plugin, plugin_link);
    free(plugin);
    if (failed != 0) {
        (void)rmdir(search_dir);
        return fail("cannot create %s", plugin_link);
    }
    return 0;
}

int
pair_library_load(enum side side)
{
    static const sasl_callback_t callbacks[] = {
        { SASL_CB_GETOPT, CALLBACK(get_option), NULL },
        { SASL_CB_GETPATH, CALLBACK(application_get_path), &search_path },
        { SASL_CB_LOG, CALLBACK(application_drop_message), NULL },
        { SASL_CB_USER, CALLBACK(get_name), NULL },
        { SASL_CB_AUTHNAME, CALLBACK(get_name), NULL },
        { SASL_CB_PASS, CALLBACK(get_secret), NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };

    if (side != SIDE_CLIENT &&
        sasl_server_init(callbacks, "sasl-digest-bench") != SASL_OK)
        return fail("sasl_server_init failed");
    if (side != SIDE_SERVER && sasl_client_init(callbacks) != SASL_OK)
        return fail("sasl_client_init failed");
    if (application_add_store(store_lookup) != SASL_OK)
        return fail("sasl_auxprop_add_plugin failed");
    return 0;
}

int
pair_library_prepare(const char *plugin_dir, enum kind kind)
{
    want_reauthentication = kind == KIND_REAUTH;
    want_cipher = layer_kinds[kind].cipher;
    if (plugin_dir != NULL)
        return make_search_dir(plugin_dir);
    return name_search_dir() ? 0 : fail("cannot create %s", search_dir);
}

void
pair_library_tidy(void)
{
    (void)unlink(plugin_link);
    (void)rmdir(search_dir);
}

int
pair_library_start(const char *plugin_dir, enum kind kind)
{
    int status = pair_library_prepare(plugin_dir, kind);

    if (status == 0) {
        status = pair_library_load(SIDES);
        pair_library_tidy();
    }
    return status;
}

/* On separate cache lines. */
static void *
new_mutex(void)
{
    enum { LINES = 128 };
    pthread_mutex_t *mutex = aligned_alloc(LINES, LINES);

    if (mutex != NULL)
        (void)pthread_mutex_init(mutex, NULL);
    return mutex;
}

static int
lock_mutex(void *mutex)
{
    return pthread_mutex_lock(mutex);
}

static int
unlock_mutex(void *mutex)
{
    return pthread_mutex_unlock(mutex);
}

static void
free_mutex(void *mutex)
{
    (void)pthread_mutex_destroy(mutex);
    free(mutex);
}

void
pair_library_lock(void)
{
    sasl_set_mutex(new_mutex, lock_mutex, unlock_mutex, free_mutex);
}

void
pair_user(unsigned number)
{
    (void)snprintf(thread_user, sizeof(thread_user), "%s%u", user_name, number);
}

void
pair_library_stop(void)
{
    sasl_client_done();
    sasl_server_done();
}
