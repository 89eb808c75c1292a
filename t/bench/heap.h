/*
 * The heap of this process.  The program replaces malloc() for itself and for
 * all libraries, to count the calls: a plugin may allocate through libsasl2,
 * through OpenSSL, or directly.
 */
#ifndef BENCH_HEAP_H
#define BENCH_HEAP_H

#include <stdbool.h>

/* Does heap_count() work?  Not with a sanitizer, which replaces malloc()
 * itself.
 */
bool heap_counts(void);

/* Allocations and reallocations so far. */
unsigned long long heap_count(void);

/* Octets in use, including the overhead of malloc() for each block. */
long long heap_in_use(void);

#endif
