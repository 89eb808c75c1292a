/*
 * What OpenSSL takes for the arithmetic of a security layer, without packets,
 * sequence numbers and buffers around it: no layer built on it is faster.
 */
#ifndef BENCH_PRIMITIVES_H
#define BENCH_PRIMITIVES_H

#include "bench/protection.h"

#include <stddef.h>

struct primitives;

/* HMAC-MD5, with the cipher of a kind; NULL after fail(). */
struct primitives *primitives_new(enum kind kind, size_t length);
void primitives_free(struct primitives *primitives);

/* A generator of random octets, with its seed. */
int primitives_seed(struct primitives *primitives);

/* One message, on the side of the sender and on that of the receiver. */
int primitives_message(struct primitives *primitives);

#endif
