/*
 * Buffers of SSPI calls, each in a block of its exact size, so that reading on
 * is noticed.
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

/* A buffer with a copy of the content, without memory if that does not exist.
 * NULL when there is no room. */
SecBuffer *parcel_add(struct parcel *parcel, uint32_t type,
                      struct slice content);

/* Buffers of any type and content, as many as the input says. */
void parcel_add_any(struct parcel *parcel, struct input *input);

/* The list, or a broken one or none if the input says so. */
SecBufferDesc *parcel_list(struct parcel *parcel, struct input *input);

#endif
