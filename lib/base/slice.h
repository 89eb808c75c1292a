/*
 * Bounded access to memory that the caller owns: a slice is read, a writer is
 * filled.  Only slice.c computes addresses inside messages.
 */
#ifndef DIGEST_SLICE_H
#define DIGEST_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/reasons.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Borrowed octets; data is NULL for "no value", which is not "empty". */
struct slice {
    const uint8_t *data;
    size_t size;
};

/* Fills the caller's memory.  After an overflow nothing more is written, so the
 * caller checks overflow only once, at the end. */
struct writer {
    uint8_t *data;
    size_t size; /* set to used after an overflow */
    size_t used;
    bool overflow;
};

/* The number of elements of an array. */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define SLICE_NONE ((struct slice){ NULL, 0 })
/* clang-format off */
#define SLICE_INIT(literal) \
    { (const uint8_t *)("" literal), sizeof(literal) - 1 }
/* clang-format on */
#define SLICE(literal) ((struct slice)SLICE_INIT(literal))

/* The size octets at data. */
static inline struct slice
slice_of(const void *data, size_t size)
{
    struct slice slice = { (const uint8_t *)data, size };

    return slice;
}

/* A C string of the application, without its NUL; NULL gives no value. */
struct slice slice_of_string(const char *text);

/* Does the slice exist?  It may be empty. */
static inline bool
slice_exists(struct slice slice)
{
    return slice.data != NULL;
}

/* The same octets?  Not for secrets. */
static inline bool
slice_equal(struct slice one, struct slice other)
{
    return one.size == other.size &&
           (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

/* The same octets, if the case of ASCII letters is ignored? */
bool slice_same_nocase(const uint8_t *one, const uint8_t *other, size_t size);

static inline bool
slice_equal_nocase(struct slice one, struct slice other)
{
    return one.size == other.size &&
           slice_same_nocase(one.data, other.data, one.size);
}

/* Does it contain the octet? */
bool slice_contains(struct slice slice, uint8_t octet);

/* Takes size octets from the front.  The caller has checked that they exist. */
static inline struct slice
slice_move(struct slice *rest, size_t size)
{
    struct slice taken = slice_of(rest->data, size);

    if (size > 0) {
        rest->data += size;
        rest->size -= size;
    }
    return taken;
}

/* Takes size octets from the front.  As all readers, it returns false and
 * changes nothing if there are fewer. */
MUST_CHECK static inline bool
slice_take(struct slice *rest, size_t size, struct slice *taken)
{
    if (size > rest->size)
        return false;
    *taken = slice_move(rest, size);
    return true;
}

/* Takes size octets from the end. */
MUST_CHECK bool slice_take_back(struct slice *rest, size_t size,
                                struct slice *taken);

/* Takes the longest prefix of octets whose table entry has a bit of mask. */
static inline struct slice
slice_take_class(struct slice *rest, const uint8_t table[256], uint8_t mask)
{
    size_t size = 0;

    while (size < rest->size && (table[rest->data[size]] & mask) != 0)
        size++;
    return slice_move(rest, size);
}

/* Takes the octet if it is the next one. */
static inline bool
slice_take_octet(struct slice *rest, uint8_t octet)
{
    if (rest->size == 0 || rest->data[0] != octet)
        return false;
    (void)slice_move(rest, 1);
    return true;
}

/* Takes the octets before the given one, and that octet too.  False if it does
 * not occur. */
bool slice_take_until(struct slice *rest, uint8_t octet, struct slice *taken);

/* Reads a big-endian number. */
MUST_CHECK bool slice_take_u32(struct slice *rest, uint32_t *value);

/* A writer over size octets of memory. */
static inline struct writer
writer_over(void *data, size_t size)
{
    struct writer writer = { (uint8_t *)data, size, 0, false };

    return writer;
}

/* Is there room for size octets more?  If not, marks the overflow. */
static inline bool
writer_fits(struct writer *writer, size_t size)
{
    if (size <= writer->size - writer->used)
        return true;
    writer->overflow = true;
    writer->size = writer->used;
    return false;
}

/* Reserves size octets that the caller fills.  NULL: overflow, or size is 0. */
static inline uint8_t *
writer_reserve(struct writer *writer, size_t size)
{
    uint8_t *room;

    if (!writer_fits(writer, size) || size == 0)
        return NULL;
    room = writer->data + writer->used;
    writer->used += size;
    return room;
}

/* Writes octets.  A slice that does not exist writes nothing. */
static inline void
writer_put(struct writer *writer, struct slice octets)
{
    if (!slice_exists(octets) || octets.size == 0 ||
        !writer_fits(writer, octets.size))
        return;
    memcpy(writer->data + writer->used, octets.data, octets.size);
    writer->used += octets.size;
}

static inline void
writer_put_octet(struct writer *writer, uint8_t octet)
{
    if (writer_fits(writer, 1))
        writer->data[writer->used++] = octet;
}

/* Write a number, big end first. */
void writer_put_u16(struct writer *writer, uint16_t value);
void writer_put_u32(struct writer *writer, uint32_t value);

/* What was written since the mark (a value of used). */
static inline struct slice
writer_since(const struct writer *writer, size_t mark)
{
    return writer->data == NULL
               ? slice_of(NULL, 0)
               : slice_of(writer->data + mark, writer->used - mark);
}

/* All that was written. */
static inline struct slice
writer_result(const struct writer *writer)
{
    return slice_of(writer->data, writer->used);
}

#ifdef __cplusplus
}
#endif

#endif
