/*
 * The callbacks.  Each value is valid only as long as sasl.h says.
 */
#include "peers/sasl_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/application.h"

static const char *
keep(char *memory, size_t size, const char *text)
{
    if (text == NULL)
        return NULL;
    if (strlen(text) >= size)
        die("a value is too long");
    memset(memory, '#', size);
    memcpy(memory, text, strlen(text) + 1);
    return memory;
}

static int
get_option(void *context, const char *plugin, const char *name,
           const char **value, unsigned *size)
{
    static char kept[4096]; /* until the next option is requested */

    bool strict = plugin != NULL && strcmp(plugin, "DIGEST-MD5") == 0;

    (void)context;
    for (size_t i = option_count; i-- > 0;) { /* the last one counts */
        if (strcmp(options[i].name, name) != 0)
            continue;
        /* ldapdb and sql keep the pointer */
        *value = strict ? keep(kept, sizeof(kept), options[i].value)
                        : options[i].value;
        if (size != NULL)
            *size = (unsigned)strlen(options[i].value);
        return SASL_OK;
    }
    return SASL_FAIL;
}

static int
write_log(void *context, int level, const char *message)
{
    (void)context;
    if (log_file != NULL)
        fprintf(log_file, "%d %s\n", level, message);
    return SASL_OK;
}

static int
allow_proxy(sasl_conn_t *conn, void *context, const char *user,
            unsigned user_size, const char *authid, unsigned authid_size,
            const char *realm, unsigned realm_size, struct propctx *properties)
{
    (void)conn;
    (void)context;
    (void)realm;
    (void)realm_size;
    (void)properties;
    if (user_size == authid_size && memcmp(user, authid, user_size) == 0)
        return SASL_OK;
    return settings.proxy != NULL ? SASL_OK : SASL_NOAUTHZ;
}

static int
get_simple(void *context, int id, const char **value, unsigned *size)
{
    static char kept[2][4096]; /* until the next name is requested */
    size_t place = settings.lasting != NULL && id == SASL_CB_USER ? 1 : 0;

    (void)context;
    *value = keep(kept[place], sizeof(kept[place]),
                  id == SASL_CB_USER       ? settings.user
                  : id == SASL_CB_AUTHNAME ? settings.authname
                                           : settings.cnonce);
    if (size != NULL)
        *size = *value == NULL ? 0 : (unsigned)strlen(*value);
    return SASL_OK;
}

static int
get_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **secret)
{
    static sasl_secret_t *kept;
    size_t size = strlen(current_password);

    (void)conn;
    (void)context;
    (void)id;
    free(kept);
    kept = calloc(1, sizeof(*kept) + size + 1);
    if (kept == NULL)
        return SASL_NOMEM;
    kept->len = size;
    memcpy(kept->data, current_password, size);
    *secret = kept;
    return SASL_OK;
}

static int
get_realm(void *context, int id, const char **realms, const char **value)
{
    (void)context;
    (void)id;
    for (size_t i = 0; trace_file != NULL && realms[i] != NULL; i++)
        fprintf(trace_file, "realm %s\n", realms[i]);
    *value = settings.chosenrealm;
    return settings.chosenrealm == NULL ? SASL_FAIL : SASL_OK;
}

/* prepare_client removes or empties the last ones. */
enum { CLIENT_ASKING = 4 };

/* Like an application that uses the name as a C string. */
static int
check_name(sasl_conn_t *conn, void *context, const char *name, unsigned size,
           unsigned flags, const char *realm, char *out, unsigned out_max,
           unsigned *out_size)
{
    (void)conn;
    (void)context;
    (void)flags;
    (void)realm;
    if (strlen(name) != size)
        die("a name does not end where it should");
    if (size >= out_max)
        return SASL_BUFOVER;
    memcpy(out, name, size + 1);
    *out_size = size;
    return SASL_OK;
}

/* Like an application that does not know one user. */
static int
know_name(sasl_conn_t *conn, void *context, const char *name, unsigned size,
          unsigned flags, const char *realm, char *out, unsigned out_max,
          unsigned *out_size)
{
    return strcmp(name, settings.stranger) == 0
               ? SASL_NOAUTHZ
               : check_name(conn, context, name, size, flags, realm, out,
                            out_max, out_size);
}

sasl_callback_t server_callbacks[] = {
    { SASL_CB_GETOPT, CALLBACK(get_option), NULL },
    { SASL_CB_GETPATH, CALLBACK(application_get_path), &settings.plugins },
    { SASL_CB_LOG, CALLBACK(write_log), NULL },
    { SASL_CB_PROXY_POLICY, CALLBACK(allow_proxy), NULL },
    { SASL_CB_CANON_USER, CALLBACK(know_name), NULL },
    { SASL_CB_LIST_END, NULL, NULL },
};

void
prepare_server(void)
{
    if (settings.stranger == NULL)
        server_callbacks[sizeof(server_callbacks) / sizeof(*server_callbacks) -
                         2]
            .id = SASL_CB_LIST_END;
}

sasl_callback_t client_callbacks[] = {
    { SASL_CB_GETOPT, CALLBACK(get_option), NULL },
    { SASL_CB_GETPATH, CALLBACK(application_get_path), &settings.plugins },
    { SASL_CB_LOG, CALLBACK(write_log), NULL },
    { SASL_CB_CANON_USER, CALLBACK(check_name), NULL },
    { SASL_CB_AUTHNAME, CALLBACK(get_simple), NULL },
    { SASL_CB_USER, CALLBACK(get_simple), NULL },
    { SASL_CB_PASS, CALLBACK(get_secret), NULL },
    { SASL_CB_GETREALM, CALLBACK(get_realm), NULL },
    { SASL_CB_CNONCE, CALLBACK(get_simple), NULL },
    { SASL_CB_LIST_END, NULL, NULL },
};

static bool
is_named(unsigned long id, const char *setting)
{
    const char *name = id == SASL_CB_USER       ? "user"
                       : id == SASL_CB_AUTHNAME ? "authname"
                       : id == SASL_CB_PASS     ? "password"
                                                : NULL;

    return setting != NULL && name != NULL && strcmp(setting, name) == 0;
}

void
prepare_client(void)
{
    size_t i = CLIENT_ASKING;

    for (; client_callbacks[i].id != SASL_CB_LIST_END; i++) {
        if (settings.interact != NULL)
            client_callbacks[i].proc = NULL;
        if (is_named(client_callbacks[i].id, settings.without))
            client_callbacks[i].id = SASL_CB_LANGUAGE;
        if ((client_callbacks[i].id == SASL_CB_GETREALM &&
             settings.chosenrealm == NULL && settings.interact == NULL) ||
            (client_callbacks[i].id == SASL_CB_CNONCE &&
             (settings.cnonce == NULL || settings.interact != NULL)))
            client_callbacks[i].id = SASL_CB_LANGUAGE; /* not requested */
    }
}

/* Answers prompts like a user; values that are not set stay unanswered. */
void
answer(sasl_interact_t *prompt)
{
    for (; prompt->id != SASL_CB_LIST_END; prompt++) {
        const char *text = prompt->id == SASL_CB_USER       ? settings.user
                           : prompt->id == SASL_CB_AUTHNAME ? settings.authname
                           : prompt->id == SASL_CB_PASS     ? current_password
                                                        : settings.chosenrealm;

        if (trace_file != NULL)
            fprintf(trace_file, "prompt %lx %s\n", prompt->id,
                    prompt->challenge);
        if (is_named(prompt->id, settings.unanswered))
            continue;
        prompt->result = text;
        prompt->len = text == NULL ? 0 : (unsigned)strlen(text);
    }
}
