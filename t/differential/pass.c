/*
 * A client and a server, and messages between them that are changed on the way.
 * The input's "way" is "up" to the server or "down"; "messages" are sizes; and
 * "steps" say what becomes of the packets, separated by blanks:
 *
 *   N            packet N follows
 *   N:xAT=OCTET  with this octet, in hex, changed by exclusive or; a negative
 *                place counts from the end
 *   N:cCOUNT     without its last octets
 *   N:aHEX       with more behind it
 *   N:lNUMBER    with another length in front, or +1, -1
 *
 * "part" octets at a time are decoded.
 */
#define _DEFAULT_SOURCE /* strsep */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differential/side.h"

enum { PACKETS_MAX = 16, MESSAGE_MAX = 1 << 17, STREAM_MAX = 1 << 18 };

struct packet {
    unsigned char *data;
    size_t size;
};

struct stream {
    size_t used;
    unsigned char data[STREAM_MAX];
};

static bool
authenticate(sasl_conn_t *client, sasl_conn_t *server)
{
    const char *text = NULL, *answer = NULL;
    unsigned size = 0, answer_size = 0;

    return sasl_server_start(server, "DIGEST-MD5", NULL, 0, &text, &size) ==
               SASL_CONTINUE &&
           sasl_client_start(client, "DIGEST-MD5", NULL, &answer, &answer_size,
                             NULL) == SASL_CONTINUE &&
           sasl_client_step(client, text, size, NULL, &answer, &answer_size) ==
               SASL_CONTINUE &&
           sasl_server_step(server, answer, answer_size, &text, &size) ==
               SASL_OK &&
           sasl_client_step(client, text, size, NULL, &answer, &answer_size) ==
               SASL_OK;
}

static void
fill(char *message, size_t size)
{
    for (size_t i = 0; i < size; i++)
        message[i] = (char)('a' + (i + size) % 26);
}

/* The packets of the messages; how many, or -1. */
static int
encode_all(sasl_conn_t *from, const char *sizes, struct packet *packets)
{
    static char message[MESSAGE_MAX];
    int count = 0;
    char *rest;

    for (; *sizes != '\0'; sizes = *rest == ',' ? rest + 1 : rest) {
        size_t size = strtoul(sizes, &rest, 10);
        const char *text = NULL;
        unsigned text_size = 0;

        if (count == PACKETS_MAX || size > sizeof(message) || rest == sizes)
            side_die("too many messages, or too large ones");
        fill(message, size);
        if (sasl_encode(from, message, (unsigned)size, &text, &text_size) !=
            SASL_OK)
            return -1;
        packets[count].data = side_take(text_size + 1);
        packets[count].size = text_size;
        if (text_size > 0)
            memcpy(packets[count].data, text, text_size);
        count++;
    }
    return count;
}

static void
append(struct stream *stream, const unsigned char *data, size_t size)
{
    if (size > sizeof(stream->data) - stream->used)
        side_die("too many packets");
    memcpy(stream->data + stream->used, data, size);
    stream->used += size;
}

static void
change_octet(struct stream *stream, size_t start, const char *text)
{
    char *rest;
    long at = strtol(text, &rest, 10);
    unsigned long octet = strtoul(rest + 1, NULL, 16);
    size_t size = stream->used - start;

    if (at < 0)
        at += (long)size;
    if (at >= 0 && (size_t)at < size)
        stream->data[start + (size_t)at] ^= (unsigned char)octet;
}

static void
change_length(struct stream *stream, size_t start, const char *text)
{
    unsigned char *prefix = stream->data + start;
    unsigned long length = (unsigned long)prefix[0] << 24 |
                           (unsigned long)prefix[1] << 16 |
                           (unsigned long)prefix[2] << 8 | prefix[3];
    unsigned long number = strtoul(text, NULL, 10);

    length = text[0] == '+' || text[0] == '-' ? length + number : number;
    for (int i = 3; i >= 0; i--, length >>= 8)
        prefix[i] = (unsigned char)length;
}

static void
append_hex(struct stream *stream, const char *text)
{
    unsigned octet;

    for (; sscanf(text, "%2x", &octet) == 1; text += 2) {
        unsigned char data = (unsigned char)octet;

        append(stream, &data, 1);
    }
}

static void
take_step(struct stream *stream, const char *step, const struct packet *packets,
          int count)
{
    size_t start = stream->used, number = strtoul(step, NULL, 10);
    const char *change = strchr(step, ':');

    if (number >= (size_t)count)
        side_die("no such packet");
    append(stream, packets[number].data, packets[number].size);
    for (; change != NULL; change = strchr(change + 1, ':')) {
        const char *value = change + 2;

        switch (change[1]) {
        case 'x':
            change_octet(stream, start, value);
            break;
        case 'c':
            number = strtoul(value, NULL, 10);
            stream->used -= number < stream->used ? number : stream->used;
            break;
        case 'a':
            append_hex(stream, value);
            break;
        case 'l':
            change_length(stream, start, value);
            break;
        default:
            side_die("no such step");
        }
    }
}

static void
decode_all(sasl_conn_t *to, const struct stream *stream, size_t part,
           struct outcome *outcome)
{
    static struct stream decoded;
    char text[32];

    decoded.used = 0;
    outcome->verdict = "accepted";
    if (part == 0)
        part = stream->used;
    for (size_t at = 0; at < stream->used; at += part) {
        size_t size = stream->used - at < part ? stream->used - at : part;
        const char *out = NULL;
        unsigned out_size = 0;
        int code = sasl_decode(to, (const char *)stream->data + at,
                               (unsigned)size, &out, &out_size);

        if (code != SASL_OK) {
            outcome->verdict = "refused";
            (void)snprintf(text, sizeof(text), "%d", code);
            side_tell(outcome, "code", text, strlen(text));
            return;
        }
        if (out_size > 0)
            append(&decoded, (const unsigned char *)out, out_size);
    }
    (void)snprintf(text, sizeof(text), "%zu", decoded.used);
    side_tell(outcome, "decoded", text, strlen(text));
}

static void
pass(sasl_conn_t *from, sasl_conn_t *to, const struct input *input,
     struct outcome *outcome)
{
    static struct stream stream;
    struct packet packets[PACKETS_MAX];
    char *steps = side_copy(side_value(input, "steps", "")), *step;
    int count = encode_all(from, side_value(input, "messages", "10"), packets);

    if (count < 0) {
        side_tell(outcome, "encode", "fails", 5);
        return;
    }
    stream.used = 0;
    while ((step = strsep(&steps, " ")) != NULL)
        if (step[0] != '\0')
            take_step(&stream, step, packets, count);
    decode_all(to, &stream, strtoul(side_value(input, "part", "0"), NULL, 10),
               outcome);
}

void
side_pass(const struct input *input, struct outcome *outcome)
{
    sasl_conn_t *server = side_open_server(input);
    sasl_conn_t *client = side_open_client(input);

    if (server == NULL || client == NULL || !authenticate(client, server))
        side_tell(outcome, "handshake", "fails", 5);
    else if (strcmp(side_value(input, "way", "up"), "up") == 0)
        pass(client, server, input, outcome);
    else
        pass(server, client, input, outcome);
    sasl_dispose(&client);
    sasl_dispose(&server);
}
