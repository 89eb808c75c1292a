/*
 * A stream of messages through each layer, in pieces of any size.  The receiver
 * gets the sent messages; if an octet is changed, it gets no wrong message.
 *
 * The input: the layer, which call of lib/ fails, how the stream is split,
 * whether and where an octet is changed; the rest is the message.
 */
#include "fuzz/input.h"
#include "fuzz/sasl.h"
#include "fuzz/faults.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

enum { STREAM_SIZE_MAX = 1 << 16, PIECES = 3 };

static const struct {
    unsigned strength;
    const char *cipher;
} layers[] = {
    { 1, NULL },   { 128, "aes-ctr" }, { 128, "rc4" },   { 112, "3des" },
    { 55, "des" }, { 56, "rc4-56" },   { 40, "rc4-40" },
};

enum { LAYERS = sizeof(layers) / sizeof(*layers) };

/* Sizes of the pieces of a stream, in turn. */
struct cuts {
    size_t sizes[2];
    unsigned next;
};

/* Encodes a message in pieces; libsasl2 takes no more than maxoutbuf. */
static size_t
encode(sasl_conn_t *conn, const uint8_t *message, size_t size, size_t first,
       uint8_t *stream)
{
    struct iovec pieces[PIECES] = {
        { (void *)(uintptr_t)message, first },
        { NULL, 0 },
        { (void *)(uintptr_t)(message + first), size - first },
    };
    const char *output;
    unsigned output_size;

    if (sasl_encodev(conn, pieces, PIECES, &output, &output_size) != SASL_OK) {
        if (!faults_happened())
            abort();
        return 0;
    }
    if (output_size > STREAM_SIZE_MAX)
        abort();
    memcpy(stream, output, output_size);
    return output_size;
}

/* Decodes a stream in pieces; false when it is refused. */
static bool
decode(sasl_conn_t *conn, const uint8_t *stream, size_t size, struct cuts *cuts,
       struct slice message, size_t *seen)
{
    size_t count;

    *seen = 0;
    for (size_t at = 0; at < size; at += count) {
        const char *output;
        unsigned output_size;

        count = cuts->sizes[cuts->next++ & 1];
        if (count > size - at)
            count = size - at;

        if (sasl_decode(conn, (const char *)stream + at, (unsigned)count,
                        &output, &output_size) != SASL_OK)
            return false;
        if (output_size > message.size - *seen ||
            (output_size > 0 &&
             memcmp(output, message.data + *seen, output_size) != 0))
            abort();
        *seen += output_size;
    }
    return true;
}

static void
run(struct input *input, sasl_conn_t *from, sasl_conn_t *to)
{
    static uint8_t stream[STREAM_SIZE_MAX];
    struct cuts cuts = {
        { 1 + (input_take(input) << 8 | input_take(input)) % 5000,
          1 + input_take(input) },
        0,
    };
    unsigned cut = input_take(input);
    unsigned change = input_take(input);
    size_t at = input_take(input) << 8 | input_take(input);
    size_t size, seen;
    const char *output;
    unsigned output_size;
    bool good;

    size = encode(from, input->data, input->size,
                  input->size == 0 ? 0 : cut % (input->size + 1), stream);
    if (size == 0)
        return;
    stream[at % size] ^= (uint8_t)change;
    good = decode(to, stream, size, &cuts, slice_of(input->data, input->size),
                  &seen);
    if (change == 0 && (!good || seen != input->size) && !faults_happened())
        abort();
    /* a larger length waits for more octets; otherwise the stream must not be
     * accepted completely */
    if (change != 0 && good && seen > 0 && seen == input->size)
        abort();
    if (!good && sasl_decode(to, "\0", 1, &output, &output_size) == SASL_OK)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    unsigned mode = input_take(&input);
    unsigned failing = input_take(&input);
    unsigned layer = mode % LAYERS;
    sasl_conn_t *server, *client;

    if (input.size > 3000)
        return 0;
    sasl_choose_password(true);
    sasl_choose_cipher(layers[layer].cipher);
    server = sasl_open_server(layers[layer].strength);
    client = sasl_open_client(layers[layer].strength);
    sasl_authenticate(client, server);
    faults_fail(failing);
    if (mode >= 128)
        run(&input, client, server);
    else
        run(&input, server, client);
    faults_fail(0);
    sasl_dispose(&client);
    sasl_dispose(&server);
    return 0;
}
