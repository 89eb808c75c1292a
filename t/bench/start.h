/*
 * Costs that a process has once.
 */
#ifndef BENCH_START_H
#define BENCH_START_H

#include "bench/pair.h"

#include <stdbool.h>

struct cost {
    double seconds;
    double faults; /* pages that the kernel allocated */
};

/* The additional cost of sasl_server_init(), sasl_client_init() or both with
 * the plugin. */
int start_library(const char *plugin_dir, enum side side, struct cost *taken);

/* The cost of starting only the parts of OpenSSL that the plugin uses. */
int start_openssl(struct cost *taken);

/* The cost of the first handshake, minus that of a later one, in this process,
 * or in a child forked after the start. */
int start_handshake(const char *plugin_dir, bool in_child, struct cost *first);

/* The cost of a page when the process first writes to it. */
int start_page_fault(struct cost *fault);

#endif
