/*
 * A web server that admits nobody without HTTP Digest (RFC 7616), made with
 * libmicrohttpd and libsasl2.  It ends on SIGTERM.
 *
 * usage: [SASL_PATH=PLUGINS] http_server NAME=VALUE...
 *
 *   port=N             where to listen on 127.0.0.1; 0, the default: the
 *                      kernel chooses, and the line "port N" says what
 *   realm=NAME         what is protected; a part of each password's hash
 *   binding=TEXT       what a program inside TLS takes from its connection: the
 *                      data of tls-unique
 *   critical=1         clients have to bind to it
 *   min=N, max=N       0: qop auth; 1: auth-int, which covers the body too
 *   option.NAME=VALUE  an option of SASL; option.sasldb_path=FILE are the
 *                      users, made by saslpasswd2 -f FILE -u REALM USER
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sasl/sasl.h>

enum { BODY_SIZE_MAX = 1 << 20, THREAD_COUNT = 4, TIMEOUT_S = 30 };

/* A request, from its first line to the reply. */
struct request {
    char *uri; /* as it was sent, with the query */
    unsigned char body[BODY_SIZE_MAX];
    size_t size;
    const char *authorization; /* the last header of this name */
    unsigned authorization_count;
    sasl_http_request_t http; /* method: NULL until the headers are read */
};

/* Set by main; the threads only read them. */
static char **arguments;
static sasl_channel_binding_t binding;

static const char *
setting(const char *name, const char *otherwise)
{
    size_t size = strlen(name);

    for (char **next = arguments; *next != NULL; next++)
        if (strncmp(*next, name, size) == 0 && (*next)[size] == '=')
            return *next + size + 1;
    return otherwise;
}

static unsigned
number(const char *name)
{
    return (unsigned)strtoul(setting(name, "0"), NULL, 10);
}

/* Callbacks for libsasl2. */
static int
get_option(void *context, const char *plugin, const char *name,
           const char **value, unsigned *size)
{
    char argument[128];

    (void)context, (void)plugin;
    snprintf(argument, sizeof(argument), "option.%s", name);
    *value = setting(argument, NULL);
    if (*value != NULL && size != NULL)
        *size = (unsigned)strlen(*value);
    return *value == NULL ? SASL_FAIL : SASL_OK;
}

static int
write_log(void *context, int level, const char *message)
{
    (void)context;
    fprintf(stderr, "%d %s\n", level, message);
    return SASL_OK;
}

#define CALLBACK(function) ((int (*)(void))(void (*)(void))(function))

static const sasl_callback_t callbacks[] = {
    { SASL_CB_GETOPT, CALLBACK(get_option), NULL },
    { SASL_CB_LOG, CALLBACK(write_log), NULL },
    { SASL_CB_LIST_END, NULL, NULL },
};

/* All threads share one table of nonces; without these it is unprotected. */

static void *
mutex_new(void)
{
    pthread_mutex_t *mutex = malloc(sizeof(*mutex));

    if (mutex != NULL)
        pthread_mutex_init(mutex, NULL);
    return mutex;
}

static int
mutex_lock(void *mutex)
{
    return pthread_mutex_lock(mutex) == 0 ? SASL_OK : SASL_FAIL;
}

static int
mutex_unlock(void *mutex)
{
    return pthread_mutex_unlock(mutex) == 0 ? SASL_OK : SASL_FAIL;
}

static void
mutex_free(void *mutex)
{
    pthread_mutex_destroy(mutex);
    free(mutex);
}

/* Replies.  MHD_NO closes the connection. */
static enum MHD_Result
answer(struct MHD_Connection *connection, unsigned status, char *text,
       const char *header, const char *value)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), text, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_NO;

    if (response == NULL)
        return MHD_NO;
    if (MHD_add_response_header(response, "Content-Type", "text/plain") &&
        (header == NULL || MHD_add_response_header(response, header, value)))
        result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* The same with output of SASL, which does not end with a NUL. */
static enum MHD_Result
answer_with(struct MHD_Connection *connection, unsigned status, char *text,
            const char *header, const char *scheme, const char *output,
            unsigned output_size)
{
    size_t size = strlen(scheme) + output_size + 1;
    char *value = malloc(size);
    enum MHD_Result result = MHD_NO;

    if (value != NULL) {
        snprintf(value, size, "%s%.*s", scheme, (int)output_size, output);
        result = answer(connection, status, text, header, value);
    }
    free(value);
    return result;
}

static enum MHD_Result
welcome(struct MHD_Connection *connection, const struct request *request,
        sasl_conn_t *conn, const char *info, unsigned info_size)
{
    const void *user = NULL;
    char text[512];

    if (sasl_getprop(conn, SASL_USERNAME, &user) != SASL_OK)
        return MHD_NO;
    snprintf(text, sizeof(text), "%s %s %s, %zu octets\n", (const char *)user,
             request->http.method, request->uri, request->size);
    if (info == NULL || info_size == 0)
        return answer(connection, MHD_HTTP_OK, text, NULL, NULL);
    return answer_with(connection, MHD_HTTP_OK, text, "Authentication-Info", "",
                       info, info_size);
}

/* Handles one request.  SASL copies neither it nor the binding.  The nonces
 * outlive the connection. */
static sasl_conn_t *
begin(const struct request *request)
{
    sasl_security_properties_t properties = { .min_ssf = number("min"),
                                              .max_ssf = number("max"),
                                              .maxbufsize = 65536 };
    sasl_conn_t *conn = NULL;

    if (sasl_server_new("HTTP", "localhost", setting("realm", NULL), NULL, NULL,
                        NULL, SASL_NEED_HTTP | SASL_SUCCESS_DATA,
                        &conn) != SASL_OK ||
        sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK ||
        sasl_setprop(conn, SASL_HTTP_REQUEST, &request->http) != SASL_OK ||
        (binding.len > 0 &&
         sasl_setprop(conn, SASL_CHANNEL_BINDING, &binding) != SASL_OK))
        sasl_dispose(&conn);
    return conn;
}

/* Credentials may come at once, if another request got the challenge; without
 * them, NULL, this one gets it. */
static enum MHD_Result
authenticate(struct MHD_Connection *connection, const struct request *request,
             const char *credentials)
{
    sasl_conn_t *conn = begin(request);
    unsigned size = credentials == NULL ? 0 : (unsigned)strlen(credentials);
    const char *output = NULL;
    enum MHD_Result result;
    int code = SASL_FAIL;

    if (conn != NULL)
        code = sasl_server_start(conn, "DIGEST-MD5", credentials, size, &output,
                                 &size);
    if (code == SASL_OK)
        result = welcome(connection, request, conn, output, size);
    else if (code == SASL_CONTINUE) /* a first one, or a stale nonce */
        result =
            answer_with(connection, MHD_HTTP_UNAUTHORIZED, "who are you?\n",
                        "WWW-Authenticate", "Digest ", output, size);
    else if (code == SASL_BADPROT)
        result = answer(connection, MHD_HTTP_BAD_REQUEST,
                        "malformed credentials\n", NULL, NULL);
    else if (credentials != NULL) /* the reason of the refusal is not sent */
        result = authenticate(connection, request, NULL);
    else
        result = answer(connection, MHD_HTTP_INTERNAL_SERVER_ERROR,
                        "authentication impossible\n", NULL, NULL);
    sasl_dispose(&conn);
    return result;
}

static enum MHD_Result
take_header(void *context, enum MHD_ValueKind kind, const char *name,
            const char *value)
{
    struct request *request = context;

    (void)kind;
    if (strcasecmp(name, "Authorization") == 0) {
        request->authorization = value == NULL ? "" : value;
        request->authorization_count++;
    }
    return MHD_YES;
}

static enum MHD_Result
decide(struct MHD_Connection *connection, struct request *request)
{
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header,
                              request);
    if (request->authorization_count > 1)
        return answer(connection, MHD_HTTP_BAD_REQUEST,
                      "more than one Authorization\n", NULL, NULL);
    if (request->authorization_count == 1 &&
        strncasecmp(request->authorization, "Digest ", 7) == 0)
        return authenticate(connection, request, request->authorization + 7);
    return authenticate(connection, request, NULL); /* nothing, or not ours */
}

/* The callbacks of libmicrohttpd, in this order. */

/* Digest needs the URI as sent; "handle" gets a decoded one. */
static void *
begin_request(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct request *request = calloc(1, sizeof(*request));

    (void)context, (void)connection;
    if (request != NULL)
        request->uri = strdup(uri);
    return request;
}

/* Called after the headers, for each part of the body, and at the end. */
static enum MHD_Result
handle(void *context, struct MHD_Connection *connection, const char *url,
       const char *method, const char *version, const char *data, size_t *size,
       void **state)
{
    struct request *request = *state;

    (void)context, (void)url, (void)version;
    if (request == NULL || request->uri == NULL ||
        *size > BODY_SIZE_MAX - request->size)
        return MHD_NO;
    if (*size > 0) {
        memcpy(request->body + request->size, data, *size);
        request->size += *size;
        *size = 0; /* all of the data was used */
        return MHD_YES;
    }
    if (request->http.method == NULL) {
        request->http.method = method;
        return MHD_YES;
    }
    request->http.uri = request->uri;
    request->http.entity = request->body;
    request->http.elen = request->size;
    request->http.non_persist = 1; /* a sasl_conn_t sees one request only */
    return decide(connection, request);
}

static void
end_request(void *context, struct MHD_Connection *connection, void **state,
            enum MHD_RequestTerminationCode code)
{
    struct request *request = *state;

    (void)context, (void)connection, (void)code;
    if (request == NULL)
        return;
    free(request->uri);
    free(request);
}

/* What a server would get from its TLS connection. */
static void
read_binding(void)
{
    const char *data = setting("binding", "");

    binding.name = "tls-unique";
    binding.critical = (int)number("critical");
    binding.len = strlen(data);
    binding.data = (const unsigned char *)data;
}

static struct MHD_Daemon *
start_daemon(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((unsigned short)number("port")),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };

    return MHD_start_daemon(
        MHD_USE_AUTO_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL, handle,
        NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)THREAD_COUNT, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TIMEOUT_S, MHD_OPTION_URI_LOG_CALLBACK, begin_request, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, end_request, NULL, MHD_OPTION_END);
}

int
main(int argc, char **argv)
{
    struct MHD_Daemon *daemon;
    sigset_t signals;
    int received;

    arguments = argv + (argc > 0);
    read_binding();
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* the threads inherit it */
    sasl_set_mutex(mutex_new, mutex_lock, mutex_unlock, mutex_free);
    if (sasl_server_init(callbacks, "http_server") != SASL_OK ||
        (daemon = start_daemon()) == NULL) {
        fprintf(stderr, "http_server: cannot start\n");
        return 1;
    }
    printf("port %u\n",
           MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    sigwait(&signals, &received);
    MHD_stop_daemon(daemon);
    sasl_done();
    return 0;
}
