/*
 * Handshakes in threads of one process, and in processes: these share nothing,
 * so what they lose is the machine's.
 */
#ifndef BENCH_THREADS_H
#define BENCH_THREADS_H

#include "bench/protection.h"

#include <stdbool.h>

enum { MAX_WORKERS = 4 };

/* Who work at once. */
struct team {
    int workers;
    bool processes; /* not threads */
};

struct threads {
    enum kind kind;
    bool connect_only; /* no handshakes */
    struct team team;
    struct team base;
    unsigned long long count; /* handshakes of a whole team in a turn */
};

/*
 * Handshakes per second of CPU time by the team, in percent of those by the
 * base.  Both take turns; the median of the turns.  The library must be
 * started, with pair_library_lock() before.
 */
int threads_share(const struct threads *threads, double *percent);

#endif
