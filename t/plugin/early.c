/*
 * Clients that send and receive before they have shown us the server's last
 * message, or without ever doing so: spice-gtk does not.  From the moment a
 * client has answered with a layer, nothing passes without it.
 *
 * usage: early DIRECTORY, which holds the plugin and nothing else
 */
#include <sasl/sasl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/test_app.h"

enum { TOKEN_SIZE_MAX = 4096 };

static const char text[] = "what nobody else shall read";

struct message {
    char data[TOKEN_SIZE_MAX];
    unsigned size;
    bool exists;
};

static sasl_conn_t *server, *client;
static struct message message;
static bool begun; /* the server */
static unsigned test_number;
static const char *row_name;

static void
ok(bool good, const char *what)
{
    printf("%sok %u - %s: %s\n", good ? "" : "not ", ++test_number, row_name,
           what);
}

static void
keep(const char *data, unsigned size)
{
    if (size > TOKEN_SIZE_MAX)
        abort();
    message.exists = data != NULL;
    message.size = data == NULL ? 0 : size;
    if (message.size > 0)
        memcpy(message.data, data, size);
}

static void
limit(sasl_conn_t *conn, unsigned strength)
{
    sasl_security_properties_t properties = {
        .max_ssf = strength,
        .maxbufsize = 4096,
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK)
        abort();
}

static void
open_both(unsigned strength)
{
    if (sasl_server_new("imap", "host.test", "example.test", NULL, NULL, NULL,
                        SASL_SUCCESS_DATA, &server) != SASL_OK ||
        sasl_client_new("imap", "host.test", NULL, NULL, test_app_callbacks(),
                        SASL_SUCCESS_DATA, &client) != SASL_OK)
        abort();
    limit(server, strength);
    limit(client, strength);
    begun = false;
    keep(NULL, 0);
}

static void
close_both(void)
{
    sasl_dispose(&client);
    sasl_dispose(&server);
}

static int
start_client(void)
{
    const char *data = NULL;
    unsigned size = 0;
    int code =
        sasl_client_start(client, "DIGEST-MD5", NULL, &data, &size, NULL);

    keep(data, size);
    return code;
}

static int
step_client(void)
{
    const char *data = NULL;
    unsigned size = 0;
    int code = sasl_client_step(client, message.data, message.size, NULL, &data,
                                &size);

    keep(data, size);
    return code;
}

static int
step_server(void)
{
    const char *data = NULL;
    unsigned size = 0;
    int code = !begun ? sasl_server_start(server, "DIGEST-MD5",
                                          message.exists ? message.data : NULL,
                                          message.size, &data, &size)
                      : sasl_server_step(server, message.data, message.size,
                                         &data, &size);

    begun = true;
    keep(data, size);
    return code;
}

/* So far that the client has answered. */
static void
answer(unsigned strength)
{
    open_both(strength);
    if (start_client() != SASL_CONTINUE || message.exists ||
        step_server() != SASL_CONTINUE || step_client() != SASL_CONTINUE)
        abort();
}

static bool
contains(const char *data, size_t size)
{
    for (size_t i = 0; i + sizeof(text) - 1 <= size; i++)
        if (memcmp(data + i, text, sizeof(text) - 1) == 0)
            return true;
    return false;
}

/* A message from one to the other, protected as it has to be. */
static bool
passes(sasl_conn_t *from, sasl_conn_t *to, unsigned strength)
{
    const char *token = NULL, *data = NULL;
    unsigned size = 0, data_size = 0;

    if (sasl_encode(from, text, sizeof(text), &token, &size) != SASL_OK ||
        size <= sizeof(text) || contains(token, size) != (strength == 1) ||
        sasl_decode(to, token, size, &data, &data_size) != SASL_OK)
        return false;
    return data_size == sizeof(text) && memcmp(data, text, data_size) == 0;
}

static bool
nothing_passes(sasl_conn_t *conn)
{
    const char *data = NULL;
    unsigned size = 0;

    return sasl_encode(conn, text, sizeof(text), &data, &size) < SASL_OK &&
           (size == 0 || !contains(data, size)) &&
           sasl_decode(conn, text, sizeof(text), &data, &size) < SASL_OK &&
           (size == 0 || !contains(data, size));
}

static bool
all_passes(sasl_conn_t *conn)
{
    const char *data = NULL;
    unsigned size = 0;

    return sasl_encode(conn, text, sizeof(text), &data, &size) == SASL_OK &&
           size == sizeof(text) && contains(data, size) &&
           sasl_decode(conn, text, sizeof(text), &data, &size) == SASL_OK &&
           size == sizeof(text) && contains(data, size);
}

/* The server's proof is never shown. */
static void
never_show(unsigned strength)
{
    answer(strength);
    if (step_server() != SASL_OK)
        abort();
    for (int i = 0; i < 3; i++)
        ok(passes(client, server, strength) && passes(server, client, strength),
           "protected without rspauth");
    close_both();
}

/* It is shown when messages have passed already. */
static void
show_late(unsigned strength)
{
    const void *ssf = NULL;
    struct message last;

    answer(strength);
    if (step_server() != SASL_OK)
        abort();
    last = message;
    ok(passes(client, server, strength) && passes(server, client, strength),
       "protected before rspauth");
    message = last;
    ok(step_client() == SASL_OK, "rspauth may come later");
    ok(sasl_getprop(client, SASL_SSF, &ssf) == SASL_OK &&
           *(const sasl_ssf_t *)ssf == strength,
       "the strength is that of the layer");
    ok(passes(client, server, strength) && passes(server, client, strength),
       "the layer goes on");
    close_both();
}

/* Somebody who does not know the password. */
static void
impersonate(unsigned strength)
{
    const char *data = NULL;
    unsigned size = 0;

    answer(strength);
    ok(sasl_decode(client, text, sizeof(text), &data, &size) == SASL_BADMAC &&
           size == 0,
       "plain data of an impostor are refused");
    ok(sasl_decode(client, text, sizeof(text), &data, &size) < SASL_OK &&
           size == 0,
       "for ever");
    close_both();
}

static void
fail_late(unsigned strength)
{
    static const char wrong[] = "rspauth=00000000000000000000000000000000";

    answer(strength);
    keep(wrong, sizeof(wrong) - 1);
    ok(step_client() == SASL_BADSERV, "a wrong rspauth is refused");
    ok(nothing_passes(client), "nothing passes after a failure");
    ok(step_client() < SASL_OK && nothing_passes(client),
       "nor after another step");
    close_both();
}

static void
use_layer(const char *name, unsigned strength, const char *cipher)
{
    row_name = name;
    test_app.cipher = cipher;
    if (!test_app_start())
        abort();
    never_show(strength);
    show_late(strength);
    impersonate(strength);
    fail_late(strength);
    test_app_stop();
}

/* As it always was. */
static void
use_none(void)
{
    row_name = "auth";
    test_app.cipher = NULL;
    if (!test_app_start())
        abort();
    open_both(0);
    if (start_client() != SASL_CONTINUE || step_server() != SASL_CONTINUE)
        abort();
    ok(all_passes(client), "data pass before the answer");
    if (step_client() != SASL_CONTINUE)
        abort();
    ok(all_passes(client), "data pass after it");
    if (step_server() != SASL_OK || step_client() != SASL_OK)
        abort();
    ok(all_passes(client) && all_passes(server), "and at the end");
    close_both();
    test_app_stop();
}

/* So far that there is something to resume, in a library of its own. */
static void
have_session(void)
{
    test_app_stop();
    if (!test_app_start())
        abort();
    answer(128);
    if (step_server() != SASL_OK || step_client() != SASL_OK)
        abort();
    close_both();
}

static void
resume_and_never_show(void)
{
    have_session();
    open_both(128);
    if (start_client() != SASL_CONTINUE || !message.exists)
        abort();
    ok(step_server() == SASL_OK && passes(client, server, 128) &&
           passes(server, client, 128),
       "protected without rspauth");
    close_both();
}

/* The server has forgotten, and now offers this strength at most. */
static void
resume_in_vain(unsigned strength)
{
    struct message challenge;
    const char *token = NULL;
    unsigned size = 0;

    have_session();
    open_both(128);
    limit(server, strength);
    if (start_client() != SASL_CONTINUE || !message.exists)
        abort();
    message.data[message.size / 2] ^= 1;
    if (step_server() != SASL_CONTINUE)
        abort();
    challenge = message;
    ok(sasl_encode(client, text, sizeof(text), &token, &size) == SASL_OK &&
           !contains(token, size),
       "protected while the server thinks");
    message = challenge;
    ok(step_client() == SASL_CONTINUE, "the challenge is answered");
    ok(strength > 0 || nothing_passes(client),
       "data do not pass by the layer that was chosen");
    ok(step_server() == SASL_OK, "the server accepts that");
    ok(strength == 0 || (passes(client, server, strength) &&
                         passes(server, client, strength)),
       "the new layer is in use");
    close_both();
}

/* The same to its end. */
static void
resume_to_auth(void)
{
    have_session();
    open_both(128);
    limit(server, 0);
    if (start_client() != SASL_CONTINUE || !message.exists)
        abort();
    message.data[message.size / 2] ^= 1;
    if (step_server() != SASL_CONTINUE || step_client() != SASL_CONTINUE ||
        step_server() != SASL_OK)
        abort();
    ok(nothing_passes(client), "nothing passes before rspauth");
    ok(step_client() == SASL_OK && all_passes(client),
       "both agreed on no layer in the end");
    close_both();
}

static void
use_sessions(void)
{
    row_name = "reauthentication";
    test_app.cipher = "aes-ctr";
    test_app.reauthenticates = true;
    if (!test_app_start())
        abort();
    resume_and_never_show();
    resume_in_vain(128);
    resume_in_vain(1);
    resume_in_vain(0);
    resume_to_auth();
    test_app_stop();
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    test_app.directory = argv[1];
    use_none();
    use_layer("auth-int", 1, NULL);
    use_layer("aes-ctr", 128, "aes-ctr");
    use_layer("rc4", 128, "rc4");
    use_layer("3des", 112, "3des");
    use_layer("des", 55, "des");
    use_sessions();
    printf("1..%u\n", test_number);
    return 0;
}
