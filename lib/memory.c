/*
 * Memory.  Wiping is OpenSSL's, so that no compiler leaves it out.
 */
#include "memory.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* calloc of some C libraries passes their fast lists by; volatile, or the
 * compiler makes one of malloc and memset. */
static void *(*const volatile allocate)(size_t size) = malloc;

void *
memory_take(size_t size)
{
    /* no memory is larger, and sanitizers stop at once */
    void *memory = size > PTRDIFF_MAX ? NULL : allocate(size);

    if (memory != NULL)
        memset(memory, 0, size);
    return memory;
}

void
memory_give(void *memory, size_t secret_size)
{
    if (memory == NULL)
        return;
    memory_wipe(memory, secret_size);
    free(memory);
}

void
memory_wipe(void *memory, size_t size)
{
    OPENSSL_cleanse(memory, size);
}
