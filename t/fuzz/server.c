/*
 * A server gets what a client answered to its challenge, edited.  Nobody gets
 * in without the password, whatever the edits are, and after a failure nothing
 * goes any more.
 *
 * The first octet of the input: is the password right, and with which layer;
 * the rest are edits.
 */
#include "input.h"
#include "sasl.h"

#include <stdlib.h>
#include <string.h>

enum { SIZE_MAX_OF_MESSAGE = 8192, WRONG_PASSWORD = 1, RAW = 2 };

/* The client's answer. */
static size_t
answer(sasl_conn_t *client, const char *challenge, unsigned challenge_size,
       uint8_t *message)
{
    const char *response;
    unsigned size;

    if (sasl_client_start(client, "DIGEST-MD5", NULL, &response, &size,
                          NULL) != SASL_CONTINUE ||
        sasl_client_step(client, challenge, challenge_size, NULL, &response,
                         &size) != SASL_CONTINUE ||
        size > SIZE_MAX_OF_MESSAGE)
        abort();
    memcpy(message, response, size);
    return size;
}

/* libsasl2 wants another, empty step where the last message is success. */
static void
check(sasl_conn_t *server, int code, bool may_succeed, bool must_succeed)
{
    const char *output;
    unsigned size;

    if (code >= SASL_OK && !may_succeed)
        abort();
    if (code < SASL_OK && must_succeed)
        abort();
    /* a second response is one too many */
    if (code < SASL_OK &&
        sasl_server_step(server, "x", 1, &output, &size) >= SASL_OK)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned strengths[] = { 0, 1, 128, 112 };
    static uint8_t message[SIZE_MAX_OF_MESSAGE];
    struct input input = { data, size };
    unsigned mode = input_take(&input);
    unsigned strength = strengths[mode >> 2 & 3];
    sasl_conn_t *server = sasl_open_server(ANY_STRENGTH);
    sasl_conn_t *client = sasl_open_client(strength);
    const char *challenge, *output;
    unsigned challenge_size, output_size;
    size_t message_size;
    bool changed = true;
    int code;

    sasl_choose_password((mode & WRONG_PASSWORD) == 0);
    if (sasl_server_start(server, "DIGEST-MD5", NULL, 0, &challenge,
                          &challenge_size) != SASL_CONTINUE)
        abort();
    if ((mode & RAW) != 0) {
        message_size = input.size < sizeof(message) ? input.size
                                                    : sizeof(message);
        memcpy(message, input.data, message_size);
    } else {
        message_size = answer(client, challenge, challenge_size, message);
        message_size = input_edit(&input, message, message_size,
                                  sizeof(message), &changed);
    }
    code = sasl_server_step(server, (const char *)message,
                            (unsigned)message_size, &output, &output_size);
    check(server, code, (mode & (WRONG_PASSWORD | RAW)) == 0,
          !changed && (mode & WRONG_PASSWORD) == 0);
    sasl_dispose(&client);
    sasl_dispose(&server);
    return 0;
}
