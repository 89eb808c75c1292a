/*
 * Buffers of SSPI calls, each in a block of its exact size, so that the
 * sanitizers detect any access beyond it.
 */
#ifndef FUZZ_PARCEL_H
#define FUZZ_PARCEL_H

#include "fuzz/input.h"
#include "base/slice.h"
#include "sspi.h"

enum { PARCEL_BUFFERS_MAX = 16 };

struct parcel {
    SecBuffer items[PARCEL_BUFFERS_MAX];
    void *blocks[PARCEL_BUFFERS_MAX];
    SecBufferDesc list;
};

void parcel_start(struct parcel *parcel);
void parcel_end(struct parcel *parcel);

/* Adds a buffer with a copy of the content, or without memory if that does not
 * exist.  NULL if the list is full. */
SecBuffer *parcel_add(struct parcel *parcel, uint32_t type,
                      struct slice content);

/* Adds buffers of any type and content, as the input says. */
void parcel_add_any(struct parcel *parcel, struct input *input);

/* Returns the list, or a broken one or NULL if the input says so. */
SecBufferDesc *parcel_list(struct parcel *parcel, struct input *input);

#endif
