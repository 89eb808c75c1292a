/*
 * What a process pays once.
 */
#ifndef BENCH_START_H
#define BENCH_START_H

#include <stdbool.h>

/* Milliseconds that sasl_server_init() and sasl_client_init() take longer with
 * the plugin than without. */
int start_library(const char *plugin_dir, double *milliseconds);

/* Microseconds that the first handshake takes longer than the next ones, in
 * this process, or in a child forked after the start. */
int start_handshake(const char *plugin_dir, bool in_child, double *micros);

#endif
