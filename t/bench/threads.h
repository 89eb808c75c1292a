/*
 * Handshakes in several threads of one process.
 */
#ifndef BENCH_THREADS_H
#define BENCH_THREADS_H

#include "kind.h"

enum { THREADS = 4 };

/*
 * Handshakes per second of CPU time of all threads, which do so many each.
 * The library must be started, with pair_library_lock() before.
 */
int threads_run(enum kind kind, unsigned long long count, double *rate);

#endif
