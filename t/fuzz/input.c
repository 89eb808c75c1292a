/*
 * Edits of messages.
 */
#include "input.h"

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

enum edit { REPLACE, INSERT, TAKE_OUT, COPY, EDITS };

static size_t
edit_once(struct input *input, uint8_t *message, size_t size, size_t size_max)
{
    enum edit edit = input_take(input) % EDITS;
    size_t at = size == 0 ? 0 : (input_take(input) << 8 | input_take(input)) %
                                    (size + 1);
    size_t count = input_take(input) % 32;

    switch (edit) {
    case REPLACE:
        for (size_t i = 0; i < count && at + i < size; i++)
            message[at + i] = (uint8_t)input_take(input);
        return size;
    case INSERT:
        if (count > size_max - size)
            return size;
        memmove(message + at + count, message + at, size - at);
        for (size_t i = 0; i < count; i++)
            message[at + i] = (uint8_t)input_take(input);
        return size + count;
    case TAKE_OUT:
        if (count > size - at)
            count = size - at;
        memmove(message + at, message + at + count, size - at - count);
        return size - count;
    default:
        if (size == 0 || size > size_max / 2)
            return size;
        count = size - at;
        memmove(message + size, message + at, count);
        return size + count;
    }
}

size_t
input_edit(struct input *input, uint8_t *message, size_t size,
           size_t size_max, bool *changed)
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
