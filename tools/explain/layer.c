/*
 * Packets of a layer begin with their length in four octets.  Clear text behind
 * the exchange means that one side does not use the layer; but a program may
 * also write its log above the layer, so that is a note only.
 */
#include "explain/layer.h"

#include "base/text.h"
#include "message/keywords.h"

enum { LOOK_AHEAD = 200 /* lines */ };

/* What the plugin logs when a length cannot be one. */
static const struct slice plugin_line =
    SLICE_INIT("is no packet of the security layer (length ");

/* What clients send first after the authentication. */
static const struct slice commands[] = {
    SLICE_INIT("MAIL FROM:"), SLICE_INIT(" SELECT "),
    SLICE_INIT(" EXAMINE "),  SLICE_INIT(" NAMESPACE"),
    SLICE_INIT(" LIST \""),   SLICE_INIT("<stream:stream"),
};

/* The offset behind the text, or 0. */
static size_t
find(struct slice line, struct slice text)
{
    for (size_t at = 0; at + text.size <= line.size; at++)
        if (slice_equal(slice_of(line.data + at, text.size), text))
            return at + text.size;
    return 0;
}

/* The length that the plugin read is the beginning of the clear text. */
static bool
tell_plugin_line(struct slice line, size_t number)
{
    size_t at = find(line, plugin_line);
    struct slice digits, rest;
    uint8_t octets[4];
    struct writer writer = writer_over(octets, sizeof(octets));
    uint32_t length;

    if (at == 0)
        return false;
    rest = slice_of(line.data + at, line.size - at);
    digits = slice_take_class(&rest, text_classes, TEXT_DIGIT);
    if (text_to_number(digits, 0, UINT32_MAX, &length) != REASON_NONE)
        return false;
    writer_put_u32(&writer, length);
    report_title("behind the exchange");
    report(MARK_WRONG, "layer",
           "not used: in line %zu the plugin got %s in place of a packet; "
           "maxssf 0 switches layers off",
           number, report_quote(writer_result(&writer)).text);
    return true;
}

static bool
is_command(struct slice line)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        if (find(line, commands[i]) != 0)
            return true;
    return false;
}

/* The line behind the last message. */
static size_t
line_behind(const struct joined *joined)
{
    const struct found *last = joined->messages[KIND_FINAL];

    return (last == NULL ? joined->messages[KIND_RESPONSE] : last)->last_line +
           1;
}

void
layer_explain(const struct joined *joined, const struct message *message,
              struct slice text, size_t end)
{
    struct slice qop = message_value(message, SLICE("qop"));
    size_t first = line_behind(joined), number = 0;
    size_t command = 0;
    struct slice line;

    if (joined->refusal != NULL ||
        (keywords_find_qop(qop) & (QOP_AUTH_INT | QOP_AUTH_CONF)) == 0)
        return;
    while (text.size > 0 && number + 1 < end && number < first + LOOK_AHEAD) {
        if (!slice_take_until(&text, '\n', &line)) {
            line = text;
            text.size = 0;
        }
        if (++number < first)
            continue;
        if (tell_plugin_line(line, number))
            return;
        if (command == 0 && is_command(line))
            command = number;
    }
    if (command == 0)
        return;
    report_title("behind the exchange");
    report(MARK_NOTE, "layer",
           "line %zu has clear text: the layer is not used, unless the program "
           "writes its log above the layer",
           command);
}
