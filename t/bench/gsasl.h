/*
 * GNU SASL, which has its own DIGEST-MD5 and no plugins: a client and a server
 * that pass their tokens to each other, as in pair.h.  Without the library all
 * functions fail.
 */
#ifndef BENCH_GSASL_H
#define BENCH_GSASL_H

#include "bench/protection.h"

#include <stdbool.h>
#include <stddef.h>

struct gnu;

/* Does GNU SASL support this protection? */
bool gnu_has(enum kind kind);

/* NULL after fail(). */
struct gnu *gnu_new(enum kind kind);
void gnu_free(struct gnu *gnu);

/* Runs both sides from the first token to success, and then frees them or keeps
 * them for messages. */
int gnu_handshake(struct gnu *gnu, bool keep);

/* A message from client to server. */
int gnu_message(struct gnu *gnu, const char *message, size_t length);

#endif
