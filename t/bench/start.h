/*
 * What a process pays once.
 */
#ifndef BENCH_START_H
#define BENCH_START_H

#include "bench/pair.h"

#include <stdbool.h>

struct cost {
    double seconds;
    double faults; /* pages that the kernel gave the process */
};

/* What sasl_server_init(), sasl_client_init() or both take more with the plugin
 * than without. */
int start_library(const char *plugin_dir, enum side side, struct cost *taken);

/* The start of what the plugin uses of OpenSSL, alone. */
int start_openssl(struct cost *taken);

/* What the first handshake takes, less the time of one of the next, in this
 * process, or in a child forked after the start. */
int start_handshake(const char *plugin_dir, bool in_child, struct cost *first);

/* A page for a process that writes to fresh memory. */
int start_page_fault(struct cost *fault);

#endif
