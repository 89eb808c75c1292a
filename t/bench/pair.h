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
    /* If set, heap[] adds up the growth of the heap in the calls of a side. */
    bool weigh;
    long long heap[SIDES];
};

/*
 * Starts libsasl2 with the libdigestmd5.so of a directory as its only plugin:
 * prepare, load and tidy.  All functions return 0, or what fail() returns.
 */
int pair_library_start(const char *plugin_dir, enum kind kind);
void pair_library_stop(void);

/* Makes a plugin directory for libsasl2; without a plugin if plugin_dir is
 * NULL. */
int pair_library_prepare(const char *plugin_dir, enum kind kind);
int pair_library_load(enum side side);
void pair_library_tidy(void);

/* Call it before the start if several threads will use the library. */
void pair_library_lock(void);

/* Sets the user of this thread's clients. */
void pair_user(unsigned number);

/* Makes both connections.  Call pair_close() also after a failure. */
int pair_open(struct pair *pair, enum kind kind);
void pair_close(struct pair *pair);

/* Runs the mechanism from the first token to success on both sides. */
int pair_authenticate(struct pair *pair, enum kind kind);

/* Encodes on one side and decodes on the other; *out is valid until the next
 * call. */
int pair_transfer(struct pair *pair, enum side from, const char *data,
                  size_t length, const char **out);

#endif
