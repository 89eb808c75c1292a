/*
 * A server gets a client's response to its challenge, edited.  Nobody is
 * authenticated without the password or as another user, and after a failure
 * nothing succeeds.
 *
 * The first octets of the input: whether the password is right, and the layer;
 * which call of lib/ fails; the rest are edits.
 */
#include "fuzz/input.h"
#include "fuzz/sasl.h"
#include "fuzz/faults.h"

#include <stdlib.h>
#include <string.h>

enum { SIZE_MAX_OF_MESSAGE = 8192, WRONG_PASSWORD = 1, RAW = 2 };

/* The client's response; false if a call failed. */
static bool
answer(sasl_conn_t *client, sasl_conn_t *server, uint8_t *message,
       size_t *message_size)
{
    const char *challenge, *response;
    unsigned challenge_size, size;

    if (sasl_server_start(server, "DIGEST-MD5", NULL, 0, &challenge,
                          &challenge_size) != SASL_CONTINUE ||
        sasl_client_start(client, "DIGEST-MD5", NULL, &response, &size, NULL) !=
            SASL_CONTINUE ||
        sasl_client_step(client, challenge, challenge_size, NULL, &response,
                         &size) != SASL_CONTINUE) {
        if (!faults_happened())
            abort();
        return false;
    }
    if (size > SIZE_MAX_OF_MESSAGE)
        abort();
    memcpy(message, response, size);
    *message_size = size;
    return true;
}

/* A realm can follow the name. */
static bool
is_alice(sasl_conn_t *server)
{
    const void *name = NULL;

    return sasl_getprop(server, SASL_USERNAME, &name) == SASL_OK &&
           strncmp(name, "alice", 5) == 0 &&
           strchr("@", ((const char *)name)[5]) != NULL;
}

/* libsasl2 needs another, empty step if success has no data. */
static void
check(sasl_conn_t *server, int code, bool may_succeed, bool must_succeed)
{
    const char *output;
    unsigned size;

    if (code >= SASL_OK && !may_succeed)
        abort();
    if (code < SASL_OK && must_succeed)
        abort();
    if (code == SASL_CONTINUE)
        code = sasl_server_step(server, "", 0, &output, &size);
    if (code == SASL_OK && !is_alice(server))
        abort();
    /* a second response is one too many */
    if (code < SASL_OK &&
        sasl_server_step(server, "x", 1, &output, &size) >= SASL_OK)
        abort();
}

static void
run(struct input *input, unsigned mode, sasl_conn_t *server,
    sasl_conn_t *client)
{
    static uint8_t message[SIZE_MAX_OF_MESSAGE];
    size_t size;
    const char *output;
    unsigned output_size;
    bool knows = (mode & WRONG_PASSWORD) == 0, changed = true;
    int code;

    if (!answer(client, server, message, &size))
        return;
    if ((mode & RAW) != 0) {
        size = input->size < sizeof(message) ? input->size : sizeof(message);
        memcpy(message, input->data, size);
    } else {
        size = input_edit(input, message, size, sizeof(message), &changed);
    }
    code = sasl_server_step(server, (const char *)message, (unsigned)size,
                            &output, &output_size);
    check(server, code, knows && (mode & RAW) == 0,
          knows && !changed && !faults_happened());
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned strengths[] = { 0, 1, 128, 112 };
    struct input input = { data, size };
    unsigned mode = input_take(&input);
    unsigned failing = input_take(&input);
    sasl_conn_t *server = sasl_open_server(ANY_STRENGTH);
    sasl_conn_t *client = sasl_open_client(strengths[mode >> 2 & 3]);

    sasl_choose_password((mode & WRONG_PASSWORD) == 0);
    faults_fail(failing);
    run(&input, mode, server, client);
    faults_fail(0);
    sasl_dispose(&client);
    sasl_dispose(&server);
    return 0;
}
