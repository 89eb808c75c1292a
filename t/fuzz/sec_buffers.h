/*
 * Buffers of SSPI calls, each in a block of its exact size, so that the
 * sanitizers detect any access beyond it.
 */
#ifndef FUZZ_SEC_BUFFERS_H
#define FUZZ_SEC_BUFFERS_H

#include "fuzz/input.h"
#include "base/slice.h"
#include "sspi.h"

enum { SEC_BUFFERS_MAX = 16 };

struct sec_buffers {
    SecBuffer items[SEC_BUFFERS_MAX];
    void *blocks[SEC_BUFFERS_MAX];
    SecBufferDesc list;
};

void sec_buffers_start(struct sec_buffers *buffers);
void sec_buffers_end(struct sec_buffers *buffers);

/* Adds a buffer with a copy of the content, or without memory if that does not
 * exist.  NULL if the list is full. */
SecBuffer *sec_buffers_add(struct sec_buffers *buffers, uint32_t type,
                           struct slice content);

/* Adds buffers of any type and content, as the input says. */
void sec_buffers_add_any(struct sec_buffers *buffers, struct input *input);

/* Returns the list, or a broken one or NULL if the input says so. */
SecBufferDesc *sec_buffers_list(struct sec_buffers *buffers,
                                struct input *input);

#endif
