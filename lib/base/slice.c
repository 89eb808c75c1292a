/*
 * What is too long to be inline in slice.h.
 */
#include "base/slice.h"

struct slice
slice_of_string(const char *text)
{
    return text == NULL ? SLICE_NONE : slice_of(text, strlen(text));
}

static uint8_t
lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + ('a' - 'A'))
                                        : octet;
}

bool
slice_same_nocase(const uint8_t *one, const uint8_t *other, size_t size)
{
    if (size == 0 || memcmp(one, other, size) == 0)
        return true;
    for (size_t i = 0; i < size; i++)
        if (one[i] != other[i] && lower(one[i]) != lower(other[i]))
            return false;
    return true;
}

bool
slice_contains(struct slice slice, uint8_t octet)
{
    return slice.size > 0 && memchr(slice.data, octet, slice.size) != NULL;
}

bool
slice_take_back(struct slice *rest, size_t size, struct slice *taken)
{
    if (size > rest->size)
        return false;
    rest->size -= size;
    *taken = slice_of(size > 0 ? rest->data + rest->size : rest->data, size);
    return true;
}

bool
slice_take_until(struct slice *rest, uint8_t octet, struct slice *taken)
{
    const uint8_t *found;

    found = rest->size > 0 ? memchr(rest->data, octet, rest->size) : NULL;
    if (found == NULL)
        return false;
    *taken = slice_move(rest, (size_t)(found - rest->data));
    (void)slice_move(rest, 1);
    return true;
}

bool
slice_take_u32(struct slice *rest, uint32_t *value)
{
    struct slice taken;

    if (!slice_take(rest, sizeof(*value), &taken))
        return false;
    *value = (uint32_t)taken.data[0] << 24 | (uint32_t)taken.data[1] << 16 |
             (uint32_t)taken.data[2] << 8 | (uint32_t)taken.data[3];
    return true;
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
