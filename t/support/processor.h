/*
 * A test that counts what is taken and given back stays on one processor: the
 * first handshake on each leaves a state of MD5 for the next.  For files that
 * define _GNU_SOURCE.
 */
#ifndef DIGEST_PROCESSOR_H
#define DIGEST_PROCESSOR_H

#include <sched.h>

static inline void
processor_stay(void)
{
    cpu_set_t processors;

    CPU_ZERO(&processors);
    CPU_SET((size_t)sched_getcpu(), &processors);
    (void)sched_setaffinity(0, sizeof(processors), &processors);
}

#endif
