#include "bench/heap.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTING 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||     \
    __has_feature(memory_sanitizer)
#define COUNTING 0
#endif
#endif
#ifndef COUNTING
#define COUNTING 1
#endif

/* Thread-local: a shared counter would cause contention. */
static _Thread_local unsigned long long calls;

#if COUNTING

/* glibc's functions under names that are not replaced. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

/* Libraries must use these even if the build hides symbols. */
#define REPLACEMENT __attribute__((visibility("default")))

REPLACEMENT void *
malloc(size_t size)
{
    calls++;
    return __libc_malloc(size);
}

REPLACEMENT void *
calloc(size_t count, size_t size)
{
    calls++;
    return __libc_calloc(count, size);
}

REPLACEMENT void *
realloc(void *block, size_t size)
{
    calls++;
    return __libc_realloc(block, size);
}

REPLACEMENT void
free(void *block)
{
    __libc_free(block);
}

REPLACEMENT void *
aligned_alloc(size_t alignment, size_t size)
{
    calls++;
    return __libc_memalign(alignment, size);
}

REPLACEMENT int
posix_memalign(void **block, size_t alignment, size_t size)
{
    void *memory;

    calls++;
    memory = __libc_memalign(alignment, size);
    if (memory == NULL)
        return ENOMEM;
    *block = memory;
    return 0;
}

#endif

bool
heap_counts(void)
{
    unsigned long long before = calls;

    /* strdup() in the C library shows which malloc() libraries call. */
    free(strdup("a"));
    return calls != before;
}

unsigned long long
heap_count(void)
{
    return calls;
}

long long
heap_in_use(void)
{
    struct mallinfo2 info = mallinfo2();

    /* Big blocks have a mapping each, outside the arena. */
    return (long long)info.uordblks + (long long)info.hblkhd;
}
