/*
 * Handshakes in threads of one process, and in processes.  Processes share
 * nothing, so what they lose is due to the machine.
 */
#ifndef BENCH_THREADS_H
#define BENCH_THREADS_H

#include "bench/protection.h"

#include <stdbool.h>

enum { MAX_WORKERS = 4 };

/* Threads or processes that work in parallel. */
struct team {
    int workers;
    bool processes; /* not threads */
};

struct threads {
    enum kind kind;
    bool connect_only; /* no handshakes */
    struct team team;
    struct team base;
    unsigned long long count; /* handshakes of the team in a turn */
};

/*
 * Measures handshakes per second of CPU time of the team, in percent of those
 * of the base.  Both take turns; the result is the median of the turns.  The
 * library must be started, with pair_library_lock() before.
 */
int threads_share(const struct threads *threads, double *percent);

#endif
