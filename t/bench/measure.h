/*
 * The measurements; each runs in a separate process.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "bench/pair.h"

#include <stdbool.h>
#include <stddef.h>

enum task {
    TASK_FLOOR,         /* connections without a mechanism */
    TASK_HANDSHAKE,     /* with the mechanism */
    TASK_NET,           /* their difference; computed, not measured */
    TASK_FLOOR_THREADS, /* connections in threads, % */
    TASK_THREADS,       /* handshakes in threads, %; length is their number */
    TASK_UNLOCKED,      /* the same without sasl_set_mutex() */
    TASK_PROCESSES,     /* the same in processes */
    TASK_SHARING,       /* threads compared with as many processes */
    TASK_START,         /* of the library */
    TASK_START_SIDE,    /* of one side of it */
    TASK_START_FAULTS,  /* pages allocated during it */
    TASK_FIRST,         /* additional time of the first handshake */
    TASK_FIRST_FAULTS,
    TASK_FORKED, /* the same, in a forked child */
    TASK_FORKED_FAULTS,
    TASK_FAULT,        /* one page */
    TASK_LAYER,        /* messages through the security layer */
    TASK_ALLOCATIONS,  /* of the mechanism in a handshake */
    TASK_CALLS,        /* allocations for a message */
    TASK_HEAP,         /* of the mechanism in a connection */
    TASK_HEAP_MESSAGE, /* the same, after a message each way */
    TASK_HEAP_AFTER,   /* and after some small ones */
    TASK_MANY          /* memory for one of 100,000 servers */
};

/* The implementation that is measured. */
enum maker { MAKER_PLUGIN, MAKER_OPENSSL, MAKER_GNU };

struct measure {
    const char *name;
    const char *unit;
    enum task task;
    enum kind kind;
    enum side side;
    size_t length;
    int digits;
};

extern const struct measure measures[];
extern const size_t measure_count;

/* NULL if there is none. */
const struct measure *measure_find(const char *name);

/* The measurement of the handshake that another value is computed from. */
const struct measure *measure_gross(const struct measure *derived);

/* Does it need several processors? */
bool measure_is_threaded(const struct measure *measure);

/* Is it computed, not measured? */
bool measure_is_derived(const struct measure *measure);

/* Does every round give the same value? */
bool measure_is_exact(const struct measure *measure);

/* Does measure_repeat() support it? */
bool measure_repeats(const struct measure *measure);

/* Does this implementation support the measurement? */
bool measure_is_for(const struct measure *measure, enum maker maker);

/* Runs a measurement; only plugins have a directory. */
int measure_run(const struct measure *measure, enum maker maker,
                const char *plugin_dir, bool quick, double *value);

/* Repeats its work count times, for a profiler. */
int measure_repeat(const struct measure *measure, const char *plugin_dir,
                   unsigned long long count);

#endif
