/*
 * Tables of the sequences and the octets that they stand for.
 */
#include "explain/view.h"

#include "base/text.h"

struct sequence {
    struct slice text;
    enum view view;
    uint8_t octet;
};

/* clang-format off */
static const struct sequence sequences[] = {
    { SLICE_INIT("\\\""), VIEW_ESCAPES, '"' },
    { SLICE_INIT("\\\\"), VIEW_ESCAPES, '\\' },
    { SLICE_INIT("\\/"), VIEW_ESCAPES, '/' },
    { SLICE_INIT("\\'"), VIEW_ESCAPES, '\'' },
    { SLICE_INIT("\\r"), VIEW_ESCAPES, '\r' },
    { SLICE_INIT("\\n"), VIEW_ESCAPES, '\n' },
    { SLICE_INIT("\\t"), VIEW_ESCAPES, '\t' },
    { SLICE_INIT("\\u0022"), VIEW_ESCAPES, '"' },
    { SLICE_INIT("#015"), VIEW_ESCAPES, '\r' },
    { SLICE_INIT("#012"), VIEW_ESCAPES, '\n' },
    { SLICE_INIT("&quot;"), VIEW_ENTITIES, '"' },
    { SLICE_INIT("&#34;"), VIEW_ENTITIES, '"' },
    { SLICE_INIT("&#x22;"), VIEW_ENTITIES, '"' },
    { SLICE_INIT("&amp;"), VIEW_ENTITIES, '&' },
    { SLICE_INIT("%22"), VIEW_ENTITIES, '"' },
    { SLICE_INIT("%3D"), VIEW_ENTITIES, '=' },
    { SLICE_INIT("%2C"), VIEW_ENTITIES, ',' },
    { SLICE_INIT("\"\""), VIEW_DOUBLED, '"' },
};
/* clang-format on */

static bool
take_sequence(enum view view, struct slice *rest, uint8_t *octet)
{
    for (size_t i = 0; i < COUNT(sequences); i++) {
        struct slice ahead = *rest, front;

        if (sequences[i].view != view ||
            !slice_take(&ahead, sequences[i].text.size, &front) ||
            !slice_equal(front, sequences[i].text))
            continue;
        *rest = ahead;
        *octet = sequences[i].octet;
        return true;
    }
    return false;
}

/* \xHH */
static bool
take_hex(struct slice *rest, uint8_t *octet)
{
    struct slice ahead = *rest, front, digits;
    struct writer writer = writer_over(octet, 1);

    if (!slice_take(&ahead, 2, &front) || !slice_equal(front, SLICE("\\x")) ||
        !slice_take(&ahead, 2, &digits) || !text_put_octets(&writer, digits))
        return false;
    *rest = ahead;
    return true;
}

/* \OOO */
static bool
take_octal(struct slice *rest, uint8_t *octet)
{
    struct slice ahead = *rest, digits;
    unsigned value = 0;

    if (!slice_take_octet(&ahead, '\\') || !slice_take(&ahead, 3, &digits))
        return false;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '7')
            return false;
        value = value << 3 | (unsigned)(digits.data[i] - '0');
    }
    *octet = (uint8_t)(value & 0xff);
    *rest = ahead;
    return true;
}

static bool
put_once(enum view view, struct slice text, struct writer *writer)
{
    bool changed = view == VIEW_RAW;
    uint8_t octet;
    struct slice one;

    while (text.size > 0) {
        if (take_sequence(view, &text, &octet) ||
            (view == VIEW_ESCAPES &&
             (take_hex(&text, &octet) || take_octal(&text, &octet)))) {
            changed = true;
            writer_put_octet(writer, octet);
        } else if (slice_take(&text, 1, &one)) {
            writer_put_octet(writer, one.data[0]);
        }
    }
    return changed;
}

bool
view_put(enum view view, struct slice text, struct writer *writer)
{
    struct writer again;

    if (view != VIEW_ESCAPES_TWICE)
        return put_once(view, text, writer);
    if (!put_once(VIEW_ESCAPES, text, writer))
        return false;
    /* what is read is never behind what is written */
    again = writer_over(writer->data, writer->used);
    if (!put_once(VIEW_ESCAPES, writer_result(writer), &again))
        return false;
    writer->used = again.used;
    return true;
}
