/*
 * Memory that leaves the library.
 */
#include <stdint.h>

#include "memory.h"

/* What stands before a buffer; its alignment suits any type. */
union header {
    size_t size;
    max_align_t align;
};

void *
memory_take_buffer(size_t size)
{
    union header *header;

    if (size > SIZE_MAX - sizeof(*header))
        return NULL;
    header = memory_take(sizeof(*header) + size);
    if (header == NULL)
        return NULL;
    header->size = size;
    return header + 1;
}

void
memory_give_buffer(void *memory)
{
    union header *header = memory;

    if (memory == NULL)
        return;
    header--;
    memory_give(header, sizeof(*header) + header->size);
}
