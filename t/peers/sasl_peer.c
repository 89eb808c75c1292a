/*
 * A server or a client of libsasl2 that exchanges lines with a peer over
 * standard input and output:
 *
 *   AUTH MECHANISM [BASE64|=]   client: begin, with an initial response
 *   + BASE64|=                  the next message of either side
 *   OK [BASE64|=]               server: success, with data
 *   NO                          server: failure
 *   *                           client: failure
 *   D BASE64                    octets of the layer
 *   NEXT                        client: another authentication follows
 *   QUIT                        client: the end
 *
 * usage: sasl_peer server|client NAME=VALUE...
 *
 * The names are the members of struct settings; "option.NAME" is an option of
 * SASL.  Results are written to the file "result", a line for each
 * authentication.  With "again" a side that has failed accepts one more message
 * from the other, and reports the result.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <sasl/sasl.h>
#include <sasl/saslutil.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_MAX_SIZE = 1 << 22,
    OPTION_COUNT_MAX = 32,
    MESSAGE_SIZE_MAX = 1 << 20
};

struct settings {
    const char *service, *fqdn, *realm, *user, *authname, *password;
    const char *min, *max, *maxbuf, *external, *plugins, *result, *log;
    const char *trace, *repeat, *sizes, *fragment, *interact, *proxy;
    const char *successdata, *chosenrealm, *cnonce, *again, *secondpassword;
    const char *norealm;         /* server: set no realm */
    const char *hashuser, *hash; /* server: store this secret, in hex */
    const char *without;         /* client: the callback it does not have */
    const char *unanswered;      /* client: the prompt it leaves alone */
    const char *seconduser;
    const char *error;      /* server: leaves one in OpenSSL's queue */
    const char *thread;     /* server: one that outlives libsasl2 serves */
    const char *lasting;    /* client: a name lasts longer than it has to */
    const char *laterrealm; /* server: the realm, once it has been offered */
    const char *unshown;    /* client: the library does not see data that
                               come with success */
    const char *binding, *critical; /* NAME:HEX; any value: it is */
};

struct name {
    const char *name;
    size_t offset;
};

/* clang-format off */
#define NAME(member) { #member, offsetof(struct settings, member) }
/* clang-format on */

static const struct name names[] = {
    NAME(service),     NAME(fqdn),       NAME(realm),    NAME(user),
    NAME(authname),    NAME(password),   NAME(min),      NAME(max),
    NAME(maxbuf),      NAME(external),   NAME(plugins),  NAME(result),
    NAME(log),         NAME(trace),      NAME(repeat),   NAME(sizes),
    NAME(fragment),    NAME(interact),   NAME(proxy),    NAME(successdata),
    NAME(chosenrealm), NAME(cnonce),     NAME(again),    NAME(secondpassword),
    NAME(norealm),     NAME(hashuser),   NAME(hash),     NAME(without),
    NAME(seconduser),  NAME(binding),    NAME(critical), NAME(error),
    NAME(lasting),     NAME(laterrealm), NAME(thread),   NAME(unshown),
    NAME(unanswered),
};

struct option {
    const char *name, *value;
};

static struct settings settings = {
    .service = "test",
    .fqdn = "host.example.test",
    .min = "0",
    .max = "256",
    .maxbuf = "65536",
    .external = "0",
    .repeat = "1",
    .sizes = "",
    .fragment = "0",
};
static struct option options[OPTION_COUNT_MAX];
static size_t option_count;
static FILE *result_file, *log_file, *trace_file;
static const char *current_password;
static char *line;

static _Noreturn void
die(const char *what)
{
    fprintf(stderr, "sasl_peer: %s\n", what);
    exit(3);
}

static unsigned
number(const char *text)
{
    return (unsigned)strtoul(text, NULL, 10);
}

/* Lines. */

static const char *
read_line(void)
{
    size_t size;

    if (fgets(line, LINE_MAX_SIZE, stdin) == NULL)
        return NULL;
    size = strlen(line);
    while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
        line[--size] = '\0';
    return line;
}

static void
write_line(const char *word, const char *data, unsigned size)
{
    unsigned encoded_size = size / 3 * 4 + 8;
    char *encoded = malloc(encoded_size);

    if (encoded == NULL ||
        sasl_encode64(data == NULL ? "" : data, size, encoded, encoded_size,
                      &encoded_size) != SASL_OK)
        die("cannot encode");
    if (data == NULL)
        printf("%s\n", word);
    else
        printf("%s %s\n", word, size == 0 ? "=" : encoded);
    free(encoded);
    if (fflush(stdout) != 0)
        die("cannot write");
    if (trace_file != NULL && data != NULL && word[0] != 'D')
        fprintf(trace_file, "%s %.*s\n", word, (int)size, data);
}

/* A copy of a line's argument; NULL if there is none. */
static char *
argument_of(const char *text, unsigned *size)
{
    const char *argument = strrchr(text, ' ');
    unsigned maximum;
    char *data;

    *size = 0;
    if (argument == NULL)
        return NULL;
    argument++;
    maximum = (unsigned)strlen(argument) + 1;
    data = malloc(maximum);
    if (data == NULL)
        die("no memory");
    data[0] = '\0';
    if (strcmp(argument, "=") != 0 &&
        sasl_decode64(argument, maximum - 1, data, maximum, size) != SASL_OK)
        die("not base64");
    return data;
}

/* Callbacks.  Each value is valid only as long as sasl.h says. */

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
get_path(void *context, const char **path)
{
    (void)context;
    *path = settings.plugins;
    return SASL_OK;
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

typedef int any_callback(void);
typedef void any_function(void);
#define CALLBACK(function) ((any_callback *)(any_function *)(function))

static sasl_callback_t server_callbacks[] = {
    { SASL_CB_GETOPT, CALLBACK(get_option), NULL },
    { SASL_CB_GETPATH, CALLBACK(get_path), NULL },
    { SASL_CB_LOG, CALLBACK(write_log), NULL },
    { SASL_CB_PROXY_POLICY, CALLBACK(allow_proxy), NULL },
    { SASL_CB_LIST_END, NULL, NULL },
};

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

static sasl_callback_t client_callbacks[] = {
    { SASL_CB_GETOPT, CALLBACK(get_option), NULL },
    { SASL_CB_GETPATH, CALLBACK(get_path), NULL },
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

static void
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
static void
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

/* Results. */

static void
report_failure(sasl_conn_t *conn, int code)
{
    fprintf(result_file, "failed code=%d detail=%s\n", code,
            conn == NULL ? "" : sasl_errdetail(conn));
}

static void
report_success(sasl_conn_t *conn, unsigned messages)
{
    const void *user = NULL, *authid = NULL, *ssf = NULL, *maximum = NULL;

    if (sasl_getprop(conn, SASL_USERNAME, &user) != SASL_OK ||
        sasl_getprop(conn, SASL_AUTHUSER, &authid) != SASL_OK ||
        sasl_getprop(conn, SASL_SSF, &ssf) != SASL_OK ||
        sasl_getprop(conn, SASL_MAXOUTBUF, &maximum) != SASL_OK)
        die("no properties");
    fprintf(result_file,
            "result user=%s authid=%s ssf=%u maxoutbuf=%u messages=%u\n",
            (const char *)user, (const char *)authid, *(const sasl_ssf_t *)ssf,
            *(const unsigned *)maximum, messages);
}

static void
secure(sasl_conn_t *conn)
{
    sasl_ssf_t external = number(settings.external);
    sasl_security_properties_t properties = {
        .min_ssf = number(settings.min),
        .max_ssf = number(settings.max),
        .maxbufsize = number(settings.maxbuf),
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK ||
        sasl_setprop(conn, SASL_SSF_EXTERNAL, &external) != SASL_OK)
        die("cannot set properties");
}

/* The octets of the setting after its name. */
static unsigned long
read_binding(const char **name, const unsigned char **data)
{
    static char text[256];
    static unsigned char octets[256];
    const char *hex = strchr(settings.binding, ':');
    unsigned long size = 0;

    if (hex == NULL || strlen(settings.binding) >= sizeof(text))
        die("binding is not NAME:HEX");
    snprintf(text, sizeof(text), "%.*s", (int)(hex - settings.binding),
             settings.binding);
    for (hex++; sscanf(hex, "%2hhx", &octets[size]) == 1; size++)
        hex += 2;
    *name = text;
    *data = octets;
    return size;
}

static void
bind_channel(sasl_conn_t *conn)
{
    static sasl_channel_binding_t binding;

    if (settings.binding == NULL)
        return;
    binding.len = read_binding(&binding.name, &binding.data);
    binding.critical = settings.critical != NULL;
    if (sasl_setprop(conn, SASL_CHANNEL_BINDING, &binding) != SASL_OK)
        die("cannot set the channel binding");
}

/* The layer. */

static void
send_data(sasl_conn_t *conn, const char *data, size_t size)
{
    const void *property = NULL;
    unsigned maximum;

    if (sasl_getprop(conn, SASL_MAXOUTBUF, &property) != SASL_OK)
        die("no maximum");
    maximum = *(const unsigned *)property;
    do {
        const char *encoded;
        unsigned encoded_size;
        unsigned part =
            maximum > 0 && size > maximum ? maximum : (unsigned)size;
        int code = sasl_encode(conn, data, part, &encoded, &encoded_size);

        if (code != SASL_OK) {
            report_failure(conn, code);
            exit(2);
        }
        write_line("D", encoded, encoded_size);
        data += part;
        size -= part;
    } while (size > 0);
}

/* Decodes a line, in fragments if asked to; exits after a failure. */
static char *
take_data(sasl_conn_t *conn, const char *text, size_t *size)
{
    unsigned all, step = number(settings.fragment);
    char *data = argument_of(text, &all);
    char *message = malloc(MESSAGE_SIZE_MAX);

    *size = 0;
    if (message == NULL || data == NULL)
        die("no data");
    for (unsigned used = 0; used < all;) {
        const char *decoded = NULL;
        unsigned decoded_size = 0;
        unsigned part = step == 0 || step > all - used ? all - used : step;
        int code =
            sasl_decode(conn, data + used, part, &decoded, &decoded_size);

        if (code != SASL_OK) {
            report_failure(conn, code);
            if (settings.again != NULL) {
                code = sasl_decode(conn, data, all, &decoded, &decoded_size);
                report_failure(conn, code);
            }
            exit(2);
        }
        if (*size + decoded_size > MESSAGE_SIZE_MAX)
            die("too much data");
        if (decoded_size > 0)
            memcpy(message + *size, decoded, decoded_size);
        *size += decoded_size;
        used += part;
    }
    free(data);
    return message;
}

/* Sends a message of this size and expects it back. */
static void
exchange_data(sasl_conn_t *conn, size_t size)
{
    char *data = malloc(size + 1);
    size_t received = 0;

    if (data == NULL)
        die("no memory");
    for (size_t i = 0; i < size; i++)
        data[i] = (char)(i * 31 + size);
    send_data(conn, data, size);
    do {
        const char *text = read_line();
        size_t part;
        char *echo;

        if (text == NULL || text[0] != 'D') {
            fprintf(result_file, "failed no echo\n");
            exit(2);
        }
        echo = take_data(conn, text, &part);
        if (part > size - received ||
            memcmp(data + received, echo, part) != 0) {
            fprintf(result_file, "failed echo differs\n");
            exit(2);
        }
        received += part;
        free(echo);
    } while (received < size);
    free(data);
}

static void
exchange_all(sasl_conn_t *conn)
{
    const char *rest = settings.sizes;

    while (*rest != '\0') {
        char *end;

        exchange_data(conn, strtoul(rest, &end, 10));
        rest = *end == ',' ? end + 1 : end;
    }
}

/* The server. */

/* Gives hashuser the secret hash, which no tool of Cyrus SASL can store. */
static void
store_hash(sasl_conn_t *conn)
{
    const char *wanted[] = { "cmusaslsecretDIGEST-MD5", NULL };
    struct propctx *properties = prop_new(0);
    char secret[16];

    for (size_t i = 0; i < sizeof(secret); i++) {
        char digits[3] = { 0 };

        memcpy(digits, settings.hash + 2 * i, 2);
        secret[i] = (char)strtoul(digits, NULL, 16);
    }
    if (properties == NULL || prop_request(properties, wanted) != SASL_OK ||
        prop_set(properties, wanted[0], secret, sizeof(secret)) != SASL_OK ||
        sasl_auxprop_store(conn, properties, settings.hashuser) != SASL_OK)
        die("cannot store a secret");
    prop_dispose(&properties);
}

/* A message after the failure, which must not succeed. */
static void
insist_on_serving(sasl_conn_t *conn)
{
    const char *out = NULL;
    unsigned size, out_size;
    char *in;

    if (read_line() == NULL || line[0] != '+')
        return;
    in = argument_of(line, &size);
    report_failure(conn, sasl_server_step(conn, in, size, &out, &out_size));
    free(in);
}

/* Only the plugin loads OpenSSL, whose error queue is thread-local.  The first
 * time this leaves a marked error; later error and mark must still be there.
 */
static void
use_error_queue(void)
{
    static void (*set_error)(int library, int reason, const char *format, ...);
    static unsigned long (*peek_error)(void);
    static int (*set_mark)(void), (*pop_to_mark)(void);
    void *library;

    if (settings.error == NULL)
        return;
    if (set_error != NULL) {
        if (peek_error() == 0)
            die("the error is gone");
        if (pop_to_mark() == 0 || peek_error() == 0 || set_mark() == 0)
            die("the error's mark is gone");
        return;
    }
    library = dlopen("libcrypto.so.3", RTLD_LAZY | RTLD_NOLOAD);
    if (library == NULL)
        die("OpenSSL is not here");
    *(void **)&set_error = dlsym(library, "ERR_set_error");
    *(void **)&peek_error = dlsym(library, "ERR_peek_error");
    *(void **)&set_mark = dlsym(library, "ERR_set_mark");
    *(void **)&pop_to_mark = dlsym(library, "ERR_pop_to_mark");
    if (set_error == NULL || peek_error == NULL || set_mark == NULL ||
        pop_to_mark == NULL)
        die("OpenSSL has no errors");
    ((void (*)(void))dlsym(library, "ERR_new"))();
    set_error(6, 1, NULL);
    (void)set_mark();
}

/* One authentication; the first line has been read. */
static bool
serve(sasl_conn_t *conn)
{
    unsigned size, out_size, messages = 0;
    const char *out = NULL;
    char *in;
    int code;

    if (strncmp(line, "AUTH DIGEST-MD5", 15) != 0)
        die("not AUTH");
    use_error_queue();
    in = line[15] == ' ' ? argument_of(line, &size) : NULL;
    code = sasl_server_start(conn, "DIGEST-MD5", in, in == NULL ? 0 : size,
                             &out, &out_size);
    messages += in != NULL;
    free(in);
    if (settings.laterrealm != NULL &&
        sasl_setprop(conn, SASL_DEFUSERREALM, settings.laterrealm) != SASL_OK)
        die("cannot set the realm");
    while (code == SASL_CONTINUE) {
        write_line("+", out == NULL ? "" : out, out == NULL ? 0 : out_size);
        if (read_line() == NULL || line[0] != '+') {
            fprintf(result_file, "cancelled\n");
            return false;
        }
        in = argument_of(line, &size);
        out = NULL; /* the library may leave it alone */
        code = sasl_server_step(conn, in, size, &out, &out_size);
        messages++;
        free(in);
    }
    if (code != SASL_OK) {
        report_failure(conn, code);
        write_line("NO", NULL, 0);
        if (settings.again != NULL)
            insist_on_serving(conn);
        return false;
    }
    report_success(conn, messages);
    write_line("OK", out, out == NULL ? 0 : out_size);
    return true;
}

static void
echo_all(sasl_conn_t *conn)
{
    while (read_line() != NULL && line[0] == 'D') {
        size_t size;
        char *message = take_data(conn, line, &size);

        if (size > 0 || number(settings.fragment) == 0)
            send_data(conn, message, size);
        free(message);
    }
}

/* Serves clients until QUIT. */
static bool
serve_all(void)
{
    bool good = true;

    if (read_line() == NULL)
        die("no client");
    do {
        sasl_conn_t *conn = NULL;

        if (sasl_server_new(
                settings.service, settings.fqdn,
                settings.norealm == NULL ? settings.realm : NULL, NULL, NULL,
                NULL, settings.successdata != NULL ? SASL_SUCCESS_DATA : 0,
                &conn) != SASL_OK)
            die("cannot make a connection");
        if (settings.hashuser != NULL && settings.hash != NULL &&
            strlen(settings.hash) == 32)
            store_hash(conn);
        secure(conn);
        bind_channel(conn);
        good = serve(conn);
        if (good)
            echo_all(conn);
        else
            (void)read_line();
        sasl_dispose(&conn);
    } while (strcmp(line, "NEXT") == 0 && read_line() != NULL);
    return good;
}

static pthread_barrier_t turn;

static void *
serve_in_thread(void *good)
{
    *(bool *)good = serve_all();
    (void)pthread_barrier_wait(&turn);
    (void)pthread_barrier_wait(&turn); /* libsasl2 has been stopped */
    return NULL;
}

static int
run_server(void)
{
    pthread_t thread;
    bool good = true;

    if (sasl_server_init(server_callbacks, "sasl_peer") != SASL_OK)
        die("cannot start libsasl2");
    if (settings.thread == NULL) {
        good = serve_all();
        sasl_done();
        return good ? 0 : 1;
    }
    if (pthread_barrier_init(&turn, NULL, 2) != 0 ||
        pthread_create(&thread, NULL, serve_in_thread, &good) != 0)
        die("cannot start a thread");
    (void)pthread_barrier_wait(&turn);
    sasl_done();
    (void)pthread_barrier_wait(&turn);
    (void)pthread_join(thread, NULL);
    return good ? 0 : 1;
}

/* The client. */

/* Fills the stack below, so that uninitialized variables are not zero. */
static void
litter(void)
{
    volatile char octets[16384];

    for (size_t i = 0; i < sizeof(octets); i++)
        octets[i] = 'X';
}

static int
step(sasl_conn_t *conn, bool first, const char *in, unsigned size,
     const char **out, unsigned *out_size)
{
    sasl_interact_t *prompts = NULL;
    const char *mechanism;
    int code;

    do {
        *out = NULL;
        litter();
        code = first
                   ? sasl_client_start(conn, "DIGEST-MD5", &prompts, out,
                                       out_size, &mechanism)
                   : sasl_client_step(conn, in, size, &prompts, out, out_size);
        if (code == SASL_INTERACT)
            answer(prompts);
    } while (code == SASL_INTERACT);
    return code;
}

static void
insist_on_talking(sasl_conn_t *conn)
{
    const char *out = NULL;
    unsigned size, out_size = 0;
    char *in;

    if (read_line() == NULL || line[0] != '+')
        return;
    in = argument_of(line, &size);
    report_failure(
        conn, step(conn, false, in == NULL ? "" : in, size, &out, &out_size));
    free(in);
}

/* Responds until the server accepts; true if both sides accept. */
static bool
talk(sasl_conn_t *conn)
{
    const char *out = NULL;
    unsigned size, out_size = 0, messages = 0;
    int code = step(conn, true, NULL, 0, &out, &out_size);
    bool done = false;

    if (code == SASL_OK || code == SASL_CONTINUE)
        write_line("AUTH DIGEST-MD5", out, out_size);
    messages += out != NULL;
    while ((code == SASL_OK || code == SASL_CONTINUE) && !done) {
        char *in;

        if (read_line() == NULL || strcmp(line, "NO") == 0) {
            fprintf(result_file, "refused\n");
            return false;
        }
        done = line[0] == 'O';
        if (done && settings.unshown != NULL) {
            fprintf(result_file, "unshown\n");
            return code == SASL_CONTINUE;
        }
        in = argument_of(line, &size);
        /* success may have an empty message, or none */
        if (!done || size > 0)
            code =
                step(conn, false, in == NULL ? "" : in, size, &out, &out_size);
        free(in);
        if (!done && (code == SASL_OK || code == SASL_CONTINUE)) {
            write_line("+", out == NULL ? "" : out, out == NULL ? 0 : out_size);
            messages++;
        }
    }
    if (code != SASL_OK) {
        report_failure(conn, code);
        write_line("*", NULL, 0);
        if (settings.again != NULL)
            insist_on_talking(conn);
        return false;
    }
    report_success(conn, messages);
    return true;
}

static int
run_client(void)
{
    unsigned left = number(settings.repeat);
    bool good = true;

    prepare_client();
    if (sasl_client_init(client_callbacks) != SASL_OK)
        die("cannot start libsasl2");
    while (left-- > 0) {
        sasl_conn_t *conn = NULL;

        if (sasl_client_new(
                settings.service, settings.fqdn, NULL, NULL, client_callbacks,
                settings.successdata != NULL ? SASL_SUCCESS_DATA : 0,
                &conn) != SASL_OK)
            die("cannot make a connection");
        secure(conn);
        bind_channel(conn);
        good = talk(conn);
        if (good)
            exchange_all(conn);
        sasl_dispose(&conn);
        write_line(left > 0 ? "NEXT" : "QUIT", NULL, 0);
        if (settings.secondpassword != NULL)
            current_password = settings.secondpassword;
        if (settings.seconduser != NULL)
            settings.authname = settings.seconduser;
    }
    sasl_done();
    return good ? 0 : 1;
}

static void
set(char *argument)
{
    char *value = strchr(argument, '=');

    if (value == NULL)
        die("an argument is not NAME=VALUE");
    *value++ = '\0';
    if (strncmp(argument, "option.", 7) == 0) {
        if (option_count == OPTION_COUNT_MAX)
            die("too many options");
        options[option_count++] = (struct option){ argument + 7, value };
        return;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(names[i].name, argument) != 0)
            continue;
        *(const char **)((char *)&settings + names[i].offset) = value;
        return;
    }
    die("an argument has an unknown name");
}

static FILE *
open_file(const char *name)
{
    FILE *file = name == NULL ? NULL : fopen(name, "w");

    if (name != NULL && file == NULL)
        die("cannot write to a file");
    if (file != NULL)
        setvbuf(file, NULL, _IOLBF, BUFSIZ);
    return file;
}

int
main(int argc, char **argv)
{
    bool server = argc > 1 && strcmp(argv[1], "server") == 0;

    if (argc < 2 || (!server && strcmp(argv[1], "client") != 0))
        die("usage: sasl_peer server|client NAME=VALUE...");
    for (int i = 2; i < argc; i++)
        set(argv[i]);
    line = malloc(LINE_MAX_SIZE);
    if (line == NULL)
        die("no memory");
    result_file = open_file(settings.result);
    if (result_file == NULL)
        result_file = stderr;
    log_file = open_file(settings.log);
    trace_file = open_file(settings.trace);
    current_password = settings.password;
    return server ? run_server() : run_client();
}
