/*
 * Memory.  OpenSSL wipes it, so that no compiler optimizes that away.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "base/memory.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* calloc of some C libraries passes their fast lists by, which hold up to about
 * so many octets; of what is larger it need not write what the kernel has
 * zeroed.  volatile, or the compiler makes a calloc of malloc and memset. */
enum { FAST_MAX = 1024 };

static void *(*const volatile allocate)(size_t size) = malloc;

void *
memory_take(size_t size)
{
    void *memory;

    /* no memory is larger than PTRDIFF_MAX, and sanitizers stop at once */
    if (size > FAST_MAX)
        return size > PTRDIFF_MAX ? NULL : calloc(1, size);
    memory = allocate(size);
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

void *
memory_take_pages(size_t size)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return pages == MAP_FAILED ? NULL : pages;
}

void
memory_give_pages(void *pages, size_t size)
{
    if (pages != NULL)
        (void)munmap(pages, size);
}

void
memory_wipe(void *memory, size_t size)
{
    OPENSSL_cleanse(memory, size);
}
