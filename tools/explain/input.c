/*
 * Removes prefixes of protocols and tools from messages, and decodes base64.
 */
#include "explain/input.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct prefix {
    struct slice text;
    bool http;
};

/* clang-format off */
static const struct prefix prefixes[] = {
    { SLICE_INIT("334 "), false }, /* SMTP */
    { SLICE_INIT("235 "), false },
    { SLICE_INIT("+ "), false }, /* IMAP, POP3 */
    { SLICE_INIT("S: "), false },
    { SLICE_INIT("C: "), false },
    { SLICE_INIT("<< "), false },
    { SLICE_INIT(">> "), false },
    { SLICE_INIT("< "), false },
    { SLICE_INIT("> "), false },
    { SLICE_INIT("AUTH DIGEST-MD5 "), false },
    { SLICE_INIT("AUTHENTICATE DIGEST-MD5 "), false },
    { SLICE_INIT("WWW-Authenticate:"), true },
    { SLICE_INIT("Proxy-Authenticate:"), true },
    { SLICE_INIT("Authorization:"), true },
    { SLICE_INIT("Proxy-Authorization:"), true },
    { SLICE_INIT("Authentication-Info:"), true },
    { SLICE_INIT("Proxy-Authentication-Info:"), true },
    { SLICE_INIT("Digest "), false },
};
/* clang-format on */

enum { PREFIX_COUNT = sizeof(prefixes) / sizeof(prefixes[0]) };

static bool
take_prefix(struct slice *line, struct slice prefix)
{
    struct slice rest = *line, front;

    if (slice_take(&rest, prefix.size, &front) != REASON_NONE ||
        !slice_equal_nocase(front, prefix))
        return false;
    *line = rest;
    return true;
}

/* The tag of an IMAP command is any word. */
static bool
take_tag(struct slice *line)
{
    struct slice rest = *line, tag, ahead;

    if (!slice_take_until(&rest, ' ', &tag) || tag.size == 0)
        return false;
    ahead = rest;
    if (!take_prefix(&ahead, SLICE("AUTHENTICATE DIGEST-MD5 ")))
        return false;
    *line = rest;
    return true;
}

static bool
take_any_prefix(struct slice *line, bool *http)
{
    for (size_t i = 0; i < PREFIX_COUNT; i++) {
        if (take_prefix(line, prefixes[i].text)) {
            *http = *http || prefixes[i].http;
            return true;
        }
    }
    return take_tag(line);
}

/* XMPP: takes the text between tags. */
static void
take_element(struct slice *line)
{
    struct slice rest = *line, tag, content;

    if (!slice_take_octet(&rest, '<') || rest.size == 0 ||
        !text_is(slice_of(rest.data, 1), TEXT_ALPHA) ||
        !slice_take_until(&rest, '>', &tag))
        return;
    *line = slice_take_until(&rest, '<', &content) ? content : rest;
}

static void
trim(struct slice *line)
{
    struct slice shorter = *line, octet;

    while (slice_take_back(&shorter, 1, &octet) == REASON_NONE &&
           octet.data[0] <= ' ')
        *line = shorter;
    (void)slice_take_class(line, text_classes, TEXT_SPACE);
}

static struct slice
strip(struct slice line, bool *http)
{
    *http = false;
    do
        trim(&line);
    while (take_any_prefix(&line, http));
    take_element(&line);
    trim(&line);
    return line;
}

/* The six bits of a digit, or -1. */
static int
base64_value(uint8_t digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = digit == 0 ? NULL : strchr(digits, digit);

    return found == NULL ? -1 : (int)(found - digits);
}

/* The padding may be missing, as in some logs.  False if it is not base64. */
static bool
decode(struct slice text, struct writer *writer)
{
    uint32_t bits = 0;
    unsigned have = 0;
    struct slice octet, shorter = text;

    for (int i = 0;
         i < 2 && slice_take_back(&shorter, 1, &octet) == REASON_NONE &&
         octet.data[0] == '=';
         i++)
        text = shorter;
    if (text.size == 0 || text.size % 4 == 1)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        int value = base64_value(text.data[i]);

        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            writer_put_octet(writer, (uint8_t)(bits >> have & 0xff));
        }
    }
    return true;
}

static bool
has_text(struct slice message, struct slice text)
{
    struct slice octet;

    do
        if (take_prefix(&(struct slice){ message.data, message.size }, text))
            return true;
    while (slice_take(&message, 1, &octet) == REASON_NONE);
    return false;
}

/* Searches the text too, because the message may be unparsable. */
static bool
names(struct slice message, struct slice name, struct slice text)
{
    return directive_occurs(message, name) || has_text(message, text);
}

static enum kind
recognise(struct slice message)
{
    if (names(message, SLICE("response"), SLICE("response=")))
        return KIND_RESPONSE;
    if (directive_occurs(message, SLICE("rspauth")) ||
        directive_occurs(message, SLICE("nextnonce")))
        return KIND_FINAL;
    if (names(message, SLICE("nonce"), SLICE("nonce=")))
        return KIND_CHALLENGE;
    return has_text(message, SLICE("rspauth")) ? KIND_FINAL : KIND_COUNT;
}

const char *
input_keep(struct exchange *exchange, enum kind kind, struct slice line)
{
    static uint8_t octets[MESSAGE_OCTETS_MAX];
    struct writer writer = writer_over(octets, sizeof(octets));
    struct message *message;
    bool http, was_base64;

    line = strip(line, &http);
    was_base64 = decode(line, &writer);
    if (!was_base64) {
        writer = writer_over(octets, sizeof(octets));
        writer_put(&writer, line);
    }
    if (kind == KIND_COUNT)
        kind = recognise(writer_result(&writer));
    if (kind == KIND_COUNT)
        return NULL;
    if (writer.overflow)
        return "a message is larger than 16384 octets";
    message = &exchange->messages[kind];
    if (message->given)
        return "two messages of the same kind; give one exchange at a time";
    message->given = true;
    message->was_base64 = was_base64;
    message->has_header = http;
    memcpy(message->octets, octets, writer.used);
    message->text = slice_of(message->octets, writer.used);
    return NULL;
}

const char *
input_read(struct exchange *exchange, FILE *file)
{
    const char *problem = NULL;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;

    while (problem == NULL && (length = getline(&line, &size, file)) >= 0)
        problem =
            input_keep(exchange, KIND_COUNT, slice_of(line, (size_t)length));
    free(line);
    return ferror(file) ? "standard input cannot be read" : problem;
}
