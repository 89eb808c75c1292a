/*
 * Handshakes in threads of one process, of which there may be only one: the C
 * library and libsasl2 lock then, too.
 */
#ifndef BENCH_THREADS_H
#define BENCH_THREADS_H

#include "kind.h"

enum { MAX_THREADS = 4 };

/*
 * Handshakes per second of CPU time of all threads, which do so many each.
 * The library must be started, with pair_library_lock() before.
 */
int threads_run(
    enum kind kind, int threads, unsigned long long count, double *rate);

#endif
