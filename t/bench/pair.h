/*
 * A client and a server of libsasl2 in one process, which pass their tokens to
 * each other directly.
 */
#ifndef BENCH_PAIR_H
#define BENCH_PAIR_H

#include "bench/protection.h"

#include <sasl/sasl.h>

#include <stdbool.h>
#include <stddef.h>

enum side { SIDE_CLIENT, SIDE_SERVER, SIDES };

struct pair {
    sasl_conn_t *client;
    sasl_conn_t *server;
    bool reauthenticated;
    /* If set, heap[] sums up what the heap grew by in the calls of a side. */
    bool weigh;
    long long heap[SIDES];
};

/*
 * Starts libsasl2 with the libdigestmd5.so of a directory as its only plugin:
 * prepare, load and tidy.  All functions return 0, or what fail() returns.
 */
int pair_library_start(const char *plugin_dir, enum kind kind);
void pair_library_stop(void);

/* A directory for libsasl2 to look into; without a plugin if plugin_dir is
 * NULL. */
int pair_library_prepare(const char *plugin_dir, enum kind kind);
int pair_library_load(enum side side);
void pair_library_tidy(void);

/* Before the start: several threads are going to use it. */
void pair_library_lock(void);

/* The clients of this thread are another user from now on. */
void pair_user(unsigned number);

/* The two connections; pair_close() also if this fails. */
int pair_open(struct pair *pair, enum kind kind);
void pair_close(struct pair *pair);

/* The mechanism, from the first token to success on both sides. */
int pair_authenticate(struct pair *pair, enum kind kind);

/* Encodes on one side, decodes on the other; *out is valid until the next. */
int pair_transfer(struct pair *pair, enum side from, const char *data,
                  size_t length, const char **out);

#endif
