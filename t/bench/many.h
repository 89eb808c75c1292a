/*
 * Many open connections in one process.
 */
#ifndef BENCH_MANY_H
#define BENCH_MANY_H

#include "bench/protection.h"

#include <stddef.h>

/* The kilobytes by which the process grows for each server, including
 * libsasl2's share.  Each server is authenticated by a client that is then
 * freed. */
int many_servers(enum kind kind, size_t count, double *kilobytes);

#endif
