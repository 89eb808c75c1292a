/*
 * A client gets a server's challenge, edited, and then rspauth, edited.  It
 * accepts only a server that knows the password.
 *
 * The first octets of the input: which messages are edited, whether the server
 * knows the password; which call of lib/ fails; then the edits.
 */
#include "fuzz/input.h"
#include "fuzz/sasl.h"
#include "fuzz/faults.h"

#include <stdlib.h>
#include <string.h>

enum { SIZE_MAX_OF_MESSAGE = 8192, OTHER_PASSWORD = 1, RAW = 2, FINAL = 4 };

static size_t
keep(uint8_t *message, const char *octets, unsigned size)
{
    if (size > SIZE_MAX_OF_MESSAGE)
        abort();
    memcpy(message, octets, size);
    return size;
}

/* After a failure no message succeeds. */
static void
expect_dead(sasl_conn_t *client)
{
    static const char final[] = "rspauth=0123456789abcdef0123456789abcdef";
    const char *response;
    unsigned size;

    if (sasl_client_step(client, final, (unsigned)strlen(final), NULL,
                         &response, &size) >= SASL_OK)
        abort();
}

/* Starts both sides; false if a call failed. */
static bool
start(sasl_conn_t *server, sasl_conn_t *client, const char **challenge,
      unsigned *size)
{
    const char *response;
    unsigned response_size;

    if (sasl_server_start(server, "DIGEST-MD5", NULL, 0, challenge, size) ==
            SASL_CONTINUE &&
        sasl_client_start(client, "DIGEST-MD5", NULL, &response, &response_size,
                          NULL) == SASL_CONTINUE)
        return true;
    if (!faults_happened())
        abort();
    return false;
}

/* The response to a challenge, checked by the server. */
static bool
answer(sasl_conn_t *server, sasl_conn_t *client, const uint8_t *challenge,
       size_t size, const char **final, unsigned *final_size, bool *proved)
{
    const char *response;
    unsigned response_size;
    int code = sasl_client_step(client, (const char *)challenge, (unsigned)size,
                                NULL, &response, &response_size);

    if (code == SASL_OK)
        abort();
    if (code != SASL_CONTINUE) {
        expect_dead(client);
        return false;
    }
    code = sasl_server_step(server, response, response_size, final, final_size);
    *proved = code >= SASL_OK;
    if (!*proved) {
        *final = "rspauth=0123456789abcdef0123456789abcdef";
        *final_size = (unsigned)strlen(*final);
    }
    return true;
}

/* The server's two messages to the client, of which one is edited. */
static void
run(struct input *input, unsigned mode, sasl_conn_t *server,
    sasl_conn_t *client)
{
    static uint8_t message[SIZE_MAX_OF_MESSAGE];
    const char *output;
    unsigned output_size;
    size_t size;
    bool changed = false, proved = false;
    int code;

    if (!start(server, client, &output, &output_size))
        return;
    size = keep(message, output, output_size);
    if ((mode & FINAL) == 0)
        size = input_edit(input, message, size, sizeof(message), &changed);
    if (!answer(server, client, message, size, &output, &output_size,
                &proved)) {
        if (!changed && !faults_happened())
            abort();
        return;
    }
    size = keep(message, output, output_size);
    if ((mode & FINAL) != 0)
        size = input_edit(input, message, size, sizeof(message), &changed);
    code = sasl_client_step(client, (const char *)message, (unsigned)size, NULL,
                            &output, &output_size);
    if (code == SASL_OK && !proved)
        abort();
    if (code != SASL_OK && proved && !changed && !faults_happened())
        abort();
    if (code < SASL_OK)
        expect_dead(client);
}

/* Sends any octets in place of a challenge. */
static void
run_raw(const struct input *input, sasl_conn_t *server, sasl_conn_t *client)
{
    const char *output;
    unsigned size;

    if (!start(server, client, &output, &size))
        return;
    switch (sasl_client_step(client, (const char *)input->data,
                             (unsigned)input->size, NULL, &output, &size)) {
    case SASL_CONTINUE:
        break;
    case SASL_OK:
        abort();
    default:
        expect_dead(client);
        break;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    unsigned mode = input_take(&input);
    unsigned failing = input_take(&input);
    sasl_conn_t *server = sasl_open_server(ANY_STRENGTH);
    sasl_conn_t *client = sasl_open_client(ANY_STRENGTH);

    sasl_choose_password((mode & OTHER_PASSWORD) == 0);
    faults_fail(failing);
    if ((mode & RAW) == 0)
        run(&input, mode, server, client);
    else
        run_raw(&input, server, client);
    faults_fail(0);
    sasl_dispose(&client);
    sasl_dispose(&server);
    return 0;
}
