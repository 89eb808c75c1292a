/*
 * Edits of messages.
 */
#include "fuzz/input.h"

#include <stdlib.h>
#include <string.h>

unsigned
input_take(struct input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->data++;
}

struct slice
input_slice(struct input *input, size_t size)
{
    struct slice rest = slice_of(input->data, input->size);
    struct slice taken =
        slice_move(&rest, size < input->size ? size : input->size);

    *input = (struct input){ rest.data, rest.size };
    return taken;
}

struct input
input_part(struct input *input)
{
    struct slice part = input_slice(input, input_take(input));

    return (struct input){ part.data, part.size };
}

/* Octets, or whole directives of a list with commas. */
enum edit { REPLACE, INSERT, TAKE_OUT, COPY, DROP, SET, EDITS };

static size_t
insert(uint8_t *message, size_t size, size_t size_max, size_t at,
       struct slice octets)
{
    if (octets.size > size_max - size)
        return size;
    memmove(message + at + octets.size, message + at, size - at);
    if (octets.size > 0)
        memcpy(message + at, octets.data, octets.size);
    return size + octets.size;
}

static size_t
take_out(uint8_t *message, size_t size, size_t at, size_t count)
{
    if (count > size - at)
        count = size - at;
    memmove(message + at, message + at + count, size - at - count);
    return size - count;
}

/* The start of a directive, and its size without the comma. */
static size_t
find_directive(const uint8_t *message, size_t size, unsigned number,
               size_t *length)
{
    size_t start = 0, end;
    bool quoted = false;

    for (end = 0; end < size; end++) {
        if (message[end] == '"')
            quoted = !quoted;
        if (message[end] != ',' || quoted)
            continue;
        if (number-- == 0)
            break;
        start = end + 1;
    }
    *length = end - start;
    return start;
}

/* Removes the directive with this number, or changes its value. */
static size_t
edit_directive(struct input *input, enum edit edit, uint8_t *message,
               size_t size, size_t size_max)
{
    size_t length;
    size_t start = find_directive(message, size, input_take(input), &length);
    struct input value = input_part(input);
    const uint8_t *equals;

    if (edit == DROP)
        return take_out(message, size, start, length + 1);
    equals = length == 0 ? NULL : memchr(message + start, '=', length);
    if (equals != NULL) {
        length -= (size_t)(equals + 1 - message) - start;
        start = (size_t)(equals + 1 - message);
    }
    size = take_out(message, size, start, length);
    return insert(message, size, size_max, start,
                  slice_of(value.data, value.size));
}

static size_t
edit_once(struct input *input, uint8_t *message, size_t size, size_t size_max)
{
    enum edit edit = input_take(input) % EDITS;
    size_t at, count;
    struct slice octets;

    if (edit == DROP || edit == SET)
        return edit_directive(input, edit, message, size, size_max);
    at = size == 0 ? 0
                   : (input_take(input) << 8 | input_take(input)) % (size + 1);
    count = input_take(input);
    switch (edit) {
    case REPLACE:
        octets = input_slice(input, count < size - at ? count : size - at);
        if (octets.size > 0)
            memcpy(message + at, octets.data, octets.size);
        return size;
    case INSERT:
        return insert(message, size, size_max, at, input_slice(input, count));
    case TAKE_OUT:
        return take_out(message, size, at, count);
    default:
        if (size > size_max / 2)
            return size;
        memmove(message + size, message + at, size - at);
        return size + size - at;
    }
}

size_t
input_edit(struct input *input, uint8_t *message, size_t size, size_t size_max,
           bool *changed)
{
    uint8_t *before = malloc(size + 1);
    size_t size_before = size;

    if (before == NULL)
        abort();
    memcpy(before, message, size);
    while (input->size > 0)
        size = edit_once(input, message, size, size_max);
    *changed = size != size_before || memcmp(before, message, size) != 0;
    free(before);
    return size;
}
