/*
 * An HTTP client that authenticates through libsasl2.
 *
 * usage: http_client HOST PORT URI USER PASSWORD [METHOD [BODY]] NAME=VALUE...
 *
 *   plugins=DIRECTORY  the SASL plugins
 *   min=N, max=N       0: qop auth; 1: auth-int
 *   repeat=N           N requests, each on its own connections
 *   mutual=N           not 0: requires the server's proof
 *   trace=FILE         gets the headers of the authentication
 *   log=FILE           gets the messages of SASL
 *   option.NAME=VALUE  an option of SASL
 *
 * Prints the status codes of all replies in one line, and then the body of the
 * last one.  Exits with 0 if the last reply to each request had the status 200
 * and SASL accepted it.
 */
#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <sasl/sasl.h>

#include "support/application.h"

enum {
    ANSWER_SIZE_MAX = 1 << 20,
    EXCHANGE_COUNT_MAX = 4, /* more 401 replies are a loop */
    FIXED_ARGUMENT_COUNT = 6
};

/* A reply; its header and body point into the text. */
struct answer {
    char *text;
    size_t size;
    unsigned status;
    const char *body;
};

struct digest_uri {
    const char *host, *port;
    sasl_http_request_t http;
};

static char **settings;
static const char *user, *password;
static FILE *trace_file, *log_file;

static _Noreturn void
die(const char *what)
{
    fprintf(stderr, "http_client: %s\n", what);
    exit(3);
}

static const char *
setting(const char *prefix, const char *name, const char *otherwise)
{
    size_t start = strlen(prefix), size = strlen(name);

    for (char **argument = settings; *argument != NULL; argument++)
        if (strncmp(*argument, prefix, start) == 0 &&
            strncmp(*argument + start, name, size) == 0 &&
            (*argument)[start + size] == '=')
            return *argument + start + size + 1;
    return otherwise;
}

static unsigned
number(const char *name, const char *otherwise)
{
    return (unsigned)strtoul(setting("", name, otherwise), NULL, 10);
}

/* Callbacks. */

static int
get_option(void *context, const char *plugin, const char *name,
           const char **value, unsigned *size)
{
    (void)context;
    (void)plugin;
    return application_give(setting("option.", name, NULL), value, size);
}

static int
get_path(void *context, const char **path)
{
    (void)context;
    *path = setting("", "plugins", NULL);
    return *path == NULL ? SASL_FAIL : SASL_OK;
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
get_name(void *context, int id, const char **value, unsigned *size)
{
    (void)context;
    return application_give(id == SASL_CB_AUTHNAME ? user : "", value, size);
}

static int
get_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **secret)
{
    static sasl_secret_t *kept;
    size_t size = strlen(password);

    (void)conn;
    (void)context;
    (void)id;
    if (kept == NULL)
        kept = calloc(1, sizeof(*kept) + size);
    if (kept == NULL)
        return SASL_NOMEM;
    kept->len = size;
    memcpy(kept->data, password, size);
    *secret = kept;
    return SASL_OK;
}

static const sasl_callback_t callbacks[] = {
    { SASL_CB_GETOPT, CALLBACK(get_option), NULL },
    { SASL_CB_GETPATH, CALLBACK(get_path), NULL },
    { SASL_CB_LOG, CALLBACK(write_log), NULL },
    { SASL_CB_AUTHNAME, CALLBACK(get_name), NULL },
    { SASL_CB_USER, CALLBACK(get_name), NULL },
    { SASL_CB_PASS, CALLBACK(get_secret), NULL },
    { SASL_CB_LIST_END, NULL, NULL },
};

/* HTTP. */

static int
connect_to(const struct digest_uri *target)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
    int fd = -1;

    if (getaddrinfo(target->host, target->port, &hints, &found) != 0)
        die("no such host");
    for (struct addrinfo *next = found; next != NULL && fd < 0;
         next = next->ai_next) {
        fd = socket(next->ai_family, next->ai_socktype, next->ai_protocol);
        if (fd >= 0 && connect(fd, next->ai_addr, next->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0)
        die("cannot connect");
    return fd;
}

/* HTTP/1.0, so that the reply ends with the connection. */
static void
send_request(FILE *stream, const struct digest_uri *target,
             const char *credentials, unsigned credentials_size)
{
    const sasl_http_request_t *http = &target->http;

    fprintf(stream, "%s %s HTTP/1.0\r\nHost: %s:%s\r\n", http->method,
            http->uri, target->host, target->port);
    if (http->elen > 0)
        fprintf(stream, "Content-Length: %lu\r\n", http->elen);
    if (credentials_size > 0) {
        fprintf(stream, "Authorization: Digest ");
        fwrite(credentials, 1, credentials_size, stream);
        fprintf(stream, "\r\n");
    }
    fprintf(stream, "\r\n");
    fwrite(http->entity, 1, http->elen, stream);
    if (fflush(stream) != 0)
        die("cannot send");
}

static void
receive_answer(int fd, struct answer *answer)
{
    ssize_t size;
    char *end;

    answer->size = 0;
    while ((size = read(fd, answer->text + answer->size,
                        ANSWER_SIZE_MAX - answer->size)) > 0)
        answer->size += (size_t)size;
    if (size < 0 || answer->size == ANSWER_SIZE_MAX)
        die("cannot receive");
    answer->text[answer->size] = '\0';
    end = strstr(answer->text, "\r\n\r\n");
    if (end == NULL ||
        sscanf(answer->text, "HTTP/1.%*1[01] %3u", &answer->status) != 1)
        die("that is not HTTP");
    end[2] = '\0'; /* strings of the header end here */
    answer->body = end + 4;
}

/* The text after a name and a prefix in the header, or NULL. */
static const char *
find_header(const struct answer *answer, const char *start, unsigned *size)
{
    const char *line = strstr(answer->text, "\r\n") + 2;

    for (; *line != '\0'; line = strstr(line, "\r\n") + 2) {
        if (strncasecmp(line, start, strlen(start)) != 0)
            continue;
        line += strlen(start);
        line += strspn(line, " \t");
        *size = (unsigned)strcspn(line, "\r");
        return line;
    }
    *size = 0;
    return NULL;
}

static void
trace(const char *what, const char *text, unsigned size)
{
    if (trace_file != NULL && size > 0)
        fprintf(trace_file, "%s %.*s\n", what, (int)size, text);
}

static void
exchange(const struct digest_uri *target, const char *credentials,
         unsigned credentials_size, struct answer *answer)
{
    int fd = connect_to(target);
    FILE *stream = fdopen(fd, "w");

    if (stream == NULL)
        die("no memory");
    trace("credentials", credentials, credentials_size);
    send_request(stream, target, credentials, credentials_size);
    receive_answer(fd, answer);
    fclose(stream);
    printf("%u ", answer->status);
}

/* Authentication. */

static sasl_conn_t *
begin(const struct digest_uri *target)
{
    sasl_security_properties_t properties = {
        .min_ssf = number("min", "0"),
        .max_ssf = number("max", "256"),
        .maxbufsize = 65536,
        .security_flags = number("mutual", "0") != 0 ? SASL_SEC_MUTUAL_AUTH : 0,
    };
    sasl_conn_t *conn = NULL;

    if (sasl_client_new("HTTP", target->host, NULL, NULL, NULL,
                        SASL_NEED_HTTP | SASL_SUCCESS_DATA, &conn) != SASL_OK ||
        sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK ||
        sasl_setprop(conn, SASL_HTTP_REQUEST, &target->http) != SASL_OK)
        die("cannot make a connection of SASL");
    return conn;
}

/* SASL's result for a reply, and its next message. */
static int
consider(sasl_conn_t *conn, const struct answer *answer,
         const char **credentials, unsigned *credentials_size)
{
    bool refused = answer->status == 401;
    unsigned size;
    const char *text = find_header(
        answer,
        refused ? "WWW-Authenticate: Digest " : "Authentication-Info:", &size);

    if (refused && text == NULL)
        die("401 without a challenge of Digest");
    trace(refused ? "challenge" : "info", text, size);
    return sasl_client_step(conn, text == NULL ? "" : text, size, NULL,
                            credentials, credentials_size);
}

static bool
authenticate(const struct digest_uri *target, struct answer *answer)
{
    sasl_conn_t *conn = begin(target);
    const char *credentials = NULL;
    unsigned credentials_size = 0;
    int code = sasl_client_start(conn, "DIGEST-MD5", NULL, &credentials,
                                 &credentials_size, NULL);

    for (unsigned i = 0; code == SASL_CONTINUE && i < EXCHANGE_COUNT_MAX; i++) {
        exchange(target, credentials, credentials_size, answer);
        code = consider(conn, answer, &credentials, &credentials_size);
        if (answer->status != 401)
            break;
    }
    if (code != SASL_OK)
        fprintf(stderr, "http_client: code=%d %s\n", code,
                sasl_errdetail(conn));
    sasl_dispose(&conn);
    return code == SASL_OK && answer->status == 200;
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

/* Arguments without "=" after the fixed ones are method and body. */
static void
read_arguments(int argc, char **argv, struct digest_uri *target)
{
    sasl_http_request_t *http = &target->http;
    int next = FIXED_ARGUMENT_COUNT;

    if (argc < next)
        die("usage: http_client HOST PORT URI USER PASSWORD [METHOD [BODY]] "
            "NAME=VALUE...");
    target->host = argv[1];
    target->port = argv[2];
    user = argv[4];
    password = argv[5];
    *http = (sasl_http_request_t){ "GET", argv[3], NULL, 0, 1 };
    if (next < argc && strchr(argv[next], '=') == NULL)
        http->method = argv[next++];
    http->entity = (const unsigned char *)"";
    if (next < argc && strchr(argv[next], '=') == NULL)
        http->entity = (const unsigned char *)argv[next++];
    http->elen = strlen((const char *)http->entity);
    settings = argv + next;
    for (; next < argc; next++)
        if (strchr(argv[next], '=') == NULL)
            die("an argument is not NAME=VALUE");
}

static bool
run(const struct digest_uri *target, struct answer *answer)
{
    unsigned left = number("repeat", "1");

    while (left > 0 && authenticate(target, answer))
        left--;
    return left == 0;
}

int
main(int argc, char **argv)
{
    struct digest_uri target;
    struct answer answer = { .text = malloc(ANSWER_SIZE_MAX + 1) };
    bool good;

    read_arguments(argc, argv, &target);
    trace_file = open_file(setting("", "trace", NULL));
    log_file = open_file(setting("", "log", NULL));
    if (answer.text == NULL || sasl_client_init(callbacks) != SASL_OK)
        die("cannot start libsasl2");
    good = run(&target, &answer);
    printf("\n%s", answer.body == NULL ? "" : answer.body);
    sasl_done();
    free(answer.text);
    return good ? 0 : 1;
}
