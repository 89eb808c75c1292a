/*
 * A connection to a store, with or without TLS.  Every call that waits has a
 * deadline, a time of wire_now_ms.
 */
#ifndef DIGEST_WIRE_H
#define DIGEST_WIRE_H

#include <pthread.h>

#include "store/address.h"

struct wire;
struct ssl_ctx_st;

/* Milliseconds of the monotonic clock. */
uint64_t wire_now_ms(void);

/* Connects; with TLS unless tls is NULL.  The caller holds the mutex in all
 * functions; it is released while they wait.  On failure NULL, and a constant
 * text in *problem. */
struct wire *wire_open(const struct address *address, struct ssl_ctx_st *tls,
                       pthread_mutex_t *mutex, uint64_t deadline_ms,
                       const char **problem);

/* Closes the connection without a TLS close_notify. */
void wire_close(struct wire *wire);

/* Has the peer neither sent octets nor closed the connection? */
bool wire_is_quiet(const struct wire *wire);

/* Sends all octets.  Returns false on failure, with *problem as above. */
bool wire_send(struct wire *wire, struct slice octets, uint64_t deadline_ms,
               const char **problem);

/* Receives the octets that have arrived, at least one.  Fails as wire_send. */
bool wire_receive(struct wire *wire, struct writer *octets,
                  uint64_t deadline_ms, const char **problem);

#endif
