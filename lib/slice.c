/*
 * Slices and writers: the pointer arithmetic of the program.
 */
#include "slice.h"

#include <string.h>

struct slice
slice_of_string(const char *text)
{
    return text == NULL ? SLICE_NONE : slice_of(text, strlen(text));
}

bool
slice_equal(struct slice one, struct slice other)
{
    return one.size == other.size &&
           (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

static uint8_t
lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + ('a' - 'A'))
                                        : octet;
}

bool
slice_equal_nocase(struct slice one, struct slice other)
{
    if (one.size != other.size)
        return false;
    for (size_t i = 0; i < one.size; i++)
        if (lower(one.data[i]) != lower(other.data[i]))
            return false;
    return true;
}

bool
slice_contains(struct slice slice, uint8_t octet)
{
    return slice.size > 0 && memchr(slice.data, octet, slice.size) != NULL;
}

static void
move(struct slice *rest, size_t size, struct slice *taken)
{
    *taken = slice_of(rest->data, size);
    if (size > 0) {
        rest->data += size;
        rest->size -= size;
    }
}

enum reason
slice_take(struct slice *rest, size_t size, struct slice *taken)
{
    if (size > rest->size)
        return REASON_TRUNCATED;
    move(rest, size, taken);
    return REASON_NONE;
}

enum reason
slice_take_back(struct slice *rest, size_t size, struct slice *taken)
{
    if (size > rest->size)
        return REASON_TRUNCATED;
    rest->size -= size;
    *taken = slice_of(size > 0 ? rest->data + rest->size : rest->data, size);
    return REASON_NONE;
}

struct slice
slice_take_class(struct slice *rest, const uint8_t table[static 256],
                 uint8_t mask)
{
    struct slice taken;
    size_t size = 0;

    while (size < rest->size && (table[rest->data[size]] & mask) != 0)
        size++;
    move(rest, size, &taken);
    return taken;
}

bool
slice_take_octet(struct slice *rest, uint8_t octet)
{
    struct slice taken;

    if (rest->size == 0 || rest->data[0] != octet)
        return false;
    move(rest, 1, &taken);
    return true;
}

bool
slice_take_until(struct slice *rest, uint8_t octet, struct slice *taken)
{
    const uint8_t *found;
    struct slice separator;

    found = rest->size > 0 ? memchr(rest->data, octet, rest->size) : NULL;
    if (found == NULL)
        return false;
    move(rest, (size_t)(found - rest->data), taken);
    move(rest, 1, &separator);
    return true;
}

enum reason
slice_take_u16(struct slice *rest, uint16_t *value)
{
    struct slice taken;

    TRY(slice_take(rest, sizeof(*value), &taken));
    *value = (uint16_t)(taken.data[0] << 8 | taken.data[1]);
    return REASON_NONE;
}

enum reason
slice_take_u32(struct slice *rest, uint32_t *value)
{
    struct slice taken;

    TRY(slice_take(rest, sizeof(*value), &taken));
    *value = (uint32_t)taken.data[0] << 24 | (uint32_t)taken.data[1] << 16 |
             (uint32_t)taken.data[2] << 8 | (uint32_t)taken.data[3];
    return REASON_NONE;
}

uint8_t *
writer_reserve(struct writer *writer, size_t size)
{
    uint8_t *room;

    if (writer->overflow || size > writer->size - writer->used) {
        writer->overflow = true;
        return NULL;
    }
    room = writer->data == NULL ? NULL : writer->data + writer->used;
    writer->used += size;
    return room;
}

void
writer_put(struct writer *writer, struct slice octets)
{
    uint8_t *room;

    if (octets.size == 0)
        return;
    room = writer_reserve(writer, octets.size);
    if (room != NULL)
        memcpy(room, octets.data, octets.size);
}

void
writer_put_octet(struct writer *writer, uint8_t octet)
{
    uint8_t *room = writer_reserve(writer, 1);

    if (room != NULL)
        *room = octet;
}

void
writer_put_u16(struct writer *writer, uint16_t value)
{
    writer_put_octet(writer, (uint8_t)(value >> 8));
    writer_put_octet(writer, (uint8_t)value);
}

void
writer_put_u32(struct writer *writer, uint32_t value)
{
    writer_put_u16(writer, (uint16_t)(value >> 16));
    writer_put_u16(writer, (uint16_t)value);
}

struct slice
writer_since(const struct writer *writer, size_t mark)
{
    return slice_of(writer->data == NULL ? NULL : writer->data + mark,
                    writer->used - mark);
}

struct slice
writer_result(const struct writer *writer)
{
    return slice_of(writer->data, writer->used);
}
