/*
 * A ZooKeeper client that authenticates through libsasl2; Debian builds
 * ZooKeeper's own C library without SASL.
 *
 * usage: zookeeper_client PORT USER PASSWORD COMMAND...
 *
 *   create PATH TEXT  a node that only the user can read
 *   get PATH          prints the text of a node
 *
 * Without a USER there is no authentication.  The messages of SASL go to
 * standard error.  Exits with 0, or with 1 and the server's error number on
 * standard output.
 *
 * The protocol is ZooKeeper's "jute": frames with a 32-bit size, numbers in
 * network order, strings with a 32-bit size.  See zookeeper.jute.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <sasl/sasl.h>

enum {
    FRAME_SIZE_MAX = 1 << 16,
    TIMEOUT_MS = 10000,
    SESSION_PASSWORD_SIZE = 16,

    /* operations of zookeeper.jute */
    OP_CREATE = 1,
    OP_GET_DATA = 4,
    OP_SASL = 102,

    PERMISSION_ALL = 31
};

static int connection;
static char frame[FRAME_SIZE_MAX];
static size_t frame_size; /* octets in it */
static size_t frame_read; /* octets of it that were read */
static int32_t request_number;
static const char *user;
static sasl_secret_t *secret;

static _Noreturn void
die(const char *what)
{
    fprintf(stderr, "zookeeper_client: %s\n", what);
    exit(3);
}

/* Writing. */

static void
put(const void *octets, size_t size)
{
    if (size > sizeof(frame) - frame_size)
        die("frame too long");
    if (size > 0)
        memcpy(frame + frame_size, octets, size);
    frame_size += size;
}

static void
put_number(int32_t number)
{
    uint32_t octets = htonl((uint32_t)number);

    put(&octets, sizeof(octets));
}

static void
put_string(const char *text, size_t size)
{
    put_number((int32_t)size);
    put(text, size);
}

static void
put_text(const char *text)
{
    put_string(text, strlen(text));
}

static void
send_all(const void *octets, size_t size)
{
    const char *next = octets;

    while (size > 0) {
        ssize_t count = send(connection, next, size, MSG_NOSIGNAL);

        if (count <= 0)
            die("cannot send");
        next += count;
        size -= (size_t)count;
    }
}

static void
send_frame(void)
{
    uint32_t size = htonl((uint32_t)frame_size);

    send_all(&size, sizeof(size));
    send_all(frame, frame_size);
}

/* Reading. */

static void
receive_all(void *octets, size_t size)
{
    char *next = octets;

    while (size > 0) {
        ssize_t count = recv(connection, next, size, 0);

        if (count <= 0)
            die("the server closed the connection");
        next += count;
        size -= (size_t)count;
    }
}

static void
receive_frame(void)
{
    uint32_t size;

    receive_all(&size, sizeof(size));
    frame_size = ntohl(size);
    frame_read = 0;
    if (frame_size > sizeof(frame))
        die("frame too long");
    receive_all(frame, frame_size);
}

static const char *
get(size_t size)
{
    const char *octets = frame + frame_read;

    if (size > frame_size - frame_read)
        die("frame too short");
    frame_read += size;
    return octets;
}

static int32_t
get_number(void)
{
    uint32_t octets;

    memcpy(&octets, get(sizeof(octets)), sizeof(octets));
    return (int32_t)ntohl(octets);
}

static const char *
get_string(size_t *size)
{
    int32_t number = get_number();

    *size = number > 0 ? (size_t)number : 0;
    return get(*size);
}

/* Requests. */

static void
begin_request(int32_t operation)
{
    frame_size = 0;
    put_number(++request_number);
    put_number(operation);
}

/* The error number of the reply; its content can be read after it. */
static int32_t
finish_request(void)
{
    int32_t error;

    send_frame();
    receive_frame();
    if (get_number() != request_number)
        die("answer to another request");
    get(sizeof(int64_t)); /* the transaction's number */
    error = get_number();
    return error;
}

static void
begin_session(void)
{
    static const char no_password[SESSION_PASSWORD_SIZE];

    put_number(0);                /* version */
    put_number(0), put_number(0); /* last transaction seen */
    put_number(TIMEOUT_MS);
    put_number(0), put_number(0); /* session */
    put_string(no_password, sizeof(no_password));
    put("", 1); /* no read-only server */
    send_frame();
    receive_frame();
}

/* SASL. */

static int
get_name(void *context, int id, const char **result, unsigned *size)
{
    (void)context;
    *result = id == SASL_CB_AUTHNAME ? user : NULL;
    if (size != NULL)
        *size = *result != NULL ? (unsigned)strlen(*result) : 0;
    return SASL_OK;
}

static int
get_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **result)
{
    (void)conn, (void)context, (void)id;
    *result = secret;
    return SASL_OK;
}

static int
log_message(void *context, int level, const char *message)
{
    (void)context;
    if (level <= SASL_LOG_WARN)
        fprintf(stderr, "%s\n", message);
    return SASL_OK;
}

static void
set_secret(const char *password)
{
    size_t size = strlen(password);

    secret = calloc(1, sizeof(*secret) + size + 1);
    if (secret == NULL)
        die("no memory");
    secret->len = size;
    memcpy(secret->data, password, size);
}

/* Sends a token and receives the server's. */
static const char *
exchange(const char *token, unsigned size, unsigned *answer_size)
{
    static char answer[FRAME_SIZE_MAX];
    const char *octets;
    size_t count;
    int32_t error;

    begin_request(OP_SASL);
    put_string(token, size);
    error = finish_request();
    if (error != 0) {
        printf("%d\n", (int)error);
        exit(1);
    }
    octets = get_string(&count);
    memcpy(answer, octets, count);
    *answer_size = (unsigned)count;
    return answer;
}

/* Service and host are those of ZooKeeper's own client. */
static void
authenticate(void)
{
    static const sasl_callback_t callbacks[] = {
        { SASL_CB_AUTHNAME, (int (*)(void))(void (*)(void))get_name, NULL },
        { SASL_CB_USER, (int (*)(void))(void (*)(void))get_name, NULL },
        { SASL_CB_PASS, (int (*)(void))(void (*)(void))get_secret, NULL },
        { SASL_CB_LOG, (int (*)(void))(void (*)(void))log_message, NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };
    sasl_conn_t *conn;
    const char *token = NULL, *answer;
    unsigned size = 0, answer_size;
    int code;

    if (sasl_client_init(callbacks) != SASL_OK ||
        sasl_client_new("zookeeper", "zk-sasl-md5", NULL, NULL, NULL, 0,
                        &conn) != SASL_OK)
        die("libsasl2 does not work");
    code = sasl_client_start(conn, "DIGEST-MD5", NULL, &token, &size, NULL);
    while (code == SASL_CONTINUE) {
        answer = exchange(token, size, &answer_size);
        token = NULL, size = 0;
        code = sasl_client_step(conn, answer, answer_size, NULL, &token, &size);
    }
    if (code != SASL_OK)
        die(sasl_errdetail(conn));
    sasl_dispose(&conn);
    sasl_client_done();
}

/* Commands. */

static int32_t
create(const char *path, const char *text)
{
    begin_request(OP_CREATE);
    put_text(path);
    put_text(text);
    put_number(1); /* one ACL entry */
    put_number(PERMISSION_ALL);
    put_text("sasl");
    put_text(user);
    put_number(0); /* persistent */
    return finish_request();
}

static int32_t
print_node(const char *path)
{
    const char *text;
    size_t size;
    int32_t error;

    begin_request(OP_GET_DATA);
    put_text(path);
    put("", 1); /* no watch */
    error = finish_request();
    if (error == 0) {
        text = get_string(&size);
        printf("%.*s\n", (int)size, text);
    }
    return error;
}

static int32_t
run(char **command, int count)
{
    if (count == 3 && strcmp(command[0], "create") == 0)
        return create(command[1], command[2]);
    if (count == 2 && strcmp(command[0], "get") == 0)
        return print_node(command[1]);
    die("no such command");
}

static void
connect_to(const char *port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
    };

    connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection < 0 ||
        connect(connection, (struct sockaddr *)&address, sizeof(address)) != 0)
        die("cannot connect");
}

int
main(int argc, char **argv)
{
    int32_t error;

    if (argc < 5)
        die("usage: zookeeper_client PORT USER PASSWORD COMMAND...");
    user = argv[2];
    set_secret(argv[3]);
    connect_to(argv[1]);
    begin_session();
    if (user[0] != '\0')
        authenticate();
    error = run(argv + 4, argc - 4);
    if (error != 0)
        printf("%d\n", (int)error);
    free(secret);
    close(connection);
    return error == 0 ? 0 : 1;
}
