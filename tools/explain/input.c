/*
 * Removes prefixes of protocols and tools from messages of the command line.
 */
#include "explain/input.h"

#include <string.h>

#include "base/text.h"
#include "explain/base64.h"

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

enum { PREFIX_COUNT = COUNT(prefixes) };

static bool
take_prefix(struct slice *line, struct slice prefix)
{
    struct slice rest = *line, front;

    if (!slice_take(&rest, prefix.size, &front) ||
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

    while (slice_take_back(&shorter, 1, &octet) && octet.data[0] <= ' ')
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

const char *
input_keep(struct exchange *exchange, enum kind kind, struct slice line)
{
    static uint8_t octets[MESSAGE_OCTETS_MAX];
    struct writer writer = writer_over(octets, sizeof(octets));
    struct message *message;
    bool http, was_base64;

    line = strip(line, &http);
    was_base64 = base64_decode(line, &writer);
    if (!was_base64) {
        writer = writer_over(octets, sizeof(octets));
        writer_put(&writer, line);
    }
    if (writer.overflow)
        return "a message is larger than 16384 octets";
    message = &exchange->messages[kind];
    if (message->given)
        return "two messages of the same kind";
    message->given = true;
    message->was_base64 = was_base64;
    message->has_header = http;
    memcpy(message->octets, octets, writer.used);
    message->text = slice_of(message->octets, writer.used);
    return NULL;
}
