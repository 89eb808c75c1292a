/*
 * Many open connections in one process.
 */
#ifndef BENCH_MANY_H
#define BENCH_MANY_H

#include "bench/protection.h"

#include <stddef.h>

/* Kilobytes of memory that the process grows by for one of so many servers,
 * each authenticated by a client that leaves; libsasl2's own share included. */
int many_servers(enum kind kind, size_t count, double *kilobytes);

#endif
