/*
 * Objects come from OpenSSL's allocator, which is faster than calloc() before
 * glibc 2.41.  Tables come from calloc(), which does not touch their pages.
 */
#include "base/memory.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>

void *
memory_take(size_t size)
{
    /* the sanitizers abort the program at larger sizes */
    return size > PTRDIFF_MAX ? NULL : OPENSSL_zalloc(size);
}

void
memory_give(void *memory, size_t secret_size)
{
    if (memory == NULL)
        return;
    memory_wipe(memory, secret_size);
    OPENSSL_free(memory);
}

void *
memory_take_table(size_t count, size_t size)
{
    return calloc(count, size);
}

void
memory_give_table(void *table, size_t secret_size)
{
    if (table == NULL)
        return;
    memory_wipe(table, secret_size);
    free(table);
}

void
memory_wipe(void *memory, size_t size)
{
    OPENSSL_cleanse(memory, size);
}
