/*
 * The cryptography of a security layer with OpenSSL, without packets, sequence
 * numbers and buffers: no layer that uses OpenSSL can be faster.
 */
#ifndef BENCH_PRIMITIVES_H
#define BENCH_PRIMITIVES_H

#include "bench/protection.h"

#include <stddef.h>

struct primitives;

/* HMAC-MD5, with the cipher of a kind; NULL after fail(). */
struct primitives *primitives_new(enum kind kind, size_t length);
void primitives_free(struct primitives *primitives);

/* Seeds a random generator. */
int primitives_seed(struct primitives *primitives);

/* Processes one message as sender and as receiver. */
int primitives_message(struct primitives *primitives);

#endif
