/*
 * The heap as this process uses it.  The program replaces malloc() for itself
 * and for every library it loads, to count the calls: a plugin may allocate
 * through libsasl2, through OpenSSL, or directly.
 */
#ifndef BENCH_HEAP_H
#define BENCH_HEAP_H

#include <stdbool.h>

/* Can heap_count() count?  Not with a sanitizer, which needs malloc() itself.
 */
bool heap_counts(void);

/* Allocations and reallocations so far. */
unsigned long long heap_count(void);

/* Octets in use, with what malloc() itself adds to each block. */
long long heap_in_use(void);

#endif
