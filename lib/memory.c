/*
 * Memory.  Wiping is OpenSSL's, so that no compiler leaves it out.
 */
#include "memory.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>

/* What stands before a buffer; its alignment suits any type. */
union header {
    size_t size;
    max_align_t align;
};

void *
memory_take(size_t size)
{
    return calloc(1, size);
}

void
memory_give(void *memory, size_t size)
{
    if (memory == NULL)
        return;
    memory_wipe(memory, size);
    free(memory);
}

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

void
memory_wipe(void *memory, size_t size)
{
    OPENSSL_cleanse(memory, size);
}
