/*
 * Other mechanisms are not loaded, nor another plugin for this one; plugins
 * with user databases are.  A second mechanism, which talks to nobody, looks
 * users up: only a mechanism is given the functions for that.
 */
#include "config/session.h"

#include <stdio.h>

#include "explain/report.h"
#include "secrets.h"

enum { MESSAGE_SIZE = 4096, BUFFER_SIZE = 65536, SSF_ANY = 256 };

#define LOOKUP_MECHANISM "X-LOOKUP"
#define OPTIONS HOST_MECHANISM ": option "

static const struct settings *current;

/* What the lookup mechanism looks up. */
static struct {
    const struct wdigest_claim *claim;
    wdigest_candidate *candidate;
    void *candidates;
    enum reason reason;
    char trace[SECRETS_TRACE_SIZE];
} task;

/* Options that are not for this program. */
static bool
is_hidden(const char *name)
{
    static const char *const names[] = { "mech_list", "log_level",
                                         "digestmd5_nonce_store",
                                         "pwcheck_method" };

    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static int
get_option(void *context, const char *plugin, const char *name,
           const char **value, unsigned *size)
{
    (void)context;
    (void)plugin;
    return is_hidden(name) ? SASL_FAIL
                           : settings_answer(current, name, value, size);
}

/* The plugin is linked into this program. */
static int
verify_file(void *context, const char *file, sasl_verify_type_t type)
{
    (void)context;
    return type == SASL_VRFY_PLUGIN && strstr(file, "libdigestmd5") != NULL
               ? SASL_CONTINUE
               : SASL_OK;
}

/* Errors, as those of a database.  Those about options have been told. */
static int
log_line(void *context, int level, const char *message)
{
    (void)context;
    if (level <= SASL_LOG_ERR && level != SASL_LOG_NONE &&
        strncmp(message, OPTIONS, strlen(OPTIONS)) != 0)
        report(MARK_WRONG, "log", "%s", report_line(slice_of_string(message)));
    return SASL_OK;
}

typedef int sasl_function(void);
typedef void any_function(void);

static const sasl_callback_t *
callbacks(void)
{
    static sasl_callback_t rows[] = {
        { SASL_CB_GETOPT, NULL, NULL },
        { SASL_CB_VERIFYFILE, NULL, NULL },
        { SASL_CB_LOG, NULL, NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };

    rows[0].proc = (sasl_function *)(any_function *)get_option;
    rows[1].proc = (sasl_function *)(any_function *)verify_file;
    rows[2].proc = (sasl_function *)(any_function *)log_line;
    return rows;
}

static void
ignore_line(sasl_conn_t *conn, int level, const char *format, ...)
{
    (void)conn;
    (void)level;
    (void)format;
}

sasl_server_plug_init_t sasl_server_plug_init;

/* What the plugin logs at its start has been told. */
static int
start_plugin(const sasl_utils_t *utils, int maxversion, int *out_version,
             sasl_server_plug_t **pluglist, int *plugcount)
{
    static sasl_utils_t quiet;

    quiet = *utils;
    quiet.log = ignore_line;
    return sasl_server_plug_init(&quiet, maxversion, out_version, pluglist,
                                 plugcount);
}

static int
lookup_new(void *glob_context, sasl_server_params_t *params,
           const char *challenge, unsigned challenge_size, void **conn_context)
{
    (void)glob_context;
    (void)params;
    (void)challenge;
    (void)challenge_size;
    *conn_context = NULL;
    return SASL_OK;
}

/* Nobody is ever logged in. */
static int
lookup_step(void *conn_context, sasl_server_params_t *params, const char *input,
            unsigned input_size, const char **output, unsigned *output_size,
            sasl_out_params_t *oparams)
{
    static const struct wdigest_policy policy;
    const struct secrets secrets = { params, &policy, oparams, task.trace };

    (void)conn_context;
    (void)input;
    (void)input_size;
    *output = NULL;
    *output_size = 0;
    task.reason =
        secrets_lookup(&secrets, task.claim, task.candidate, task.candidates);
    return SASL_FAIL;
}

static void
lookup_dispose(void *conn_context, const sasl_utils_t *utils)
{
    (void)conn_context;
    (void)utils;
}

static int
start_lookup(const sasl_utils_t *utils, int maxversion, int *out_version,
             sasl_server_plug_t **pluglist, int *plugcount)
{
    static sasl_server_plug_t plugin = {
        .mech_name = LOOKUP_MECHANISM,
        .mech_new = lookup_new,
        .mech_step = lookup_step,
        .mech_dispose = lookup_dispose,
    };

    (void)utils;
    (void)maxversion;
    *out_version = SASL_SERVER_PLUG_VERSION;
    *pluglist = &plugin;
    *plugcount = 1;
    return SASL_OK;
}

const char *
session_start(const struct session *session)
{
    current = session->settings;
    /* without a name the library reads no file */
    if (sasl_server_init(callbacks(), NULL) != SASL_OK)
        return "libsasl2 cannot be started";
    if (sasl_server_add_plugin("digestmd5", start_plugin) == SASL_OK &&
        sasl_server_add_plugin("lookup", start_lookup) == SASL_OK)
        return NULL;
    session_stop();
    return "the plugin cannot be started: OpenSSL or the system forbids MD5, "
           "or this libsasl2 has another interface";
}

void
session_stop(void)
{
    sasl_done();
}

/* NULL after a failure, which has been reported. */
static sasl_conn_t *
begin(const struct session *session)
{
    const sasl_security_properties_t properties = {
        .max_ssf = SSF_ANY,
        .maxbufsize = BUFFER_SIZE,
    };
    sasl_conn_t *connection = NULL;
    int code = sasl_server_new(session->service, session->host, session->realm,
                               NULL, NULL, NULL, 0, &connection);

    if (code == SASL_OK)
        code = sasl_setprop(connection, SASL_SEC_PROPS, &properties);
    if (code == SASL_OK)
        return connection;
    report(MARK_WRONG, "libsasl2", "%s", sasl_errstring(code, NULL, NULL));
    sasl_dispose(&connection);
    return NULL;
}

struct slice
session_challenge(const struct session *session)
{
    static uint8_t message[MESSAGE_SIZE];
    struct writer writer = writer_over(message, sizeof(message));
    sasl_conn_t *connection = begin(session);
    const char *text = NULL;
    unsigned size = 0;
    int code;

    if (connection == NULL)
        return SLICE_NONE;
    code = sasl_server_start(connection, HOST_MECHANISM, NULL, 0, &text, &size);
    if (code == SASL_CONTINUE)
        writer_put(&writer, slice_of(text, size));
    else
        report(MARK_WRONG, "challenge", "none: %s",
               sasl_errstring(code, NULL, NULL));
    sasl_dispose(&connection);
    return code == SASL_CONTINUE ? writer_result(&writer) : SLICE_NONE;
}

enum reason
session_lookup(const struct session *session, const struct wdigest_claim *claim,
               wdigest_candidate *candidate, void *candidates)
{
    sasl_conn_t *connection = begin(session);
    const char *text = NULL;
    unsigned size = 0;

    if (connection == NULL)
        return REASON_INTERNAL;
    task.claim = claim;
    task.candidate = candidate;
    task.candidates = candidates;
    task.reason = REASON_INTERNAL;
    task.trace[0] = '\0';
    (void)sasl_server_start(connection, LOOKUP_MECHANISM, NULL, 0, &text,
                            &size);
    sasl_dispose(&connection);
    return task.reason;
}

const char *
session_trace(void)
{
    return task.trace;
}
