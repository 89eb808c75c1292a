/*
 * A connection to a store, in clear or in TLS, on which nothing takes longer
 * than its deadline.
 */
#ifndef DIGEST_WIRE_H
#define DIGEST_WIRE_H

#include <pthread.h>

#include "store/address.h"

struct wire;
struct ssl_ctx_st;

/* Milliseconds on a clock that nobody sets back. */
uint64_t wire_now_ms(void);

/* tls: NULL for none.  The mutex is the caller's, who holds it, and is let go
 * while there is nothing to do but wait.  NULL: there is none; the texts are
 * the program's. */
struct wire *wire_open(const struct address *address, struct ssl_ctx_st *tls,
                       pthread_mutex_t *mutex, uint64_t deadline_ms,
                       const char **problem);

/* Just closes it, and says nothing to the peer. */
void wire_close(struct wire *wire);

/* Has the peer said nothing since, not even that it is gone? */
bool wire_is_quiet(const struct wire *wire);

bool wire_send(struct wire *wire, struct slice octets, uint64_t deadline_ms,
               const char **problem);

/* Takes what there is, at least one octet. */
bool wire_receive(struct wire *wire, struct writer *octets,
                  uint64_t deadline_ms, const char **problem);

#endif
