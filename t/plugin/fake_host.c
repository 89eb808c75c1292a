/*
 * A program that loads the plugin like libsasl2, with the layout of
 * sasl_utils_t in the header of the build.  As in libsasl2, the member
 * "version" has no meaning: the argument sets it.  With "empty" the functions
 * are missing.
 *
 * usage: fake_host PLUGIN [VERSION | empty]
 *
 * Prints the results of the entry points, the log, and the challenges of a
 * server and of a server without name and realm.
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sasl/prop.h>
#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <sasl/saslutil.h>

static void
print_log(sasl_conn_t *conn, int level, const char *format, ...)
{
    va_list arguments;

    (void)conn;
    va_start(arguments, format);
    printf("log %d ", level);
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
}

static void
set_error(sasl_conn_t *conn, unsigned flags, const char *format, ...)
{
    (void)conn;
    (void)flags;
    (void)format;
}

static int
get_option(void *context, const char *plugin, const char *name,
           const char **value, unsigned *size)
{
    (void)context;
    (void)plugin;
    (void)name;
    (void)value;
    (void)size;
    return SASL_FAIL;
}

static void
erase(char *octets, unsigned size)
{
    memset(octets, 0, size);
}

static int
print_challenge(sasl_conn_t *conn, char *text, unsigned size, unsigned flag)
{
    (void)conn;
    (void)flag;
    return snprintf(text, size, "<challenge>");
}

static void
no_random(sasl_rand_t *pool, char *octets, unsigned size)
{
    (void)pool;
    memset(octets, 0, size);
}

static int
get_property(sasl_conn_t *conn, int number, const void **value)
{
    (void)conn;
    (void)number;
    *value = NULL;
    return SASL_FAIL;
}

/* Only the octets at the spare pointers of both layouts matter. */
static const sasl_utils_t utils_of_header = {
    .mkchal = print_challenge,
    .utf8verify = sasl_utf8verify,
    .rand = no_random,
    .decode64 = sasl_decode64,
    .encode64 = sasl_encode64,
    .getprop = get_property,
    .prop_new = prop_new,
    .prop_dup = prop_dup,
    .prop_request = prop_request,
    .prop_get = prop_get,
    .prop_getnames = prop_getnames,
    .prop_clear = prop_clear,
    .prop_dispose = prop_dispose,
    .prop_format = prop_format,
    .prop_set = prop_set,
    .prop_setvals = prop_setvals,
    .prop_erase = prop_erase,
    .getopt = get_option,
    .malloc = malloc,
    .calloc = calloc,
    .realloc = realloc,
    .free = free,
    .erasebuffer = erase,
    .log = print_log,
    .seterror = set_error,
};

static void *
find(void *library, const char *name)
{
    void *symbol = dlsym(library, name);

    if (symbol == NULL) {
        fprintf(stderr, "fake_host: %s\n", dlerror());
        exit(2);
    }
    return symbol;
}

/* With a host name, or without any name. */
static void
challenge(const sasl_server_plug_t *plugin, const sasl_utils_t *utils,
          const char *word, const char *host)
{
    sasl_server_params_t params;
    sasl_out_params_t out;
    const char *output = NULL;
    unsigned size = 0;
    void *context = NULL;
    int code;

    memset(&params, 0, sizeof(params));
    memset(&out, 0, sizeof(out));
    params.service = "test";
    params.serverFQDN = host;
    params.utils = utils;
    params.props.max_ssf = 256;
    params.props.maxbufsize = 65536;
    code = plugin->mech_new(plugin->glob_context, &params, NULL, 0, &context);
    if (code == SASL_OK)
        code =
            plugin->mech_step(context, &params, NULL, 0, &output, &size, &out);
    printf("%s %d %.*s\n", word, code, (int)size, output);
    plugin->mech_dispose(context, utils);
}

/* libsasl2 passes its own connection in place of the plugin's. */
static void *const not_ours = (void *)1;

static int
open_server(void *library, const sasl_utils_t *utils)
{
    sasl_server_plug_init_t *init;
    sasl_server_plug_t *plugins = NULL;
    int version = 0, count = 0, code;
    void *symbol = find(library, "sasl_server_plug_init");

    memcpy(&init, &symbol, sizeof(init));
    code = init(utils, SASL_SERVER_PLUG_VERSION, &version, &plugins, &count);
    printf("server %d\n", code);
    if (code != SASL_OK)
        return code;
    challenge(plugins, utils, "challenge", "host.example.test");
    challenge(plugins, utils, "bare", NULL);
    if (plugins->idle != NULL)
        (void)plugins->idle(plugins->glob_context, not_ours, NULL);
    plugins->mech_free(plugins->glob_context, utils);
    return SASL_OK;
}

static int
open_client(void *library, const sasl_utils_t *utils)
{
    sasl_client_plug_init_t *init;
    sasl_client_plug_t *plugins = NULL;
    int version = 0, count = 0, code;
    void *symbol = find(library, "sasl_client_plug_init");

    memcpy(&init, &symbol, sizeof(init));
    code = init(utils, SASL_CLIENT_PLUG_VERSION, &version, &plugins, &count);
    printf("client %d\n", code);
    if (code != SASL_OK)
        return code;
    if (plugins->idle != NULL)
        (void)plugins->idle(plugins->glob_context, not_ours, NULL);
    plugins->mech_free(plugins->glob_context, utils);
    return SASL_OK;
}

int
main(int argc, char **argv)
{
    sasl_utils_t utils = utils_of_header;
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    int server, client;

    if (library == NULL) {
        fprintf(stderr, "fake_host: %s\n",
                argc > 1 ? dlerror()
                         : "usage: fake_host PLUGIN [VERSION | empty]");
        return 2;
    }
    if (argc > 2 && strcmp(argv[2], "empty") == 0)
        memset(&utils, 0, sizeof(utils));
    else if (argc > 2)
        utils.version = (int)strtol(argv[2], NULL, 10);
    server = open_server(library, &utils);
    client = open_client(library, &utils);
    return server == SASL_OK && client == SASL_OK ? 0 : 1;
}
