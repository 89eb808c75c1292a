/*
 * A client gets a server's challenge, edited, and then rspauth, edited.  It is
 * content only with a server that knows the password.
 *
 * The first octet of the input: which messages are edited, whether the server
 * knows the password; then the edits.
 */
#include "input.h"
#include "sasl.h"

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

/* The server's two messages to the client, of which one is edited. */
static void
run(struct input *input, unsigned mode, sasl_conn_t *server,
    sasl_conn_t *client)
{
    static uint8_t message[SIZE_MAX_OF_MESSAGE];
    const char *output, *response;
    unsigned output_size, response_size;
    size_t size;
    bool changed = false;
    int code;

    if (sasl_server_start(server, "DIGEST-MD5", NULL, 0, &output,
                          &output_size) != SASL_CONTINUE ||
        sasl_client_start(client, "DIGEST-MD5", NULL, &response,
                          &response_size, NULL) != SASL_CONTINUE)
        abort();
    size = keep(message, output, output_size);
    if ((mode & FINAL) == 0)
        size = input_edit(input, message, size, sizeof(message), &changed);
    code = sasl_client_step(client, (const char *)message, (unsigned)size,
                            NULL, &response, &response_size);
    if (code == SASL_OK)
        abort();
    if (code != SASL_CONTINUE)
        return;
    code = sasl_server_step(server, response, response_size, &output,
                            &output_size);
    if (code < SASL_OK) {
        output = "rspauth=0123456789abcdef0123456789abcdef";
        output_size = (unsigned)strlen(output);
    }
    size = keep(message, output, output_size);
    if ((mode & FINAL) != 0)
        size = input_edit(input, message, size, sizeof(message), &changed);
    if (sasl_client_step(client, (const char *)message, (unsigned)size, NULL,
                         &response, &response_size) == SASL_OK &&
        code < SASL_OK)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    unsigned mode = input_take(&input);
    sasl_conn_t *server = sasl_open_server(ANY_STRENGTH);
    sasl_conn_t *client = sasl_open_client(ANY_STRENGTH);
    const char *output;
    unsigned output_size;

    sasl_choose_password((mode & OTHER_PASSWORD) == 0);
    if ((mode & RAW) == 0) {
        run(&input, mode, server, client);
    } else if (sasl_client_start(client, "DIGEST-MD5", NULL, &output,
                                 &output_size, NULL) == SASL_CONTINUE) {
        if (sasl_client_step(client, (const char *)input.data,
                             (unsigned)input.size, NULL, &output,
                             &output_size) == SASL_OK)
            abort();
    }
    sasl_dispose(&client);
    sasl_dispose(&server);
    return 0;
}
