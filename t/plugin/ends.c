/*
 * Everything an application is given has a NUL behind it, which is not counted:
 * messages, encoded and decoded data, names, prompts.  The stock plugin does
 * so, and programs print them as C strings.  Memory is full of other octets
 * before it is used.
 *
 * usage: ends DIRECTORY, which holds the plugin and nothing else
 */
#include <sasl/sasl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/test_app.h"

enum { TOKEN_SIZE_MAX = 4096, STREAM_SIZE_MAX = 1 << 16 };

struct message {
    char data[TOKEN_SIZE_MAX];
    unsigned size;
    bool exists;
};

static sasl_conn_t *server, *client;
static struct message message;
static unsigned test_number;
static const char *row_name;
static sasl_http_request_t request = { .method = "GET", .uri = "/" };

static void
ok(bool good, const char *what)
{
    printf("%sok %u - %s: %s\n", good ? "" : "not ", ++test_number, row_name,
           what);
}

/* Freed memory, too, is full of them: the library's is ours. */
static void *
take(size_t size)
{
    void *memory = malloc(size + 1);

    if (memory != NULL)
        memset(memory, 'Z', size + 1);
    return memory;
}

static void *
change(void *memory, size_t size)
{
    return realloc(memory, size + 1);
}

/* Keeps what a side says, if it ends as it should. */
static void
keep(const char *data, unsigned size, const char *what)
{
    if (size >= TOKEN_SIZE_MAX)
        abort();
    message.exists = data != NULL;
    message.size = data == NULL ? 0 : size;
    if (data == NULL)
        return;
    memcpy(message.data, data, size);
    ok(data[size] == '\0' && strlen(data) == size, what);
}

static void
secure(sasl_conn_t *conn, unsigned strength)
{
    sasl_security_properties_t properties = {
        .min_ssf = strength,
        .max_ssf = strength,
        .maxbufsize = 65536,
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK ||
        (test_app.algorithm != NULL &&
         sasl_setprop(conn, SASL_HTTP_REQUEST, &request) != SASL_OK))
        abort();
}

/* An application that asks a person. */
static void
check_prompts(const sasl_interact_t *item)
{
    bool good = true;

    for (; item->id != SASL_CB_LIST_END; item++) {
        if (item->prompt == NULL || strchr(item->prompt, 'Z') != NULL ||
            strncmp(item->prompt, "Please enter your ", 18) != 0)
            good = false;
        if (item->challenge != NULL && strchr(item->challenge, 'Z') != NULL)
            good = false;
    }
    ok(good, "prompts");
}

static int
step_client(bool start)
{
    sasl_interact_t *asked = NULL;
    const char *data = NULL;
    unsigned size = 0;
    int code;

    for (;;) {
        code = start ? sasl_client_start(client, "DIGEST-MD5", &asked, &data,
                                         &size, NULL)
                     : sasl_client_step(client, message.data, message.size,
                                        &asked, &data, &size);
        if (code != SASL_INTERACT)
            break;
        check_prompts(asked);
        test_app_answer(asked);
    }
    keep(data, size, "a response");
    return code;
}

static void
check_name(sasl_conn_t *conn, int property, const char *what)
{
    const void *value = NULL;

    ok(sasl_getprop(conn, property, &value) == SASL_OK && value != NULL &&
           strchr(value, 'Z') == NULL && strncmp(value, "alice", 5) == 0,
       what);
}

static void
authenticate(unsigned strength)
{
    const char *service = test_app.algorithm != NULL ? "HTTP" : "imap";
    unsigned flags = test_app.algorithm != NULL
                         ? SASL_NEED_HTTP | SASL_SUCCESS_DATA
                         : SASL_SUCCESS_DATA;
    const char *data = NULL;
    unsigned size = 0;

    if (sasl_server_new(service, "host.test", "example.test", NULL, NULL, NULL,
                        flags, &server) != SASL_OK ||
        sasl_client_new(service, "host.test", NULL, NULL, test_app_callbacks(),
                        flags, &client) != SASL_OK)
        abort();
    secure(server, strength);
    secure(client, strength);
    if (step_client(true) != SASL_CONTINUE ||
        sasl_server_start(server, "DIGEST-MD5", NULL, 0, &data, &size) !=
            SASL_CONTINUE)
        abort();
    keep(data, size, "a challenge");
    if (step_client(false) != SASL_CONTINUE ||
        sasl_server_step(server, message.data, message.size, &data, &size) !=
            SASL_OK)
        abort();
    keep(data, size, "the server's last message");
    if (step_client(false) != SASL_OK)
        abort();
    check_name(server, SASL_USERNAME, "the user of a server");
    check_name(server, SASL_AUTHUSER, "who has authenticated at a server");
    check_name(client, SASL_USERNAME, "the user of a client");
    check_name(client, SASL_AUTHUSER, "who has authenticated at a client");
}

/* Messages of these sizes, one behind the other; how long they are. */
static unsigned
encode(const unsigned *sizes, char *stream)
{
    static char text[TOKEN_SIZE_MAX];
    unsigned used = 0;
    bool good = true;

    memset(text, 'a', sizeof(text));
    for (; *sizes != 0; sizes++) {
        const char *token = NULL;
        unsigned size = 0;

        if (sasl_encode(client, text, *sizes, &token, &size) != SASL_OK ||
            size > STREAM_SIZE_MAX - used)
            abort();
        good = good && token[size] == '\0';
        memcpy(stream + used, token, size);
        used += size;
    }
    ok(good, "encoded data");
    return used;
}

/* Decodes so many octets at a time. */
static bool
decode(const char *stream, unsigned size, unsigned step)
{
    for (unsigned at = 0; at < size; at += step) {
        unsigned part = size - at < step ? size - at : step;
        const char *data = NULL;
        unsigned data_size = 0;

        if (sasl_decode(server, stream + at, part, &data, &data_size) !=
                SASL_OK ||
            (data_size > 0 && strlen(data) != data_size))
            return false;
    }
    return true;
}

static void
pass_data(void)
{
    /* large ones first: what is small then has the rest of them behind it */
    static const unsigned sizes[] = { 4000, 1, 15, 16, 1000, 17, 1, 2, 0 };
    static const unsigned steps[] = { STREAM_SIZE_MAX, 4020, 100, 7, 1 };
    static char stream[STREAM_SIZE_MAX];

    for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        unsigned size = encode(sizes, stream);

        ok(decode(stream, size, steps[i]), "decoded data");
    }
}

static void
run(const char *name, unsigned strength, const char *cipher,
    const char *algorithm, bool prompts)
{
    row_name = name;
    test_app.cipher = cipher;
    test_app.algorithm = algorithm;
    test_app.prompts = prompts;
    if (!test_app_start())
        abort();
    authenticate(strength);
    if (strength > 0)
        pass_data();
    sasl_dispose(&client);
    sasl_dispose(&server);
    test_app_stop();
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    test_app.directory = argv[1];
    sasl_set_alloc(take, calloc, change, free);
    run("auth", 0, NULL, NULL, false);
    run("prompts", 0, NULL, NULL, true);
    run("HTTP", 0, NULL, "SHA-256", false);
    run("auth-int", 1, NULL, NULL, false);
    run("aes-ctr", 128, "aes-ctr", NULL, false);
    run("rc4", 128, "rc4", NULL, false);
    run("3des", 112, "3des", NULL, false);
    run("des", 55, "des", NULL, false);
    printf("1..%u\n", test_number);
    return 0;
}
