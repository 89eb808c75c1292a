/*
 * Finds the secrets that a core dump would contain between the steps of an
 * authentication and after it.  doc/internals/architecture.md lists those that
 * are expected during it; after it there are none.
 *
 * The application, this program, wipes its own copies of the password as soon
 * as the plugin has read them.
 *
 * usage: secrets DIRECTORY, which holds the plugin and nothing else
 */
#include <openssl/crypto.h>
#include <sasl/prop.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "plugin/test_app.h"
#include "plugin/secret_set.h"
#include "plugin/memory_scan.h"

enum { TOKEN_SIZE_MAX = 4096, MESSAGE_SIZE = 100, NAME_SIZE = 160 };

/* The differences between the runs, and the secrets expected in memory. */
struct row {
    const char *name;
    unsigned strength;
    const char *cipher;
    const char *algorithm; /* of HTTP, or NULL */
    const char *waiting;   /* of a client after its response */
    const char *keys;      /* of an established side */
    const char *used;      /* of both after messages */
};

static const struct row *row;
static unsigned test_number;
static struct scan_set known;

/* Both sides and their last messages. */
struct message {
    char text[TOKEN_SIZE_MAX];
    unsigned size;
    bool exists;
};

static sasl_conn_t *server, *client;
static struct message message;
static bool begun; /* the server */
static sasl_http_request_t request = {
    .method = "POST",
    .uri = "/",
    .entity = (const unsigned char *)"body",
    .elen = 4,
};

static void
keep(const char *text, unsigned size)
{
    message.exists = text != NULL;
    message.size = text == NULL || size > sizeof(message.text) - 1 ? 0 : size;
    memcpy(message.text, text == NULL ? "" : text, message.size);
    message.text[message.size] = '\0';
}

static void
set_properties(sasl_conn_t *conn)
{
    sasl_security_properties_t properties = {
        .min_ssf = row->strength,
        .max_ssf = row->strength,
        .maxbufsize = 4096,
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK ||
        (row->algorithm != NULL &&
         sasl_setprop(conn, SASL_HTTP_REQUEST, &request) != SASL_OK))
        abort();
}

static const char *
service(void)
{
    return row->algorithm != NULL ? "HTTP" : "imap";
}

static unsigned
flags(void)
{
    return row->algorithm != NULL ? SASL_NEED_HTTP | SASL_SUCCESS_DATA
                                  : SASL_SUCCESS_DATA;
}

static void
open_server(void)
{
    if (sasl_server_new(service(), "host.test", SECRET_SET_REALM, NULL, NULL,
                        NULL, flags(), &server) != SASL_OK)
        abort();
    set_properties(server);
    begun = false;
}

static void
open_both(void)
{
    open_server();
    if (sasl_client_new(service(), "host.test", NULL, NULL,
                        test_app_callbacks(), flags(), &client) != SASL_OK)
        abort();
    set_properties(client);
    keep(NULL, 0);
}

static int
step_client(bool start)
{
    sasl_interact_t *asked = NULL;
    const char *text = NULL;
    unsigned size = 0;
    int code;

    for (;;) {
        code = start ? sasl_client_start(client, "DIGEST-MD5", &asked, &text,
                                         &size, NULL)
                     : sasl_client_step(client, message.text, message.size,
                                        &asked, &text, &size);
        test_app_wipe();
        if (code != SASL_INTERACT)
            break;
        test_app_answer(asked);
    }
    keep(text, size);
    return code;
}

static int
step_server(void)
{
    const char *text = NULL;
    unsigned size = 0;
    int code = !begun ? sasl_server_start(server, "DIGEST-MD5",
                                          message.exists ? message.text : NULL,
                                          message.size, &text, &size)
                      : sasl_server_step(server, message.text, message.size,
                                         &text, &size);

    begun = true;
    keep(text, size);
    return code;
}

/* Tests. */

static void
ok(bool good, const char *what)
{
    printf("%sok %u - %s\n", good ? "" : "not ", ++test_number, what);
}

static void
expect(const char *expected, const char *when)
{
    const char *found = scan_memory(&known);
    char name[NAME_SIZE];
    bool good = strcmp(found, expected) == 0;

    (void)snprintf(name, sizeof(name), "%s: %s: %s", row->name, when,
                   expected[0] == '\0' ? "nothing" : expected);
    ok(good, name);
    if (!good)
        printf("# found: %s\n# the last at %s", found, scan_place());
}

/* Runs until the client has responded. */
static bool
respond(void)
{
    int code;

    open_both();
    if (step_client(true) != SASL_CONTINUE)
        return false;
    if (message.exists) /* the client reauthenticates */
        return secret_set_derive(&known, row->algorithm, message.text);
    code = step_server();
    if (code != SASL_CONTINUE || step_client(false) != SASL_CONTINUE)
        return false;
    return secret_set_derive(&known, row->algorithm, message.text);
}

static bool
no_property(void)
{
    static const char *names[] = { "*userPassword", "*cmusaslsecretDIGEST-MD5",
                                   NULL };
    struct propval values[3] = { { 0 } };

    if (prop_getnames(sasl_auxprop_getctx(server), names, values) < 0)
        return false;
    for (int i = 0; i < 2; i++)
        if (values[i].values != NULL && values[i].values[0] != NULL &&
            values[i].values[0][0] != '\0')
            return false;
    return true;
}

static void
watch_server(void)
{
    if (!respond())
        abort();
    sasl_dispose(&client);
    expect("", "client gone after its response");
    ok(step_server() == SASL_OK, "the server is satisfied");
    ok(no_property(), "G20 no password is left in the properties");
    expect(row->keys, "server established");
    sasl_dispose(&server);
    expect("", "server gone");
}

static void
watch_client(void)
{
    if (!respond())
        abort();
    expect(row->waiting, "client has answered");
    if (step_server() != SASL_OK)
        abort();
    sasl_dispose(&server);
    expect(row->waiting, "client waits for the server's proof");
    ok(step_client(false) == SASL_OK, "the client is satisfied");
    expect(row->keys, "client established");
    sasl_dispose(&client);
    expect("", "client gone");
}

static bool
pass_message(sasl_conn_t *from, sasl_conn_t *to)
{
    static const char text[MESSAGE_SIZE];
    const char *token, *out;
    unsigned token_size, size;

    return sasl_encode(from, text, sizeof(text), &token, &token_size) ==
               SASL_OK &&
           sasl_decode(to, token, token_size, &out, &size) == SASL_OK &&
           size == sizeof(text);
}

static void
watch_layer(void)
{
    if (!respond() || step_server() != SASL_OK || step_client(false) != SASL_OK)
        abort();
    ok(pass_message(client, server) && pass_message(server, client),
       "messages pass");
    expect(row->used, "after a message each way");
    sasl_dispose(&client);
    sasl_dispose(&server);
    expect("", "both gone");
}

/* In HTTP there is none without the reply's body, but it can be malformed. */
static void
alter_proof(void)
{
    static const char malformed[] = "rspauth";
    char *proof = strstr(message.text, "rspauth=");

    if (proof == NULL) {
        keep(malformed, sizeof(malformed) - 1);
        return;
    }
    proof += sizeof("rspauth=") - 1;
    proof[proof[0] == '"'] ^= 1;
}

/* The client's password is wrong, or the server's proof. */
static void
watch_failures(void)
{
    test_app.wrong_password = true;
    if (!respond())
        abort();
    test_app.wrong_password = false;
    sasl_dispose(&client);
    ok(step_server() == SASL_BADAUTH, "a wrong password is refused");
    ok(no_property(), "G20 no password is left in the properties");
    expect("", "server has failed");
    sasl_dispose(&server);
    if (!respond() || step_server() != SASL_OK)
        abort();
    alter_proof();
    sasl_dispose(&server);
    ok(step_client(false) < SASL_OK, "a wrong proof is refused");
    expect("", "client has failed");
    sasl_dispose(&client);
}

/* The server gets a response a second time: the proof is right, but not the
 * nonce count. */
static void
watch_repetition(void)
{
    static struct message sent;

    if (!respond())
        abort();
    sasl_dispose(&client);
    sent = message;
    if (step_server() != SASL_OK)
        abort();
    sasl_dispose(&server);
    open_server();
    message = sent;
    ok(step_server() == SASL_CONTINUE, "a used nonce count gets a challenge");
    expect("", "server has sent another challenge");
    sasl_dispose(&server);
}

/* A client that reauthenticates. */
static void
watch_resumption(void)
{
    watch_server();
    watch_client();
    watch_repetition();
    test_app.wrong_password = true;
    if (!respond())
        abort();
    test_app.wrong_password = false;
    sasl_dispose(&client);
    ok(step_server() == SASL_CONTINUE, "a wrong password gets a challenge");
    expect("", "server has not resumed");
    sasl_dispose(&server);
}

static void
watch(const struct row *which)
{
    row = which;
    test_app.cipher = row->cipher;
    test_app.algorithm = row->algorithm;
    if (!test_app_start())
        abort();
    watch_server();
    watch_client();
    if (row->strength > 0 && row->algorithm == NULL)
        watch_layer();
    if (test_app.reauthenticates)
        watch_resumption();
    else
        watch_failures();
    test_app_stop();
    expect("", "library gone");
}

/* The search itself. */
static void
find_planted(void)
{
    char stack[SECRET_SET_PASSWORD_SIZE + 1];
    char *heap = malloc(sizeof(stack));

    if (heap == NULL)
        abort();
    row = &(struct row){ .name = "a planted password" };
    secret_set_password(heap);
    expect("password", "in the heap");
    memset(heap, 0, sizeof(stack));
    expect("", "no more in the heap");
    secret_set_password(stack);
    expect("password", "on the stack");
    OPENSSL_cleanse(stack, sizeof(stack));
    expect("", "no more on the stack");
    free(heap);
}

int
main(int argc, char **argv)
{
    static const struct row rows[] = {
        { "auth", 0, NULL, NULL, "", "", "" },
        { "auth-int", 1, NULL, NULL, "Ki", "Ki", "Ki" },
        { "aes-ctr", 128, NULL, NULL, "Ki Kc", "Ki Kc", "Ki Kc" },
        { "rc4", 128, "rc4", NULL, "Ki Kc", "Ki Kc", "Ki" },
        { "3des", 112, "3des", NULL, "Ki Kc", "Ki Kc", "Ki Kc" },
        { "rc4-56", 56, "rc4-56", NULL, "Ki Kc", "Ki Kc", "Ki" },
        { "des", 55, "des", NULL, "Ki Kc", "Ki Kc", "Ki Kc" },
        { "rc4-40", 40, "rc4-40", NULL, "Ki Kc", "Ki Kc", "Ki" },
        { "HTTP MD5", 0, NULL, "MD5", "SS", "", "" },
        { "HTTP MD5, auth-int", 1, NULL, "MD5", "SS", "", "" },
        { "HTTP MD5-sess", 0, NULL, "MD5-sess", "SS", "", "" },
        { "HTTP SHA-256-sess", 0, NULL, "SHA-256-sess", "SS", "", "" },
    };
    static const struct row asked = { "prompts", 0, NULL, NULL, "", "", "" };
    static const struct row again[] = {
        { "reauthentication", 0, NULL, NULL, "", "", "" },
        { "reauthentication, aes-ctr", 128, NULL, NULL, "Ki Kc", "Ki Kc",
          "Ki Kc" },
    };

    if (argc != 2)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    test_app.directory = argv[1];
    secret_set_start(&known);
    find_planted();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        watch(&rows[i]);
    test_app.prompts = true;
    watch(&asked);
    test_app.prompts = false;
    test_app.reauthenticates = true;
    for (size_t i = 0; i < sizeof(again) / sizeof(*again); i++)
        watch(&again[i]);
    printf("1..%u\n", test_number);
    return 0;
}
